# Declaring options, merging their definitions, and writing their names.
lib:
let
  inherit (builtins) all concatLists concatMap concatStringsSep filter foldl' head isAttrs isBool isInt
    isList isString length mapAttrs match tail;
  options = lib.options;
  conflict = path: definitions: "Definition values:${options.showDefs definitions}";
  literal =
    kind: text:
    if isString text then
      {
        _type = kind;
        inherit text;
      }
    else
      throw "${kind} expects a string.";
in
{
  # Declarations.
  isOption = value: value._type or null == "option";
  mkOption = declaration: declaration // { _type = "option"; };
  mkEnableOption =
    name:
    options.mkOption {
      type = lib.types.bool;
      default = false;
      example = true;
      description = "Whether to enable ${name}.";
    };
  mkPackageOption =
    pkgs: name:
    {
      nullable ? false,
      default ? name,
      example ? null,
      extraDescription ? "",
      pkgsText ? "pkgs",
    }:
    let
      path = lib.toList default;
      shown = lib.showAttrPath path;
      own = if isList name then lib.last name else name;
    in
    options.mkOption (
      {
        type = if nullable then lib.types.nullOr lib.types.package else lib.types.package;
        description =
          "The ${own} package to use." + (if extraDescription == "" then "" else " ${extraDescription}");
      }
      // (
        if default != null then
          {
            default = lib.attrByPath path (throw "${shown} cannot be found in ${pkgsText}") pkgs;
            defaultText = options.literalExpression "${pkgsText}.${shown}";
          }
        else if nullable then
          { default = null; }
        else
          { }
      )
      // lib.optionalAttrs (example != null) {
        example = options.literalExpression (
          if isList example then "${pkgsText}.${lib.showAttrPath example}" else example
        );
      }
    );
  mkPackageOptionMD = options.mkPackageOption;
  mkSinkUndeclaredOptions =
    changes:
    options.mkOption (
      {
        type = lib.mkOptionType {
          name = "sink";
          merge = _path: _definitions: false;
        };
        default = false;
        description = "Sink for option definitions.";
        internal = true;
        visible = false;
        apply = _value: throw "Option value is not readable because the option is not declared.";
      }
      // changes
    );

  # Documentation that is not plain text. `mdDoc` marked what is the only format by now.
  literalExpression = literal "literalExpression";
  literalExample = literal "literalExpression";
  literalMD = literal "literalMD";
  literalDocBook = literal "literalDocBook";
  literalCode = language: text: options.literalMD "```${language}\n${text}\n```\n";
  mdDoc = text: text;

  # Merging.
  getValues = map (definition: definition.value);
  getFiles = map (definition: definition.file);
  mergeDefaultOption =
    path: definitions:
    let
      values = options.getValues definitions;
    in
    if length values == 1 then
      head values
    else if all lib.isFunction values then
      argument:
      options.mergeDefaultOption path (
        map (definition: definition // { value = definition.value argument; }) definitions
      )
    else if all isList values then
      concatLists values
    else if all isAttrs values then
      foldl' (done: value: done // value) { } values
    else if all isBool values then
      foldl' (done: value: done || value) false values
    else if all isString values then
      concatStringsSep "" values
    else if all isInt values && all (value: value == head values) values then
      head values
    else
      throw "Cannot merge definitions of `${options.showOption path}'. ${conflict path definitions}";
  mergeUniqueOption =
    {
      message,
      merge ? _path: definitions: (head definitions).value,
    }:
    path: definitions:
    if length definitions == 1 then
      merge path definitions
    else
      throw "The option `${options.showOption path}' is defined multiple times while it's expected to be unique.\n${message}\n${conflict path definitions}";
  mergeOneOption = options.mergeUniqueOption { message = ""; };
  mergeEqualOption =
    path: definitions:
    let
      first = head definitions;
    in
    foldl' (
      value: definition:
      if definition.value == value then
        value
      else
        throw "The option `${options.showOption path}' has conflicting definition values:${
          options.showDefs [ first definition ]
        }"
    ) first.value (tail definitions);

  # Writing.
  showOption =
    path:
    let
      part =
        name:
        if name == "*" || match "<(.*)>" name != null then name else lib.strings.escapeNixIdentifier name;
    in
    lib.concatMapStringsSep "." part path;
  showFiles = lib.concatMapStringsSep " and " (file: "`${file}'");
  # Values are left out: a message must not force them.
  showDefs = lib.concatMapStrings (definition: "\n- In `${definition.file}'");
  showOptionWithDefLocs =
    option:
    "${options.showOption option.loc}, with values defined in:\n"
    + lib.concatMapStringsSep "\n" (file: "  - ${file}") option.files
    + "\n";
  unknownModule = "<unknown-file>";

  # Documentation of a whole tree of options.
  optionAttrSetToDocList = options.optionAttrSetToDocList' [ ];
  optionAttrSetToDocList' =
    _path: tree: concatMap options.optionToDocList (lib.collect options.isOption tree);
  optionToDocList =
    option:
    let
      visible = option.visible or true;
      empty = option.type.emptyValue or { };
      hasDefault =
        option ? defaultText
        || option ? default
        || empty ? value && option.type.getSubModules or null == null;
      within = option.type.getSubOptions option.loc;
    in
    [
      (
        {
          inherit (option) loc;
          name = options.showOption option.loc;
          description = option.description or null;
          declarations = filter (file: file != options.unknownModule) option.declarations;
          internal = option.internal or false;
          visible = if isBool visible then visible else visible == "shallow";
          readOnly = option.readOnly or false;
          type = option.type.description or "unspecified";
        }
        // lib.optionalAttrs (option ? example) { example = options.renderOptionValue option.example; }
        // lib.optionalAttrs hasDefault {
          default = options.renderOptionValue (option.defaultText or option.default or empty.value);
        }
        // lib.optionalAttrs (option.relatedPackages or null != null) { inherit (option) relatedPackages; }
      )
    ]
    ++ lib.optionals (if isBool visible then visible else visible == "transparent") (
      if within == { } then [ ] else options.optionAttrSetToDocList' option.loc within
    );
  renderOptionValue =
    value:
    if value ? _type && value ? text then
      value
    else
      options.literalExpression (
        lib.generators.toPretty {
          multiline = true;
          allowPrettyValues = true;
        } value
      );
  scrubOptionValue =
    value:
    if lib.isDerivation value then
      {
        type = "derivation";
        inherit (value) name;
        drvPath = value.name;
        outPath = value.name;
      }
    else if isList value then
      map options.scrubOptionValue value
    else if isAttrs value then
      mapAttrs (_name: options.scrubOptionValue) (removeAttrs value [ "_args" ])
    else
      value;
}
