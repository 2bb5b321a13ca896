# A module system for tests: it gives what `lib.evalModules` gives, as far as the fixtures need it.
# Properties, priorities and merging are those of our library.
lib:
let
  inherit (builtins)
    all
    attrNames
    concatLists
    concatMap
    elem
    filter
    foldl'
    functionArgs
    genList
    genericClosure
    isAttrs
    isFunction
    isPath
    isString
    length
    listToAttrs
    mapAttrs
    ;
  inherit (lib.modules) mergeDefinitions mkOptionDefault pushDownProperties;
  inherit (lib) showOption;

  isOption = value: isAttrs value && value._type or null == "option";
  byName = list: builtins.zipAttrsWith (_name: values: values) list;
  unknownFile = "<unknown-file>";
  notSettings = [
    "_class"
    "_file"
    "disabledModules"
    "freeformType"
    "imports"
    "key"
    "require"
  ];

  # A module as a record of its parts; `at` numbers those that have no file.
  structured =
    apply: parent: at: module:
    let
      isFile = isPath module || isString module;
      file = if isFile then toString module else parent.file;
      value = if isFile then import module else module;
      set = if isFunction value then apply value else value;
      long = set ? config || set ? options;
      freeform =
        if set ? freeformType then [ { _module.freeformType = set.freeformType; } ] else [ ];
      self = {
        file = toString (set._file or file);
        key = toString (set.key or (if isFile then file else "${parent.key}:${toString at}"));
        options = set.options or { };
        config = lib.mkMerge ([ (if long then set.config or { } else removeAttrs set notSettings) ] ++ freeform);
        disabled = set.disabledModules or [ ];
        modules = several apply self ((set.require or [ ]) ++ (set.imports or [ ]));
      };
    in
    self;
  several =
    apply: parent: modules:
    genList (at: structured apply parent at (builtins.elemAt modules at)) (length modules);

  keyOf =
    module:
    if isAttrs module then toString module.key else toString module;

  # All modules, each once, those that are disabled left out.
  collect =
    apply: modules:
    let
      start = several apply {
        file = unknownFile;
        key = "";
      } modules;
      everything = genericClosure {
        startSet = start;
        operator = module: module.modules;
      };
      disabled = map keyOf (concatMap (module: module.disabled) everything);
      enabled = filter (module: !(elem module.key disabled));
    in
    genericClosure {
      startSet = enabled start;
      operator = module: enabled module.modules;
    };

  # Several declarations of one option as one.
  declaredOnce =
    loc: declarations:
    let
      add =
        known:
        { file, value }:
        let
          merged = known.type.typeMerge value.type.functor;
          inner = value.type.getSubModules or null;
          located = map (lib.modules.setDefaultModuleLocation file) inner;
        in
        value
        // known
        // {
          declarations = known.declarations ++ [ file ];
          options = (if inner == null then [ ] else located) ++ known.options;
        }
        // (
          if known ? type && value ? type then
            if merged == null then
              throw "The option `${showOption loc}' is declared with types that do not agree."
            else
              { type = merged; }
          else
            { }
        );
      first = {
        inherit loc;
        declarations = [ ];
        options = [ ];
      };
    in
    lib.modules.fixupOptionType loc (foldl' add first declarations);

  # An option with its value.
  evaluated =
    loc: option: definitions:
    let
      default =
        if option ? default then
          [
            {
              file = builtins.head option.declarations;
              value = mkOptionDefault option.default;
            }
          ]
        else
          [ ];
      merged = mergeDefinitions loc option.type (default ++ definitions);
      value =
        if option.readOnly or false && length definitions > 1 then
          throw "The option `${showOption loc}' is read-only, but it's set multiple times."
        else
          merged.mergedValue;
    in
    option
    // {
      value = (option.apply or lib.id) value;
      definitionsWithLocations = merged.defsFinal;
      definitions = map (definition: definition.value) merged.defsFinal;
      files = map (definition: definition.file) merged.defsFinal;
      inherit (merged) isDefined;
      inherit (merged.defsFinal') highestPrio;
    };

  # Names, their declarations and definitions, to options, a value, and what nobody declared.
  level =
    loc: declarations: definitions:
    let
      declared = byName (map ({ file, value }: mapAttrs (_name: value: { inherit file value; }) value) declarations);
      pushed = concatMap (
        { file, value }: map (set: mapAttrs (_name: value: { inherit file value; }) set) (pushDownProperties value)
      ) definitions;
      defined = byName pushed;
      one =
        name: parts:
        let
          path = loc ++ [ name ];
          own = defined.${name} or [ ];
          option = evaluated path (declaredOnce path parts) own;
        in
        if all (part: isOption part.value) parts then
          {
            options = option;
            config = option.value;
            unmatched = [ ];
          }
        else
          level path parts own;
      levels = mapAttrs one declared;
      strangers = filter (name: !(declared ? ${name})) (attrNames defined);
      stranger =
        name:
        map (
          { file, value }: {
            inherit file value;
            path = loc ++ [ name ];
          }
        ) defined.${name};
    in
    {
      options = mapAttrs (_name: level: level.options) levels;
      config = mapAttrs (_name: level: level.config) levels;
      unmatched = concatMap stranger strangers ++ concatMap (name: levels.${name}.unmatched) (attrNames levels);
    };

  internal =
    { specialArgs, extendModules, ... }:
    {
      options._module = {
        args = lib.mkOption { type = lib.types.lazyAttrsOf lib.types.raw; };
        check = lib.mkOption {
          type = lib.types.bool;
          default = true;
        };
        freeformType = lib.mkOption {
          type = lib.types.nullOr lib.types.optionType;
          default = null;
        };
        specialArgs = lib.mkOption { type = lib.types.raw; };
      };
      config._module = {
        args = { inherit extendModules; };
        inherit specialArgs;
      };
    };

  evalModules =
    given@{
      modules,
      specialArgs ? { },
      prefix ? [ ],
      class ? null,
      args ? { },
      check ? true,
    }:
    let
      extendModules =
        {
          modules ? [ ],
          specialArgs ? { },
          prefix ? given.prefix or [ ],
        }:
        evalModules (
          given
          // {
            modules = given.modules ++ modules;
            specialArgs = given.specialArgs or { } // specialArgs;
            inherit prefix;
          }
        );
      arguments = {
        inherit lib config;
        inherit (whole) options;
      }
      // specialArgs;
      apply =
        function:
        function (
          arguments
          // mapAttrs (name: _default: arguments.${name} or whole.config._module.args.${name}) (functionArgs function)
        );
      own = internal { inherit specialArgs extendModules; };
      legacy = { _module = { inherit args; }; };
      collected = lib.reverseList (collect apply (modules ++ [ own ] ++ (if args == { } then [ ] else [ legacy ])));
      part = name: map (module: { inherit (module) file; value = module.${name}; }) collected;
      whole = level prefix (part "options") (part "config");
      freeform = whole.config._module.freeformType;
      strangers = map (
        one: {
          inherit (one) file;
          value = lib.setAttrByPath (lib.drop (length prefix) one.path) one.value;
        }
      ) whole.unmatched;
      free = if strangers == [ ] then { } else freeform.merge prefix strangers;
      config = if freeform == null then whole.config else lib.recursiveUpdate free whole.config;
      refused = filter (_one: freeform == null && check && whole.config._module.check) whole.unmatched;
      checked =
        value:
        if refused == [ ] then
          value
        else
          throw "The option `${showOption (builtins.head refused).path}' does not exist.";
    in
    {
      _type = "configuration";
      options = checked whole.options;
      config = checked (removeAttrs config [ "_module" ]);
      inherit (whole.config) _module;
      inherit class extendModules;
      type = lib.types.submoduleWith { inherit modules specialArgs class; };
    };
in
evalModules
