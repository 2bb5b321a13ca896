# coturn. Facts: nixpkgs nixos/modules/services/networking/coturn.nix (25.11).
# The module never opens the firewall.
{ config, lib, ... }:

let
  inherit (lib) mkIf mkOption types;
  cfg = config.services.coturn;

  flag = mkOption {
    type = types.bool;
    default = false;
  };
  number =
    default:
    mkOption {
      type = types.int;
      inherit default;
    };
  text =
    default:
    mkOption {
      type = types.str;
      inherit default;
    };
  nullableText = mkOption {
    type = types.nullOr types.str;
    default = null;
  };
  strings = mkOption {
    type = types.listOf types.str;
    default = [ ];
  };
in
{
  options.services.coturn = {
    enable = flag;
    listening-port = number 3478;
    tls-listening-port = number 5349;
    alt-listening-port = number (cfg.listening-port + 1);
    alt-tls-listening-port = number (cfg.tls-listening-port + 1);
    # Empty: every address of the machine.
    listening-ips = strings;
    relay-ips = strings;
    min-port = number 49152;
    max-port = number 65535;

    # With none of these three, and no user, anybody may relay.
    lt-cred-mech = flag;
    no-auth = flag;
    use-auth-secret = flag;
    static-auth-secret = nullableText;
    static-auth-secret-file = nullableText;
    realm = text config.networking.hostName;

    cert = nullableText;
    pkey = nullableText;
    dh-file = nullableText;
    secure-stun = flag;
    no-cli = flag;
    cli-ip = text "127.0.0.1";
    cli-port = number 5766;
    cli-password = nullableText;
    no-udp = flag;
    no-tcp = flag;
    no-tls = flag;
    no-dtls = flag;
    no-udp-relay = flag;
    no-tcp-relay = flag;
    extraConfig = mkOption {
      type = types.lines;
      default = "";
    };
  };

  config = mkIf cfg.enable {
    users.users.turnserver = {
      uid = 249;
      group = "turnserver";
    };
    users.groups.turnserver = {
      gid = 249;
      members = [ "turnserver" ];
    };
  };
}
