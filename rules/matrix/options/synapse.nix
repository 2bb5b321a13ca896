# Synapse. Facts: nixpkgs nixos/modules/services/matrix/synapse.nix (02d79c9c, 2025-H2).
# Its removed options are not declared: ../removed-options.nix lists them.
{ config, lib, pkgs, ... }:

let
  inherit (lib) mkDefault mkIf mkOption types;
  cfg = config.services.matrix-synapse;
  hasWorkers = cfg.workers != { };

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
  path =
    default:
    mkOption {
      type = types.path;
      inherit default;
    };
  nullable =
    type:
    mkOption {
      type = types.nullOr type;
      default = null;
    };
  listOf =
    type:
    mkOption {
      type = types.listOf type;
      default = [ ];
    };

  # Whatever Synapse's YAML may hold.
  anyKey = types.json;

  resource = {
    options = {
      # Of: client consent federation health keys media metrics openid replication static.
      names = mkOption { type = types.listOf types.str; };
      compress = flag false;
    };
  };

  # `worker` tells a worker's listeners from those of the main process.
  listener =
    worker:
    { config, ... }:
    let
      socket = config.path != null;
    in
    {
      options = {
        port = nullable types.port;
        bind_addresses = mkOption {
          type = types.nullOr (types.listOf types.str);
          default =
            if socket then
              null
            else
              [
                "::1"
                "127.0.0.1"
              ];
        };
        path = nullable types.path;
        # Written in octal; YAML gets the number.
        mode = mkOption {
          type = types.nullOr types.str;
          default = if socket then "660" else null;
          apply =
            mode:
            if mode == null then
              null
            else
              lib.foldl (sum: digit: sum * 8 + lib.toInt digit) 0 (lib.stringToCharacters mode);
        };
        type = mkOption {
          type = types.enum [
            "http"
            "manhole"
            "metrics"
            "replication"
          ];
          default = "http";
        };
        tls = mkOption {
          type = types.nullOr types.bool;
          default = if socket then null else !worker;
        };
        x_forwarded = flag socket;
        resources = mkOption { type = types.listOf (types.submodule resource); };
      };
    };

  worker =
    { name, ... }:
    {
      freeformType = anyKey;
      options = {
        worker_app = mkOption {
          type = types.enum [
            "synapse.app.generic_worker"
            "synapse.app.media_repository"
          ];
          default = "synapse.app.generic_worker";
        };
        worker_listeners = listOf (types.submodule (listener true));
        worker_log_config = path (logFile "synapse-${name}");
      };
    };

  logFile =
    name:
    (pkgs.formats.yaml { }).generate "synapse-log-${name}.yaml" (
      lib.recursiveUpdate cfg.log (
        lib.optionalAttrs (cfg.log ? handlers.journal) {
          handlers.journal = cfg.log.handlers.journal // {
            SYSLOG_IDENTIFIER = name;
          };
        }
      )
    );

  settings = {
    freeformType = anyKey;
    options = {
      server_name = text config.networking.hostName;
      public_baseurl = nullable types.str;
      enable_registration = flag false;
      registration_shared_secret = nullable types.str;
      macaroon_secret_key = nullable types.str;
      enable_metrics = flag false;
      report_stats = flag false;
      presence.enabled = flag true;

      pid_file = path "/run/matrix-synapse.pid";
      signing_key_path = path "${cfg.dataDir}/homeserver.signing.key";
      log_config = path (logFile "synapse");
      media_store_path = path (
        if lib.versionAtLeast config.system.stateVersion "22.05" then
          "${cfg.dataDir}/media_store"
        else
          "${cfg.dataDir}/media"
      );
      tls_certificate_path = nullable types.str;
      tls_private_key_path = nullable types.str;

      # Defining it replaces all of this, the replication socket too.
      listeners = mkOption {
        type = types.listOf (types.submodule (listener false));
        default = [
          {
            port = 8008;
            bind_addresses = [ "127.0.0.1" ];
            type = "http";
            tls = false;
            x_forwarded = true;
            resources = [
              {
                names = [ "client" ];
                compress = true;
              }
              {
                names = [ "federation" ];
                compress = false;
              }
            ];
          }
        ]
        ++ lib.optional hasWorkers {
          path = "/run/matrix-synapse/main_replication.sock";
          type = "http";
          resources = [
            {
              names = [ "replication" ];
              compress = false;
            }
          ];
        };
      };

      database.name = mkOption {
        type = types.enum [
          "sqlite3"
          "psycopg2"
        ];
        default = if lib.versionAtLeast config.system.stateVersion "18.03" then "psycopg2" else "sqlite3";
      };
      database.args.database = text (
        if cfg.settings.database.name == "sqlite3" then "${cfg.dataDir}/homeserver.db" else "matrix-synapse"
      );
      database.args.user = mkOption {
        type = types.nullOr types.str;
        default = if cfg.settings.database.name == "sqlite3" then null else "matrix-synapse";
      };

      url_preview_enabled = flag true;
      url_preview_ip_range_blacklist = mkOption {
        type = types.listOf types.str;
        default = [
          "10.0.0.0/8"
          "100.64.0.0/10"
          "127.0.0.0/8"
          "169.254.0.0/16"
          "172.16.0.0/12"
          "192.0.0.0/24"
          "192.0.2.0/24"
          "192.168.0.0/16"
          "192.88.99.0/24"
          "198.18.0.0/15"
          "198.51.100.0/24"
          "2001:db8::/32"
          "203.0.113.0/24"
          "224.0.0.0/4"
          "::1/128"
          "fc00::/7"
          "fe80::/10"
          "fec0::/10"
          "ff00::/8"
        ];
      };
      url_preview_ip_range_whitelist = listOf types.str;
      url_preview_url_blacklist = listOf (types.attrsOf types.str);
      max_upload_size = text "50M";
      max_image_pixels = text "32M";
      dynamic_thumbnails = flag false;

      turn_uris = listOf types.str;
      turn_shared_secret = text "";

      trusted_key_servers = mkOption {
        type = types.listOf (
          types.submodule {
            freeformType = anyKey;
            options.server_name = mkOption { type = types.str; };
          }
        );
        # matrix.org's public key.
        default = [
          {
            server_name = "matrix.org";
            verify_keys."ed25519:auto" = "Noi6WqcDj0QmPxCNQqgezwTlBKrfqehY1u2FyWP9uYw";
          }
        ];
      };
      app_service_config_files = listOf types.path;
      redis = mkOption {
        type = types.submodule {
          freeformType = anyKey;
          options.enabled = flag false;
        };
        default = { };
      };
    };
  };
  # Earlier releases have others, none of which a rule asks for.
  extras = [
    "systemd"
    "postgres"
    "url-preview"
  ];
