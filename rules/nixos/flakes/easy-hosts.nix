# easy-hosts: a flake-parts module that makes hosts from folders or from a list.
# Facts: README.md, flake-module.nix and lib.nix of tgirlcloud/easy-hosts.
{ lib, configuration, open, ... }:
let
  inherit (lib) mkOption types;
  raw = default: mkOption { type = types.raw; inherit default; };
  several = {
    modules = mkOption { type = types.listOf types.raw; default = [ ]; };
    specialArgs = mkOption { type = types.lazyAttrsOf types.raw; default = { }; };
  };

  flakeModule =
    { config, inputs, ... }:
    let
      cfg = config.easy-hosts;
      known = { linux = "nixos"; } // cfg.additionalClasses;
      classOf = class: known.${class} or class;
      # `aarch64-darwin`: the architecture and the class.
      split = system: builtins.match "([^-]*)-(.*)" system;
      found =
        if cfg.path == null then
          { }
        else if cfg.onlySystem != null then
          lib.mapAttrs (name: _: ofFolder cfg.onlySystem (cfg.path + "/${name}")) (builtins.readDir cfg.path)
        else
          lib.concatMapAttrs (
            system: _: lib.mapAttrs (name: _: ofFolder system (cfg.path + "/${system}/${name}")) (builtins.readDir (cfg.path + "/${system}"))
          ) (lib.filterAttrs (_: type: type == "directory") (builtins.readDir cfg.path));
      ofFolder = system: path: {
        inherit path;
        arch = builtins.elemAt (split system) 0;
        class = classOf (builtins.elemAt (split system) 1);
      };
      host =
        name: host:
        let
          sources = [ cfg.shared host ] ++ map cfg.perTag host.tags ++ [ (cfg.perClass host.class) (cfg.perArch host.arch) ];
          usual = lib.filter builtins.pathExists [
            (inputs.self.outPath + "/hosts/${name}/default.nix")
            (inputs.self.outPath + "/systems/${name}/default.nix")
          ];
          files = if host.path != null then [ host.path ] else usual;
        in
        configuration "easy-hosts: ${name}" (if files == [ ] then null else builtins.head files) {
          specialArgs = lib.foldl' lib.recursiveUpdate {
            inherit inputs;
            inherit (inputs) self;
          } (map (source: source.specialArgs or { }) sources);
          modules =
            files
            ++ lib.optional (host.class == "iso") (host.nixpkgs.outPath + "/nixos/modules/installer/cd-dvd/installation-cd-minimal-new-kernel.nix")
            ++ [
              {
                _module.args = {
                  inputs' = open "inputs'" { };
                  self' = open "self'" { };
                };
                networking.hostName = lib.mkDefault name;
                nixpkgs.hostPlatform = lib.mkDefault "${host.arch}-linux";
              }
            ]
            ++ lib.concatMap (source: source.modules or [ ]) sources;
        };
    in
    {
      options.easy-hosts = {
        autoConstruct = mkOption { type = types.bool; default = false; };
        path = raw null;
        onlySystem = raw null;
        shared = several;
        perClass = raw (_: { });
        perArch = raw (_: { });
        perTag = raw (_: { });
        additionalClasses = mkOption { type = types.attrsOf types.str; default = { }; };
        hosts = mkOption {
          default = { };
          type = types.attrsOf (types.submodule {
            options = several // {
              nixpkgs = raw inputs.nixpkgs;
              nix-darwin = raw null;
              arch = mkOption { type = types.str; default = "x86_64"; };
              class = mkOption { type = types.str; default = "nixos"; };
              tags = mkOption { type = types.listOf types.str; default = [ ]; };
              system = raw null;
              path = raw null;
              deployable = mkOption { type = types.bool; default = false; };
            };
          });
        };
      };
      config = {
        easy-hosts.hosts = lib.mkIf cfg.autoConstruct found;
        flake.nixosConfigurations = lib.mapAttrs host (
          lib.filterAttrs (_: host: classOf host.class != "darwin") cfg.hosts
        );
      };
    };
in
{
  inherit flakeModule;
  flakeModules = open "flakeModules" { default = flakeModule; };
}
