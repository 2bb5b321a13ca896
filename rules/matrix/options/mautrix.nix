# The mautrix bridges. Facts: nixpkgs nixos/modules/services/matrix/mautrix-*.nix (2025).
# They write their settings into the store after filling them up with defaults; only
# those defaults are listed that say who is spoken to, where it listens, and who may use it.
{ config, lib, pkgs, ... }:

let
  inherit (lib) mkIf mkOption types;
  inherit (config) services;
  synapse = services.matrix-synapse;

  flag =
    default:
    mkOption {
      type = types.bool;
      inherit default;
    };
  nullablePath = mkOption {
    type = types.nullOr types.path;
    default = null;
  };
  units = mkOption {
    type = types.listOf types.str;
    default = lib.optional synapse.enable synapse.serviceUnit;
  };
  settingsOver = addressedSettingsOver (settings: settings);
  addressedSettingsOver =
    finish: defaults:
    mkOption {
      type = types.json;
      default = defaults;
      apply = settings: finish (lib.recursiveUpdate defaults settings);
    };

  bridge = name: defaults: {
    enable = flag false;
    package = mkOption {
      type = types.package;
      default = pkgs."mautrix-${name}";
    };
    settings = settingsOver defaults;
    environmentFile = nullablePath;
    serviceDependencies = units;
    registerToSynapse = flag synapse.enable;
    dataDir = mkOption {
      type = types.path;
      default = "/var/lib/mautrix-${name}";
    };
  };

  # The bridge's account, and its registration with Synapse.
  running =
    name:
    let
      cfg = services."mautrix-${name}";
    in
    mkIf cfg.enable {
      services.matrix-synapse.settings.app_service_config_files = mkIf cfg.registerToSynapse [
        "${cfg.dataDir}/${name}-registration.yaml"
      ];
      users.users."mautrix-${name}" = {
        isSystemUser = true;
        group = "mautrix-${name}";
        home = cfg.dataDir;
      };
      users.groups."mautrix-${name}" = { };
    };

  homeserver = mkIf synapse.enable {
    homeserver.domain = lib.mkDefault synapse.settings.server_name;
  };

  names = [
    "telegram"
    "whatsapp"
    "signal"
    "discord"
  ];

  metaInstance =
    { name, config, ... }:
    let
      folder = "/var/lib/${config.dataDir}";
      # The address is made of the other two in the end.
      withAddress =
        settings:
        let
          inherit (settings.appservice) hostname port;
        in
        lib.recursiveUpdate { appservice.address = "http://${hostname}:${toString port}"; } settings;
    in
    {
      options = {
        enable = flag false;
        dataDir = mkOption {
          type = types.str;
          default = "mautrix-meta-${name}";
        };
        registrationFile = mkOption {
          type = types.path;
          default = "${folder}/meta-registration.yaml";
        };
        registerToSynapse = flag true;
        environmentFile = nullablePath;
        serviceDependencies = units;
        serviceUnit = mkOption {
          type = types.str;
          default = "mautrix-meta-${name}.service";
        };
        registrationServiceUnit = mkOption {
          type = types.str;
          default = "mautrix-meta-${name}-registration.service";
        };
        settings = addressedSettingsOver withAddress {
          homeserver = {
            software = "standard";
            domain = "";
            address = "";
          };
          appservice = {
            id = "";
            database = {
              type = "sqlite3-fk-wal";
              uri = "file:${folder}/mautrix-meta.db?_txlock=immediate";
            };
            bot.username = "";
            hostname = "localhost";
            port = 29319;
          };
          meta.mode = "";
          bridge.permissions = { };
        };
      };
    };

  metaInstances = lib.filterAttrs (_: instance: instance.enable) services.mautrix-meta.instances;
in
{
  options.services = {
    mautrix-telegram = bridge "telegram" {
      homeserver.software = "standard";
      appservice = {
        database = "sqlite:////var/lib/mautrix-telegram/mautrix-telegram.db";
        hostname = "0.0.0.0";
        port = 8080;
        address = "http://localhost:8080";
      };
      bridge = {
        permissions."*" = "relaybot";
        relaybot.whitelist = [ ];
        double_puppet_server_map = { };
        login_shared_secret_map = { };
      };
    };
    mautrix-whatsapp = bridge "whatsapp" {
      homeserver.address = "http://localhost:8448";
      database = {
        type = "sqlite3-fk-wal";
        uri = "file:/var/lib/mautrix-whatsapp/mautrix-whatsapp.db?_txlock=immediate";
      };
      appservice = {
        hostname = "[::]";
        port = 29318;
        id = "whatsapp";
        as_token = "";
        hs_token = "";
      };
      bridge.permissions."*" = "relay";
      double_puppet = {
        servers = { };
        secrets = { };
      };
      encryption.pickle_key = "";
      provisioning.shared_secret = "";
      public_media.signing_key = "";
      direct_media.server_key = "";
    };
    mautrix-signal = bridge "signal" {
      homeserver.address = "http://localhost:8448";
      database = {
        type = "sqlite3";
        uri = "file:/var/lib/mautrix-signal/mautrix-signal.db?_txlock=immediate";
      };
      appservice = {
        hostname = "[::]";
        port = 29328;
        id = "signal";
        as_token = "";
        hs_token = "";
      };
      bridge.permissions."*" = "relay";
      double_puppet = {
        servers = { };
        secrets = { };
      };
      encryption.pickle_key = "";
      provisioning.shared_secret = "";
      public_media.signing_key = "";
      direct_media.server_key = "";
    };
    mautrix-discord = bridge "discord" {
      homeserver = {
        address = "";
        domain = "";
      };
      appservice = {
        address = "http://localhost:29334";
        hostname = "0.0.0.0";
        port = 29334;
        database = {
          type = "sqlite3";
          uri = "file:/var/lib/mautrix-discord/mautrix-discord.db?_txlock=immediate";
        };
        id = "discord";
        # NixOS puts a sentence here that stands for "not generated yet".
        as_token = "";
        hs_token = "";
      };
      bridge.permissions."*" = "relay";
    };
    mautrix-meta = {
      package = mkOption {
        type = types.package;
        default = pkgs.mautrix-meta;
      };
      instances = mkOption {
        type = types.attrsOf (types.submodule metaInstance);
        default = { };
      };
    };
  };

  config = lib.mkMerge (
    map running names
    ++ [
      (mkIf services.mautrix-whatsapp.enable { services.mautrix-whatsapp.settings = homeserver; })
      (mkIf services.mautrix-signal.enable { services.mautrix-signal.settings = homeserver; })
      (mkIf (metaInstances != { }) {
        services.matrix-synapse.settings.app_service_config_files = lib.mapAttrsToList (
          _: instance: instance.registrationFile
        ) (lib.filterAttrs (_: instance: instance.registerToSynapse) metaInstances);
        users.users = lib.mapAttrs' (
          name: _:
          lib.nameValuePair "mautrix-meta-${name}" {
            isSystemUser = true;
            group = "mautrix-meta";
          }
        ) metaInstances;
        users.groups.mautrix-meta = { };
      })
    ]
  );
}
