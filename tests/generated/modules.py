"""Writes small sets of modules, and what Nix makes of each, for tests/soundness.rs. See modules.sh.

Some conditions and values come from `import <u>`: optlint cannot look it up, Nix finds one of
several files. Whatever optlint calls known must be so with each of them.
"""

import json
import os
import random
import re
import subprocess
import sys

WORLDS = [
    '{ b = true; c = false; i = 1; s = "a"; }',
    '{ b = false; c = false; i = 7; s = "b"; }',
    '{ b = false; c = true; i = 0; s = "c"; }',
]
HERE = os.path.dirname(os.path.realpath(__file__))


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
    form = write.rng.randrange(6)
    extra = ""
    if write.rng.random() < 0.3:
        name = write.rng.choice(names)
        value = write.value(options[name], depth - 1)
        extra = f"config.{name} = {write.rng.choice(['mkDefault', 'mkOptionDefault', '', 'mkIf true'])} ({value});"
    if write.rng.random() < 0.2:
        part = write.type(depth - 1) if write.rng.random() < 0.5 else Type("anything", "types.anything")
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
]


class Writer:
    def __init__(self, rng):
        self.rng = rng
        self.scope = []  # (path, type) that may be read here
        self.wrong = 0.03
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
            unknown = {"bool": "u.b", "int": "u.i", "str": "u.s", "lines": "u.s", "enum": "u.s", "listOf": "(if u.b then [ ] else [ ])", "between": "u.i", "commas": '"x${u.s}"'}
            if type.kind in unknown:
                return unknown[type.kind]
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
                if rng.random() < 0.08:
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


HEAD = "with lib; let u = import <u>; in "


