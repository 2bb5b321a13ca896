# Calls: LiveKit and the service that hands out its tokens.
# Facts: nixpkgs nixos/modules/services/networking/livekit.nix (15162cff),
# nixos/modules/services/matrix/lk-jwt-service.nix (25bd31b2, 2026).
{ config, lib, pkgs, ... }:

let
  inherit (lib) mkIf mkOption mkRenamedOptionModule types;
  livekit = config.services.livekit;

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
  nullable =
    type: default:
    mkOption {
      type = types.nullOr type;
      inherit default;
    };
  package =
    default:
    mkOption {
      type = types.package;
      inherit default;
    };

  jwt = name: [ "services" "lk-jwt-service" ] ++ name;
in
{
  imports = [
    (mkRenamedOptionModule (jwt [ "port" ]) (jwt [ "environment" "LIVEKIT_JWT_PORT" ]))
    (mkRenamedOptionModule (jwt [ "keyFile" ]) (jwt [ "environment" "LIVEKIT_KEY_FILE" ]))
    (mkRenamedOptionModule (jwt [ "livekitUrl" ]) (jwt [ "environment" "LIVEKIT_URL" ]))
  ];

  options.services.livekit = {
    enable = flag false;
    package = package pkgs.livekit;
    # Holds `name: secret` lines.
    keyFile = mkOption { type = types.path; };
    openFirewall = flag false;
    redis = {
      createLocally = flag livekit.ingress.enable;
      host = nullable types.str (if livekit.redis.createLocally then "127.0.0.1" else null);
      port = mkOption { type = types.nullOr types.port; };
    };
    ingress.enable = flag false;
    settings = mkOption {
      type = types.submodule {
        freeformType = types.json;
        options = {
          port = port 7880;
          redis.address = nullable types.str (
            if livekit.ingress.enable then
              "${livekit.redis.host}:${toString livekit.redis.port}"
            else
              null
          );
          rtc = {
            port_range_start = port 50000;
            port_range_end = port 51000;
            use_external_ip = flag false;
          };
        };
      };
      default = { };
    };
  };

  options.services.lk-jwt-service = {
    enable = flag false;
    package = package pkgs.lk-jwt-service;
    environment = mkOption {
      type = types.submodule {
        freeformType = types.attrsOf (types.either types.str types.port);
        options = {
          LIVEKIT_URL = mkOption { type = types.str; };
          LIVEKIT_KEY_FILE = nullable types.path null;
          LIVEKIT_KEY_FROM_FILE = nullable types.path null;
          LIVEKIT_SECRET_FROM_FILE = nullable types.path null;
          LIVEKIT_JWT_BIND = mkOption {
            type = types.str;
            default = ":8080";
          };
          # "*" lets users of every server open rooms.
          LIVEKIT_FULL_ACCESS_HOMESERVERS = mkOption {
            type = types.either types.str (types.listOf types.str);
            default = "*";
            apply = homeservers: lib.concatStringsSep "," (lib.toList homeservers);
          };
        };
      };
      default = { };
    };
    environmentFile = nullable types.path null;
  };

  config = mkIf livekit.enable {
    networking.firewall = mkIf livekit.openFirewall {
      allowedTCPPorts = [ livekit.settings.port ];
      allowedUDPPortRanges = [
        {
          from = livekit.settings.rtc.port_range_start;
          to = livekit.settings.rtc.port_range_end;
        }
      ];
    };
    services.redis.servers.livekit = mkIf livekit.redis.createLocally {
      enable = true;
      bind = livekit.redis.host;
      port = livekit.redis.port;
    };
  };
}
