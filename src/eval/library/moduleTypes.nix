# More of `lib.types`: types whose values are modules. See `types.nix` for what a type is.
lib:
let
  inherit (builtins) isAttrs;
  types = lib.types;
  phrase = types.optionDescriptionPhrase (class: builtins.elem class [ "noun" "composite" ]);
in
{
  submodule =
    modules:
    types.submoduleWith {
      shorthandOnlyDefinesConfig = true;
      modules = lib.toList modules;
    };
  submoduleWith =
    parameters@{
      modules,
      specialArgs ? { },
      shorthandOnlyDefinesConfig ? false,
      description ? null,
      class ? null,
    }:
    let
      payload = {
        inherit
          class
          description
          modules
          shorthandOnlyDefinesConfig
          specialArgs
          ;
      };
      base = lib.modules.evalModules {
        inherit class specialArgs;
        modules = [ { _module.args.name = lib.mkOptionDefault "‹name›"; } ] ++ modules;
      };
      asModule =
        { file, value, ... }:
        if isAttrs value && shorthandOnlyDefinesConfig then
          {
            _file = file;
            config = value;
          }
        else
          lib.modules.setDefaultModuleLocation file value;
      documented =
        prefix:
        base.extendModules {
          inherit prefix;
          modules = [ types.noCheckForDocsModule ];
        };
      freeformType = base._module.freeformType;
    in
    types.mkOptionType (
      payload
      // {
        name = "submodule";
        # What the modules are given as `lib`.
        " lib" = lib;
        description =
          if description != null then
            description
          else if freeformType != null then
            "open submodule of ${phrase freeformType}"
          else
            "submodule";
        descriptionClass = null;
        check = value: isAttrs value || lib.isFunction value || types.path.check value;
        merge = types.nativeMerge "submodule" (
          path: definitions:
          (base.extendModules {
            modules = [ { _module.args.name = lib.last path; } ] ++ map asModule definitions;
            prefix = path;
          }).config
        );
        emptyValue.value = base.config;
        getSubOptions =
          path:
          let
            evaluated = documented path;
            freeform = evaluated._module.freeformType;
          in
          evaluated.options
          // lib.optionalAttrs (freeform != null) { _freeformOptions = freeform.getSubOptions path; };
        getSubModules = modules;
        substSubModules = modules: types.submoduleWith (parameters // { inherit modules; });
        nestedTypes = lib.optionalAttrs (freeformType != null) { inherit freeformType; };
        functor = {
          name = "submodule";
          inherit payload;
          type = types.submoduleWith;
          binOp =
            left: right:
            let
              one =
                name: same:
                if left.${name} == null then
                  right.${name}
                else if right.${name} == null || left.${name} == right.${name} then
                  left.${name}
                else
                  throw "A submoduleWith option is declared multiple times with conflicting ${same}";
              twice = builtins.intersectAttrs left.specialArgs right.specialArgs;
            in
            {
              modules = left.modules ++ right.modules;
              specialArgs =
                if twice == { } then
                  left.specialArgs // right.specialArgs
                else
                  throw "A submoduleWith option is declared multiple times with the same specialArgs \"${toString (builtins.attrNames twice)}\"";
              class = one "class" "class values";
              description = one "description" "descriptions";
              shorthandOnlyDefinesConfig = one "shorthandOnlyDefinesConfig" "shorthandOnlyDefinesConfig values";
            };
        };
      }
    );
  deferredModule = types.deferredModuleWith { };
  deferredModuleWith =
    {
      staticModules ? [ ],
    }:
    let
      inner = types.submoduleWith { modules = staticModules; };
    in
    types.mkOptionType {
      name = "deferredModule";
      inherit staticModules;
      description = "module";
      descriptionClass = "noun";
      inherit (inner) check getSubOptions getSubModules;
      merge = types.nativeMerge "deferredModule" (
        path: definitions: {
          imports =
            staticModules
            ++ map (
              definition:
              lib.modules.setDefaultModuleLocation "${definition.file}, via option ${lib.showOption path}" definition.value
            ) definitions;
        }
      );
      substSubModules = modules: types.deferredModuleWith { staticModules = modules; };
      functor = {
        name = "deferredModuleWith";
        type = types.deferredModuleWith;
        payload = { inherit staticModules; };
        binOp = left: right: { staticModules = left.staticModules ++ right.staticModules; };
      };
    };
}
