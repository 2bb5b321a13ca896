# The rest of `lib.generators`: values written in other languages.
lib:
let
  inherit (builtins) attrNames concatStringsSep filter isAttrs isBool isFloat isInt isList isPath isString
    match toJSON;
  generators = lib.generators;
  element = tag: text: "<${tag}>${text}</${tag}>";
in
{
  toPlist =
    {
      escape ? false,
    }:
    value:
    let
      plain = if escape then lib.escapeXML else lib.id;
      block =
        margin: tag: lines:
        concatStringsSep "\n" [ "${margin}<${tag}>" (concatStringsSep "\n" lines) "${margin}</${tag}>" ];
      entries =
        margin: set:
        let
          written = name: name != "_module" && set.${name} != null;
          entry = name: [ (margin + element "key" (plain name)) (at margin set.${name}) ];
        in
        builtins.concatMap entry (filter written (attrNames set));
      at =
        margin: inner:
        if inner == null then
          ""
        else if isBool inner then
          margin + (if inner then "<true/>" else "<false/>")
        else if isInt inner then
          margin + element "integer" (toString inner)
        else if isFloat inner then
          margin + element "real" (toString inner)
        else if isString inner || isPath inner then
          margin + element "string" (plain (toString inner))
        else if isList inner then
          block margin "array" (map (at "\t${margin}") inner)
        else if isAttrs inner then
          block margin "dict" (entries "\t${margin}" inner)
        else
          abort "generators.toPlist: a function cannot be written";
    in
    concatStringsSep "\n" [
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>"
      "<!DOCTYPE plist PUBLIC \"-//Apple Computer//DTD PLIST 1.0//EN\" \"http://www.apple.com/DTDs/PropertyList-1.0.dtd\">"
      "<plist version=\"1.0\">"
      (at "" value)
      "</plist>"
    ];

  toDhall =
    options@{ }:
    value:
    let
      write = generators.toDhall options;
      field = name: inner: "${name} = ${write inner}";
    in
    if isAttrs value then
      "{ ${lib.concatMapAttrsStringSep ", " field value} }"
    else if isList value then
      "[ ${lib.concatMapStringsSep ", " write value} ]"
    else if isInt value then
      (if value < 0 then "" else "+") + toString value
    else if isBool value then
      (if value then "True" else "False")
    else if value == null || lib.isFunction value then
      abort "generators.toDhall: cannot convert a ${if value == null then "null" else "function"} to Dhall"
    else
      toJSON value;

  mkLuaInline = expr: {
    _type = "lua-inline";
    inherit expr;
  };
  toLua =
    options@{
      multiline ? true,
      indent ? "",
      asBindings ? false,
    }:
    value:
    let
      open = if multiline then "\n${indent}  " else " ";
      close = if multiline then "\n${indent}" else " ";
      write = generators.toLua (
        options
        // {
          indent = if asBindings then indent else "${indent}  ";
          asBindings = false;
        }
      );
      table = items: if items == [ ] then "{}" else "{${open}${concatStringsSep ",${open}" items}${close}}";
      identifier = "[[:alpha:]_][[:alnum:]_]*";
      strange = filter (name: match "${identifier}(\\.${identifier})*" name == null) (attrNames value);
    in
    if asBindings then
      if strange == [ ] then
        lib.concatMapAttrsStringSep "" (name: inner: "${indent}${name} = ${write inner}\n") value
      else
        throw "Bad Lua var names: ${generators.toPretty { } strange}"
    else if value == null then
      "nil"
    else if isInt value || isFloat value || isString value || isBool value then
      toJSON value
    else if isPath value || lib.isDerivation value then
      toJSON "${value}"
    else if isList value then
      table (map write value)
    else if !isAttrs value then
      abort "generators.toLua: type ${builtins.typeOf value} is unsupported"
    else if value._type or null == "lua-inline" then
      "(${value.expr})"
    else
      table (lib.mapAttrsToList (name: inner: "[${toJSON name}] = ${write inner}") value);
}
