# blueprint: outputs from a standard folder structure.
# Facts: https://numtide.github.io/blueprint ("Folder structure") and lib/default.nix of numtide/blueprint.
{ lib, configuration, open, unread, ... }:
let
  # Files and folders below a folder by name; a file without its `.nix` counts before a folder.
  entries =
    folder:
    let
      all = if builtins.pathExists folder then builtins.readDir folder else { };
      folders = lib.filterAttrs (_: type: type == "directory") all;
      files = lib.filterAttrs (name: type: type != "directory" && lib.hasSuffix ".nix" name) all;
    in
    lib.mapAttrs (name: _: folder + "/${name}") folders
    // lib.mapAttrs' (name: _: lib.nameValuePair (lib.removeSuffix ".nix" name) (folder + "/${name}")) files;

  outputs =
    {
      inputs,
      prefix ? null,
      ...
    }:
    let
      flake = inputs.self;
      src =
        if prefix == null then
          flake.outPath
        else if builtins.isPath prefix then
          prefix
        else
          flake.outPath + "/${prefix}";
      arguments = { inherit flake inputs; };

      host =
        name: path:
        let
          nixos = file: system: configuration "blueprint: hosts/${name}/${file}" (path + "/${file}") {
            modules = [
              # `perSystem`, and the nixpkgs that blueprint was given.
              { _module.args.perSystem = open "perSystem" { }; }
              (path + "/${file}")
            ]
            ++ users path
            ++ system;
            specialArgs = arguments // { hostName = name; };
          };
        in
        if builtins.pathExists (path + "/default.nix") then
          import (path + "/default.nix") (arguments // { hostName = name; })
        else if builtins.pathExists (path + "/configuration.nix") then
          { class = "nixos"; value = nixos "configuration.nix" [ ]; }
        else if builtins.pathExists (path + "/rpi-configuration.nix") then
          { class = "nixos"; value = nixos "rpi-configuration.nix" [ inputs.nixos-raspberrypi.nixosModules.default ]; }
        else
          { class = "other"; };

      # Users of the host that home-manager looks after.
      users =
        path:
        lib.optional (builtins.pathExists (path + "/users")) inputs.home-manager.nixosModules.default;

      hosts = lib.mapAttrs (name: _: host name (src + "/hosts/${name}")) (
        lib.filterAttrs (_: type: type == "directory") (
          if builtins.pathExists (src + "/hosts") then builtins.readDir (src + "/hosts") else { }
        )
      );

      # A module that asks for the flake it stands in gets it.
      module =
        path:
        let
          value = import path;
          wanted = if builtins.isFunction value then builtins.attrNames (builtins.functionArgs value) else null;
        in
        if wanted != null && lib.all (name: arguments ? ${name}) wanted then value arguments else path;
      modules = lib.mapAttrs (_: kind: lib.mapAttrs (_: module) (entries kind)) (entries (src + "/modules"));
    in
    open "outputs" {
      nixosConfigurations = lib.mapAttrs (_: host: host.value) (lib.filterAttrs (_: host: host.class == "nixos") hosts);
      inherit modules;
      nixosModules = modules.nixos or { };
      lib = if builtins.pathExists (src + "/lib") then import (src + "/lib") arguments else { };
    };
in
{
  __functor = _: outputs;
}
