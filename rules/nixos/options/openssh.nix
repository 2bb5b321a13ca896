# The parts of OpenSSH that other options look at: its port is open by default,
# and secret managers decrypt with its host keys.
# Facts: nixpkgs nixos/modules/services/networking/ssh/sshd.nix.
{ config, lib, ... }:

let
  inherit (lib) mkIf mkOption types;
  cfg = config.services.openssh;

  flag =
    default:
    mkOption {
      type = types.bool;
      inherit default;
    };
  openSettings = mkOption {
    type = types.attrsOf types.anything;
    default = { };
  };
in
{
  options.services.openssh = {
    enable = flag false;
    openFirewall = flag true;
    ports = mkOption {
      type = types.listOf types.port;
      default = [ 22 ];
    };
    listenAddresses = mkOption {
      type = types.listOf types.anything;
      default = [ ];
    };
    hostKeys = mkOption {
      type = types.listOf (types.attrsOf types.anything);
      default = [
        {
          type = "rsa";
          bits = 4096;
          path = "/etc/ssh/ssh_host_rsa_key";
        }
        {
          type = "ed25519";
          path = "/etc/ssh/ssh_host_ed25519_key";
        }
      ];
    };
    settings = openSettings;
    extraConfig = mkOption {
      type = types.lines;
      default = "";
    };
  };

  config = mkIf cfg.enable {
    networking.firewall.allowedTCPPorts = mkIf cfg.openFirewall cfg.ports;
  };
}
