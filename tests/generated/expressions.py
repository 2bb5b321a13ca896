"""Generates small expressions, some of whose values nobody can know, and compares what
`optlint eval` knows of them with what Nix computes. See run.sh.

Unknown values come from `import <u>`: optlint cannot look it up, Nix finds one of several files.
Whatever optlint calls known must be so with each of them.
"""

import json
import os
import random
import subprocess
import sys
import tempfile

WORLDS = [
    '{ b = true; c = false; i = 1; j = 2; s = "a"; t = "b"; l = [ 1 2 ]; m = [ "a" ]; a = { x = 1; y = 2; }; d = { }; }',
    '{ b = false; c = false; i = 2; j = 2; s = "a"; t = "a"; l = [ ]; m = [ "b" "a" ]; a = { x = 2; z = 3; }; d = { x = 5; }; }',
    '{ b = false; c = true; i = 0; j = -1; s = ""; t = "x"; l = [ 3 ]; m = [ ]; a = { }; d = { y = 1; z = 2; }; }',
    '{ b = true; c = true; i = 5; j = 1; s = "x"; t = "a.b"; l = [ 2 1 3 ]; m = [ "x" "y" ]; a = { y = 1; }; d = { x = 1; y = 1; }; }',
]
NAMES = "xyz"
PATTERNS = ['"a.*"', '""', '".*b"', '"(a|b)"']


