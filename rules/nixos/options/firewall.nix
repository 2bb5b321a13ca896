# The firewall. Facts: nixpkgs nixos/modules/services/networking/{firewall,firewall-iptables,
# firewall-nftables,nftables}.nix (2025-H2).
# Many service modules open ports when told to (`openFirewall`), and some whenever they are enabled: where there is one
# of which no more is known, the lists are open-ended. Those of network interfaces are left to users.
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

  # NixOS sorts these lists and drops what occurs twice. Names occur once in a set, also in one with others.
  ports = mkOption {
    type = types.listOf types.port;
    default = [ ];
    apply =
      list:
      builtins.sort builtins.lessThan (
        builtins.attrValues (
          builtins.listToAttrs (
            map (port: {
              name = toString port;
              value = port;
            }) list
          )
        )
      );
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
  # What users set where modules that are not read open ports for it. Those of openings.nix are.
  asked = [
    "hardware.*.openFirewall"
    "power.*.openFirewall"
    "programs.*.openFirewall"
    "programs.*.*.openFirewall"
    "programs.sharing.enable"
    "services.*.openBroadcast"
    "services.*.openDefaultPorts"
    "services.*.openFirewall"
    "services.*.openFirewallDHCP"
    "services.*.openFirewallDNS"
    "services.*.openFirewallPort"
    "services.*.openFirewallServerQuery"
    "services.*.openFirewallWebserver"
    "services.*.openMulticastPort"
    "services.*.openPeerPorts"
    "services.*.openPorts"
    "services.*.openRPCPort"
    "services.*.raopOpenFirewall"
    "services.armagetronad.servers"
    "services.beszel.agent.openFirewall"
    "services.deluge.web.openFirewall"
    "services.fedimintd"
    "services.firezone.*.openFirewall"
    "services.firezone.*.*.openFirewall"
    "services.hadoop"
    "services.hardware.lcd.server.openPorts"
    "services.icecream.*.openBroadcast"
    "services.icecream.*.openFirewall"
    "services.kubernetes"
    "services.lighthouse.beacon.openFirewall"
    "services.livekit.ingress.openFirewall"
    "services.moosefs.*.openFirewall"
    "services.nebula.networks"
    "services.netbird.clients.*"
    "services.netbird.enable"
    "services.netbird.server.coturn.enable"
    "services.netbird.server.enable"
    "services.netbird.tunnels.*"
    "services.prometheus.alertmanager.openFirewall"
    "services.prometheus.exporters.*.openFirewall"
    "services.radicle.node.openFirewall"
    "services.saunafs.*.openFirewall"
    "services.serviio.enable"
    "services.snapserver.enable"
    "services.tailscale.derper.enable"
    "services.urserver.enable"
    "services.vwifi.server.openFirewall"
    "virtualisation.*.openFirewall"
    # What announces itself enables Avahi: desktops, too.
    "hardware.pulseaudio.zeroconf.*.enable"
    "services.desktopManager.*.enable"
    "services.gnome.core-os-services.enable"
    "services.ipp-usb.enable"
    "services.openthread-border-router.enable"
    "services.pulseaudio.zeroconf.*.enable"
    "services.shairport-sync.enable"
    "services.sunshine.enable"
    "services.wivrn.enable"
    "services.xserver.desktopManager.*.enable"
  ];
  shared = lib.mapAttrs (_: option: option // { definedElsewhere = asked; });
  script = mkOption {
    type = types.lines;
    default = "";
  };
in
{
  options.networking = {
    firewall = shared openings // {
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
