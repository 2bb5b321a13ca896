# What a module may say beside plain definitions: conditions, priorities, orders, and modules that
# move options. `evalModules` itself is not here: it is handed in as a native.
lib:
let
  inherit (builtins) concatMap filter isAttrs mapAttrs;
  inherit (lib) getAttrFromPath mkOption setAttrByPath showFiles showOption;
  modules = lib.modules;
  priorityOf =
    definition:
    if definition.value._type or null == "override" then
      definition.value.priority
    else
      modules.defaultOverridePriority;
  withoutOverride =
    definition:
    if definition.value._type or null == "override" then
      definition // { value = definition.value.content; }
    else
      definition;
  withoutOrder =
    definition:
    if definition.value._type or null == "order" then
      definition // { inherit (definition.value) priority; value = definition.value.content; }
    else
      definition;
  unset = "_mkMergedOptionModule";
in
{
  # Properties. Their shape is what every module system agrees on.
  mkIf = condition: content: {
    _type = "if";
    inherit condition content;
  };
  mkMerge = contents: {
    _type = "merge";
    inherit contents;
  };
  mkOverride = priority: content: {
    _type = "override";
    inherit priority content;
  };
  mkOrder = priority: content: {
    _type = "order";
    inherit priority content;
  };
  mkDefinition = definition: definition // { _type = "definition"; };
  mkAssert =
    assertion: message: modules.mkIf (if assertion then true else throw "\nFailed assertion: ${message}");

  defaultOverridePriority = 100;
  mkOptionDefault = modules.mkOverride 1500;
  mkDefault = modules.mkOverride 1000;
  mkImageMediaOverride = modules.mkOverride 60;
  mkForce = modules.mkOverride 50;
  mkVMOverride = modules.mkOverride 10;
  mkFixStrictness = content: content;

  defaultOrderPriority = 1000;
  mkBefore = modules.mkOrder 500;
  mkAfter = modules.mkOrder 1500;

  # One option's definitions for another.
  mkAliasDefinitions = modules.mkAliasAndWrapDefinitions (definitions: definitions);
  mkAliasAndWrapDefinitions =
    wrap: option: modules.mkIf option.isDefined (wrap (modules.mkMerge option.definitions));
  mkAliasAndWrapDefsWithPriority =
    wrap: option:
    let
      priority = option.highestPrio or modules.defaultOverridePriority;
    in
    modules.mkIf option.isDefined (
      wrap (modules.mkMerge (map (modules.mkOverride priority) option.definitions))
    );
  mkAliasIfDef = option: modules.mkIf option.isDefined;
  mkDerivedConfig =
    option: f:
    modules.mkOverride (option.highestPrio or modules.defaultOverridePriority) (f option.value);

  # Modules from elsewhere.
  setDefaultModuleLocation = file: module: {
    _file = file;
    imports = [ module ];
  };
  importApply = file: argument: modules.setDefaultModuleLocation file (import file argument);
  importJSON = file: {
    _file = file;
    config = lib.importJSON file;
  };
  importTOML = file: {
    _file = file;
    config = lib.importTOML file;
  };
  fixMergeModules =
    moduleList: args:
    lib.evalModules {
      modules = moduleList;
      inherit args;
      check = false;
    };

  # Options that moved or went.
  mkRemovedOptionModule =
    path: instead:
    { options, ... }:
    let
      option = getAttrFromPath path options;
    in
    {
      options = setAttrByPath path (mkOption {
        visible = false;
        apply =
          _value:
          throw "The option `${showOption path}' can no longer be used since it's been removed. ${instead}";
      });
      config.assertions = [
        {
          assertion = !option.isDefined;
          message = ''
            The option definition `${showOption path}' in ${showFiles option.files} no longer has any effect; please remove it.
            ${instead}
          '';
        }
      ];
    };
  mkRenamedOptionModule =
    from: to:
    modules.doRename {
      inherit from to;
      visible = false;
      warn = true;
      use = value: value;
    };
  mkRenamedOptionModuleWith =
    {
      from,
      to,
      sinceRelease,
    }:
    modules.doRename {
      inherit from to;
      visible = false;
      warn = lib.oldestSupportedReleaseIsAtLeast sinceRelease;
      use = value: value;
    };
  mkAliasOptionModule =
    from: to:
    modules.doRename {
      inherit from to;
      visible = true;
      warn = false;
      use = value: value;
    };
  mkAliasOptionModuleMD = modules.mkAliasOptionModule;
  doRename =
    {
      from,
      to,
      visible,
      warn,
      use,
      withPriority ? true,
      condition ? true,
    }:
    { config, options, ... }:
    let
      old = getAttrFromPath from options;
      forward =
        if withPriority then modules.mkAliasAndWrapDefsWithPriority else modules.mkAliasAndWrapDefinitions;
      # nixpkgs takes an empty submodule where `to` lies in an option's value. Nothing asks for the value
      # of that type, and a text would name a module.
      type = (lib.attrByPath to { } options).type or lib.types.unspecified;
    in
    {
      options = setAttrByPath from (
        mkOption {
          inherit visible;
          description = "Alias of {option}`${showOption to}`.";
          apply =
            _value:
            use (lib.attrByPath to (abort "Renaming error: option `${showOption to}' does not exist.") config);
        }
        // (if type == null then { } else { inherit type; })
      );
      config = modules.mkIf condition (
        modules.mkMerge [
          (lib.optionalAttrs (options ? warnings) {
            warnings = lib.optional (warn && old.isDefined)
              "The option `${showOption from}' defined in ${showFiles old.files} has been renamed to `${showOption to}'.";
          })
          (forward (setAttrByPath to) old)
        ]
      );
    };
  mkMergedOptionModule =
    paths: to: merge:
    { config, options, ... }:
    let
      given = filter (path: getAttrFromPath path config != unset) paths;
      warning =
        path:
        "The option `${showOption path}' defined in ${showFiles (getAttrFromPath path options).files} has been changed to `${showOption to}' that has a different type. Please read `${showOption to}' documentation and update your configuration accordingly.";
      declare =
        path:
        setAttrByPath path (mkOption {
          visible = false;
          default = unset;
        });
    in
    {
      options = builtins.foldl' (done: path: lib.recursiveUpdate done (declare path)) { } paths;
      config = {
        warnings = map warning given;
      }
      // setAttrByPath to (modules.mkMerge (lib.optional (given != [ ]) (merge config)));
    };
  mkChangedOptionModule = from: modules.mkMergedOptionModule [ from ];

  # Definitions to values, for types that merge what is inside them.
  pushDownProperties =
    content:
    let
      inside =
        wrap: map (one: if isAttrs one then mapAttrs (_name: wrap) one else one)
          (modules.pushDownProperties content.content);
      kind = content._type or null;
    in
    if kind == "merge" then
      concatMap modules.pushDownProperties content.contents
    else if kind == "if" then
      inside (modules.mkIf content.condition)
    else if kind == "override" then
      inside (modules.mkOverride content.priority)
    else
      [ content ];
  dischargeProperties =
    content:
    let
      kind = content._type or null;
    in
    if kind == "merge" then
      concatMap modules.dischargeProperties content.contents
    else if kind == "if" then
      (if content.condition then modules.dischargeProperties content.content else [ ])
    else
      [ content ];
  filterOverrides = definitions: (modules.filterOverrides' definitions).values;
  filterOverrides' =
    definitions:
    let
      highestPrio = builtins.foldl' lib.min 9999 (map priorityOf definitions);
    in
    {
      values = map withoutOverride (
        filter (definition: priorityOf definition == highestPrio) definitions
      );
      inherit highestPrio;
    };
  sortProperties =
    definitions:
    let
      rank = definition: definition.priority or modules.defaultOrderPriority;
    in
    builtins.sort (left: right: rank left < rank right) (map withoutOrder definitions);
  mapDefinitionValue =
    f: definition:
    let
      kind = definition._type or null;
      inner = modules.mapDefinitionValue f;
    in
    if kind == "merge" then
      definition // { contents = map inner definition.contents; }
    else if kind == "definition" then
      definition // { value = inner definition.value; }
    else if builtins.elem kind [ "if" "override" "order" ] then
      definition // { content = inner definition.content; }
    else
      f definition;
  mergeDefinitions =
    path: type: definitions:
    let
      discharged = concatMap (
        definition:
        map (
          value:
          if value._type or null == "definition" then value else { inherit (definition) file; inherit value; }
        ) (modules.dischargeProperties definition.value)
      ) definitions;
      filtered = modules.filterOverrides' discharged;
      self = {
        defsFinal' = filtered // { values = modules.sortProperties filtered.values; };
        defsFinal = self.defsFinal'.values;
        isDefined = self.defsFinal != [ ];
        mergedValue =
          if !self.isDefined then
            type.emptyValue.value
              or (throw "The option `${showOption path}' was accessed but has no value defined. Try setting the option.")
          else if builtins.all (definition: type.check definition.value) self.defsFinal then
            type.merge path self.defsFinal
          else
            throw "A definition for option `${showOption path}' is not of type `${type.description}'.${lib.options.showDefs (filter (definition: !type.check definition.value) self.defsFinal)}";
        checkedAndMerged = {
          headError = null;
          value = self.mergedValue;
          valueMeta = { };
        };
        optionalValue = if self.isDefined then { value = self.mergedValue; } else { };
      };
    in
    self;
  mergeAttrDefinitionsWithPrio =
    option:
    let
      split =
        definition:
        map (mapAttrs (_name: value: definition // { inherit value; }))
          (modules.pushDownProperties definition.value);
      merge =
        name: definitions:
        let
          inherit (option.type.nestedTypes) elemType;
          merged = modules.mergeDefinitions (option.loc ++ [ name ]) elemType definitions;
        in
        {
          value = merged.mergedValue;
          inherit (merged.defsFinal') highestPrio;
        };
    in
    builtins.zipAttrsWith merge (concatMap split option.definitionsWithLocations);
  fixupOptionType =
    _path: option:
    if option.type.getSubModules or null == null then
      option // { type = option.type or lib.types.unspecified; }
    else
      option // { type = option.type.substSubModules option.options; options = [ ]; };
}