class Writer:
    """Writes expressions of a type, with the variables in scope."""

    def __init__(self, rng):
        self.rng = rng
        self.fresh = 0

    def name(self):
        self.fresh += 1
        return f"v{self.fresh}"

    def of(self, kind, depth, scope):
        rng = self.rng
        here = [name for name, of in scope if of == kind]
        if here and rng.random() < 0.35:
            return rng.choice(here)
        if depth <= 0:
            return self.leaf(kind)
        general = [self.let, self.choice, self.call, self.select, self.let, self.choice]
        if rng.random() < 0.3:
            return rng.choice(general)(kind, depth - 1, scope)
        return getattr(self, kind)(depth - 1, scope)

    def leaf(self, kind):
        rng = self.rng
        known = {
            "bool": ["true", "false"],
            "int": ["0", "1", "2", "7"],
            "str": ['"a"', '"b"', '""', '"x.y"'],
            "ints": ["[ ]", "[ 1 ]", "[ 3 1 2 ]"],
            "strs": ["[ ]", '[ "a" ]', '[ "b" "a" ]'],
            "set": ["{ }", "{ x = 1; }", "{ x = 2; y = 3; }", "rec { y = 4; z = y; }"],
        }
        unknown = {"bool": "bc", "int": "ij", "str": "st", "ints": "l", "strs": "m", "set": "ad"}
        if rng.random() < 0.35:
            return f"u.{rng.choice(unknown[kind])}"
        return rng.choice(known[kind])

    # What any type has.

    def let(self, kind, depth, scope):
        name, other = self.name(), self.rng.choice(["bool", "int", "str", "ints", "strs", "set"])
        value = self.of(other, depth, scope)
        return f"(let {name} = {value}; in {self.of(kind, depth, scope + [(name, other)])})"

    def choice(self, kind, depth, scope):
        parts = [self.of("bool", depth, scope), self.of(kind, depth, scope), self.of(kind, depth, scope)]
        return "(if {} then {} else {})".format(*parts)

    def call(self, kind, depth, scope):
        name, other = self.name(), self.rng.choice(["bool", "int", "str", "ints", "set"])
        body = self.of(kind, depth, scope + [(name, other)])
        value = self.of(other, depth, scope)
        form = self.rng.randrange(3)
        if form == 0:
            return f"(({name}: {body}) {value})"
        if form == 1:
            return f"(({{ {name}, ... }}: {body}) {{ {name} = {value}; }})"
        fallback = self.of(other, depth, scope)
        given = self.rng.choice(["{ }", f"{{ {name} = {value}; }}", f"(if {self.of('bool', 0, scope)} then {{ }} else {{ {name} = {value}; }})"])
        return f"(({{ {name} ? {fallback} }}: {body}) {given})"

    def select(self, kind, depth, scope):
        value, other = self.of(kind, depth, scope), self.of(kind, depth, scope)
        name = self.rng.choice(NAMES)
        key = self.rng.choice([name, f'${{{self.of("str", depth, scope)}}}', f'"k${{{self.of("str", 0, scope)}}}"'])
        asked = self.rng.choice([key, key, self.rng.choice(NAMES)])
        form = self.rng.randrange(4)
        if form == 0:
            return f"({{ {key} = {value}; }}.{asked} or {other})"
        if form == 1:
            return f"(({{ {key} = {value}; }} // {{ {self.rng.choice(NAMES)} = {other}; }}).{asked} or {other})"
        if form == 2:
            return f"(with {{ w = {value}; }}; w)"
        chosen = f"(if {self.of('bool', depth, scope)} then {{ {name} = {value}; }} else {{ }})"
        return f"({chosen}.{name} or {other})"

    # One type each.

    def bool(self, depth, scope):
        of, rng = self.of, self.rng
        kind = rng.choice(["bool", "int", "str", "ints", "strs", "set"])
        name = self.name()
        return rng.choice([
            lambda: f"(!{of('bool', depth, scope)})",
            lambda: f"({of('bool', depth, scope)} {rng.choice(['&&', '||', '->'])} {of('bool', depth, scope)})",
            lambda: f"({of(kind, depth, scope)} {rng.choice(['==', '!='])} {of(kind, depth, scope)})",
            lambda: f"({of('int', depth, scope)} {rng.choice(['<', '<=', '>', '>='])} {of('int', depth, scope)})",
            lambda: f"({of('set', depth, scope)} ? {rng.choice(NAMES)})",
            lambda: f"({of('set', depth, scope)} ? ${{{of('str', depth, scope)}}})",
            lambda: f"(builtins.elem {of('int', depth, scope)} {of('ints', depth, scope)})",
            lambda: f"(builtins.{rng.choice(['any', 'all'])} ({name}: {of('bool', depth, scope + [(name, 'int')])}) {of('ints', depth, scope)})",
            lambda: f"(builtins.hasAttr {of('str', depth, scope)} {of('set', depth, scope)})",
            lambda: f"(builtins.match {rng.choice(PATTERNS)} {of('str', depth, scope)} != null)",
            lambda: f"((builtins.tryEval {of(kind, depth, scope)}).success)",
        ])()

    def int(self, depth, scope):
        of, rng = self.of, self.rng
        name, other = self.name(), self.name()
        return rng.choice([
            lambda: f"({of('int', depth, scope)} {rng.choice('+-*')} {of('int', depth, scope)})",
            lambda: f"(-{of('int', depth, scope)})",
            lambda: f"(builtins.length {of(rng.choice(['ints', 'strs']), depth, scope)})",
            lambda: f"(builtins.stringLength {of('str', depth, scope)})",
            lambda: f"({of('set', depth, scope)}.{rng.choice(NAMES)} or {of('int', depth, scope)})",
            lambda: f"({of('set', depth, scope)}.${{{of('str', depth, scope)}}} or {of('int', depth, scope)})",
            lambda: f"(builtins.foldl' ({name}: {other}: {of('int', depth, scope + [(name, 'int'), (other, 'int')])}) {of('int', depth, scope)} {of('ints', depth, scope)})",
            lambda: f"(builtins.head ({of('ints', depth, scope)} ++ [ {of('int', depth, scope)} ]))",
            lambda: f"(builtins.length (builtins.attrNames {of('set', depth, scope)}))",
        ])()

    def str(self, depth, scope):
        of, rng = self.of, self.rng
        name = self.name()
        return rng.choice([
            lambda: f'"${{{of("str", depth, scope)}}}.${{{of("str", depth, scope)}}}"',
            lambda: f"({of('str', depth, scope)} + {of('str', depth, scope)})",
            lambda: f"(toString {of(rng.choice(['int', 'bool', 'str', 'ints', 'strs']), depth, scope)})",
            lambda: f"(builtins.concatStringsSep {of('str', 0, scope)} {of('strs', depth, scope)})",
            lambda: f"(builtins.toJSON {of(rng.choice(['int', 'set', 'strs', 'str', 'bool']), depth, scope)})",
            lambda: f"(builtins.substring {rng.choice(['0 1', '1 2', '0 100'])} {of('str', depth, scope)})",
            lambda: f"(builtins.replaceStrings [ \"a\" ] [ {of('str', 0, scope)} ] {of('str', depth, scope)})",
            lambda: f"(builtins.head ({of('strs', depth, scope)} ++ [ {of('str', depth, scope)} ]))",
            lambda: f"(builtins.typeOf {of(rng.choice(['int', 'set', 'str']), depth, scope)})",
        ])()

    def ints(self, depth, scope):
        of, rng = self.of, self.rng
        name = self.name()
        return rng.choice([
            lambda: f"[ {of('int', depth, scope)} {of('int', depth, scope)} ]",
            lambda: f"({of('ints', depth, scope)} ++ {of('ints', depth, scope)})",
            lambda: f"(map ({name}: {of('int', depth, scope + [(name, 'int')])}) {of('ints', depth, scope)})",
            lambda: f"(builtins.filter ({name}: {of('bool', depth, scope + [(name, 'int')])}) {of('ints', depth, scope)})",
            lambda: f"(builtins.concatMap ({name}: {of('ints', depth, scope + [(name, 'int')])}) {of('ints', depth, scope)})",
            lambda: f"(builtins.attrValues {of('set', depth, scope)})",
            lambda: f"(builtins.sort builtins.lessThan {of('ints', depth, scope)})",
            lambda: f"(builtins.tail ([ 1 ] ++ {of('ints', depth, scope)}))",
            lambda: f"(builtins.catAttrs \"x\" [ {of('set', depth, scope)} {of('set', depth, scope)} ])",
            lambda: f"((builtins.partition ({name}: {of('bool', depth, scope + [(name, 'int')])}) {of('ints', depth, scope)}).{rng.choice(['right', 'wrong'])})",
        ])()

    def strs(self, depth, scope):
        of, rng = self.of, self.rng
        name = self.name()
        return rng.choice([
            lambda: f"[ {of('str', depth, scope)} {of('str', depth, scope)} ]",
            lambda: f"({of('strs', depth, scope)} ++ {of('strs', depth, scope)})",
            lambda: f"(builtins.attrNames {of('set', depth, scope)})",
            lambda: f"(map ({name}: {of('str', depth, scope + [(name, 'str')])}) {of('strs', depth, scope)})",
            lambda: f"(builtins.filter builtins.isString (builtins.split \"a\" {of('str', depth, scope)}))",
            lambda: f"(if {of('bool', depth, scope)} then [ {of('str', depth, scope)} ] else [ ])",
        ])()

    def set(self, depth, scope):
        of, rng = self.of, self.rng
        name, other = self.name(), self.name()
        key = lambda: rng.choice([rng.choice(NAMES), f'${{{of("str", depth, scope)}}}'])
        return rng.choice([
            lambda: f"{{ {key()} = {of('int', depth, scope)}; }}",
            lambda: f"({of('set', depth, scope)} // {of('set', depth, scope)})",
            lambda: f"(removeAttrs {of('set', depth, scope)} {of('strs', depth, scope)})",
            lambda: f"(builtins.intersectAttrs {of('set', depth, scope)} {of('set', depth, scope)})",
            lambda: f"(builtins.mapAttrs ({name}: {other}: {of('int', depth, scope + [(name, 'str'), (other, 'int')])}) {of('set', depth, scope)})",
            lambda: f"(builtins.listToAttrs (map ({name}: {{ inherit {name}; name = {name}; value = {of('int', depth, scope + [(name, 'str')])}; }}) {of('strs', depth, scope)}))",
            lambda: f"(builtins.mapAttrs (_: builtins.length) (builtins.groupBy ({name}: {of('str', depth, scope + [(name, 'int')])}) {of('ints', depth, scope)}))",
            lambda: f"(rec {{ x = {of('int', depth, scope)}; y = x + 1; }})",
            lambda: f"(if {of('bool', depth, scope)} then {of('set', depth, scope)} else {{ }})",
            lambda: f"(builtins.mapAttrs (_: builtins.length) (builtins.zipAttrsWith (_: {name}: {name}) [ {of('set', depth, scope)} {of('set', depth, scope)} ]))",
        ])()


