# Systems inside the system, as far as it matters that there are some.
# Facts: nixpkgs nixos/modules/virtualisation/{nixos-containers,oci-containers}.nix (25.11).
{ lib, ... }:

let
  inherit (lib) mkOption types;
  some = mkOption {
    type = types.attrsOf (types.attrsOf types.raw);
    default = { };
  };
in
{
  options = {
    containers = some;
    virtualisation.oci-containers.containers = some;
    boot.isContainer = mkOption {
      type = types.bool;
      default = false;
    };
  };
}
