"""Writes options and definitions in Nix, for modules.py."""

from module_types import COMPOSED, LEAVES


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
        if rng.random() < 0.04:
            parts.append(rng.choice(["readOnly = true;", "internal = true;", "description = throw \"unread\";", "defaultText = throw \"unread\";"]))
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
            case "data":
                return rng.choice(["1", '"a"', "true", "null", "1.5", "[ 1 ]", '[ "a" { b = 1; } ]', "{ k = 1; }", "{ k = mkForce 2; }", "{ k.l = mkDefault \"z\"; }", "[ ]", "{ }", "(mkIf false 1)", "(mkMerge [ [ 2 ] [ 3 ] ])"])
            case "deferredUse":
                return rng.choice(["{ }", "{ d.x = 1; }", "{ d = { ... }: { config.x = mkDefault 2; }; }", "{ s.x = 3; }", "{ d = { options.y = mkOption { default = 4; }; }; s = { }; }", "{ d.imports = [ { x = mkForce 5; } ]; s.x = 6; }"])
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
            lambda: f"({rng.choice(['mkForce', 'mkDefault', 'mkDefault', 'mkOptionDefault', 'mkOverride 90', 'mkVMOverride', f'mkOverride (if {self.condition()} then 40 else 1200)'])} {again()})",
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
