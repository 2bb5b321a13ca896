"""Writes types, options and definitions in Nix, for modules.py."""

class Type:
    """A type: its text in Nix, and what it is made of."""

    def __init__(self, kind, text, *parts, options=None):
        self.kind, self.text, self.parts, self.options = kind, text, parts, options


def simple(kind, text=None):
    return lambda write, depth: Type(kind, text or f"types.{kind}")


def inner(kind):
    def make(write, depth):
        part = write.type(depth - 1)
        return Type(kind, f"(types.{kind} {part.text})", part)

    return make


def either(write, depth):
    left, right = write.type(depth - 1), write.type(depth - 1)
    return Type("either", f"(types.either {left.text} {right.text})", left, right)


def one_of(write, depth):
    parts = [write.type(0), write.type(depth - 1), write.type(0)]
    return Type("oneOf", f"(types.oneOf [ {' '.join(part.text for part in parts)} ])", *parts)


def coerced(write, depth):
    return write.rng.choice([
        Type("coerced", "(types.coercedTo types.int toString types.str)", Type("int", ""), Type("str", "")),
        Type("coerced", "(types.coercedTo types.str (s: [ s ]) (types.listOf types.str))", Type("str", ""), Type("listOf", "", Type("str", ""))),
        Type("coerced", "(types.coercedTo types.bool (b: { a = if b then 1 else 2; }) (types.attrsOf types.int))", Type("bool", ""), Type("attrsOf", "", Type("int", ""))),
        Type("coerced", "(types.listOf (types.coercedTo types.int (i: { n = i; }) (types.submodule { options.n = mkOption { type = types.int; default = 9; }; })))", Type("listOf", "", Type("int", ""))),
    ])


def submodule(write, depth):
    options = {}
    names = write.rng.sample("abcd", write.rng.randrange(1, 4))
    declared = []
    for name in names:
        options[name] = write.type(depth - 1)
        declared.append(f"options.{name} = {write.option(options[name], inside=names)};")
    form = write.rng.randrange(9)
    extra = ""
    if write.rng.random() < 0.3:
        name = write.rng.choice(names)
        value = write.value(options[name], depth - 1)
        extra = f"config.{name} = {write.rng.choice(['mkDefault', 'mkOptionDefault', '', 'mkIf true'])} ({value});"
    if write.rng.random() < 0.2:
        part = write.type(depth - 1) if write.rng.random() < 0.6 else Type("anything", "types.anything")
        extra += f"freeformType = types.attrsOf {part.text};" if write.rng.random() < 0.8 else f"freeformType = types.lazyAttrsOf {part.text};"
        options["free"] = part
    body = " ".join(declared) + extra
    if form == 0:
        text = f"(types.submodule ({{ name, ... }}: {{ {body} options.from = mkOption {{ type = types.str; default = name; }}; }}))"
    elif form == 1:
        text = f"(types.submodule ({{ config, ... }}: {{ {body} }}))"
    elif form == 2:
        text = f"(types.submoduleWith {{ modules = [ ({{ special ? 0, ... }}: {{ {body} options.given = mkOption {{ default = special; }}; }}) ]; specialArgs.special = 5; shorthandOnlyDefinesConfig = true; }})"
    elif form == 3 and depth > 0:
        text = f"(types.submoduleWith {{ modules = [ {{ {body} }} ]; }})"
    elif form == 4:
        reads = write.rng.choice(names)
        inside = write.rng.choice([f"config.{reads} or null", f"options.{reads}.isDefined", "inner", "extendModules == null"])
        text = f"(types.submodule ({{ config, options, inner, extendModules, ... }}: {{ {body} config._module.args.inner = 3; options.read = mkOption {{ default = {inside}; }}; }}))"
    elif form == 5:
        condition = write.rng.choice(['name == "a"', "true", "false", "u.b" if write.unknown else "true"])
        text = f"(types.submodule ({{ name, ... }}: {{ imports = lib.optional ({condition}) {{ options.more = mkOption {{ default = 1; }}; }}; {body} }}))"
    elif form == 6:
        text = f"(types.submoduleWith {{ modules = [ {{ {body} }} ({{ lib, ... }}: {{ config = lib.mkIf {write.condition()} {{ }}; }}) ]; class = \"kind\"; }})"
    else:
        text = f"(types.submodule {{ {body} }})"
    return Type("submodule", text, options=options)


