"""Calls of functions of nixpkgs' library, for writer.py."""


class LibraryCalls:
    """A part of the writer."""

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
