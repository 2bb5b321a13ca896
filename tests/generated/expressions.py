"""Generates small expressions, some of whose values nobody can know, and compares what
`optlint eval` knows of them with what Nix computes. See run.sh.

Unknown values come from `import <u>`: optlint cannot look it up, Nix finds one of several files.
Whatever optlint calls known must be so with each of them.
"""

import json
import os
import random
import re
import shutil
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
# The folder that holds nixpkgs' `lib`, if its functions are to be called too.
NIXPKGS = os.environ.get("NIXPKGS", "")
LIBRARY = "lib = import <nixpkgs/lib>; " if NIXPKGS else ""
# So many expressions in a row on which Nix gives up at once say that it is not there.
MOST_FUTILE = 20
PATTERNS = ['"a.*"', '""', '".*b"', '"(a|b)"']


class Writer:
    """Writes expressions of a type, with the variables in scope."""

    def __init__(self, rng, library=False):
        self.rng = rng
        self.fresh = 0
        self.library = library
        self.failing = 0.0

    def expression(self):
        """One expression; some may fail."""
        self.failing = self.rng.choice([0.0, 0.0, 0.02, 0.1])
        kind = self.rng.choice(["bool", "int", "str", "ints", "strs", "set"])
        return self.of(kind, self.rng.randrange(2, 6), [])

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

    def function(self, kind, depth, scope, takes):
        """A function of one argument."""
        name = self.name()
        return f"({name}: {self.of(kind, depth, scope + [(name, takes)])})"

    def from_library(self, kind, depth, scope):
        """A call of a function of nixpkgs' library."""
        rng, name = self.rng, self.name()
        of = lambda kind, extra=[]: self.of(kind, depth, scope + extra)
        f = lambda kind, takes: self.function(kind, depth, scope, takes)
        text = lambda: rng.choice(['"a"', '"."', '"b"', '""', '"x"', '"/"', of("str")])
        pair = lambda body, kinds: self.pair(body, kinds, depth, scope)
        path = lambda: rng.choice(['[ "x" ]', '[ "y" "z" ]', f"[ {text()} ]", "[ ]"])
        table = {
            "bool": [
                lambda: f"(lib.{rng.choice(['hasPrefix', 'hasSuffix', 'hasInfix'])} {text()} {of('str')})",
                lambda: f"(lib.hasAttrByPath {path()} {of('set')})",
                lambda: f"(lib.{rng.choice(['any', 'all'])} {f('bool', 'int')} {of('ints')})",
                lambda: f"(lib.{rng.choice(['xor', 'and', 'or'])} {of('bool')} {of('bool')})",
                lambda: f"(lib.{rng.choice(['versionOlder', 'versionAtLeast'])} {of('str')} {of('str')})",
                lambda: f"(lib.allUnique {of(rng.choice(['ints', 'strs']))})",
                lambda: f"(lib.mutuallyExclusive {of('ints')} {of('ints')})",
                lambda: f"(lib.isValidPosixName {of('str')})",
                lambda: f"(lib.isStorePath {of('str')})",
                lambda: f"(lib.types.{rng.choice(['str', 'int', 'bool', 'attrs', 'port', 'nonEmptyStr', 'path', 'singleLineStr'])}.check {of(rng.choice(['str', 'int', 'set', 'ints']))})",
                lambda: f"((lib.types.{rng.choice(['listOf', 'nullOr', 'attrsOf'])} lib.types.{rng.choice(['int', 'str'])}).check {of(rng.choice(['str', 'int', 'set', 'ints']))})",
            ],
            "int": [
                lambda: f"(lib.{rng.choice(['min', 'max', 'mod', 'add', 'sub', 'mul', 'bitAnd', 'bitXor', 'compare'])} {of('int')} {of('int')})",
                lambda: f"(lib.count {f('bool', 'int')} {of('ints')})",
                lambda: f"(lib.{rng.choice(['foldl', 'foldr'])} {pair('int', ['int', 'int'])} {of('int')} {of('ints')})",
                lambda: f"(lib.foldlAttrs (_: {pair('int', ['str', 'int'])}) {of('int')} {of('set')})",
                lambda: f"(lib.findFirst {f('bool', 'int')} {of('int')} {of('ints')})",
                lambda: f"(lib.attrByPath {path()} {of('int')} {of('set')})",
                lambda: f"(lib.{rng.choice(['last', 'head', 'foldl (a: b: a + b) 0'])} {of('ints')})",
                lambda: f"(lib.{rng.choice(['toInt', 'toIntBase10'])} {of('str')})",
                lambda: f"(lib.pipe {of('int')} [ {f('int', 'int')} {f('int', 'int')} ])",
                lambda: f"(lib.lists.findFirstIndex {f('bool', 'int')} {of('int')} {of('ints')})",
            ],
            "str": [
                lambda: f"(lib.{rng.choice(['removePrefix', 'removeSuffix', 'concatStringsSep'])} {text()} {of('str') if rng.random() < 0.7 else of('strs')})",
                lambda: f"(lib.concatMapStringsSep {text()} {f('str', 'str')} {of('strs')})",
                lambda: f"(lib.{rng.choice(['concatStrings', 'concatLines', 'escapeShellArgs', 'last', 'makeBinPath'])} {of('strs')})",
                lambda: f"(lib.{rng.choice(['toUpper', 'toLower', 'escapeShellArg', 'escapeRegex', 'escapeXML', 'escapeURL', 'trim', 'strings.escapeNixString', 'strings.escapeNixIdentifier', 'strings.sanitizeDerivationName', 'getName', 'getVersion', 'toSentenceCase', 'versions.majorMinor', 'versions.pad 3'])} {of('str')})",
                lambda: f"(lib.optionalString {of('bool')} {of('str')})",
                lambda: f"(lib.{rng.choice(['boolToString', 'boolToYesNo'])} {of('bool')})",
                lambda: f"(lib.replaceStrings [ {text()} ] [ {text()} ] {of('str')})",
                lambda: f"(lib.fixedWidthString {of('int')} \"0\" {of('str')})",
                lambda: f"(lib.concatMapAttrsStringSep {text()} {pair('str', ['str', 'int'])} {of('set')})",
                lambda: f"(lib.generators.{rng.choice(['toJSON', 'toYAML', 'toKeyValue', 'toPretty', 'toLua', 'toDhall', 'toINI', 'toPlist'])} {{ }} {of('set')})",
                lambda: f"(lib.generators.toINI {{ }} {{ s = {of('set')}; }})",
                lambda: f"(lib.cli.toGNUCommandLineShell {{ }} {of('set')})",
                lambda: f"(lib.strings.toShellVars {of('set')})",
                lambda: f"(lib.showOption {of('strs')})",
                lambda: f"(lib.toHexString {of('int')})",
                lambda: f"(lib.fixedWidthNumber 3 {of('int')})",
            ],
            "ints": [
                lambda: f"(lib.{rng.choice(['take', 'drop', 'takeEnd', 'dropEnd'])} {of('int')} {of('ints')})",
                lambda: f"(lib.{rng.choice(['unique', 'reverseList', 'init', 'tail', 'naturalSort', 'lists.dropEnd 1'])} {of('ints')})",
                lambda: f"(lib.{rng.choice(['subtractLists', 'intersectLists', 'concat'])} {of('ints')} {of('ints')})",
                lambda: f"(lib.optional {of('bool')} {of('int')} ++ lib.optionals {of('bool')} {of('ints')})",
                lambda: f"(lib.range {of('int')} (lib.min 20 {of('int')}))",
                lambda: f"(lib.{rng.choice(['imap0', 'imap1'])} {pair('int', ['int', 'int'])} {of('ints')})",
                lambda: f"(lib.zipListsWith {pair('int', ['int', 'int'])} {of('ints')} {of('ints')})",
                lambda: f"(lib.flatten [ {of('ints')} [ {of('ints')} ] {of('int')} ])",
                lambda: f"(lib.mapAttrsToList (_: {f('int', 'int')}) {of('set')})",
                lambda: f"(lib.sort {pair('bool', ['int', 'int'])} {of('ints')})",
                lambda: f"(lib.sortOn {f('int', 'int')} {of('ints')})",
                lambda: f"(lib.sublist {of('int')} {of('int')} {of('ints')})",
                lambda: f"(lib.remove {of('int')} {of('ints')})",
                lambda: f"(lib.ifilter0 {pair('bool', ['int', 'int'])} {of('ints')})",
                lambda: f"(lib.toList {of(rng.choice(['int', 'ints']))})",
                lambda: f"(lib.replicate (lib.max 0 (lib.min 5 {of('int')})) {of('int')})",
            ],
            "strs": [
                lambda: f"(lib.splitString {text()} {of('str')})",
                lambda: f"(lib.{rng.choice(['stringToCharacters', 'splitVersion', 'singleton', 'toList'])} {of('str')})",
                lambda: f"(lib.mapAttrsToList (name: _: name) {of('set')})",
                lambda: f"(lib.{rng.choice(['unique', 'naturalSort', 'reverseList', 'init'])} {of('strs')})",
                lambda: f"(lib.intersperse {text()} {of('strs')})",
                lambda: f"(lib.cli.toGNUCommandLine {{ }} {of('set')})",
                lambda: f"(lib.forEach {of('strs')} {f('str', 'str')})",
                lambda: f"(lib.optionals {of('bool')} {of('strs')})",
                lambda: f"(map (one: one.name) (lib.attrsToList {of('set')}))",
            ],
            "set": [
                lambda: f"(lib.filterAttrs {pair('bool', ['str', 'int'])} {of('set')})",
                lambda: f"(lib.mapAttrs' (name: value: lib.nameValuePair {self.of('str', depth, scope + [('name', 'str')])} value) {of('set')})",
                lambda: f"(lib.genAttrs {of('strs')} {f('int', 'str')})",
                lambda: f"(lib.recursiveUpdate {{ n = {of('set')}; }} {{ n = {of('set')}; }}).n",
                lambda: f"(lib.optionalAttrs {of('bool')} {of('set')})",
                lambda: f"(lib.{rng.choice(['mergeAttrs', 'overrideExisting'])} {of('set')} {of('set')})",
                lambda: f"(lib.mergeAttrsList [ {of('set')} {of('set')} ])",
                lambda: f"(lib.getAttrs {of('strs')} {of('set')})",
                lambda: f"(lib.concatMapAttrs (name: value: {{ ${{name + {text()}}} = value; }}) {of('set')})",
                lambda: f"(lib.setAttrByPath [ {text()} ] {of('int')})",
                lambda: f"(lib.foldAttrs {pair('int', ['int', 'int'])} 0 [ {of('set')} {of('set')} ])",
                lambda: f"(lib.mapAttrsRecursive (path: value: builtins.length path) {of('set')})",
                lambda: f"(lib.filterAttrsRecursive {pair('bool', ['str', 'int'])} {of('set')})",
                lambda: f"(lib.updateManyAttrsByPath [ {{ path = [ \"x\" ]; update = old: {of('int')}; }} ] {of('set')})",
                lambda: f"(lib.zipAttrsWith (_: {name}: builtins.length {name}) [ {of('set')} {of('set')} ])",
            ],
        }
        return rng.choice(table[kind])()

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
    """What Nix makes of each: a value, or None where it fails. One process for all, unless Nix
    itself gives up on one for want of stack: the next process takes those behind it."""
    found, futile = [], 0
    while len(found) < len(expressions):
        answers = nix_until_it_gives_up(expressions[len(found) :], world)
        found += answers
        if len(found) < len(expressions):
            found.append(None)
            futile = 0 if answers else futile + 1
            if futile > MOST_FUTILE:
                sys.exit("Nix does not start")
    return found


