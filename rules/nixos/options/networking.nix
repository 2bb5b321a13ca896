# Names and addresses of the machine.
# Facts: nixpkgs nixos/modules/tasks/network-interfaces.nix (fqdn settable since 25.05),
# nixos/modules/config/networking.nix.
{ config, lib, ... }:

let
  # Others define it, too, and are not read.
  shared = option: option // { definedElsewhere = true; };
  inherit (lib) mkOption types;
  cfg = config.networking;
in
{
  options.networking = {
    # An empty name means that DHCP or a cloud sets one; dots are refused.
    hostName = mkOption {
      type = types.str;
      default = config.system.nixos.distroId;
    };
    domain = mkOption {
      type = types.nullOr types.str;
      default = null;
    };
    fqdn = mkOption {
      type = types.str;
      default =
        if cfg.hostName != "" && cfg.domain != null then
          "${cfg.hostName}.${cfg.domain}"
        else
          throw "networking.fqdn needs networking.hostName and networking.domain";
    };
    # Newer releases also return `fqdn` if it is set by itself without a domain.
    fqdnOrHostName = mkOption {
      type = types.str;
      default = if cfg.domain == null then cfg.hostName else cfg.fqdn;
      readOnly = true;
    };
    hostId = mkOption {
      type = types.nullOr types.str;
      default = null;
    };
    enableIPv6 = mkOption {
      type = types.bool;
      default = true;
    };
    useDHCP = mkOption {
      type = types.bool;
      default = true;
    };
    useNetworkd = mkOption {
      type = types.bool;
      default = false;
    };
    nameservers = mkOption {
      type = types.listOf types.str;
      default = [ ];
    };
    search = mkOption {
      type = types.listOf types.str;
      default = [ ];
    };
    # NixOS itself adds 127.0.0.1 and ::1 with the machine's names.
    hosts = shared (mkOption { type = types.attrsOf (types.listOf types.str); });
    extraHosts = shared (mkOption {
      type = types.lines;
      default = "";
    });
    interfaces = shared (mkOption {
      type = types.attrsOf (types.submodule { freeformType = types.attrsOf types.anything; });
      default = { };
    });
  };
}
