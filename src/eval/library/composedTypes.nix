# More of `lib.types`: types that contain types. See `types.nix` for what a type is.
lib:
let
  inherit (builtins) all attrNames elem elemAt filter foldl' head isAttrs isList length mapAttrs;
  inherit (lib.options) getFiles getValues mergeOneOption;
  inherit (lib.modules) mergeDefinitions;
  types = lib.types;

  # What parentheses a contained type's description needs.
  noun = types.optionDescriptionPhrase (class: class == "noun");
  group = types.optionDescriptionPhrase (class: elem class [ "noun" "composite" ]);
  choice = types.optionDescriptionPhrase (class: elem class [ "noun" "conjunction" ]);
  anyPhrase = types.optionDescriptionPhrase (class: elem class [ "noun" "conjunction" "composite" ]);

  # Two declarations of one option merge if their contained types do.
  elementFunctor = name: elemType: {
    inherit name;
    payload = { inherit elemType; };
    type = payload: types.${name} payload.elemType;
    binOp =
      left: right:
      let
        merged = left.elemType.typeMerge right.elemType.functor;
      in
      if merged == null then null else { elemType = merged; };
  };
  # A type that passes its contained type's submodules through.
  containing =
    step: rebuild: elemType: type:
    types.mkOptionType (
      {
        inherit elemType;
        getSubOptions = path: elemType.getSubOptions (path ++ step);
        inherit (elemType) getSubModules;
        substSubModules = modules: rebuild (elemType.substSubModules modules);
        nestedTypes.elemType = elemType;
      }
      // type
      // {
        merge = types.nativeMerge type.name type.merge;
      }
    );
