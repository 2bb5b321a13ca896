# ez-configs: hosts and modules from folders, for flake-parts.
# Facts: README.md and flake-module.nix of ehllie/ez-configs.
{ lib, configuration, open, ... }:
let
  inherit (lib) mkOption types;
  raw = default: mkOption { type = types.raw; inherit default; };

  # A file of the folder's name, or what stands in the folder.
  read =
    folder:
    if builtins.pathExists (folder + ".nix") then
      { default = folder + ".nix"; }
    else if builtins.pathExists folder then
      lib.concatMapAttrs (
        name: type:
        if type == "regular" && lib.hasSuffix ".nix" name then
          { ${lib.removeSuffix ".nix" name} = folder + "/${name}"; }
        else if builtins.pathExists (folder + "/${name}/default.nix") then
          { ${name} = folder + "/${name}/default.nix"; }
        else
          { }
      ) (builtins.readDir folder)
    else
      { };

  # Modules are given some arguments before anybody imports them.
  early =
    given:
    lib.mapAttrs (
      _: path:
      let
        module = import path;
        wanted = lib.functionArgs module;
      in
      if given == { } || !lib.isFunction module then
        path
      else
        lib.setFunctionArgs (arguments: module (arguments // builtins.intersectAttrs wanted given)) (
          removeAttrs wanted (lib.attrNames given)
        )
    );

  flakeModule =
    { config, inputs, ... }:
    let
      cfg = config.ezConfigs;
      modules = early cfg.nixos.earlyModuleArgs (read cfg.nixos.modulesDirectory);
      host =
        name: path:
        let
          settings = { importDefault = true; userHomeModules = [ ]; } // cfg.nixos.hosts.${name} or { };
        in
        configuration "ez-configs: ${name}" path {
          specialArgs = cfg.nixos.specialArgs // { ezModules = modules; };
          modules = [
            path
            { networking.hostName = lib.mkDefault name; }
          ]
          ++ lib.optional settings.importDefault (modules.default or { })
          ++ lib.optional (settings.userHomeModules != [ ]) inputs.home-manager.nixosModules.default;
        };
    in
    {
      options.ezConfigs = {
        root = raw null;
        globalArgs = mkOption { type = types.lazyAttrsOf types.raw; default = { }; };
        earlyModuleArgs = mkOption { type = types.lazyAttrsOf types.raw; default = { }; };
        nixos = {
          modulesDirectory = raw (cfg.root + "/nixos-modules");
          configurationsDirectory = raw (cfg.root + "/nixos-configurations");
          earlyModuleArgs = mkOption { type = types.lazyAttrsOf types.raw; default = cfg.earlyModuleArgs; };
          specialArgs = mkOption { type = types.lazyAttrsOf types.raw; default = cfg.globalArgs; };
          hosts = mkOption { type = types.lazyAttrsOf (types.lazyAttrsOf types.raw); default = { }; };
        };
        home = raw { };
        darwin = raw { };
      };
      config.flake = {
        nixosConfigurations = lib.mapAttrs host (read cfg.nixos.configurationsDirectory);
        nixosModules = modules;
      };
    };
in
{
  inherit flakeModule;
  flakeModules = open "flakeModules" { default = flakeModule; };
}