class Set:
    """One set of modules."""

    def __init__(self, rng):
        self.rng = rng
        self.write = Writer(rng)
        self.files = {}
        self.options = {}

    def make(self):
        rng, write = self.rng, self.write
        count = rng.choice([1, 2, 2, 3, 4])
        bodies = [{"options": [], "config": [], "more": [], "args": ["lib", "config"]} for _ in range(count)]
        names = rng.sample(["a", "b", "c", "d", "e", "f"], rng.randrange(2, 6))
        declared = []
        for name in names:
            path = rng.choice([f"my.{name}", f"my.{name}", f"my.n.{name}", f"top{name}"])
            type = write.type(rng.choice([0, 1, 2, 2]))
            # Only what was declared before may be read: nothing refers to itself, save now and then.
            write.scope = [(read, of) for read, of in declared] if rng.random() < 0.97 else declared + [(path, type)]
            rng.choice(bodies)["options"].append(f"options.{path} = {write.option(type)};")
            if rng.random() < 0.15:
                again = type if type.kind != "submodule" or rng.random() < 0.3 else submodule(write, 1)
                if again.kind == "submodule" and again is not type:
                    type = Type("submodule", type.text, options={**again.options, **type.options})
                rng.choice(bodies)["options"].append(f"options.{path} = {write.option(again, default=0.1, apply=0.02)};")
            for _ in range(rng.choice([0, 1, 1, 2, 2, 3])):
                body = rng.choice(bodies)
                body["config"].append((path, write.definition(type, 2)))
            declared.append((path, type))
            self.moved(path, type, bodies)
        write.scope = declared
        self.extras(bodies, declared)
        self.modules(bodies)
        return self.files

    def moved(self, path, type, bodies):
        rng, write = self.rng, self.write
        if rng.random() > 0.08:
            return
        attrs = lambda path: "[ " + " ".join(f'"{part}"' for part in path.split(".")) + " ]"
        old = f"old.{path.replace('.', '-')}"
        make = rng.choice(["mkAliasOptionModule", "mkRenamedOptionModule", "mkRemovedOptionModule"])
        body = rng.choice(bodies)
        if make == "mkRemovedOptionModule":
            body.setdefault("imports", []).append(f'(lib.mkRemovedOptionModule {attrs(old)} "gone")')
            body["options"].append("options.assertions = mkOption { type = types.listOf types.unspecified; default = [ ]; };")
        else:
            body.setdefault("imports", []).append(f"(lib.{make} {attrs(old)} {attrs(path)})")
        if rng.random() < 0.7:
            rng.choice(bodies)["config"].append((old, write.definition(type, 2)))

    def extras(self, bodies, declared):
        rng, write = self.rng, self.write
        body = lambda: rng.choice(bodies)
        if rng.random() < 0.12:
            free = rng.choice(["attrsOf types.anything", "lazyAttrsOf types.int", "attrsOf types.int", "attrsOf (types.attrsOf types.str)", "attrs"])
            if rng.random() < 0.7:
                body()["more"].append(f"freeformType = types.{free};")
            else:
                body()["config"].append(("_module.freeformType", f"types.{free}"))
            for name in rng.sample(["x", "y"], rng.randrange(1, 3)):
                for _ in range(rng.choice([1, 1, 2])):
                    body()["config"].append((name, rng.choice(["1", "2", "{ a = 1; }", "{ k = \"v\"; }", "mkIf false 1", "mkDefault 3", "mkForce 4", "mkIf true { k = \"w\"; }"])))
        if rng.random() < 0.15:
            body()["config"].append(("_module.args.extra", rng.choice(["5", "{ a = 6; }", "mkForce 7", "mkIf true 8", "config.my or 3"])))
            user = body()
            user["args"].append("extra")
            user["options"].append("options.used = mkOption { default = extra; };")
        functions = [path for path, type in declared if type.kind == "functionTo"]
        if functions:
            body()["options"].append(f"options.called = mkOption {{ type = types.unspecified; default = config.{rng.choice(functions)} 1; }};")
        if rng.random() < 0.1:
            keyed = '{ key = "same"; config.keyed = [ %d ]; }'
            body()["options"].append("options.keyed = mkOption { type = types.listOf types.int; default = [ ]; };")
            for number in range(rng.randrange(1, 4)):
                body().setdefault("imports", []).append(keyed % number)
            if rng.random() < 0.4:
                body()["more"].append('disabledModules = [ { key = "same"; } ];')
        if rng.random() < 0.08 and declared:
            path, type = rng.choice(declared)
            inside = write.definition(type, 1)
            changes = rng.choice(["", f".extendModules {{ modules = [ {{ config.x = mkForce ({inside}); }} ]; }}"])
            system = f"(lib.evalModules {{ modules = [ ({{ special, ... }}: {{ options.x = mkOption {{ type = {type.text}; }}; options.s = mkOption {{ default = special; }}; config.x = {write.definition(type, 1)}; }}) ]; specialArgs.special = 3; }})"
            body()["options"].append(f"options.system = mkOption {{ default = {{ inherit (({system}{changes}).config) x s; }}; }};")

    def modules(self, bodies):
        rng, write = self.rng, self.write
        forms = []
        for at, body in enumerate(bodies):
            if at == 0:
                continue
            parent = bodies[rng.randrange(at)]
            file = f"m{at}.nix"
            kind = rng.choice(["path", "path", "inline", "string", "function", "conditional", "twice", "disabled", "nested"])
            imports = parent.setdefault("imports", [])
            if kind in ("conditional", "disabled"):
                # An option that nobody declares would make Nix refuse the whole set.
                bodies[0]["options"] += body["options"]
                bodies[0]["args"] += body["args"]
                body["options"] = []
            if kind == "inline":
                imports.append(("late", body, "({})"))
                continue
            if kind == "nested":
                imports.append(("late", body, '{{ _file = "odd"; imports = [ ({}) ]; }}'))
                continue
            if kind == "string":
                imports.append(f"(toString ./{file})")
            elif kind == "function":
                imports.append(f"(import ./{file})")
            elif kind == "conditional":
                condition = rng.choice(["true", "false", "u.b" if write.unknown else "true"])
                imports.append(("splice", f"++ lib.optional {condition} ./{file}"))
            elif kind == "twice":
                imports.append(f"./{file}")
                rng.choice(bodies[:at]).setdefault("imports", []).append(f"./{file}")
            elif kind == "disabled":
                imports.append(f"./{file}")
                if rng.random() < 0.5:
                    condition = rng.choice(["true", "false", "u.b" if write.unknown else "true"])
                    rng.choice(bodies)["more"].append(f"disabledModules = lib.optional {condition} ./{file};")
            else:
                imports.append(f"./{file}")
            forms.append((file, body))
        for file, body in forms:
            self.files[file] = self.text(body)
        self.files["configuration.nix"] = self.text(bodies[0])

    def text(self, body):
        if "text" in body:
            return body["text"]
        rng, write = self.rng, self.write
        lines = []
        if body.get("imports"):
            items, splice = [], ""
            for item in body["imports"]:
                if isinstance(item, str):
                    items.append(item)
                elif item[0] == "late":
                    items.append(item[2].format(self.text(item[1])))
                else:
                    splice += " " + item[1]
            lines.append(f"imports = [ {' '.join(items)} ]{splice};")
        seen = set()
        for line in body["options"] + body["more"]:
            name = line.split(" = ")[0]
            if name in seen:
                continue
            seen.add(name)
            lines.append(line)
        groups = []
        for path, value in body["config"]:
            for group in groups:
                if not any(path == other or path.startswith(other + ".") or other.startswith(path + ".") for other, _ in group):
                    group.append((path, value))
                    break
            else:
                groups.append([(path, value)])
        rendered = []
        for group in groups:
            text = "{ " + "\n    ".join(f"{path} = {value};" for path, value in group) + " }"
            if len(group) > 1 and all(path.startswith("my.") for path, _ in group) and rng.random() < 0.3:
                inside = "{ " + "\n    ".join(f"{path[3:]} = {value};" for path, value in group) + " }"
                text = f"{{ my = {write.wrap(inside)}; }}"
            rendered.append(write.wrap(text))
        simple_form = not any(line.startswith(("options", "config", "freeformType")) for line in lines)
        if len(rendered) == 1:
            one = rendered[0]
            if simple_form and one.startswith("{ ") and rng.random() < 0.6:
                lines.append(one[2:-2])
            else:
                lines.append(f"config = {one};")
        elif rendered:
            lines.append("config = mkMerge [ " + " ".join(f"({one})" for one in rendered) + " ];")
        args = ", ".join(dict.fromkeys(body["args"]))
        whole = "{\n  " + "\n  ".join(lines) + "\n}"
        body["text"] = f"{{ {args}, ... }}: {HEAD}{whole}"
        return body["text"]