in
{
  # Renamed from `matrix-synapse.sliding-sync`, then removed (nixos/modules/rename.nix).
  options.services.matrix-sliding-sync = mkOption { type = types.attrsOf types.anything; };

  options.services.matrix-synapse = {
    enable = flag false;
    # On whenever the client listener is on TCP.
    enableRegistrationScript = mkOption { type = types.bool; };
    # These three are the module's to set.
    serviceUnit = mkOption { type = types.str; };
    configFile = path ((pkgs.formats.yaml { }).generate "homeserver.yaml" cfg.settings);
    package = mkOption { type = types.package; };
    # Once as the default and once as a definition, so that a definition of the user's adds to it.
    extras = mkOption {
      type = types.listOf types.str;
      default = extras;
    };
    plugins = listOf types.package;
    # false before 24.11.
    withJemalloc = flag true;
    dataDir = text "/var/lib/matrix-synapse";
    log = mkOption {
      type = types.attrsOf types.json;
      default = { };
    };
    settings = mkOption {
      type = types.submodule settings;
      default = { };
    };
    workers = mkOption {
      type = types.attrsOf (types.submodule worker);
      default = { };
    };
    extraConfigFiles = listOf types.path;
    configureRedisLocally = flag false;

    # Gone since NixOS 22.05, with all others of ../removed-options.nix. Where these are
    # still written, they hold secrets.
    database_args = mkOption {
      type = types.attrsOf types.anything;
      default = { };
    };
    macaroon_secret_key = nullable types.str;
    recaptcha_private_key = nullable types.str;
    registration_shared_secret = nullable types.str;
    turn_shared_secret = nullable types.str;
  };

  config = mkIf cfg.enable {
    services.matrix-synapse = {
      serviceUnit = if hasWorkers then "matrix-synapse.target" else "matrix-synapse.service";
      inherit extras;
      log = {
        version = mkDefault 1;
        formatters.journal_fmt.format = mkDefault "%(name)s: [%(request)s] %(message)s";
        handlers.journal = {
          class = mkDefault "systemd.journal.JournalHandler";
          formatter = mkDefault "journal_fmt";
        };
        root = {
          level = mkDefault "INFO";
          handlers = mkDefault [ "journal" ];
        };
        disable_existing_loggers = mkDefault false;
      };
      settings.redis = mkIf cfg.configureRedisLocally {
        enabled = true;
        path = config.services.redis.servers.matrix-synapse.unixSocket;
      };
      settings.instance_map.main = mkIf hasWorkers (mkDefault {
        path = "/run/matrix-synapse/main_replication.sock";
      });
    };

    services.redis.servers.matrix-synapse = mkIf cfg.configureRedisLocally {
      enable = true;
      user = "matrix-synapse";
    };

    users.users.matrix-synapse = {
      group = "matrix-synapse";
      home = cfg.dataDir;
      createHome = true;
      uid = 224;
    };
    users.groups.matrix-synapse.gid = 224;
  };
}
