"""Writes expressions of a type in Nix, for expressions.py."""

from constructs import Constructs
from library_calls import LibraryCalls
from texts import Texts

NAMES = "xyz"
PATTERNS = ['"a.*"', '""', '".*b"', '"(a|b)"']
KINDS = ["bool", "int", "str", "ints", "strs", "set"]


class Writer(LibraryCalls, Constructs, Texts):
    """Writes expressions of a type, with the variables in scope."""

    def __init__(self, rng, library=False):
        self.rng = rng
        self.fresh = 0
        self.library = library
        # How often a leaf fails or is unknown, and how often a construct is one that is seldom seen.
        self.failing = self.unknown = self.odd = 0.0

    def expression(self):
        """One expression; some may fail."""
        self.failing = self.rng.choice([0.0, 0.0, 0.02, 0.1])
        self.unknown = self.rng.choice([0.0, 0.35, 0.35])
        self.odd = self.rng.choice([0.0, 0.1, 0.8])
        return self.of(self.rng.choice(KINDS), self.rng.randrange(1, 6 if self.odd < 0.5 else 4), [])

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
        if rng.random() < self.odd:
            return self.construct(kind, depth - 1, scope)
        if self.library and rng.random() < 0.3:
            return self.from_library(kind, depth - 1, scope)
        general = [self.let, self.choice, self.call, self.select, self.let, self.choice]
        if rng.random() < 0.3:
            return rng.choice(general)(kind, depth - 1, scope)
        return getattr(self, kind)(depth - 1, scope)

    def leaf(self, kind):
        rng = self.rng
        if rng.random() < self.failing:
            wrong = {"bool": ["1", "null"], "int": ['"a"', "null", "(1 / 0)"], "str": ["[ ]", "null", "(x: x)"], "ints": ["{ }", "1"], "strs": ["{ }", "[ 1 ]"], "set": ["[ ]", "null"]}
            return rng.choice(['(throw "t")', "(assert false; 1)", "{ }.none", '(abort "a")'] + wrong[kind])
        known = {
            "bool": ["true", "false"],
            "int": ["0", "1", "2", "7"],
            "str": ['"a"', '"b"', '""', '"x.y"'],
            "ints": ["[ ]", "[ 1 ]", "[ 3 1 2 ]"],
            "strs": ["[ ]", '[ "a" ]', '[ "b" "a" ]'],
            "set": ["{ }", "{ x = 1; }", "{ x = 2; y = 3; }", "rec { y = 4; z = y; }"],
        }
        unknown = {"bool": "bc", "int": "ij", "str": "st", "ints": "l", "strs": "m", "set": "ad"}
        if rng.random() < self.unknown:
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

    def function(self, kind, depth, scope, takes):
        """A function of one argument."""
        name = self.name()
        return f"({name}: {self.of(kind, depth, scope + [(name, takes)])})"

    def pair(self, body, kinds, depth, scope):
        """A function of two arguments."""
        names = [self.name(), self.name()]
        inner = scope + list(zip(names, kinds))
        return f"({names[0]}: {names[1]}: {self.of(body, depth, inner)})"

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
            lambda: f"(builtins.hasContext {of('str', depth, scope)})",
            lambda: f"(builtins.hasContext \"${{builtins.toFile \"n\" \"t\"}}${{{of('str', depth, scope)}}}\")",
            lambda: f"({rng.choice(['/a', '/a/b', '/.'])} + {of('str', depth, scope)} == /a/b)",
            lambda: f"(builtins.is{rng.choice(['String', 'Int', 'List', 'Attrs', 'Bool', 'Function', 'Null'])} {of(kind, depth, scope)})",
            lambda: f"({of('ints', depth, scope)} < {of('ints', depth, scope)})",
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
            lambda: f"({of('int', depth, scope)} / {of('int', depth, scope)})",
            lambda: f"(builtins.{rng.choice(['bitAnd', 'bitOr', 'bitXor', 'div', 'sub'])} {of('int', depth, scope)} {of('int', depth, scope)})",
            lambda: f"(builtins.elemAt {of('ints', depth, scope)} {of('int', depth, scope)})",
            lambda: f"(builtins.compareVersions {of('str', depth, scope)} {of('str', depth, scope)})",
            lambda: f"((builtins.tryEval {of('int', depth, scope)}).value)",
            lambda: f"(({{ __functor = self: {name}: {of('int', depth, scope + [(name, 'int')])}; }}) {of('int', depth, scope)})",
            lambda: f"(let __sub = {name}: {other}: {of('int', depth, scope + [(name, 'int'), (other, 'int')])}; in {of('int', depth, scope)} - {of('int', depth, scope)})",
            lambda: f"(builtins.seq {of('set', depth, scope)} {of('int', depth, scope)})",
            lambda: f"(builtins.deepSeq {of('set', depth, scope)} {of('int', depth, scope)})",
            lambda: f"(assert {of('bool', depth, scope)}; {of('int', depth, scope)})",
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
            lambda: f"(builtins.{rng.choice(['baseNameOf', 'dirOf', 'unsafeDiscardStringContext'])} {of('str', depth, scope)})",
            lambda: f"(baseNameOf (/. + {of('str', depth, scope)}))",
            lambda: f"(toString (/a + (\"/\" + {of('str', depth, scope)})))",
            lambda: f"(toString (dirOf (/a/b + {of('str', depth, scope)})))",
            lambda: f"({{ __toString = self: {of('str', depth, scope)}; }} + {of('str', depth, scope)})",
            lambda: f"(builtins.toJSON {{ outPath = {of('str', depth, scope)}; }})",
            lambda: f"((builtins.parseDrvName {of('str', depth, scope)}).{rng.choice(['name', 'version'])})",
            lambda: f"(builtins.hashString \"md5\" {of('str', depth, scope)})",
            lambda: f"(builtins.toXML {of(rng.choice(['int', 'set', 'strs', 'bool']), depth, scope)})",
            lambda: f"(builtins.concatStringsSep \"/\" (builtins.splitVersion {of('str', depth, scope)}))",
            lambda: f"(builtins.substring {of('int', depth, scope)} {of('int', depth, scope)} {of('str', depth, scope)})",
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
            lambda: f"(builtins.genList ({name}: {of('int', depth, scope + [(name, 'int')])}) {rng.choice(['0', '3', of('int', 0, scope)])})",
            lambda: f"(map (one: one.key) (builtins.genericClosure {{ startSet = map (key: {{ inherit key; }}) {of('ints', depth, scope)}; operator = one: if one.key < 4 && one.key > 0 then [ {{ key = one.key + 1; }} ] else [ ]; }}))",
            lambda: f"(builtins.concatLists [ {of('ints', depth, scope)} {of('ints', depth, scope)} ])",
            lambda: f"(builtins.sort (a: b: a > b) {of('ints', depth, scope)})",
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
            lambda: f"(rec {{ x = {of('int', depth, scope)}; y = x + 1; __overrides = {{ x = {of('int', depth, scope)}; }}; }})" if rng.random() < 0.2 else "{ z = 1; }",
            lambda: f"(builtins.fromJSON (builtins.toJSON {of('set', depth, scope)}))",
            lambda: f"(builtins.mapAttrs (_: {name}: {of('int', depth, scope + [(name, 'int')])}) {of('set', depth, scope)})",
            lambda: f"(with {of('set', depth, scope)}; {{ y = {of('int', depth, scope)}; }})",
            lambda: f"(let inherit ({of('set', depth, scope)}) x; in {{ inherit x; }})",
            lambda: f"(({{ x ? {of('int', depth, scope)}, ... }}@all: all // {{ inherit x; }}) {of('set', depth, scope)})",
            lambda: f"(if {of('bool', depth, scope)} then {of('set', depth, scope)} else {{ }})",
            lambda: f"(builtins.mapAttrs (_: builtins.length) (builtins.zipAttrsWith (_: {name}: {name}) [ {of('set', depth, scope)} {of('set', depth, scope)} ]))",
        ])()