def agrees(known, real):
    """Whether what optlint knows may be what Nix computed."""
    if isinstance(known, dict):
        if "$unknown" in known and len(known) == 1:
            return True
        if not isinstance(real, dict):
            return False
        open_ = "$unknown" in known
        if any(name not in real or not agrees(value, real[name]) for name, value in known.items() if name != "$unknown"):
            return False
        return open_ or all(name in known for name in real)
    if isinstance(known, list):
        if not isinstance(real, list):
            return False
        marked = [isinstance(item, dict) and list(item) == ["$unknown"] for item in known]
        if any(marked) and not (len(known) == len(real) and all(map(agrees, known, real))):
            # There may be any number of unknown elements: what else is known must be there.
            sure = [item for item, mark in zip(known, marked) if not mark]
            return all(any(agrees(item, other) for other in real) for item in sure)
        return len(known) == len(real) and all(map(agrees, known, real))
    return type(known) is type(real) and known == real


def nix(expressions, world):
    """What Nix makes of each: a value, or None where it fails."""
    folder = tempfile.mkdtemp()
    with open(f"{folder}/u.nix", "w") as file:
        file.write(WORLDS[world])
    text = "let u = import <u>; in [\n" + "\n".join(f"  (let e = {e}; in e)" for e in expressions) + "\n]"
    command = ["nix-instantiate", "--eval", "--strict", "--json", "--readonly-mode", "-I", f"u={folder}/u.nix", "-E", text]
    with open(f"{folder}/all.nix", "w") as file:
        file.write(text)
    command[-2:] = [f"{folder}/all.nix"]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode == 0:
        return json.loads(done.stdout)
    if len(expressions) == 1:
        return [None]
    middle = len(expressions) // 2
    return nix(expressions[:middle], world) + nix(expressions[middle:], world)