LEAVES = [
    simple("bool"), simple("int"), simple("str"), simple("bool"), simple("int"), simple("str"),
    simple("enum", '(types.enum [ "a" "b" "c" ])'),
    simple("between", "(types.ints.between 0 5)"),
    simple("lines"), simple("commas"), simple("sep", '(types.separatedString "-")'),
    simple("nonEmptyStr"), simple("matching", '(types.strMatching "[ab]+")'),
    simple("port"), simple("float"), simple("number"), simple("singleLineStr"),
    simple("anything"), simple("raw"), simple("unspecified"), simple("attrs"), simple("boolByOr"),
    simple("custom", '(lib.mkOptionType { name = "custom"; check = builtins.isInt; merge = _loc: defs: builtins.foldl\' (sum: def: sum + def.value) 0 defs; })'),
    simple("checked", "(types.addCheck types.int (i: i != 1))"),
]
COMPOSED = [
    inner("nullOr"), inner("listOf"), inner("attrsOf"), inner("lazyAttrsOf"), inner("listOf"), inner("attrsOf"),
    inner("uniq"), inner("nonEmptyListOf"), inner("functionTo"), either, one_of, coerced,
    submodule, submodule, submodule,
    simple("linesList", "(types.attrsOf types.lines)"), simple("addedList", "(types.addCheck (types.listOf types.int) (l: l != [ 2 ]))"),
    simple("deferred", "types.deferredModule"), simple("tag", "(types.attrTag { a = mkOption { type = types.int; }; b = mkOption { type = types.str; default = \"d\"; }; })"),
    simple("pathOr", "(types.nullOr types.path)"), simple("envVar", "(types.attrsOf (types.oneOf [ types.str types.int types.bool ]))"),
    simple("passwd", "(types.passwdEntry types.str)"), simple("strings", "(types.listOf types.str)"),
]


