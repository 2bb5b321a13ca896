"""Writes small sets of modules, and what Nix makes of each, for tests/soundness.rs. See modules.sh."""

import os
import random
import sys

from module_answers import record
from module_types import Type, submodule
from module_values import Writer

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
        self.told(bodies, declared)
        self.modules(bodies)
        return self.files

    def moved(self, path, type, bodies):
        rng, write = self.rng, self.write
        if rng.random() > 0.08:
            return
        attrs = lambda path: "[ " + " ".join(f'"{part}"' for part in path.split(".")) + " ]"
        old = f"old.{path.replace('.', '-')}"
        make = rng.choice(["mkAliasOptionModule", "mkRenamedOptionModule", "mkRemovedOptionModule", "mkRenamedOptionModuleWith", "mkChangedOptionModule", "mkMergedOptionModule", "doRename"])
        body = rng.choice(bodies)
        if make in ("mkChangedOptionModule", "mkMergedOptionModule"):
            # What is said there by one option becomes part of another.
            old = old if make == "mkChangedOptionModule" else f"old.m{path.replace('.', '-')}"
            take = f"(config: let value = lib.getAttrFromPath {attrs(old)} config; in {rng.choice(['value', 'if value == null then null else value', 'lib.id value'])})"
            from_ = attrs(old) if make == "mkChangedOptionModule" else f"[ {attrs(old)} ]"
            body.setdefault("declares", []).append(f"(lib.{make} {from_} {attrs(path)} {take})")
            body["options"].append("options.assertions = mkOption { type = types.listOf types.unspecified; default = [ ]; };")
            body["options"].append("options.warnings = mkOption { type = types.listOf types.str; default = [ ]; };")
            if rng.random() < 0.7:
                rng.choice(bodies)["config"].append((old, write.definition(type, 2)))
            return
        if make == "mkRemovedOptionModule":
            body.setdefault("declares", []).append(f'(lib.mkRemovedOptionModule {attrs(old)} "gone")')
            body["options"].append("options.assertions = mkOption { type = types.listOf types.unspecified; default = [ ]; };")
        elif make == "mkRenamedOptionModuleWith":
            body.setdefault("declares", []).append(f"(lib.{make} {{ from = {attrs(old)}; to = {attrs(path)}; sinceRelease = 2105; }})")
        elif make == "doRename":
            ways = f"visible = true; warn = false; use = x: x; withPriority = {rng.choice(['true', 'false'])};"
            body.setdefault("declares", []).append(f"(lib.modules.{make} {{ from = {attrs(old)}; to = {attrs(path)}; {ways} }})")
        else:
            body.setdefault("declares", []).append(f"(lib.{make} {attrs(old)} {attrs(path)})")
        if rng.random() < 0.7:
            rng.choice(bodies)["config"].append((old, write.definition(type, 2)))

    def extras(self, bodies, declared):
        rng, write = self.rng, self.write
        body = lambda: rng.choice(bodies)
        if rng.random() < 0.12:
            free = rng.choice(["attrsOf types.lines", "attrsOf (types.listOf types.int)", "lazyAttrsOf types.anything", "attrsOf types.anything", "lazyAttrsOf types.int", "attrsOf types.int", "attrsOf (types.attrsOf types.str)", "attrs"])
            if rng.random() < 0.7:
                body()["more"].append(f"freeformType = types.{free};")
            else:
                body()["config"].append(("_module.freeformType", f"types.{free}"))
            for name in rng.sample(["x", "y"], rng.randrange(1, 3)):
                for _ in range(rng.choice([1, 1, 2])):
                    body()["config"].append((name, rng.choice(["[ 1 ]", "mkBefore [ 2 ]", '"a"', 'mkAfter "b"', "1", "2", "{ a = 1; }", "{ k = \"v\"; }", "mkIf false 1", "mkDefault 3", "mkForce 4", "mkIf true { k = \"w\"; }"])))
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
            if write.unknown and rng.random() < 0.5:
                body()["config"].append(("keyed", rng.choice(["u.l", "mkIf u.b [ 7 ]", "mkMerge (lib.optional u.b [ 8 ])", "mkMerge (map (i: [ i ]) u.l)"])))
        if rng.random() < 0.08:
            # Arguments that are there before any module is.
            body()["args"] += ["given", "flag"]
            body()["options"].append("options.given = mkOption { default = given + (if flag then 1 else 0); };")
        if write.unknown and rng.random() < 0.1:
            body()["unknown"] = rng.choice(["{ }", "(if u.b then { } else { my = { }; })", "(lib.optionalAttrs u.c { })", "(u.g2 or { })"])
        if rng.random() < 0.08 and declared:
            path, type = rng.choice(declared)
            inside = write.definition(type, 1)
            changes = rng.choice(["", f".extendModules {{ modules = [ {{ config.x = mkForce ({inside}); }} ]; }}"])
            system = f"(lib.evalModules {{ modules = [ ({{ special, ... }}: {{ options.x = mkOption {{ type = {type.text}; }}; options.s = mkOption {{ default = special; }}; config.x = {write.definition(type, 1)}; }}) ]; specialArgs.special = 3; }})"
            body()["options"].append(f"options.system = mkOption {{ default = {{ inherit (({system}{changes}).config) x s; }}; }};")

    def told(self, bodies, declared):
        """Options whose defaults say what the module system knows of other options, or takes from them."""
        rng = self.rng
        if not declared or rng.random() > 0.25:
            return
        path, type = rng.choice(declared)
        body = rng.choice(bodies)
        body["args"].append("options")
        told = rng.choice([
            "options.{0}.isDefined", "options.{0}.highestPrio", "builtins.length options.{0}.definitions",
            "map baseNameOf options.{0}.files", "options.{0}.loc", "lib.showOption options.{0}.loc", "options.{0}.type.name",
            "options.{0} ? default", "options ? {0}", "config ? {0}", "config.{0}.a or 1", "config.{0}.none or \"none\"",
            "(builtins.tryEval (builtins.seq config.{0} 1)).success", "lib.isOption options.{0}", "options.{0}.value == config.{0}",
            "lib.attrByPath [ \"a\" ] null config.{0}", "lib.types.isOptionType options.{0}.type",
            "lib.options.getValues options.{0}.definitionsWithLocations", "(with config; {0})", "(let inherit (config) my; in my.none or 3)",
        ]).format(path)
        body["options"].append(f"options.told = mkOption {{ default = {told}; }};")
        copied = rng.choice(["mkAliasDefinitions options.{0}", "lib.modules.mkAliasAndWrapDefinitions (mkIf {1}) options.{0}", "lib.mkDerivedConfig options.{0} (x: x)", "mkIf options.{0}.isDefined config.{0}", "lib.mkMerge options.{0}.definitions"])
        if rng.random() < 0.5 and not path.startswith("my.n"):
            body["options"].append(f"options.copied = mkOption {{ type = {type.text}; }};")
            body["config"].append(("copied", copied.format(path, self.write.condition())))

    def modules(self, bodies):
        rng, write = self.rng, self.write
        forms = []
        for at, body in enumerate(bodies):
            if at == 0:
                continue
            parent = bodies[rng.randrange(at)]
            file = f"m{at}.nix"
            kind = rng.choice(["path", "path", "inline", "string", "function", "conditional", "twice", "disabled", "nested", "chosen", "given"])
            imports = parent.setdefault("imports", [])
            body["doubtful"] = kind in ("conditional", "disabled", "chosen", "given") or parent.get("doubtful", False)
            if body["doubtful"]:
                # An option that nobody declares would make Nix refuse the whole set.
                bodies[0]["options"] += body["options"]
                bodies[0]["args"] += body["args"]
                body["options"] = []
                bodies[0].setdefault("imports", []).extend(body.pop("declares", []))
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
            elif kind == "chosen":
                condition = rng.choice(["true", "false", "u.b" if write.unknown else "true"])
                imports.append(("splice", rng.choice([f"++ (if {condition} then [ ./{file} ] else [ ])", f"++ lib.optionals {condition} [ {{ imports = [ ./{file} ]; }} ]", f"++ [ ({{ ... }}: {{ imports = lib.optional {condition} ./{file}; }}) ]"])))
            elif kind == "given":
                parent["args"].append("flag")
                imports.append(("splice", f"++ lib.optional {rng.choice(['flag', '(!flag)'])} ./{file}"))
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
                    how = rng.choice([f"./{file}", f"./{file}", f"(toString ./{file})", f"{{ key = toString ./{file}; }}"])
                    rng.choice(bodies)["more"].append(f"disabledModules = lib.optional {condition} {how};")
            else:
                imports.append(f"./{file}")
            forms.append((file, body))
        for body in bodies:
            body.setdefault("imports", []).extend(body.pop("declares", []))
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
        if "unknown" in body:
            rendered.append(body["unknown"])
        simple_form = not any(line.startswith(("options", "config", "freeformType")) for line in lines)
        if len(rendered) == 1:
            one = rendered[0]
            if simple_form and one.startswith("{ ") and rng.random() < 0.6:
                lines.append(one[2:-2])
            else:
                lines.append(f"config = {one};")
        elif rendered:
            lines.append("config = mkMerge [ " + " ".join(f"({one})" for one in rendered) + " ];")
        whole = "{\n  " + "\n  ".join(lines) + "\n}"
        head = HEAD
        if rng.random() < 0.1:
            # The same reads, by other ways.
            name, bound = rng.choice([("cfg", "cfg = config.my;"), ("my", "inherit (config) my;")])
            whole, head = whole.replace("config.my.", f"{name}."), head.replace("in ", f"{bound} in ")
        args = ", ".join(dict.fromkeys(body["args"]))
        body["text"] = f"{{ {args}, ... }}: {head}{whole}"
        return body["text"]


def main():
    count, seed, base = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
    folders = []
    for number in range(count):
        files = Set(random.Random(f"{seed} {number}")).make()
        folder = f"{base}/{seed}-{number}"
        os.makedirs(folder, exist_ok=True)
        for name, text in files.items():
            with open(f"{folder}/{name}", "w") as file:
                file.write(text + "\n")
        folders.append(folder)
    record(folders)


main()
