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
        # Services of this clan's own, by name.
        modules = mkOption { type = types.lazyAttrsOf types.deferredModule; default = { }; };
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

  # A service is a module of its own class: roles, each with what its instances give a machine.
  serviceOf =
    module:
    (lib.evalModules {
      modules = [
        {
          freeformType = types.lazyAttrsOf types.raw;
          options.roles = mkOption {
            default = { };
            type = types.lazyAttrsOf (types.submodule {
              freeformType = types.lazyAttrsOf types.raw;
              options.interface = mkOption { type = types.deferredModule; default = { }; };
              options.perInstance = mkOption { type = types.deferredModule; default = { }; };
            });
          };
          options.perMachine = mkOption { type = types.nullOr types.deferredModule; default = null; };
        }
        module
      ];
    }).config;
  # The NixOS module that a service's function gives; what is not among the arguments is unknown.
  nixosModule =
    function: specialArgs:
    (lib.evalModules {
      inherit specialArgs;
      modules = [
        {
          freeformType = types.lazyAttrsOf types.raw;
          options.nixosModule = mkOption { type = types.deferredModule; default = { }; };
        }
        function
      ];
    }).config.nixosModule;

  perMachine =
    service: specialArgs:
    lib.optional (service.perMachine != null) (nixosModule service.perMachine specialArgs);

  # What one of a service's instances adds to the machine `name`, which has `roles` of it.
  perInstance =
    { service, instanceName, instance, roles, ... }:
    name:
    let
      evaluated =
        role:
        lib.evalModules {
          modules = [
            service.roles.${role}.interface
            (instance.roles.${role}.settings or { })
            (instance.roles.${role}.machines.${name}.settings or { })
          ];
        };
    in
    map (
      role:
      nixosModule service.roles.${role}.perInstance {
        inherit instanceName;
        machine = { inherit name; roles = lib.attrNames roles; };
        settings = (evaluated role).config;
        extendSettings = more: ((evaluated role).extendModules { modules = lib.toList more; }).config;
      }
    ) (lib.attrNames (builtins.intersectAttrs service.roles roles));

  # The modules of a service that no clan here has an instance of.
  contained =
    module:
    let
      service = serviceOf module;
    in
    map (role: nixosModule role.perInstance { }) (lib.attrValues service.roles)
    ++ perMachine service { };

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
      has =
        role: name:
        role ? machines.${name}
        || lib.any (tag: tag == "all" || lib.elem tag ((of name).tags or [ ])) (tagsOf (role.tags or { }));
      tagsOf = tags: if builtins.isList tags then tags else lib.attrNames tags;
      # What the instances of services say themselves, and what services that are here make of it.
      ofInstances =
        name:
        let
          taken = lib.filter (one: one.roles != { }) (
            lib.mapAttrsToList (instanceName: instance: {
              inherit instanceName instance;
              roles = lib.filterAttrs (_: role: has role name) (instance.roles or { });
            }) inventory.instances
          );
          extra =
            one:
            lib.concatMap (
              role: map (module: if builtins.isString module then directory + "/${module}" else module) (role.extraModules or [ ])
            ) (lib.attrValues one.roles);
          here = lib.filter (one: one.service != null) (
            map (one: one // { service = serviceFor one.instanceName one.instance; }) taken
          );
          # A service says once for each machine what holds for all instances.
          services = lib.groupBy (one: one.service.manifest.name or "") here;
          ofMachine =
            ones:
            perMachine (lib.head ones).service {
              machine = { inherit name; roles = lib.unique (lib.concatMap (one: lib.attrNames one.roles) ones); };
            };
        in
        lib.concatMap extra taken
        ++ lib.concatMap (one: perInstance one name) here
        ++ lib.concatMap ofMachine (lib.attrValues services);
      # The service of an instance; null where it is Clan's own or in an input that is not here.
      serviceFor =
        instanceName: instance:
        let
          input = instance.module.input or null;
          known = if input == "self" then clan.modules else clan.self.inputs.${input}.clan.modules or { };
          named = instance.module.name or instanceName;
        in
        if input == null || !(known ? ${named}) then null else serviceOf known.${named};
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
      # Said here, as what an option defaults to is unknown beside modules that are not read.
      config.flake.clan = {
        self = lib.mkDefault self;
        directory = lib.mkDefault self.outPath;
      };
      config.flake.nixosConfigurations = configurations config.flake.clan;
    };
in
{
  inherit contained;
  lib = open "lib" {
    inherit clan;
    buildClan = given: (clan given).config;
  };
  clanLib = open "clanLib" { inherit clan; };
  flakeModules = open "flakeModules" { default = flakeModule; };
}
