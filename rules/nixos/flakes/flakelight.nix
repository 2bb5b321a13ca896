# flakelight: a flake as one set of options, and folders of files with their names.
# Facts: API_GUIDE.md and builtinModules/ of nix-community/flakelight.
{ lib, configuration, open, unread, ... }:
let
  call = arguments: value: if lib.isFunction value then value arguments else value;

  # Files below the folder for Nix code, under their names without underscore.
  files =
    folder:
    let
      bare = name: lib.removePrefix "_" (lib.removeSuffix ".nix" name);
      is = name: name != "default.nix" && (lib.hasSuffix ".nix" name || builtins.pathExists (folder + "/${name}/default.nix"));
    in
    lib.listToAttrs (
      map (name: lib.nameValuePair (bare name) (folder + "/${name}")) (lib.filter is (lib.attrNames (builtins.readDir folder)))
    );
  load =
    folder: f:
    if builtins.pathExists (folder + ".nix") then
      import (folder + ".nix")
    else if builtins.pathExists (folder + "/default.nix") then
      import folder
    else if builtins.pathExists folder then
      lib.mapAttrs (_: f) (files folder)
    else
      { };

  mkFlake =
    src: root:
    let
      arguments = { inherit lib src inputs; flakelight = open "flakelight" { }; outputs = inputs.self or { }; };
      options = call arguments root;
      inputs = options.inputs or { };
      folder = options.nixDir or (src + "/nix");
      found = name: alias: f: let main = load (folder + "/${name}") f; in if main != { } then main else load (folder + "/${alias}") f;
      host =
        name: given:
        let
          value = call arguments given;
        in
        # One that is made already stays as it is.
        if value ? config then
          value
        else
          configuration "flakelight: ${name}" null (value // {
            specialArgs = { inherit inputs; hostname = name; } // value.specialArgs or { };
            # What flakelight hands on: its `nixpkgs` settings and overlays.
            modules = [ { _module.args.inputs' = open "inputs'" { }; } ] ++ value.modules or [ ];
          });
      hosts = call arguments (found "nixosConfigurations" "nixos" import) // call arguments (options.nixosConfigurations or { });
    in
    open "outputs" (
      {
        nixosConfigurations = lib.mapAttrs host hosts;
        nixosModules = call arguments (found "nixosModules" "nixosModules" (path: path)) // call arguments (options.nixosModules or { });
        lib = call arguments (found "lib" "lib" import) // call arguments (options.lib or { });
      }
      // call arguments (options.outputs or { })
    );
in
{
  __functor = _: mkFlake;
  lib = open "lib" { inherit mkFlake; };
}