def nix_until_it_gives_up(expressions, world):
    folder = tempfile.mkdtemp()
    with open(f"{folder}/u.nix", "w") as file:
        file.write(WORLDS[world])
    command = ["nix", "--extra-experimental-features", "nix-command", "repl", "-I", f"u={folder}/u.nix", "-I", f"nixpkgs={NIXPKGS}"]
    lines = ["u = import <u>"] + ([LIBRARY.rstrip("; ")] if LIBRARY else [])
    for number, expression in enumerate(expressions):
        lines += [f"builtins.toJSON ({expression})", f'"MARK {number}"']
    done = subprocess.run(command, input="\n".join(lines) + "\n", capture_output=True, text=True, env={**os.environ, "TERM": "dumb"})
    shutil.rmtree(folder)
    found, last = [], None
    for line in re.sub("\x1b\\[[0-9;]*m", "", done.stdout).split("\n"):
        mark = re.fullmatch('"MARK [0-9]+"', line)
        if mark:
            found.append(last)
            last = None
        elif line.startswith('"'):
            last = json.loads(unescaped(line))
    return found


def unescaped(line):
    """The text that Nix prints as a string literal."""
    return re.sub(r"\\(.)", lambda found: {"n": "\n", "r": "\r", "t": "\t"}.get(found[1], found[1]), line[1:-1])


