# The firewall. Facts: nixpkgs nixos/modules/services/networking/{firewall,firewall-iptables,
# firewall-nftables,nftables}.nix (2025-H2).
# Many service modules open ports when told to (`openFirewall`): the lists are open-ended.
{ config, lib, pkgs, ... }:

let
  inherit (lib) mkIf mkOption types;
  cfg = config.networking.firewall;

  flag =
    default:
    mkOption {
      type = types.bool;
      inherit default;
    };

  # NixOS sorts these lists and drops what occurs twice.
  ports = mkOption {
    type = types.listOf types.port;
    default = [ ];
    apply = list: lib.unique (builtins.sort builtins.lessThan list);
  };
  ranges = mkOption {
    type = types.listOf (types.attrsOf types.port);
    default = [ ];
  };
  openings = {
    allowedTCPPorts = ports;
    allowedTCPPortRanges = ranges;
    allowedUDPPorts = ports;
    allowedUDPPortRanges = ranges;
  };
  script = mkOption {
    type = types.lines;
    default = "";
  };
in
{
  options.networking = {
    firewall = openings // {
      enable = flag true;
      package = mkOption {
        type = types.package;
        default = if config.networking.nftables.enable then pkgs.nftables else pkgs.iptables;
      };
      interfaces = mkOption {
        type = types.attrsOf (types.submodule { options = openings; });
        default = { };
      };
      trustedInterfaces = mkOption {
        type = types.listOf types.str;
        default = [ ];
      };
      allowPing = flag true;
      pingLimit = mkOption {
        type = types.nullOr types.str;
        default = null;
      };
      rejectPackets = flag false;
      logRefusedConnections = flag false;
      logRefusedPackets = flag false;
      logRefusedUnicastsOnly = flag true;
      logReversePathDrops = flag false;
      # Its default depends on the kernel.
      checkReversePath = mkOption { type = types.either types.bool types.str; };
      filterForward = flag false;
      connectionTrackingModules = mkOption {
        type = types.listOf types.str;
        default = [ ];
      };
      autoLoadConntrackHelpers = flag false;
      extraPackages = mkOption {
        type = types.listOf types.package;
        default = [ ];
      };
      extraCommands = script;
      extraStopCommands = script;
      extraInputRules = script;
      extraForwardRules = script;
      extraReversePathFilterRules = script;
    };
    nftables = {
      enable = flag false;
      ruleset = script;
    };
  };

  config = mkIf cfg.enable {
    networking.firewall.trustedInterfaces = [ "lo" ];
  };
}
