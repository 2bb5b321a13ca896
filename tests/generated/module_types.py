"""Types in Nix, for module_values.py."""

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


def with_placeholder(kind, lazy):
    def make(write, depth):
        part = write.type(depth - 1)
        return Type(kind, f"(types.attrsWith {{ elemType = {part.text}; lazy = {lazy}; placeholder = \"key\"; }})", part)

    return make


def settings(write, depth):
    """A submodule whose undeclared options are what a file format can write."""
    form = write.rng.choice(["types.json", "types.toml", "(types.attrsOf types.json)", "(let value = types.nullOr (types.oneOf [ types.bool types.int types.str (types.listOf value) (types.attrsOf value) ]) // { description = \"value\"; }; in types.attrsOf value)"])
    part = write.type(0)
    text = f"(types.submodule {{ freeformType = {form}; options.a = {write.option(part)}; }})"
    value = Type("data", "")
    return Type("submodule", text, options={"a": part, "b": value, "c": value, "d": Type("attrsOf", "", value)})


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
        Type("coerced", "(types.coercedTo (types.listOf types.int) (l: { n = builtins.length l; }) (types.submodule { options.n = mkOption { type = types.int; default = 9; }; freeformType = types.attrsOf types.int; }))", Type("listOf", "", Type("int", "")), Type("attrsOf", "", Type("int", ""))),
        Type("coerced", "(types.nullOr (types.coercedTo types.bool (b: if b then 1 else 0) types.int))", Type("bool", ""), Type("int", "")),
        Type("coerced", "(types.listOf (types.coercedTo types.int (i: { n = i; }) (types.submodule { options.n = mkOption { type = types.int; default = 9; }; })))", Type("listOf", "", Type("int", ""))),
    ])


def submodule(write, depth):
    options = {}
    names = write.rng.sample("abcd", write.rng.randrange(1, 4))
    declared = []
    for name in names:
        options[name] = write.type(depth - 1)
        declared.append(f"options.{name} = {write.option(options[name], inside=names)};")
    form = write.rng.randrange(16)
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
    elif form == 7:
        # A module that defines one of its options by another, or by one outside.
        target, source = write.rng.choice(names), write.rng.choice([f"config.{write.rng.choice(names)}", write.read(["int", "str", "bool"]) or "null"])
        outer = source.startswith("config.my") or source.startswith("config.top")
        argument = "" if outer else "config, "
        text = f"(types.submodule ({{ {argument}lib, ... }}: {{ {body} imports = [ {{ config.{target} = lib.{write.rng.choice(['mkDefault', 'mkOptionDefault', 'mkForce', 'mkBefore'])} {source}; }} ]; }}))"
    elif form == 8:
        rest = f"{{ options.listed = mkOption {{ type = types.int; default = {write.rng.choice(['1', 'given', 'name'])}; }}; }}"
        text = f"(types.submodule [ {{ {body} }} ({{ name, given ? 2, ... }}: {rest}) {{ _module.args.given = {write.rng.choice(['3', 'mkForce 4', 'mkDefault 5'])}; }} ])"
    elif form == 9:
        text = f"(types.submodule {{ {body} _module.check = false; }})"
    elif form == 10:
        text = f"(types.submodule ({{ config, ... }}@all: {{ {body} options.whole = mkOption {{ readOnly = true; default = builtins.attrNames (removeAttrs config [ \"whole\" ]) ++ [ (all.name or \"none\") ]; }}; }}))"
    elif form == 11:
        text = f"(types.submodule {{ options = {{ deep.er = mkOption {{ type = types.int; default = 1; }}; }}; imports = [ ({{ config, ... }}: {{ {body} config.deep.er = mkIf (config ? a) (mkDefault 2); }}) ]; }})"
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
    simple("port", "types.ints.u8"), simple("int", "types.ints.unsigned"), simple("number", "types.ints.positive"),
    simple("float", "(types.numbers.between 0 1.5)"), simple("number", "types.numbers.nonnegative"),
    simple("enum", "(types.enum [ \"a\" 5 true null ])"), simple("str", "(types.uniq types.str)"),
    simple("str", "(types.unique { message = \"m\"; } types.str)"), simple("str", "types.externalPath"),
]
COMPOSED = [
    inner("nullOr"), inner("listOf"), inner("attrsOf"), inner("lazyAttrsOf"), inner("listOf"), inner("attrsOf"),
    inner("uniq"), inner("nonEmptyListOf"), inner("functionTo"), either, one_of, coerced,
    submodule, submodule, submodule,
    simple("linesList", "(types.attrsOf types.lines)"), simple("addedList", "(types.addCheck (types.listOf types.int) (l: l != [ 2 ]))"),
    simple("deferred", "types.deferredModule"), simple("tag", "(types.attrTag { a = mkOption { type = types.int; }; b = mkOption { type = types.str; default = \"d\"; }; })"),
    simple("pathOr", "(types.nullOr types.path)"), simple("envVar", "(types.attrsOf (types.oneOf [ types.str types.int types.bool ]))"),
    simple("passwd", "(types.passwdEntry types.str)"), simple("strings", "(types.listOf types.str)"),
    inner("nullOr"), inner("attrsOf"), either, coerced, submodule,
    with_placeholder("attrsOf", "false"), with_placeholder("lazyAttrsOf", "true"), settings, settings,
    simple("deferredUse", "(types.submoduleWith { modules = [ ({ config, ... }: { options.d = mkOption { type = types.deferredModule; default = { }; }; options.s = mkOption { type = types.submoduleWith { modules = [ config.d { options.x = mkOption { type = types.int; default = 0; }; } ]; }; default = { }; }; }) ]; shorthandOnlyDefinesConfig = true; })"),
    simple("anything", "(types.attrsOf types.anything)"), simple("anything", "(types.nullOr types.anything)"),
]
