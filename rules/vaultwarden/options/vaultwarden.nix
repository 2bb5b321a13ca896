# Vaultwarden. Facts: nixpkgs nixos/modules/services/security/vaultwarden/default.nix (2024).
{ lib, ... }:

let
  inherit (lib) mkOption types;
in
{
  options.services.vaultwarden = {
    enable = mkOption {
      type = types.bool;
      default = false;
    };
    config = mkOption {
      type = types.attrsOf (types.nullOr (types.oneOf [ types.bool types.int types.str ]));
      default = { };
    };
    environmentFile = mkOption {
      type = types.nullOr types.path;
      default = null;
    };
  };
}
