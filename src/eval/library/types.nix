# Types of single values. Types that contain others are in `composedTypes.nix`, those of modules in
# `moduleTypes.nix`; all are `lib.types`.
#
# A type is a set marked `_type = "option-type"`. Whoever merges definitions natively goes by what
# `merge` says in `_native` and by the parameters that stand beside it (`elemType`, `values`, `sep`,
# `modules`, …): a type whose `name` somebody replaced is merged as before, one whose `merge` was
# replaced by calling that.
lib:
let
  inherit (builtins) elem foldl' head isAttrs isBool isFloat isInt isPath isString length match;
  inherit (lib.options) getValues mergeEqualOption mergeOneOption;
  types = lib.types;

  simple =
    name: description: check: merge:
    types.mkOptionType {
      inherit name description check;
      merge = types.nativeMerge name merge;
      descriptionClass = "noun";
    };
  equal = name: description: check: simple name description check mergeEqualOption;
  restricted =
    base: name: description: check:
    types.addCheck base check
    // {
      inherit name description;
      descriptionClass = "nonRestrictiveClause";
    };
  within =
    what: lowest: highest:
    if lowest > highest then
      throw "${what}.between: lowest must be smaller than highest"
    else
      types.nativeCheck "between" [ lowest highest ] (number: number >= lowest && number <= highest);
  bounds =
    lowest: highest:
    "${builtins.toJSON lowest} and ${builtins.toJSON highest} (both inclusive)";
  sized =
    sign: name: lowest: highest:
    types.ints.between lowest highest
    // {
      inherit name;
      description = "${sign} integer; between ${bounds lowest highest}";
    };
  show =
    value:
    if isString value then
      "\"${value}\""
    else if isInt value then
      toString value
    else if isBool value then
      lib.boolToString value
    else
      "<${builtins.typeOf value}>";
