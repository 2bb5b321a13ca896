# What flake-parts declares of a flake's outputs, as far as NixOS configurations are made from it.
{ lib, ... }:
let
  inherit (lib) mkOption types;
  modules = mkOption {
    type = types.lazyAttrsOf types.deferredModule;
    default = { };
  };
in
{
  options = {
    systems = mkOption { type = types.listOf types.str; default = [ ]; };
    perSystem = mkOption { type = types.deferredModule; default = { }; };
    flake = mkOption {
      default = { };
      type = types.submodule {
        freeformType = types.lazyAttrsOf types.anything;
        options = {
          nixosConfigurations = mkOption { type = types.lazyAttrsOf types.raw; default = { }; };
          nixosModules = modules;
          modules = mkOption {
            type = types.lazyAttrsOf (types.lazyAttrsOf types.deferredModule);
            default = { };
          };
        };
      };
    };
  };
}
