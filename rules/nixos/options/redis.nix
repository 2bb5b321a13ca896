# Redis. Facts: nixpkgs nixos/modules/services/databases/redis.nix (2026).
{ config, lib, pkgs, ... }:

let
  inherit (lib) mkIf mkOption types;

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
  nullable =
    type:
    mkOption {
      type = types.nullOr type;
      default = null;
    };

  # Name of a server's user, unit and directories.
  unitName = name: if name == "" then "redis" else "redis-${name}";

  server =
    { name, config, ... }:
    {
      options = {
        enable = flag false;
        user = text (unitName name);
        group = text config.user;
        # 0: no TCP.
        port = mkOption {
          type = types.port;
          default = if name == "" then 6379 else 0;
        };
        openFirewall = flag false;
        extraParams = mkOption {
          type = types.listOf types.str;
          default = [ ];
        };
        # null: every address.
        bind = mkOption {
          type = types.nullOr types.str;
          default = "127.0.0.1";
        };
        unixSocket = mkOption {
          type = types.nullOr types.path;
          default = "/run/${unitName name}/redis.sock";
        };
        unixSocketPerm = number 660;
        logLevel = text "notice";
        logfile = text "/dev/null";
        syslog = flag true;
        databases = number 16;
        maxclients = number 10000;
        save = mkOption {
          type = types.listOf (types.listOf types.int);
          default = [
            [ 900 1 ]
            [ 300 10 ]
            [ 60 10000 ]
          ];
        };
        slaveOf = nullable (
          types.submodule {
            options = {
              ip = mkOption { type = types.str; };
              port = mkOption {
                type = types.port;
                default = 6379;
              };
            };
          }
        );
        masterAuth = nullable types.str;
        masterAuthFile = nullable types.path;
        masterUser = nullable types.str;
        requirePass = nullable types.str;
        requirePassFile = nullable types.path;
        sentinelAuthPassFile = nullable types.path;
        sentinelAuthUser = nullable types.str;
        sentinelMasterHost = nullable types.str;
        sentinelMasterName = nullable types.str;
        sentinelMasterPort = nullable types.int;
        sentinelMasterQuorum = nullable types.int;
        appendOnly = flag false;
        appendFsync = text "everysec";
        slowLogLogSlowerThan = number 10000;
        slowLogMaxLen = number 128;
        # NixOS writes the options above into it, under the names of redis.conf.
        settings = mkOption {
          type = types.attrsOf (
            types.oneOf [
              types.bool
              types.int
              types.str
              (types.listOf types.str)
            ]
          );
          default = { };
        };
      };
      config.settings = lib.mkMerge [
        { inherit (config) port; }
        (mkIf (config.bind != null) { inherit (config) bind; })
        (mkIf (config.unixSocket != null) { unixsocket = config.unixSocket; })
        (mkIf (config.masterAuth != null) { masterauth = config.masterAuth; })
        (mkIf (config.requirePass != null) { requirepass = config.requirePass; })
      ];
    };

  # What was an option of the one server before there were several (21.11).
  formerly =
    name:
    lib.mkRenamedOptionModule
      [ "services" "redis" name ]
      [ "services" "redis" "servers" "" name ];

  running = lib.filterAttrs (_: server: server.enable) config.services.redis.servers;
in
{
  imports = map formerly [
    "enable"
    "port"
    "openFirewall"
    "bind"
    "unixSocket"
    "unixSocketPerm"
    "logLevel"
    "logfile"
    "syslog"
    "databases"
    "maxclients"
    "save"
    "slaveOf"
    "masterAuth"
    "requirePass"
    "requirePassFile"
    "appendOnly"
    "appendFsync"
    "slowLogLogSlowerThan"
    "slowLogMaxLen"
    "settings"
  ];

  options.services.redis = {
    package = mkOption {
      type = types.package;
      default = pkgs.redis;
    };
    vmOverCommit = flag true;
    servers = mkOption {
      type = types.attrsOf (types.submodule server);
      default = { };
    };
  };

  config = mkIf (running != { }) {
    networking.firewall.allowedTCPPorts = lib.concatMap (
      server: lib.optional server.openFirewall server.port
    ) (lib.attrValues running);
    users.users = lib.mapAttrs' (
      name: _:
      lib.nameValuePair (unitName name) {
        isSystemUser = true;
        group = unitName name;
      }
    ) running;
    users.groups = lib.mapAttrs' (name: _: lib.nameValuePair (unitName name) { }) running;
  };
}
