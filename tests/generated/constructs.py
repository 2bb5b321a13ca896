"""Constructs of the language that are seldom seen, for writer.py."""

FLOATS = ["1.5", "0.5", "2.0", ".25", "1.", "1.0e10", "1.5E+2", "0.0", "3.25e-3", "(-1.5)", "(1.0 / 3)", "100000.0", "1234567.0", "1.0e300", "(0.1 + 0.2)"]
# Beyond them Nix answers differently from version to version.
EDGES = ["9223372036854775807", "(-9223372036854775807)", "(-9223372036854775807 - 1)", "4611686018427387904", "9223372036854775808", "(-9223372036854775808)"]
# What may stand beside each other in a list without a space, or looks as if it might.
TOKENS = ["1", "0", "01", ".5", "1.", "1.5", "1e3", "0.5e1", '"a"', "''b''", "a:b", "x:1", "[ ]", "{ }", "null", "(1)", "[1]", "a.b", "{a=1;}.a", "a.b or 2", "''$''", '"$"', "a+b://c"]
PIECES = ["a", "b", " ", r"\n", r"\t", r"\r", r"\"", r"\\", r"\$", r"\${", r"\x", r"\u", "$$", "$${", "$", "'", "''", "ä", "\n", "\r\n", "\r", "\t", "#", "/*", "{", "}", "%"]
INDENTED = ["a", "b", " ", "  ", "    ", "\n", "\n  ", "\n    ", "\n\n", "\t", "\n\t", "''$", "''${", "'''", r"''\n", r"''\t", r"''\r", r"''\x", r"''\$", r"''\\", "$$", "$${", "$", "'", '"', "\\", r"\n", r"\${", "ä", "\r\n", "\r", "{", "#"]
PATHS = ["/.", "/a", "/a/b", "/a/./b", "/a/../b", "/a/b/", "/a//b", "/a/b.c", "(/a + \"/b\")", "(/. + \"a\")", "/a-b_c+d", "/a/${\"b\"}", "/a/b${\"c\"}d", "/${\"a\"}/b"]


