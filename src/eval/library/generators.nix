# Values written in configuration formats. Lua, plists and the like are in `languages.nix`.
lib:
let
  inherit (builtins) attrNames attrValues concatLists concatMap concatStringsSep filter head isAttrs isBool
    isFloat isInt isList isPath isString length mapAttrs replaceStrings split tail toJSON;
  generators = lib.generators;
  unsupported = what: abort "generators.mkValueStringDefault: ${what} not supported";
  isSection = value: isAttrs value && !lib.isDerivation value;
  # `a.b.c = { … }` of Git is the section `[a "b.c"]`.
  gitSection =
    name:
    let
      parts = lib.splitString "." name;
    in
    if lib.hasInfix "\"" name || length parts == 1 then
      name
    else
      "${head parts} \"${concatStringsSep "." (tail parts)}\"";
  gitString = replaceStrings [ "\\" "\"" "\n" "\t" ] [ "\\\\" "\\\"" "\\n" "\\t" ];
  gitValue =
    value: generators.mkValueStringDefault { } (if isString value then "\"${gitString value}\"" else value);
  gitLine = key: value: "\t" + generators.mkKeyValueDefault { mkValueString = gitValue; } " = " key value;
  gitLines =
    key: value:
    if isList value then lib.concatMapStringsSep "\n" (gitLine key) value else gitLine key value;
  # Every leaf as a set of one section with one key.
  gitLeaves =
    path: value:
    if isSection value then
      concatMap (name: gitLeaves (path ++ [ name ]) value.${name}) (attrNames value)
    else if length path < 2 then
      [ { ${head path} = value; } ]
    else
      [ { ${concatStringsSep "." (lib.init path)}.${lib.last path} = value; } ];
  gitFlat =
    settings:
    let
      isNested = _name: value: isAttrs value && builtins.any isSection (attrValues value);
      nested = lib.filterAttrs isNested settings;
    in
    removeAttrs settings (attrNames nested)
    // builtins.foldl' lib.recursiveUpdate { } (gitLeaves [ ] nested);
in
{
  # Keys and values.
  mkValueStringDefault =
    { }:
    value:
    if isString value then
      value
    else if isInt value || lib.isDerivation value then
      toString value
    else if isBool value then
      lib.boolToString value
    else if value == null then
      "null"
    else if isFloat value then
      lib.strings.floatToString value
    else if isList value then
      unsupported "lists"
    else if isAttrs value then
      unsupported "attrsets"
    else if lib.isFunction value then
      unsupported "functions"
    else
      unsupported "this value is";
  mkKeyValueDefault =
    {
      mkValueString ? generators.mkValueStringDefault { },
    }:
    separator: key: value:
    lib.escape [ separator ] key + separator + mkValueString value;
  toKeyValue =
    {
      mkKeyValue ? generators.mkKeyValueDefault { } "=",
      listsAsDuplicateKeys ? false,
      indent ? "",
    }:
    settings:
    let
      line = key: value: indent + mkKeyValue key value + "\n";
      lines =
        key: value: if listsAsDuplicateKeys && isList value then map (line key) value else [ (line key value) ];
    in
    lib.concatStrings (concatLists (attrValues (mapAttrs lines settings)));

  # INI.
  toINI =
    {
      mkSectionName ? lib.escape [ "[" "]" ],
      mkKeyValue ? generators.mkKeyValueDefault { } "=",
      listsAsDuplicateKeys ? false,
    }:
    let
      body = generators.toKeyValue { inherit listsAsDuplicateKeys mkKeyValue; };
    in
    lib.concatMapAttrsStringSep "\n" (name: settings: "[${mkSectionName name}]\n" + body settings);
  toINIWithGlobalSection =
    {
      mkSectionName ? lib.escape [ "[" "]" ],
      mkKeyValue ? generators.mkKeyValueDefault { } "=",
      listsAsDuplicateKeys ? false,
    }:
    {
      globalSection,
      sections ? { },
    }:
    lib.optionalString (globalSection != { }) (
      generators.toKeyValue { inherit listsAsDuplicateKeys mkKeyValue; } globalSection + "\n"
    )
    + generators.toINI { inherit listsAsDuplicateKeys mkKeyValue mkSectionName; } sections;
  toGitINI =
    settings:
    generators.toINI {
      mkSectionName = gitSection;
      mkKeyValue = gitLines;
    } (gitFlat settings);
  mkDconfKeyValue = generators.mkKeyValueDefault {
    mkValueString = value: toString (lib.gvariant.mkValue value);
  } "=";
  toDconfINI = generators.toINI { mkKeyValue = generators.mkDconfKeyValue; };

  # JSON, of which YAML is a superset.
  toJSON = { }: toJSON;
  toYAML = { }: toJSON;

  # Nix.
  withRecursion =
    {
      depthLimit,
      throwOnDepthLimit ? true,
    }:
    let
      isSpecial =
        name: builtins.elem name [ "__functor" "__functionArgs" "__toString" "__pretty" ];
      cut =
        depth: value:
        if depthLimit == null || depth <= depthLimit then
          value
        else if throwOnDepthLimit then
          throw "Exceeded maximum eval-depth limit of ${toString depthLimit} while trying to evaluate with `generators.withRecursion'!"
        else
          "<unevaluated>";
      at =
        depth: value:
        let
          within = inner: at (depth + 1) (cut (depth + 1) inner);
        in
        if isAttrs value then
          mapAttrs (name: inner: if isSpecial name then inner else within inner) value
        else if isList value then
          map within value
        else
          cut (depth + 1) value;
    in
    at 0;
  toPretty =
    {
      allowPrettyValues ? false,
      multiline ? true,
      indent ? "",
    }:
    let
      text =
        open: close: value:
        let
          lines = filter isString (split "\n" value);
          long = map (replaceStrings [ "\${" "''" ] [ "''\${" "'''" ]) lines;
        in
        if multiline && length lines > 1 then
          "''"
          + open
          + concatStringsSep open (lib.init long)
          + (if lib.last long == "" then close else open + lib.last long)
          + "''"
        else
          "\"" + lib.concatMapStringsSep "\\n" (lib.escape [ "\\" "\"" "\${" ]) lines + "\"";
      function =
        f:
        let
          argument = name: optional: if optional then name + "?" else name;
          arguments = lib.concatMapAttrsStringSep ", " argument (lib.functionArgs f);
        in
        if arguments == "" then "<function>" else "<function, args: {${arguments}}>";
      at =
        margin: value:
        let
          open = if multiline then "\n${margin}  " else " ";
          close = if multiline then "\n${margin}" else " ";
          within = at (margin + "  ");
          binding = name: inner: "${lib.strings.escapeNixIdentifier name} = ${within inner};";
        in
        if isInt value then
          toString value
        else if isFloat value then
          toJSON value
        else if isString value then
          text open close value
        else if isBool value then
          lib.boolToString value
        else if value == null then
          "null"
        else if isPath value then
          toString value
        else if isList value then
          if value == [ ] then "[ ]" else "[" + open + lib.concatMapStringsSep open within value + close + "]"
        else if lib.isFunction value then
          function value
        else if allowPrettyValues && value ? __pretty && value ? val then
          value.__pretty value.val
        else if value == { } then
          "{ }"
        else if lib.isDerivation value then
          "<derivation ${value.name or "???"}>"
        else
          "{" + open + lib.concatMapAttrsStringSep open binding value + close + "}";
    in
    at indent;
}
