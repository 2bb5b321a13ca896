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
  # The NixOS modules that a module of flake-parts defines, which no configuration here uses. Other modules
  # may say what it only uses, and declare what it defines: `den`, say, has one for each class of an aspect.
  contained =
    module:
    let
      inputs = open "inputs" { self = unread "self"; };
      config = evalFlakeModules { inherit inputs; inherit (inputs) self; flake-parts-lib = parts; } {
        imports = [ arguments module ];
        freeformType = lib.types.lazyAttrsOf lib.types.raw;
      };
      ofAspects = map (aspect: aspect.nixos) (lib.filter (aspect: aspect ? nixos) (lib.attrValues (config.den.aspects or { })));
    in
    lib.attrValues (config.flake.modules.nixos or { }) ++ lib.attrValues config.flake.nixosModules ++ ofAspects;
in
{
  inherit contained;
  lib = parts;
  # They declare outputs that are declared anyway.
  flakeModules = open "flakeModules" {
    modules = { };
    flakeModules = { };
    bundlers = { };
    easyOverlay = { };
  };
}