in
{
  inherit types;

  # The type of types.
  isType = kind: value: (value._type or "") == kind;
  setType = kind: value: value // { _type = kind; };
  isOptionType = types.isType "option-type";
  # A merge function that says which type's it is.
  nativeMerge = name: merge: {
    _native = name;
    __functor = _self: merge;
  };
  # A check that is done natively, by its parts, where nothing undecided is in play.
  nativeCheck =
    _kind: _parts: plain:
    plain;
  mkOptionType =
    given:
    let
      type = {
        descriptionClass = null;
        check = _value: true;
        merge = lib.options.mergeDefaultOption;
        emptyValue = { };
        getSubOptions = _path: { };
        getSubModules = null;
        substSubModules = _modules: null;
        functor = types.defaultFunctor type.name;
        typeMerge = types.defaultTypeMerge type.functor;
        deprecationMessage = null;
        nestedTypes = { };
      }
      // given
      // {
        _type = "option-type";
        description = if given.description or null == null then given.name else given.description;
      };
    in
    type;
  defaultFunctor = name: {
    inherit name;
    type = types.${name} or null;
    payload = null;
    binOp = _left: _right: null;
  };
  defaultTypeMerge =
    left: right:
    let
      payload = left.binOp left.payload right.payload;
    in
    if left.name != right.name then
      null
    else if left.payload == null then
      left.type
    else if payload == null then
      null
    else
      left.type payload;
  mergeTypes =
    left: right:
    let
      merged = left.typeMerge right.functor;
    in
    if merged == null then types.setType "merge-error" { error = "Cannot merge types"; } else merged;
  optionDescriptionPhrase =
    plain: type:
    if plain (type.descriptionClass or null) then type.description else "(${type.description})";
  noCheckForDocsModule = {
    _file = "<built-in module that disables checks for the purpose of documentation generation>";
    config._module.check = lib.mkForce false;
  };
  addCheck =
    base: check:
    base
    // {
      inherit base;
      check = types.nativeCheck "both" [ base.check check ] (value: base.check value && check value);
    };

  # Anything at all.
  raw = simple "raw" "raw value" (_value: true) mergeOneOption;
  unspecified = types.mkOptionType {
    name = "unspecified";
    description = "unspecified value";
    descriptionClass = "noun";
    merge = types.nativeMerge "unspecified" lib.options.mergeDefaultOption;
  };
  anything = simple "anything" "anything" (_value: true) (
    path: definitions:
    let
      values = getValues definitions;
      kind =
        value:
        if isAttrs value && lib.strings.isStringLike value then
          "text"
        else
          builtins.typeOf value;
      common = kind (head values);
    in
    if !builtins.all (value: kind value == common) values then
      throw "The option `${lib.showOption path}' has conflicting option types in ${lib.showFiles (lib.getFiles definitions)}"
    else if common == "set" then
      (types.attrsOf types.anything).merge path definitions
    else if common == "text" then
      mergeOneOption path definitions
    else if common == "lambda" then
      argument:
      types.anything.merge (path ++ [ "<function body>" ]) (
        map (definition: definition // { value = definition.value argument; }) definitions
      )
    else
      mergeEqualOption path definitions
  );

  # Booleans and numbers.
  bool = equal "bool" "boolean" isBool;
  boolByOr = simple "boolByOr" "boolean (merged using or)" isBool (
    _path: definitions: builtins.any lib.id (getValues definitions)
  );
  int = equal "int" "signed integer" isInt;
  float = equal "float" "floating point number" isFloat;
  number = types.either types.int types.float;
  ints = {
    between =
      lowest: highest:
      types.addCheck types.int (within "ints" lowest highest)
      // {
        name = "intBetween";
        description = "integer between ${bounds lowest highest}";
      };
    unsigned = restricted types.int "unsignedInt" "unsigned integer, meaning >=0" (n: n >= 0);
    positive = restricted types.int "positiveInt" "positive integer, meaning >0" (n: n > 0);
    u8 = sized "8 bit unsigned" "unsignedInt8" 0 255;
    u16 = sized "16 bit unsigned" "unsignedInt16" 0 65535;
    u32 = sized "32 bit unsigned" "unsignedInt32" 0 4294967295;
    s8 = sized "8 bit signed" "signedInt8" (-128) 127;
    s16 = sized "16 bit signed" "signedInt16" (-32768) 32767;
    s32 = sized "32 bit signed" "signedInt32" (-2147483648) 2147483647;
  };
  port = types.ints.u16;
  numbers = {
    between =
      lowest: highest:
      types.addCheck types.number (within "numbers" lowest highest)
      // {
        name = "numberBetween";
        description = "integer or floating point number between ${bounds lowest highest}";
      };
    nonnegative =
      restricted types.number "numberNonnegative"
        "nonnegative integer or floating point number, meaning >=0"
        (n: n >= 0);
    positive =
      restricted types.number "numberPositive"
        "positive integer or floating point number, meaning >0"
        (n: n > 0);
  };

  # Strings.
  str = equal "str" "string" isString;
  nonEmptyStr = equal "nonEmptyStr" "non-empty string" (
    value: isString value && match "[ \t\n]*" value == null
  );
  singleLineStr =
    simple "singleLineStr" "(optionally newline-terminated) single-line string"
      (value: isString value && match "[^\n\r]*\n?" value != null)
      (path: definitions: lib.removeSuffix "\n" (mergeEqualOption path definitions));
  strMatching =
    pattern:
    let
      name = "strMatching ${lib.strings.escapeNixString pattern}";
    in
    types.mkOptionType {
      inherit name pattern;
      description = "string matching the pattern ${pattern}";
      descriptionClass = "noun";
      check = value: isString value && match pattern value != null;
      merge = types.nativeMerge name mergeEqualOption;
      functor = {
        name = "strMatching";
        payload = { inherit pattern; };
        type = payload: types.strMatching payload.pattern;
        binOp = left: right: if left == right then left else null;
      };
    };
  separatedString =
    sep:
    types.mkOptionType {
      name = "separatedString";
      inherit sep;
      description = "strings concatenated with ${builtins.toJSON sep}";
      descriptionClass = "noun";
      check = isString;
      merge = types.nativeMerge "separatedString" (
        _path: definitions: builtins.concatStringsSep sep (getValues definitions)
      );
      functor = {
        name = "separatedString";
        payload = { inherit sep; };
        type = payload: types.separatedString payload.sep;
        binOp = left: right: if left == right then left else null;
      };
    };
  lines = types.separatedString "\n";
  commas = types.separatedString ",";
  envVar = types.separatedString ":";
  string = types.separatedString "";
  passwdEntry =
    entryType:
    restricted entryType "passwdEntry ${entryType.name}"
      "${types.optionDescriptionPhrase (class: class == "noun") entryType}, not containing newlines or colons"
      (text: match "[^:\n]*" text != null);
  enum =
    values:
    types.mkOptionType {
      name = "enum";
      inherit values;
      description =
        if values == [ ] then
          "impossible (empty enum)"
        else if length values == 1 then
          "value ${show (head values)} (singular enum)"
        else
          "one of ${lib.concatMapStringsSep ", " show values}";
      descriptionClass = if length values < 2 then "noun" else "conjunction";
      check = value: elem value values;
      merge = types.nativeMerge "enum" mergeEqualOption;
      functor = {
        name = "enum";
        payload = { inherit values; };
        type = payload: types.enum payload.values;
        binOp = left: right: { values = lib.unique (left.values ++ right.values); };
      };
    };

  # Paths and packages.
  path = types.pathWith { absolute = true; };
  pathInStore = types.pathWith { inStore = true; };
  externalPath = types.pathWith {
    absolute = true;
    inStore = false;
  };
  pathWith =
    parameters@{
      inStore ? null,
      absolute ? null,
    }:
    let
      place = if inStore == null then "" else if inStore then " in the Nix store" else " not in the Nix store";
      kind = if absolute == null then "" else if absolute then "absolute " else "relative ";
      # A name below the store starts with a hash; content-addressed outputs are known by theirs alone.
      stored =
        value:
        match "${lib.strings.storeDir}/[^/]{32}-[^/]+(/.*)?|/[0-9a-z]{52}(/.*)?" (toString value) != null;
    in
    if inStore == true && absolute == false then
      throw "In pathWith, inStore means the path must be absolute"
    else
      types.mkOptionType {
        name = "path";
        inherit inStore absolute;
        description = "${kind}path${place}";
        descriptionClass = "noun";
        check = types.nativeCheck "path" [ inStore absolute ] (
          value:
          # A path value outside the store would be copied into it.
          (if inStore == false then isString value else lib.isStringLike value)
          && (inStore == null || inStore == stored value)
          && (absolute == null || absolute == lib.hasPrefix "/" (toString value))
        );
        merge = types.nativeMerge "path" mergeEqualOption;
        functor = {
          name = "path";
          type = types.pathWith;
          payload = { inherit inStore absolute; };
          binOp = left: right: if left == right then left else null;
        };
      };
  package =
    simple "package" "package"
      (value: lib.isDerivation value || lib.isStorePath value)
      (
        path: definitions:
        let
          value = mergeOneOption path definitions;
        in
        if isPath value || isString value && !builtins.hasContext value then
          lib.toDerivation value
        else
          value
      );
  shellPackage = types.package // {
    check = value: lib.isDerivation value && value ? shellPath;
  };
  pkgs =
    types.addCheck (types.unique {
      message = "A Nixpkgs pkgs set can not be merged with another pkgs set.";
    } types.attrs) (value: value._type or null == "pkgs")
    // {
      name = "pkgs";
      description = "Nixpkgs package set";
      descriptionClass = "noun";
    };
  fileset = types.mkOptionType {
    name = "fileset";
    description = "fileset";
    descriptionClass = "noun";
    check = lib.fileset.isFileset;
    merge = types.nativeMerge "fileset" (_path: definitions: lib.fileset.unions (getValues definitions));
    emptyValue.value = lib.fileset.empty;
  };

  # Sets, code and declarations.
  attrs = types.mkOptionType {
    name = "attrs";
    description = "attribute set";
    check = isAttrs;
    merge = types.nativeMerge "attrs" (
      _path: definitions: foldl' (done: set: done // set) { } (getValues definitions)
    );
    emptyValue.value = { };
  };
  luaInline = equal "luaInline" "inline lua" (value: value._type or null == "lua-inline");
  optionDeclaration = types.mkOptionType {
    name = "optionDeclaration";
    description = "option declaration";
    descriptionClass = "noun";
    check = value: types.isType "option" value && !(value ? value);
  };
  optionType = simple "optionType" "optionType" types.isOptionType (
    path: definitions:
    let
      merge =
        left: right:
        let
          merged = left.typeMerge right.functor;
        in
        if merged == null then
          throw "The option types of `${lib.showOption path}' cannot be merged."
        else
          merged;
      given = getValues definitions;
    in
    foldl' merge (head given) (builtins.tail given)
  );
}
