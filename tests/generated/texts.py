"""Patterns, versions, and texts in other languages, for writer.py."""

ATOMS = ["a", "b", "c", ".", "[ab]", "[^a]", "[[:alpha:]]", "[[:space:]]", "[a-c]", "[]a]", "[^]]", "(a)", "(a|b)", "(ab?)", "()", r"\\.", r"\\$", r"\\(", "^", "$", "(b*)", "((a)|c)", "[-a]", "[a.]", "x", "{", "}", "ä", "-"]
REPEATS = ["", "", "", "*", "+", "?", "{2}", "{1,2}", "{0}", "{,2}", "{1,}"]
SUBJECTS = ['""', '"a"', '"ab"', '"abc"', '"aabbcc"', '"a b"', '"a.b"', '"abab"', '"b"', '"xay"', '"a\\nb"', '"äb"', '"]"', '"-"', '"$("', '"cba"']
PARTS = ["1", "0", "10", "01", ".", ".", "-", "pre", "a", "b", "rc", "_", "+", "999999999999999999999"]
JSON = ["1", "-1", "1.5", "1.5e-1", "0", "-0", "true", "null", '\\"a\\"', '\\"\\\\n\\"', '\\"\\\\u00e4\\"', '\\"\\\\ud83d\\\\ude00\\"', '\\"\\"', "[]", "{}", "[1, [2]]", '{\\"x\\": 1}', '{\\"y\\": {\\"x\\": 2}, \\"x\\": 3}', "9223372036854775807", "9223372036854775808", "1E-2", "01", "1.", "nul", "[1,]", '{\\"x\\": 1, \\"x\\": 2}', "2.50", "18446744073709551615"]
TOML = ["1", "-1", "+1", "0x1F", "0o17", "0b11", "1_000", "1.5", "1.5e-1", "true", "false", '\\"a\\"', "'a'", '\\"\\\\u00e4\\"', "[1, 2]", "[ 1, [\\\"a\\\"] ]", "{ x = 1, y.z = 2 }", "[]", "{}", "nul", "1__0", "01", '\\"\\"\\"\\na\\n\\"\\"\\"', "'''b'''", "6.25"]
KEYS = ["x", "y", "x.y", "x.z", "'a b'", '\\"q\\"', "1", "a-b", "y.x.z"]


class Texts:
    """A part of the writer."""

    def pattern(self):
        rng = self.rng
        steps = [rng.choice(ATOMS) + rng.choice(REPEATS) for _ in range(rng.randrange(0, 4))]
        if rng.random() < 0.2:
            steps.insert(rng.randrange(len(steps) + 1), "|")
        return '"' + "".join(steps) + '"'

    def pattern_call(self, of, function="match"):
        rng = self.rng
        subject = rng.choice(SUBJECTS) if rng.random() < 0.8 else of("str")
        return f"(builtins.{function} {self.pattern()} {subject})"

    def version(self):
        rng = self.rng
        return '"' + "".join(rng.choice(PARTS) for _ in range(rng.randrange(0, 6))) + '"'

    def json_text(self, of):
        rng = self.rng
        value = lambda: rng.choice(JSON)
        text = rng.choice([
            lambda: value(),
            lambda: f"{{\\\"x\\\": {value()}, \\\"y\\\": {value()}}}",
            lambda: f"[{value()}, {value()}]",
            lambda: f" {{ \\\"a b\\\" :{value()} }}\\n",
            lambda: f"{{\\\"x\\\": {{\\\"${{{of('str')}}}\\\": {value()}}}}}",
        ])()
        return f'"{text}"'

    def toml_text(self, of):
        rng = self.rng
        lines = []
        for _ in range(rng.randrange(0, 5)):
            key = rng.choice(KEYS)
            lines.append(rng.choice([f"{key} = {rng.choice(TOML)}", f"{key} = {rng.choice(TOML)}", f"[{key}]", f"[[{key}]]", "# note", f"{key}={rng.choice(TOML)} # note", ""]))
        return '"' + "\\n".join(lines) + '"'