def optlint(expressions):
    """What optlint knows of each; None where it says that Nix fails."""
    folder = tempfile.mkdtemp()
    with open(f"{folder}/expressions", "w") as file:
        file.write("".join(f"let u = import <u>; {LIBRARY}in ({expression})\n" for expression in expressions))
    environment = {**os.environ, "GENERATED": f"{folder}/expressions"}
    command = ["cargo", "test", "-q", "--test", "expressions", "generated_expressions"]
    done = subprocess.run(command, capture_output=True, text=True, env=environment)
    with open(f"{folder}/expressions.answers") as file:
        answers = file.read().split("\n")[:-1]
    if len(answers) != len(expressions):
        print("CRASH", expressions[len(answers)], done.stderr[-500:])
    answers += ["error"] * (len(expressions) - len(answers))
    return [None if answer == "error" else json.loads(answer) for answer in answers]


def main():
    count, seed = int(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 1
    rng = random.Random(seed)
    writer = Writer(rng, bool(NIXPKGS))
    expressions = [writer.expression() for _ in range(count)]
    found = optlint(expressions)
    wrong = known = 0
    # Small expressions first.
    order = sorted(range(count), key=lambda at: len(expressions[at]))
    failures = {}
    for world in range(len(WORLDS)):
        real = []
        for start in range(0, count, 5000):
            real += nix(expressions[start : start + 5000], world)
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
