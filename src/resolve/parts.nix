# What flake-parts declares of a flake's outputs, as far as NixOS configurations are made from it.
{ lib, ... }:
let
  inherit (lib) mkOption types;
  modules = mkOption {
    type = types.lazyAttrsOf types.deferredModule;
    default = { };
  };
  # flake-parts wants one definition, and keeps it as it is. Modules of flake-parts that were not read
  # may have declared the output, so that several go together.
  output = lib.mkOptionType {
    name = "output";
    merge =
      path: definitions:
      if lib.length definitions == 1 then
        (lib.head definitions).value
      else
        types.anything.merge path definitions;
  };
in
{
  options = {
    systems = mkOption { type = types.listOf types.str; default = [ ]; };
    perSystem = mkOption { type = types.deferredModule; default = { }; };
    flake = mkOption {
      default = { };
      type = types.submodule {
        freeformType = types.lazyAttrsOf output;
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
