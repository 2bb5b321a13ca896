# flake-parts: flakes written as modules. What it declares stands in the engine (`parts.nix`).
# Facts: https://flake.parts (module arguments, options), lib.nix and modules/ of hercules-ci/flake-parts.
{ lib, open, unread, evalFlakeModules, ... }:
let
  # What is known for one system: `pkgs` is nixpkgs', everything else may come from `perSystem`.
  forSystem =
    inputs: system:
    open "perSystem" {
      inherit system inputs lib;
      pkgs = inputs.nixpkgs.legacyPackages.${system};
      inputs' = open "inputs'" { };
      self' = open "self'" { };
      config = open "perSystem.config" { };
    };
  arguments =
    { inputs, ... }:
    {
      _module.args = {
        withSystem = system: function: function (forSystem inputs system);
        moduleWithSystem =
          module: { config, ... }@args: module (forSystem inputs config.nixpkgs.hostPlatform.system) args;
        getSystem = system: (forSystem inputs system).config;
      };
    };
  parts = open "lib" {
    evalFlakeModule =
      {
        inputs ? self.inputs,
        self ? inputs.self,
        specialArgs ? { },
        ...
      }:
      module: {
        config = evalFlakeModules ({ inherit inputs self; flake-parts-lib = parts; } // specialArgs) {
          imports = [ arguments module ];
        };
      };
    mkFlake = args: module: (parts.evalFlakeModule args module).config.flake;
    importApply = file: args: {
      _file = file;
      imports = [ (import file args) ];
    };
    # Declarations of what is built for each system: no configuration is made from them.
    mkPerSystemOption = _: lib.mkOption { type = lib.types.raw; };
    mkTransposedPerSystemModule = _: { };
  };
in
{
  lib = parts;
  # They declare outputs that are declared anyway.
  flakeModules = open "flakeModules" {
    modules = { };
    flakeModules = { };
    bundlers = { };
    easyOverlay = { };
  };
}
