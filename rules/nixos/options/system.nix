# What every other declaration leans on: assertions, warnings, the state version.
# Facts: nixpkgs nixos/modules/misc/{assertions,version,nixpkgs}.nix.
{ config, lib, ... }:

let
  inherit (lib) mkOption types;
  # The name of a system, or more about it; modules read all that follows from it.
  platform =
    more:
    mkOption (
      {
        type = types.either types.str types.attrs;
        apply = lib.systems.elaborate;
      }
      // more
    );
in
{
  options = {
    assertions = mkOption {
      type = types.listOf types.unspecified;
      default = [ ];
    };
    warnings = mkOption {
      type = types.listOf types.str;
      default = [ ];
    };
    system = {
      # NixOS falls back to the release that evaluates the configuration, with a
      # warning. That release is unknown here, so there is no default.
      stateVersion = mkOption { type = types.str; };
      nixos.distroId = mkOption {
        type = types.str;
        default = "nixos";
      };
    };
    nixpkgs = {
      hostPlatform = platform { };
      buildPlatform = platform { default = config.nixpkgs.hostPlatform; };
      config = mkOption {
        type = types.attrsOf types.anything;
        default = { };
      };
      overlays = mkOption {
        type = types.listOf types.raw;
        default = [ ];
      };
    };
  };
}