in
{
  # Lists.
  listOf =
    elemType:
    containing [ "*" ] types.listOf elemType {
      name = "listOf";
      description = "list of ${group elemType}";
      descriptionClass = "composite";
      check = isList;
      merge =
        path: definitions:
        let
          element =
            file: n: m: value:
            mergeDefinitions (path ++ [ "[definition ${toString n}-entry ${toString m}]" ]) elemType [
              { inherit file value; }
            ];
          merged = builtins.concatLists (
            lib.imap1 (n: definition: lib.imap1 (element definition.file n) definition.value) definitions
          );
        in
        map (one: one.mergedValue) (filter (one: one.isDefined) merged);
      emptyValue.value = [ ];
      functor = elementFunctor "listOf" elemType;
    };
  nonEmptyListOf =
    elemType:
    let
      list = types.addCheck (types.listOf elemType) (value: value != [ ]);
    in
    list
    // {
      description = "non-empty ${noun list}";
      emptyValue = { };
      substSubModules = modules: types.nonEmptyListOf (elemType.substSubModules modules);
    };

  # Sets.
  attrsOf = elemType: types.attrsWith { inherit elemType; };
  lazyAttrsOf =
    elemType:
    types.attrsWith {
      inherit elemType;
      lazy = true;
    };
  attrsWith =
    {
      elemType,
      lazy ? false,
      placeholder ? "name",
    }:
    let
      rebuild = elemType: types.attrsWith { inherit elemType lazy placeholder; };
      same = left: right: key: if left.${key} == right.${key} then left.${key} else null;
    in
    containing [ "<${placeholder}>" ] rebuild elemType {
      name = if lazy then "lazyAttrsOf" else "attrsOf";
      inherit lazy placeholder;
      description = "${if lazy then "lazy " else ""}attribute set of ${group elemType}";
      descriptionClass = "composite";
      check = isAttrs;
      merge =
        path: definitions:
        let
          split = map (
            { file, value, ... }: mapAttrs (_name: value: { inherit file value; }) value
          ) definitions;
          merged = builtins.zipAttrsWith (name: mergeDefinitions (path ++ [ name ]) elemType) split;
        in
        if lazy then
          mapAttrs (_name: one: one.optionalValue.value or elemType.emptyValue.value or one.mergedValue) merged
        else
          mapAttrs (_name: one: one.mergedValue) (lib.filterAttrs (_name: one: one.isDefined) merged);
      emptyValue.value = { };
      functor = {
        name = "attrsWith";
        payload = { inherit elemType lazy placeholder; };
        type = types.attrsWith;
        binOp =
          left: right:
          let
            merged = {
              elemType = left.elemType.typeMerge right.elemType.functor;
              lazy = same left right "lazy";
              placeholder =
                if left.placeholder == "name" then
                  right.placeholder
                else if right.placeholder == "name" then
                  left.placeholder
                else
                  same left right "placeholder";
            };
          in
          if elem null (builtins.attrValues merged) then null else merged;
      };
    };
  # A list of single attributes, in an order that priorities inside its elements decide: what it
  # is merged to is not modelled.
  attrListOf = elemType: types.attrListWith { inherit elemType; };
  attrListWith =
    {
      elemType,
      asAttrs ? false,
      mergeAttrValues ? _name: values: values,
    }:
    types.mkOptionType {
      name = "attrListOf";
      description = "attribute list of ${group elemType}";
      descriptionClass = "composite";
      check = value: isAttrs value || builtins.isList value;
      merge = _path: _definitions: types.attrListValue;
      emptyValue.value = if asAttrs then { } else [ ];
      getSubOptions = path: elemType.getSubOptions (path ++ [ "*" ]);
      inherit (elemType) getSubModules;
      substSubModules =
        modules:
        types.attrListWith {
          elemType = elemType.substSubModules modules;
          inherit asAttrs mergeAttrValues;
        };
      typeMerge = _functor: null;
      nestedTypes.elemType = elemType;
    };
  loaOf =
    elemType:
    types.attrsOf elemType
    // {
      name = "loaOf";
      deprecationMessage = "Please use `types.attrsOf` instead: mixing lists with attribute values is no longer possible.";
    };

  # One of several.
  nullOr =
    elemType:
    containing [ ] types.nullOr elemType {
      name = "nullOr";
      description = "null or ${choice elemType}";
      descriptionClass = "conjunction";
      check = types.nativeCheck "nullOr" [ elemType.check ] (
        value: value == null || elemType.check value
      );
      merge =
        path: definitions:
        let
          nulls = filter (definition: definition.value == null) definitions;
        in
        if nulls == [ ] then
          elemType.merge path definitions
        else if length nulls == length definitions then
          null
        else
          throw "The option `${lib.showOption path}' is defined both null and not null, in ${lib.showFiles (getFiles definitions)}.";
      emptyValue.value = null;
      functor = elementFunctor "nullOr" elemType;
    };
  either =
    left: right:
    types.mkOptionType {
      name = "either";
      inherit left right;
      types = [ left right ];
      description =
        if left.descriptionClass or null == "nonRestrictiveClause" then
          "${left.description}, or ${choice right}"
        else
          "${choice left} or ${anyPhrase right}";
      descriptionClass = "conjunction";
      check = types.nativeCheck "either" [ left.check right.check ] (
        value: left.check value || right.check value
      );
      merge = types.nativeMerge "either" (
        path: definitions:
        let
          fits = type: all (definition: type.check definition.value) definitions;
        in
        if fits left then
          left.merge path definitions
        else if fits right then
          right.merge path definitions
        else
          mergeOneOption path definitions
      );
      functor = {
        name = "either";
        payload.elemType = [ left right ];
        type = payload: types.either (head payload.elemType) (elemAt payload.elemType 1);
        binOp =
          ours: theirs:
          let
            merged = lib.zipListsWith (l: r: l.typeMerge r.functor) ours.elemType theirs.elemType;
          in
          if elem null merged then null else { elemType = merged; };
      };
      nestedTypes = { inherit left right; };
    };
  oneOf =
    alternatives:
    if alternatives == [ ] then
      throw "types.oneOf needs to get at least one type in its argument"
    else
      foldl' types.either (head alternatives) (builtins.tail alternatives);
  coercedTo =
    coercedType: coerceFunc: finalType:
    types.mkOptionType {
      name = "coercedTo";
      inherit coercedType coerceFunc finalType;
      description = "${noun finalType} or ${noun coercedType} convertible to it";
      check =
        value:
        finalType.check value || coercedType.check value && finalType.check (coerceFunc value);
      merge = types.nativeMerge "coercedTo" (
        path: definitions:
        finalType.merge path (
          map (
            definition:
            definition
            // {
              value =
                if coercedType.check definition.value then coerceFunc definition.value else definition.value;
            }
          ) definitions
        )
      );
      inherit (finalType) emptyValue getSubOptions getSubModules;
      substSubModules =
        modules: types.coercedTo coercedType coerceFunc (finalType.substSubModules modules);
      typeMerge = _functor: null;
      nestedTypes = { inherit coercedType finalType; };
    };
  attrTag =
    tags:
    let
      names = lib.concatMapStringsSep ", " lib.strings.escapeNixIdentifier (attrNames tags);
      located = mapAttrs (
        name: option:
        if option._type or null != "option" then
          throw "In attrTag, each tag value must be an option, but tag ${name} was not."
        else
          {
            declarations = [ ];
            declarationPositions = [ ];
          }
          // option
      ) tags;
      chosen = value: head (attrNames value);
    in
    types.mkOptionType {
      name = "attrTag";
      tags = located;
      description = "attribute-tagged union with choices: ${names}";
      descriptionClass = "noun";
      check = value: isAttrs value && length (attrNames value) == 1 && tags ? ${chosen value};
      merge = types.nativeMerge "attrTag" (
        path: definitions:
        let
          tag = chosen (head definitions).value;
          option = tags.${tag};
          merged = (mergeDefinitions (path ++ [ tag ]) option.type (
            map (
              definition:
              if chosen definition.value == tag then
                definition // { value = definition.value.${tag}; }
              else
                throw "The option `${lib.showOption path}` is defined both as `${tag}` and `${chosen definition.value}`, in ${lib.showFiles (getFiles definitions)}."
            ) definitions
          )).mergedValue;
        in
        { ${tag} = (option.apply or lib.id) merged; }
      );
      getSubOptions = path: mapAttrs (name: option: option // { loc = path ++ [ name ]; }) located;
      nestedTypes = located;
      functor = {
        name = "attrTag";
        payload.tags = located;
        type = payload: types.attrTag payload.tags;
        binOp =
          left: right:
          let
            both =
              name: theirs:
              let
                ours = left.tags.${name};
                type = ours.type.typeMerge theirs.type.functor;
                twice = lib.any (part: ours ? ${part} && theirs ? ${part}) [ "default" "example" "description" "apply" ];
              in
              if twice || type == null then
                throw "The option `${name}' is declared multiple times"
              else
                ours // theirs // { inherit type; };
          in
          {
            tags = left.tags // right.tags // mapAttrs both (builtins.intersectAttrs left.tags right.tags);
          };
      };
    };

  # Exactly one definition.
  uniq = types.unique { message = ""; };
  unique =
    { message }:
    type:
    containing [ ] types.uniq type {
      name = "unique";
      inherit message;
      inherit (type) check description descriptionClass emptyValue;
      merge = lib.options.mergeUniqueOption {
        inherit message;
        merge = path: definitions: type.merge path definitions;
      };
      functor = elementFunctor "unique" type // {
        type = payload: types.unique { inherit message; } payload.elemType;
      };
    };
  functionTo =
    elemType:
    containing [ "<function body>" ] types.functionTo elemType {
      name = "functionTo";
      description = "function that evaluates to a(n) ${group elemType}";
      descriptionClass = "composite";
      check = lib.isFunction;
      merge = path: definitions: {
        __functionArgs = builtins.zipAttrsWith (_name: all lib.id) (
          map lib.functionArgs (getValues definitions)
        );
        __functor =
          _self: argument:
          (mergeDefinitions (path ++ [ "<function body>" ]) elemType (
            map (definition: definition // { value = definition.value argument; }) definitions
          )).mergedValue;
      };
      functor = elementFunctor "functionTo" elemType;
    };

  # What file formats can write.
  serializableValueWith =
    {
      typeName,
      nullable ? true,
    }:
    let
      inherit (types) attrsOf bool float int listOf nullOr oneOf path str;
      one = oneOf [ bool int float str path (attrsOf value) (listOf value) ];
      value = (if nullable then nullOr one else one) // {
        description = "${typeName} value";
      };
    in
    value;
  json = types.serializableValueWith { typeName = "JSON"; };
  toml = types.serializableValueWith {
    typeName = "TOML";
    nullable = false;
  };
}
