# Tunnels, and programs that speak TLS for others: rules only ask whether there is one.
# Facts: nixpkgs nixos/modules/services/networking/{autossh,envoy,frp,nebula,netbird,newt,pangolin,rathole,sslh,
# stunnel}.nix, nixos/modules/services/web-servers/hitch.
# Those that open ports by themselves stand in openings.nix.
# Each has options of its own; what is written there counts, not what it says.
{ lib, ... }:

let
  inherit (lib) mkOption types;
  anyKeys = mkOption {
    type = types.attrsOf types.anything;
    default = { };
  };
in
{
  options.services = {
    autossh = anyKeys;
    envoy = anyKeys;
    frp = anyKeys;
    hitch = anyKeys;
    nebula = anyKeys;
    netbird = anyKeys;
    newt = anyKeys;
    pangolin = anyKeys;
    rathole = anyKeys;
    sslh = anyKeys;
    stunnel = anyKeys;
  };
}
