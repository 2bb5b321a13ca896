# Matrix Authentication Service. Facts: nixpkgs
# nixos/modules/services/matrix/matrix-authentication-service.nix (084023c7, 2026).
{ config, lib, pkgs, ... }:

let
  inherit (lib) mkIf mkOption types;
  cfg = config.services.matrix-authentication-service;
  name = "matrix-authentication-service";

  anyKey = types.json;
  flag =
    default:
    mkOption {
      type = types.bool;
      inherit default;
    };
  text =
    default:
    mkOption {
      type = types.str;
      inherit default;
    };
  number =
    default:
    mkOption {
      type = types.int;
      inherit default;
    };
  required = type: mkOption { inherit type; };
  entries =
    options:
    types.listOf (
      types.submodule {
        freeformType = anyKey;
        inherit options;
      }
    );

  # What the module listens on: everywhere, in the clear.
  defaultListener = listener: port: resources: {
    name = listener;
    resources = map (resource: { name = resource; }) resources;
    binds = [
      {
        host = "0.0.0.0";
        inherit port;
      }
    ];
    proxy_protocol = false;
  };

  settings = {
    freeformType = anyKey;
    options = {
      http = {
        public_base = text "http://[::]:8080/";
        trusted_proxies = mkOption {
          type = types.listOf types.str;
          default = [
            "127.0.0.1/8"
            "::1/128"
          ];
        };
        listeners = mkOption {
          type = entries {
            name = required types.str;
            proxy_protocol = flag false;
            resources = required (entries {
              name = required types.str;
            });
            binds = required (entries {
              host = required (types.nullOr types.str);
              port = required (types.nullOr types.port);
            });
          };
          default = [
            (defaultListener "web" 8080 [
              "discovery"
              "human"
              "oauth"
              "compat"
              "graphql"
              "assets"
            ])
            (defaultListener "internal" 8081 [ "health" ])
          ];
        };
      };
      database = {
        uri = text "postgresql:///${name}?host=/run/postgresql";
        max_connections = number 10;
        min_connections = number 0;
        connect_timeout = number 30;
        idle_timeout = number 600;
        max_lifetime = number 1800;
      };
      passwords = {
        enabled = flag true;
        schemes = mkOption {
          type = entries {
            version = required types.int;
            algorithm = required types.str;
          };
          default = [
            {
              version = 1;
              algorithm = "argon2id";
            }
          ];
        };
        minimum_complexity = number 3;
      };
      matrix = {
        homeserver = text "";
        endpoint = text "";
      };
      upstream_oauth2.providers = mkOption {
        type = types.nullOr (entries {
          id = mkOption {
            type = types.nullOr types.str;
            default = null;
          };
        });
        default = null;
      };
    };
  };
in
{
  options.services.matrix-authentication-service = {
    enable = flag false;
    package = mkOption {
      type = types.package;
      default = pkgs.matrix-authentication-service;
    };
    settings = mkOption {
      type = types.submodule settings;
      default = { };
    };
    createDatabase = flag false;
    # Read through systemd's credentials: root may own them.
    extraConfigFiles = mkOption {
      type = types.listOf types.str;
      default = [ ];
    };
    credentials = mkOption {
      type = types.attrsOf types.str;
      default = { };
    };
    serviceDependencies = mkOption {
      type = types.listOf types.str;
      default = lib.optional config.services.matrix-synapse.enable config.services.matrix-synapse.serviceUnit;
    };
  };

  config = mkIf cfg.enable {
    services.postgresql = mkIf cfg.createDatabase {
      enable = true;
      ensureDatabases = [ name ];
      ensureUsers = [
        {
          inherit name;
          ensureDBOwnership = true;
        }
      ];
    };
  };
}
