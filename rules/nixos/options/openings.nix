# Programs whose modules open ports without being asked to, where those are few and known.
# Facts: nixpkgs nixos/modules/services/networking/{avahi-daemon,tailscale,zerotierone}.nix,
# nixos/modules/programs/{kdeconnect,localsend,mosh}.nix.
{ config, lib, ... }:

let
  inherit (lib) mkIf mkMerge mkOption types;
  inherit (config) programs services;

  flag =
    default:
    mkOption {
      type = types.bool;
      inherit default;
    };
  port =
    default:
    mkOption {
      type = types.port;
      inherit default;
    };
  # The other options are not listed.
  open =
    options:
    mkOption {
      type = types.submodule {
        freeformType = types.attrsOf types.anything;
        inherit options;
      };
      default = { };
    };
  unlessTold = {
    enable = flag false;
    openFirewall = flag true;
  };
  range = from: to: { inherit from to; };
in
{
  options = {
    services = {
      avahi = unlessTold;
      tailscale = open {
        enable = flag false;
        openFirewall = flag false;
        port = port 41641;
      };
      zerotierone = open {
        enable = flag false;
        port = port 9993;
      };
    };
    programs = {
      kdeconnect.enable = flag false;
      localsend = unlessTold;
      mosh = unlessTold;
    };
  };

  config.networking.firewall = mkMerge [
    (mkIf (services.avahi.enable && services.avahi.openFirewall) { allowedUDPPorts = [ 5353 ]; })
    (mkIf (services.tailscale.enable && services.tailscale.openFirewall) {
      allowedUDPPorts = [ services.tailscale.port ];
    })
    (mkIf services.zerotierone.enable { allowedUDPPorts = [ services.zerotierone.port ]; })
    (mkIf programs.kdeconnect.enable {
      allowedTCPPortRanges = [ (range 1714 1764) ];
      allowedUDPPortRanges = [ (range 1714 1764) ];
    })
    (mkIf (programs.localsend.enable && programs.localsend.openFirewall) {
      allowedTCPPorts = [ 53317 ];
      allowedUDPPorts = [ 53317 ];
    })
    (mkIf (programs.mosh.enable && programs.mosh.openFirewall) {
      allowedUDPPortRanges = [ (range 60000 61000) ];
    })
  ];
}