def optlint(expressions):
    """What optlint knows of each; None where it says that Nix fails."""
    folder = tempfile.mkdtemp()
    text = "let u = import <u>; in [\n" + "\n".join(f"  (let e = {e}; in e)" for e in expressions) + "\n]"
    with open(f"{folder}/all.nix", "w") as file:
        file.write(text)
    done = subprocess.run([os.environ["OPTLINT"], "eval", "--json", f"{folder}/all.nix"], capture_output=True, text=True)
    if done.returncode == 0:
        return json.loads(done.stdout)
    if len(expressions) == 1:
        if "panic" in done.stderr or done.returncode < 0:
            print("CRASH", expressions[0], done.stderr[:300])
        return [None]
    middle = len(expressions) // 2
    return optlint(expressions[:middle]) + optlint(expressions[middle:])


def main():
    count, seed = int(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 1
    rng = random.Random(seed)
    writer = Writer(rng)
    kinds = ["bool", "int", "str", "ints", "strs", "set"]
    expressions = [writer.of(rng.choice(kinds), rng.randrange(2, 6), []) for _ in range(count)]
    found = []
    for start in range(0, count, 100):
        found += optlint(expressions[start : start + 100])
    wrong = known = 0
    # Small expressions first.
    order = sorted(range(count), key=lambda at: len(expressions[at]))
    failures = {}
    for world in range(len(WORLDS)):
        real = []
        for start in range(0, count, 500):
            real += nix(expressions[start : start + 500], world)
        for at in order:
            if real[at] is None and "$unknown" not in json.dumps(found[at]) and found[at] is not None:
                continue
            if real[at] is not None and found[at] is None:
                failures.setdefault(at, f"world {world}: Nix says {json.dumps(real[at])}, optlint that it fails")
            elif real[at] is not None and not agrees(found[at], real[at]):
                failures.setdefault(at, f"world {world}: Nix says {json.dumps(real[at])}, optlint {json.dumps(found[at])}")
    for at in order:
        wrong += at in failures
        known += "$unknown" not in json.dumps(found[at])
        if at in failures and wrong <= 12:
            print(expressions[at], "\n   ", failures[at])
    failing = sum(value is None for value in found)
    print(f"{count} expressions: {known} wholly known, {failing} of them that they fail, {wrong} wrong")
    sys.exit(wrong > 0)


main()