class Writer:
    def __init__(self, rng):
        self.rng = rng
        self.scope = []  # (path, type) that may be read here
        self.wrong = rng.choice([0, 0, 0, 0.01, 0.04])
        self.unknown = 0.12 if rng.random() < 0.4 else 0

    def type(self, depth):
        if depth <= 0 or self.rng.random() < 0.45:
            return self.rng.choice(LEAVES)(self, depth)
        return self.rng.choice(COMPOSED)(self, depth)

    def option(self, type, inside=None, default=0.4, apply=0.06):
        rng = self.rng
        parts = [] if type.kind == "unspecified" and rng.random() < 0.7 else [f"type = {type.text};"]
        if rng.random() < default:
            parts.append(f"default = {self.value(type, 1)};")
        if rng.random() < apply:
            parts.append("apply = " + rng.choice(["x: [ x ]", "x: x", "x: { v = x; }", "x: if x == null then 1 else x"]) + ";")
        return f"mkOption {{ {' '.join(parts)} }}"

    def read(self, kinds):
        found = [path for path, type in self.scope if type.kind in kinds]
        return f"config.{self.rng.choice(found)}" if found else None

    def condition(self):
        rng = self.rng
        options = ["true", "false", "true", "false"]
        if self.rng.random() < self.unknown * 4:
            return rng.choice(["u.b", "u.c", "(!u.b)", "(u.i > 3)", '(u.s == "a")', "(u.b && u.c)", "(u.b || u.c)"])
        for kinds, template in [(["bool"], "{}"), (["int", "port"], "({} > 3)"), (["str", "enum", "lines"], '({} == "a")'), (["listOf"], "({} != [ ])"), (["attrsOf", "submodule"], "({} ? a)")]:
            path = self.read(kinds)
            if path:
                options.append(template.format(path))
        return rng.choice(options)

    def value(self, type, depth):
        """A value of the type, mostly."""
        rng = self.rng
        if rng.random() < self.wrong:
            return rng.choice(["1", '"a"', "true", "null", "[ ]", "[ 1 ]", "{ }", "{ a = 1; }", "(x: x)", "(mkIf true 1)", '(throw "no")', "1.5", "(mkForce (mkIf false 2))"])
        if rng.random() < 0.15:
            path = self.read([type.kind])
            if path:
                return path
        return self.plain(type, depth)

    def plain(self, type, depth):
        rng = self.rng
        if rng.random() < self.unknown:
            unknown = {
                "bool": ["u.b"], "int": ["u.i"], "str": ["u.s"], "lines": ["u.s"], "enum": ["u.s"], "between": ["u.i"],
                "listOf": ["(if u.b then [ ] else [ ])", "u.l", "u.m", "[ ]"], "commas": ['"x${u.s}"', "u.s"],
                "attrsOf": ["u.d", "u.o", "{ }"], "lazyAttrsOf": ["u.d", "u.o"], "submodule": ["u.d", "u.o", "{ }"],
                "anything": ["u.o", "u.d", "u.l"], "attrs": ["u.o", "u.d"], "linesList": ["{ a = u.s; }"], "strings": ["u.m"], "either": ["u.i", "u.s"],
            }
            if type.kind in unknown:
                return rng.choice(unknown[type.kind])
            if type.kind == "nullOr" and type.parts[0].kind == "str":
                return "u.n"
        if rng.random() < 0.06:
            return f"(if {self.condition()} then {self.value(type, depth - 1)} else {self.value(type, depth - 1)})"
        match type.kind:
            case "bool" | "boolByOr":
                return rng.choice(["true", "false"])
            case "int" | "between" | "port" | "number" | "custom" | "checked":
                return rng.choice(["0", "1", "2", "5", "5"])
            case "float":
                return rng.choice(["1.5", "2.0"])
            case "str" | "lines" | "commas" | "sep" | "nonEmptyStr" | "singleLineStr":
                return rng.choice(['"a"', '"b"', '"c"', '"a\\n"', '""', '"a"', '"x${toString 3}"'])
            case "enum" | "matching":
                return rng.choice(['"a"', '"b"', '"a"', '"ab"'] if type.kind == "matching" else ['"a"', '"b"', '"c"', '"a"'])
            case "anything" | "raw" | "unspecified":
                return rng.choice(["1", '"a"', "true", "[ 1 ]", "[ 2 ]", "null", "{ a = 1; }", "{ b = { c = 2; }; }", "{ b.d = mkIf true 3; }", "{ a = mkForce 4; }", "{ b = mkDefault { c = 1; }; }", "{ }", "(x: 1)", "{ a = [ 1 ]; }"])
            case "attrs":
                return rng.choice(["{ }", "{ a = 1; }", "{ a = 2; b = 3; }", "{ a = mkIf true 1; }", "{ b = { c = 1; }; }", "{ b = { d = 1; }; }"])
            case "linesList":
                return rng.choice(['{ a = "x"; }', '{ a = "y"; b = "z"; }', '{ a = mkBefore "w"; }', '{ a = mkIf false "v"; }', "{ }"])
            case "addedList":
                return rng.choice(["[ 1 ]", "[ 2 ]", "[ ]", "[ 3 (mkIf true 4) ]"])
            case "deferred":
                return rng.choice(["{ }", "{ options.x = mkOption { default = 1; }; }", "({ ... }: { config.a = 1; })"])
            case "tag":
                return rng.choice(["{ a = 1; }", "{ a = 1; }", '{ b = "x"; }', "{ a = mkIf true 1; }", "{ a = 1; b = \"x\"; }", "{ }"])
            case "pathOr":
                return rng.choice(["null", '"/a"', '"/b"', '"c"'])
            case "envVar":
                return rng.choice(["{ a = 1; }", '{ a = "1"; b = true; }', "{ c = mkForce 2; }", "{ }"])
            case "passwd":
                return rng.choice(['"a"', '"a:b"'])
            case "strings":
                return rng.choice(['[ "a" ]', '[ "b" "a" ]', "[ ]", '(map toString [ 1 2 ])', '(lib.optionals true [ "c" ])'])
            case "nullOr":
                return "null" if rng.random() < 0.3 else self.value(type.parts[0], depth - 1)
            case "listOf" | "nonEmptyListOf":
                count = rng.choice([0, 1, 1, 2, 3])
                items = [f"({self.definition(type.parts[0], depth - 1, 0.15)})" for _ in range(count)]
                text = f"[ {' '.join(items)} ]"
                if rng.random() < 0.08:
                    text = f"({text} ++ lib.optional {self.condition()} ({self.value(type.parts[0], depth - 1)}))"
                return text
            case "attrsOf" | "lazyAttrsOf":
                names = rng.sample("abc", rng.choice([0, 1, 1, 2]))
                text = self.set([(name, type.parts[0]) for name in names], depth)
                if rng.random() < self.unknown:
                    key = rng.choice(["${u.n}", '"k${u.s}"', '"${u.s}"'])
                    text = f"({{ {key} = {self.definition(type.parts[0], depth - 1, 0.3)}; }} // {text})"
                elif rng.random() < 0.08:
                    text = f"({text} // lib.optionalAttrs {self.condition()} {self.set([('b', type.parts[0])], depth)})"
                return text
            case "uniq":
                return self.value(type.parts[0], depth)
            case "functionTo":
                return f"(x: {self.value(type.parts[0], depth - 1)})"
            case "either" | "oneOf" | "coerced":
                return self.value(rng.choice(type.parts), depth)
            case "submodule":
                names = [name for name in type.options if rng.random() < 0.6]
                text = self.set([(name, type.options[name]) for name in names], depth)
                if rng.random() < 0.06:
                    text = f"(mkMerge [ {text} {{ }} ])"
                if rng.random() < 0.06:
                    text = f"({{ config, ... }}: {{ config = {text}; }})"
                return text
        raise ValueError(type.kind)

    def set(self, entries, depth):
        return "{ " + " ".join(f"{name} = {self.definition(type, depth - 1, 0.3)};" for name, type in entries) + " }"

    def definition(self, type, depth, properties=0.5):
        rng = self.rng
        if rng.random() >= properties or depth < -3:
            return self.value(type, depth)
        again = lambda: self.definition(type, depth - 1, properties * 0.6)
        return rng.choice([
            lambda: f"(mkIf {self.condition()} {again()})",
            lambda: f"(mkIf {self.condition()} {again()})",
            lambda: f"({rng.choice(['mkForce', 'mkDefault', 'mkDefault', 'mkOptionDefault', 'mkOverride 90', 'mkVMOverride'])} {again()})",
            lambda: f"({rng.choice(['mkBefore', 'mkAfter', 'mkOrder 700', 'mkOrder 1000'])} {again()})",
            lambda: f"(mkMerge [ {again()} {again()} ])",
            lambda: f"(mkMerge [ (mkIf {self.condition()} {again()}) {again()} ])",
            lambda: f"(mkMerge ([ {again()} ] ++ lib.optional {self.condition()} {again()}))",
            lambda: f"(lib.mkDefinition {{ file = \"f\"; value = {again()}; }})" if rng.random() < 0.2 else again(),
        ])()

    def wrap(self, text):
        """Properties around a whole set of definitions."""
        rng = self.rng
        if rng.random() < 0.75:
            return text
        return rng.choice([
            lambda: f"mkIf {self.condition()} {text}",
            lambda: f"mkMerge [ {text} ]",
            lambda: f"mkDefault {text}",
            lambda: f"mkForce {text}",
            lambda: f"mkAfter {text}",
            lambda: f"mkMerge [ (mkIf {self.condition()} {text}) {{ }} ]",
            lambda: f"lib.optionalAttrs {rng.choice(['true', 'false', 'u.b' if self.unknown else 'true'])} {text}",
        ])()