def nix(folders, world, base):
    """What Nix makes of each folder's modules."""
    answers = {folder: {} for folder in folders}
    todo, skip = list(folders), []
    while todo:
        part = todo[:200]
        command = ["nix-instantiate", "--eval", "--readonly-mode", "-I", f"u={base}/world{world}.nix",
                   "--argstr", "sets", json.dumps(part), "--argstr", "skip", json.dumps(skip),
                   "--argstr", "nixpkgsLib", os.environ["NIXPKGS_LIB"], f"{HERE}/modules.nix"]
        done = subprocess.run(command, capture_output=True, text=True)
        tried = None
        for line in done.stderr.splitlines():
            if not line.startswith("trace: at-case "):
                continue
            case = json.loads(line[len("trace: at-case "):])
            if "name" not in case:
                todo, skip, tried = todo[1:], [], None
            elif "value" not in case:
                tried = case["name"]
            else:
                answers[case["folder"]][case["name"]] = case["value"]
                skip.append(f"{case['folder']} {case['name']}")
                tried = None
        if done.returncode != 0:
            # Nothing catches what this one does.
            if tried:
                answers[todo[0]][tried] = {"$fails": True}
            skip.append(f"{todo[0]} {tried or '*'}")
            if os.environ.get("VERBOSE"):
                print(todo[0], tried, [line for line in done.stderr.splitlines() if line.startswith("error")][:1], flush=True)
    return answers


def main():
    count, seed, base = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
    os.makedirs(base, exist_ok=True)
    for world, text in enumerate(WORLDS):
        with open(f"{base}/world{world}.nix", "w") as file:
            file.write(text)
    folders, uncertain = [], set()
    for number in range(count):
        rng = random.Random(f"{seed} {number}")
        files = Set(rng).make()
        folder = f"{base}/{seed}-{number}"
        os.makedirs(folder, exist_ok=True)
        for name, text in files.items():
            with open(f"{folder}/{name}", "w") as file:
                file.write(text + "\n")
        folders.append(folder)
        if any(re.search(r"\bu\.[bcis]\b", text) for text in files.values()):
            uncertain.add(folder)
    for world in range(len(WORLDS)):
        wanted = [folder for folder in folders if world == 0 or folder in uncertain]
        for folder, answer in nix(wanted, world, base).items():
            with open(f"{folder}/world{world}.json", "w") as file:
                json.dump(answer, file)


main()
