# Clan: machines, and services spread over them.
# Facts: https://docs.clan.lol (directory structure, inventory, flake-parts) and modules/clan, lib/clan,
# nixosModules/machineModules and flakeModules of https://git.clan.lol/clan/clan-core.
{ lib, configuration, open, unread, ... }:
let
  inherit (lib) mkOption types;
  raw = default: mkOption { type = types.raw; inherit default; };
  sets = types.lazyAttrsOf (types.lazyAttrsOf types.raw);

  # What a clan says of itself; what else it may say makes no configuration.
  interface =
    { config, ... }:
    {
      freeformType = types.lazyAttrsOf types.raw;
      options = {
        self = raw null;
        directory = raw config.self.outPath;
        specialArgs = mkOption { type = types.lazyAttrsOf types.raw; default = { }; };
        machines = mkOption { type = types.lazyAttrsOf types.deferredModule; default = { }; };
        inventory = mkOption {
          default = { };
          type = types.submodule {
            freeformType = types.lazyAttrsOf types.raw;
            options.machines = mkOption { type = sets; default = { }; };
            options.instances = mkOption { type = sets; default = { }; };
          };
        };
      };
    };

  configurations =
    clan:
    let
      inherit (clan) directory inventory;
      folders =
        if builtins.pathExists (directory + "/machines") then
          lib.filterAttrs (_: type: type == "directory") (builtins.readDir (directory + "/machines"))
        else
          { };
      names = lib.attrNames (folders // inventory.machines // clan.machines);
      of = name: inventory.machines.${name} or { };
      # What the instances of services say themselves; what a service does with its settings is not read.
      ofInstances =
        name:
        lib.concatMap (
          instance:
          lib.concatMap (
            role:
            let
              tagged = lib.any (tag: tag == "all" || lib.elem tag ((of name).tags or [ ])) (tagsOf (role.tags or { }));
            in
            lib.optionals (role ? machines.${name} || tagged) (map (
              module: if builtins.isString module then directory + "/${module}" else module
            ) (role.extraModules or [ ]))
          ) (lib.attrValues (instance.roles or { }))
        ) (lib.attrValues inventory.instances);
      tagsOf = tags: if builtins.isList tags then tags else lib.attrNames tags;
      files =
        name:
        lib.filter builtins.pathExists (
          map (file: directory + "/machines/${name}/${file}") [
            "configuration.nix"
            "hardware-configuration.nix"
            "disko.nix"
          ]
        );
      machine =
        name:
        configuration "clan: machines/${name}" (if files name == [ ] then null else builtins.head (files name)) {
          specialArgs = { clan-core = open "clan-core" { }; inherit (clan) self; } // clan.specialArgs;
          modules = [
            (unread "nixosModules.clanCore")
            { networking.hostName = lib.mkDefault name; }
            (clan.machines.${name} or { })
          ]
          ++ files name
          ++ ofInstances name;
        };
    in
    lib.genAttrs (lib.filter (name: (of name).machineClass or "nixos" == "nixos") names) machine;

  clan =
    { self, ... }@given:
    let
      inherit (lib.evalModules { modules = [ interface given ]; }) config;
    in
    {
      config = open "clan" (config // { nixosConfigurations = configurations config; });
    };

  flakeModule =
    { config, self, ... }:
    {
      imports = [ (lib.mkRenamedOptionModule [ "clan" ] [ "flake" "clan" ]) ];
      options.flake = mkOption {
        type = types.submodule {
          options.clan = mkOption { type = types.submodule interface; default = { }; };
        };
      };
      config.flake.clan.self = lib.mkDefault self;
      config.flake.nixosConfigurations = configurations config.flake.clan;
    };
in
{
  lib = open "lib" {
    inherit clan;
    buildClan = given: (clan given).config;
  };
  clanLib = open "clanLib" { inherit clan; };
  flakeModules = open "flakeModules" { default = flakeModule; };
}