class Constructs:
    """A part of the writer: each method gives an expression of the type that its name says."""

    def construct(self, kind, depth, scope):
        of = lambda kind, extra=[]: self.of(kind, depth, scope + extra)
        return self.rng.choice(getattr(self, f"odd_{kind}")(of, depth, scope))()

    def tokens(self, between, count):
        """A list of what may stand beside each other."""
        items = between.join(self.rng.choice(TOKENS) for _ in range(count))
        return f"(let a.b = 1; e3 = 2; e1 = 3; in [{between}{items}{between}])"

    def float(self):
        return self.rng.choice(FLOATS)

    def literal(self, of):
        """A string literal with escapes, of either form."""
        rng = self.rng
        pieces = PIECES if rng.random() < 0.5 else INDENTED
        quote = '"' if pieces is PIECES else "''"
        parts = [f"${{{of('str')}}}" if rng.random() < 0.08 else rng.choice(pieces) for _ in range(rng.randrange(1, 9))]
        return quote + "".join(parts) + quote

    def functor(self, body, takes, of):
        """A set that can be called."""
        name = self.name()
        return self.rng.choice([
            lambda: f"{{ __functor = self: {name}: {of(body, [(name, takes)])}; }}",
            lambda: f"{{ n = {of(takes)}; __functor = self: {name}: let both = [ self.n {name} ]; in {of(body, [(name, takes)])}; }}",
            lambda: f"{{ __functor = {{ __functor = _: self: {name}: {of(body, [(name, takes)])}; }}; }}",
            lambda: f"(({name}: {{ __functor = self: other: {of(body, [(name, takes)])}; }}) {of(takes)})",
            lambda: f"(builtins.mapAttrs (_: value: value) {{ __functor = self: {name}: {of(body, [(name, takes)])}; }})",
        ])()

    def text_like(self, of):
        """What is coerced to text."""
        return self.rng.choice([
            lambda: f"{{ __toString = self: {of('str')}; }}",
            lambda: f"{{ s = {of('str')}; __toString = self: self.s + {of('str')}; }}",
            lambda: f"{{ outPath = {of('str')}; }}",
            lambda: f"{{ outPath = {{ outPath = {of('str')}; }}; __toString = _: {of('str')}; }}",
            lambda: f"{{ __toString = _: {{ __toString = _: {of('str')}; }}; }}",
            lambda: f"{{ __toString = {{ __functor = _: _: {of('str')}; }}; }}",
            lambda: f"{{ __toString = _: {of('int')}; }}",
        ])()

    def nested(self, of):
        """A set written with paths of names, static and not."""
        rng = self.rng
        step = lambda: rng.choice(["x", "y", "z", '"x"', '"y"', f"${{{of('str')}}}", "or", '"a b"', "${null}"])
        entries = []
        for _ in range(rng.randrange(1, 5)):
            path = ".".join(step() for _ in range(rng.randrange(1, 3)))
            value = of("int") if rng.random() < 0.6 else "{ " + f"{rng.choice('xyz')} = {of('int')};" + " }"
            entries.append(f"{path} = {value};")
        return f"{rng.choice(['', '', 'rec '])}{{ {' '.join(entries)} }}"

    def bindings(self, of, result):
        """Names bound in several ways, of which one is asked."""
        rng, value = self.rng, lambda: of("int")
        return rng.choice([
            lambda: f"(with {{ x = {value()}; }}; with {{ x = {value()}; y = x; }}; {result('x')} + {result('y')})",
            lambda: f"(let x = {value()}; in with {{ x = {value()}; y = {value()}; }}; {result('x')} + {result('y')})",
            lambda: f"(with {{ x = {value()}; }}; let s = {{ inherit x; }}; x = {value()}; in {result('s.x')} - {result('x')})",
            lambda: f"(let inherit ({{ x = {value()}; y = {value()}; }}) x y; in rec {{ inherit x; z = x - y; }}.z)",
            lambda: f"(with {of('set')}; let inherit ({of('set')}) y; in {{ inherit x y; }}).y",
            lambda: f"(rec {{ x = {value()}; y = rec {{ inherit x; z = x; }}; }}).y.z",
            lambda: f"(let x = {value()}; in rec {{ inherit (rec {{ inherit x; y = x + 1; }}) y; z = y; }}).z",
            lambda: f"(let {{ body = x + 1; x = {value()}; }})",
            lambda: f"(rec {{ __overrides = {{ x = {value()}; w = 1; }}; x = {value()}; y = x; z = __overrides.w; }}).{rng.choice('xyz')}",
            lambda: f"(rec {{ __overrides = {of('set')}; x = {value()}; y = x; }}).{rng.choice('xyz')}",
            lambda: f"(let __overrides = {{ x = {value()}; }}; x = {value()}; in x)",
            lambda: f"(let f = {{ x, y ? x + 1, ... }}@all: all.x + y; in f {of('set')})",
            lambda: f"(let f = all@{{ x ? {value()}, ... }}: all.x or x; in f {of('set')})",
        ])()

    def alternatives(self, of):
        """`or`, where it is a word and where it is a name."""
        rng = self.rng
        return rng.choice([
            lambda: f"({of('set')}.x or {of('set')}.y or {of('int')})",
            lambda: f"(({of('set')}).x.y or {of('int')})",
            lambda: f"({{ or = {of('int')}; }}.or)",
            lambda: f"({{ x = {of('set')}; }}.x.\"y\" or {of('int')})",
            lambda: f"({{ x.or = {of('int')}; }}.x.or or {of('int')})",
            lambda: f"(with {{ or = {of('int')}; }}; (x: x + 1) or)",
            lambda: f"(let f = x: y: x + y; in with {{ or = {of('int')}; }}; f or {of('int')})",
            lambda: f"(builtins.length [ {of('set')}.x or {of('int')} ])",
            lambda: f"(builtins.head [ {of('set')} . x or {of('int')} ])",
            lambda: f"((x: x) {of('set')}.x or {of('int')})",
            lambda: f"({of('ints')}.x or {of('int')})",
            lambda: f"(- {of('set')}.x or {of('int')})",
            lambda: f"({{ f = x: x; }}.f or (x: 0) {of('int')})",
        ])()

    def odd_bool(self, of, depth, scope):
        rng, path = self.rng, lambda: self.rng.choice(PATHS)
        number = lambda: rng.choice([self.float(), self.float(), of("int"), rng.choice(EDGES)])
        asked = lambda: rng.choice(["x.y", 'x."y"', "or", f"x.${{{of('str')}}}", "y.x.z"])
        operator = lambda: rng.choice(["<", "<=", ">", ">=", "==", "!="])
        return [
            lambda: f"({number()} {operator()} {number()})",
            lambda: f"({path()} {operator()} {path()})",
            lambda: f"([ {number()} {of('str')} ] {operator()} [ {number()} {of('str')} ])",
            lambda: f"({self.nested(of)} == {self.nested(of)})",
            lambda: f"({self.nested(of)} ? {asked()})",
            lambda: f"({self.text_like(of)} == {of('str')})",
            lambda: f"(let f = x: x; in {rng.choice(['f == f', '[ f ] == [ f ]', '{ inherit f; } == { inherit f; }', 'f == (x: x)'])})",
            lambda: f"(builtins.any ({self.functor('bool', 'int', of)}) {of('ints')})",
            lambda: f"(builtins.isFunction ({self.functor('int', 'int', of)}))",
            lambda: f"(!{of('set')} ? x)",
            lambda: f"({of('bool')} && {of('bool')} || {of('bool')} -> {of('bool')})",
            lambda: f"(-{of('int')} < {of('int')} == {of('bool')})",
            lambda: f"(builtins.{rng.choice(['isFloat', 'isInt', 'isPath', 'isString'])} {rng.choice([self.float(), path(), of('int'), of('str')])})",
            lambda: f"({self.pattern_call(of)} {rng.choice(['== null', '!= null', '== [ ]'])})",
            lambda: f"((builtins.tryEval ({self.text_like(of)} + {of('str')})).success)",
            lambda: f"(builtins.lessThan {number()} {number()})",
            lambda: f"({{ a = {number()}; b = {of('str')}; }} == {{ b = {of('str')}; a = {number()}; }})",
        ]

    def odd_int(self, of, depth, scope):
        rng = self.rng
        edge = lambda: rng.choice(EDGES + [of("int")])
        return [
            lambda: self.alternatives(of),
            lambda: self.bindings(of, lambda name: name),
            lambda: f"({self.nested(of)}.{rng.choice(['x', 'x.y', 'y', 'or', 'x.z'])} or {of('int')})",
            lambda: f"(({self.functor('int', 'int', of)}) {of('int')})",
            lambda: f"(builtins.length {self.tokens(' ', 3)})",
            lambda: f"(builtins.length {self.tokens('', 2)})",
            lambda: f"(builtins.{rng.choice(['ceil', 'floor'])} ({rng.choice(FLOATS[:9])} * {of('int')}))",
            lambda: f"(builtins.{rng.choice(['bitAnd', 'bitOr', 'bitXor'])} {edge()} {edge()})",
            lambda: f"({edge()} / {edge()})",
            lambda: f"(builtins.compareVersions {self.version()} {self.version()})",
            lambda: f"(builtins.length {self.pattern_call(of, 'split')})",
            lambda: f"(builtins.stringLength {self.literal(of)})",
            lambda: f"(builtins.foldl' ({self.functor('int', 'int', of)}) {of('int')} {of('ints')})",
            lambda: f"(builtins.foldl' (a: b: {{ __functor = _: c: c; }} (a + b)) {of('int')} {of('ints')})",
            lambda: f"(builtins.length (builtins.attrNames (builtins.functionArgs ({{ x, y ? {of('int')}, ... }}: x))))",
            lambda: f"(let fix = f: let x = f x; in x; in (fix (self: {{ x = {of('int')}; y = self.x; }})).y)",
            lambda: f"(assert {of('bool')}; {of('int')})",
            lambda: f"(let n = {of('int')}; f = i: if i <= 0 then n else f (i - 1); in f (if {of('int')} > 50 then 50 else 3))",
            lambda: f"(builtins.length (builtins.genericClosure {{ startSet = {self.keyed(of)}; operator = one: {self.keyed(of)}; }}))",
        ]

    def keyed(self, of):
        """A list for `genericClosure`."""
        rng = self.rng
        key = lambda: rng.choice([of("int"), of("str"), rng.choice(["1", "2", '"a"', "1.0", "1.5", "[ 1 ]", "[ ]"])])
        return rng.choice([
            lambda: f"[ {{ key = {key()}; }} {{ key = {key()}; }} ]",
            lambda: f"(map (key: {{ inherit key; }}) {of(rng.choice(['ints', 'strs']))})",
            lambda: f"[ {{ key = {key()}; value = throw \"lazy\"; }} ]",
            lambda: "[ ]",
        ])()

    def odd_str(self, of, depth, scope):
        rng, path = self.rng, lambda: self.rng.choice(PATHS)
        return [
            lambda: self.literal(of),
            lambda: self.literal(of),
            lambda: self.literal(of),
            lambda: f"(toString {self.float()})",
            lambda: f"(toString ({self.float()} {rng.choice('+-*/')} {rng.choice([self.float(), of('int')])}))",
            lambda: f"(toString {rng.choice(EDGES)})",
            lambda: f"(toString {self.tokens(' ', 3)})",
            lambda: f"(toString {self.tokens('', 2)})",
            lambda: f'"${{{self.text_like(of)}}}-"',
            lambda: f"(toString {self.text_like(of)})",
            lambda: f"(builtins.toJSON [ {self.text_like(of)} ])",
            lambda: f"(builtins.concatStringsSep \",\" [ {self.text_like(of)} {of('str')} ])",
            lambda: f"(toString {path()})",
            lambda: f"(toString ({path()} + {rng.choice([of('str'), path(), self.literal(of)])}))",
            lambda: f"(baseNameOf {rng.choice([path(), of('str'), self.literal(of)])})",
            lambda: f"(toString (dirOf {rng.choice([path(), of('str')])}))",
            lambda: f"(builtins.toJSON {self.nested(of)})",
            lambda: f"(builtins.toXML {rng.choice([self.nested(of), self.text_like(of), of('strs')])})",
            lambda: f"(builtins.hashString \"{rng.choice(['md5', 'sha1', 'sha256', 'sha512'])}\" {self.literal(of)})",
            lambda: f"(builtins.replaceStrings {of('strs')} {of('strs')} {of('str')})",
            lambda: f"(builtins.replaceStrings [ {self.literal(of)} \"\" ] [ {of('str')} {of('str')} ] {self.literal(of)})",
            lambda: f"(builtins.concatStringsSep \",\" (builtins.splitVersion {self.version()}))",
            lambda: f"(builtins.toJSON (builtins.parseDrvName {self.version()}))",
            lambda: f"(builtins.toJSON (builtins.fromJSON {self.json_text(of)}))",
            lambda: f"(builtins.toJSON (builtins.fromTOML {self.toml_text(of)}))",
            lambda: f"(builtins.typeOf {rng.choice(['6/3', 'a/b', 'x:x', 'a:', '1/2', '<u>', '/a', '(x: x)', 'builtins.add', '{ __functor = 1; }', self.float()])})",
            lambda: f"(builtins.toJSON {self.pattern_call(of)})",
            lambda: f"(builtins.toJSON {self.pattern_call(of, 'split')})",
            lambda: f"((x: x) {self.literal(of)})",
            lambda: f"(builtins.substring {rng.choice(['0', '1', of('int'), '3'])} {rng.choice(['1', '2', '(-1)', of('int')])} {self.literal(of)})",
            lambda: f"({self.text_like(of)} + {of('str')})",
            lambda: f"({of('str')} + {rng.choice([path(), self.text_like(of)])})",
        ]

    def odd_ints(self, of, depth, scope):
        rng, name = self.rng, self.name()
        return [
            lambda: f"(map ({self.functor('int', 'int', of)}) {of('ints')})",
            lambda: f"(builtins.filter ({self.functor('bool', 'int', of)}) {of('ints')})",
            lambda: f"(builtins.attrValues {self.nested(of)})",
            lambda: f"(builtins.attrValues {{ \"a b\" = {of('int')}; \"\" = 2; \"é\" = 3; Z = 4; _a = {of('int')}; \"10\" = 6; \"9\" = 7; a-b = 8; a_b = 9; a = 10; }})",
            lambda: f"(map (one: one.v) (builtins.sort (a: b: a.k < b.k) (map ({name}: {{ k = {of('int', [(name, 'int')])}; v = {name}; }}) {of('ints')})))",
            lambda: f"(builtins.sort (a: b: {of('bool')}) {of('ints')})",
            lambda: f"(builtins.concatMap ({self.functor('ints', 'int', of)}) {of('ints')})",
            lambda: f"(builtins.concatLists (builtins.attrValues (builtins.zipAttrsWith (n: vs: vs) [ {self.nested(of)} {of('set')} {of('set')} ])))",
            lambda: f"(with {of('set')}; [ x {of('int')} ])",
            lambda: f"(let l = [ {of('int')} ] ++ builtins.tail ([ 0 ] ++ {of('ints')}); in l)",
            lambda: f"(map (one: one.key) (builtins.genericClosure {{ startSet = map (key: {{ inherit key; }}) {of('ints')}; operator = {{ key }}: map (key: {{ inherit key; }}) (builtins.filter (n: n < 5 && n > -5) [ {of('int')} (key + 1) ]); }}))",
            lambda: f"(builtins.catAttrs \"x\" [ {self.nested(of)} {of('set')} ])",
            lambda: f"[ {self.alternatives(of)} {of('set')}.x or {of('int')} ]",
            lambda: f"(builtins.foldl' (done: one: done ++ [ one ]) [ ] {of('ints')})",
            lambda: f"(builtins.elemAt [ {of('ints')} {of('ints')} ] {of('int')})",
        ]

    def odd_strs(self, of, depth, scope):
        rng = self.rng
        return [
            lambda: f"(builtins.attrNames {self.nested(of)})",
            lambda: f"(builtins.attrNames (builtins.fromJSON {self.json_text(of)}))",
            lambda: f"(builtins.sort builtins.lessThan [ {self.literal(of)} {self.literal(of)} {of('str')} ])",
            lambda: f"(map toString [ {self.text_like(of)} {self.float()} ])",
            lambda: f"(builtins.filter builtins.isString {self.pattern_call(of, 'split')})",
            lambda: f"(builtins.concatLists (builtins.filter builtins.isList {self.pattern_call(of, 'split')}))",
            lambda: f"(map (one: one.key) (builtins.genericClosure {{ startSet = {self.keyed(of)}; operator = one: [ ]; }}))",
            lambda: f"(builtins.attrNames (builtins.zipAttrsWith (n: vs: throw \"lazy\") [ {self.nested(of)} {of('set')} ]))",
            lambda: f"(builtins.attrNames (builtins.groupBy ({self.functor('str', 'str', of)}) {of('strs')}))",
            lambda: f"(let s = {self.literal(of)}; in [ s (s + s) ])",
        ]

    def odd_set(self, of, depth, scope):
        name = self.name()
        return [
            lambda: self.nested(of),
            lambda: f"(builtins.mapAttrs (_: builtins.length) (builtins.zipAttrsWith (_: vs: vs) [ {self.nested(of)} {self.nested(of)} ]))",
            lambda: f"(builtins.zipAttrsWith (n: vs: builtins.stringLength n + builtins.head vs) [ {of('set')} {of('set')} ])",
            lambda: f"(builtins.zipAttrsWith (n: {self.functor('int', 'ints', of)}) [ {of('set')} {of('set')} ])",
            lambda: f"(rec {{ __overrides = {of('set')}; x = {of('int')}; y = x; }})",
            lambda: f"(removeAttrs {self.nested(of)} [ {of('str')} \"or\" ])",
            lambda: f"(builtins.listToAttrs [ {{ name = {of('str')}; value = {of('int')}; }} {{ name = {of('str')}; value = {of('int')}; }} ])",
            lambda: f"(builtins.intersectAttrs {self.nested(of)} {of('set')})",
            lambda: f"(let inherit ({of('set')}) x y; in {{ inherit x; \"${{{of('str')}}}\" = y; }})",
            lambda: f"(with {of('set')}; with {of('set')}; {{ inherit x y; }})",
            lambda: f"(builtins.functionArgs ({{ x, y ? {of('int')} }}: x))",
            lambda: f"(builtins.mapAttrs (n: _: builtins.stringLength n) (builtins.fromJSON {self.json_text(of)}))",
            lambda: f"(builtins.tryEval {of('int')})",
            lambda: f"(({{ x ? y, y ? {of('int')}, ... }}: {{ inherit x y; }}) {of('set')})",
            lambda: f"(builtins.mapAttrs ({name}: {self.functor('int', 'int', of)}) {of('set')})",
        ]
