# Bridges and bots besides mautrix. Facts: nixpkgs nixos/modules/services/matrix/
# {appservice-irc,appservice-discord,hookshot,maubot,mjolnir,draupnir}.nix,
# nixos/modules/services/misc/heisenbridge.nix (2025).
{ config, lib, pkgs, ... }:

let
  inherit (lib) mkOption types;
  synapse = config.services.matrix-synapse;

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
  port =
    default:
    mkOption {
      type = types.port;
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
  required = type: mkOption { inherit type; };
  package =
    default:
    mkOption {
      type = types.package;
      inherit default;
    };
  units = mkOption {
    type = types.listOf types.str;
    default = lib.optional synapse.enable synapse.serviceUnit;
  };
  # Settings with some keys declared and any other allowed.
  settings =
    options:
    mkOption {
      type = types.submodule {
        freeformType = anyKey;
        inherit options;
      };
      default = { };
    };

  # An encrypting proxy in front of a bot.
  pantalaimon = mkOption {
    type = types.submodule {
      options = {
        enable = flag false;
        username = required types.str;
        passwordFile = nullable types.path;
        options = mkOption {
          type = anyKey;
          default = { };
        };
      };
    };
    default = { };
  };
  draupnir = name: [ "services" "draupnir" ] ++ name;
in
{
  # Draupnir's options were Mjolnir's at first.
  imports = [
    (lib.mkRenamedOptionModule (draupnir [ "dataPath" ]) (draupnir [ "settings" "dataPath" ]))
    (lib.mkRenamedOptionModule
      (draupnir [ "homeserverUrl" ])
      (draupnir [ "settings" "homeserverUrl" ])
    )
    (lib.mkRenamedOptionModule
      (draupnir [ "managementRoom" ])
      (draupnir [ "settings" "managementRoom" ])
    )
    (lib.mkRenamedOptionModule
      (draupnir [ "accessTokenFile" ])
      (draupnir [ "secrets" "accessToken" ])
    )
  ];

  options.services = {
    matrix-appservice-irc = {
      enable = flag false;
      package = package pkgs.matrix-appservice-irc;
      port = port 8009;
      needBindingCap = flag false;
      passwordEncryptionKeyLength = mkOption {
        type = types.int;
        default = 4096;
      };
      registrationUrl = required types.str;
      localpart = text "appservice-irc";
      settings = settings {
        homeserver = settings {
          url = required types.str;
          domain = required types.str;
        };
        database = settings {
          engine = text "nedb";
          connectionString = text "nedb://var/lib/matrix-appservice-irc/data";
        };
        ircService = settings {
          passwordEncryptionKeyPath = text "/var/lib/matrix-appservice-irc/passkey.pem";
          servers = required anyKey;
        };
      };
    };

    matrix-appservice-discord = {
      enable = flag false;
      package = package pkgs.matrix-appservice-discord;
      settings = mkOption rec {
        type = anyKey;
        default = {
          database.filename = "/var/lib/matrix-appservice-discord/discord.db";
          auth = {
            clientID = "";
            botToken = "";
          };
        };
        apply = lib.recursiveUpdate default;
      };
      environmentFile = nullable types.path;
      url = text "http://localhost:${toString config.services.matrix-appservice-discord.port}";
      port = port 9005;
      localpart = nullable types.str;
      serviceDependencies = units;
    };

    matrix-hookshot = {
      enable = flag false;
      package = package pkgs.matrix-hookshot;
      # Holds tokens.
      registrationFile = required types.path;
      settings = settings {
        passFile = mkOption {
          type = types.path;
          default = "/var/lib/matrix-hookshot/passkey.pem";
        };
      };
      serviceDependencies = units;
    };

    heisenbridge =
      let
        cfg = config.services.heisenbridge;
      in
      {
        enable = flag false;
        package = package pkgs.heisenbridge;
        homeserver = required types.str;
        registrationUrl = text "http://${cfg.address}:${toString cfg.port}";
        address = text "127.0.0.1";
        port = port 9898;
        debug = flag false;
        owner = nullable types.str;
        namespaces = mkOption {
          type = anyKey;
          default = {
            users = [
              {
                regex = "@irc_.*";
                exclusive = true;
              }
            ];
            aliases = [ ];
            rooms = [ ];
          };
        };
        identd.enable = flag false;
        identd.port = port 113;
        extraArgs = listOf types.str;
      };

    # nixos/modules/services/networking/mxisd.nix, which is no longer there.
    mxisd = {
      enable = flag false;
      package = package pkgs.ma1sd;
      dataDir = text "/var/lib/mxisd";
      environmentFile = nullable types.str;
      extraConfig = mkOption {
        type = types.attrs;
        default = { };
      };
      matrix.domain = required types.str;
      server.name = nullable types.str;
      server.port = nullable types.int;
    };

    maubot = {
      enable = flag false;
      package = package pkgs.maubot;
      plugins = listOf types.package;
      pythonPackages = listOf types.package;
      dataDir = text "/var/lib/maubot";
      # Holds the secrets; maubot writes to it.
      extraConfigFile = text "./config.yaml";
      configMutable = flag false;
      settings = settings {
        database = text "sqlite:maubot.db";
        crypto_database = text "default";
        server = settings {
          hostname = text "127.0.0.1";
          port = port 29316;
          ui_base_path = text "/_matrix/maubot";
        };
        homeservers = mkOption {
          type = anyKey;
          default."matrix.org".url = "https://matrix-client.matrix.org";
        };
        admins = mkOption {
          type = types.attrsOf types.str;
          default.root = "";
        };
      };
    };

    mjolnir = {
      enable = flag false;
      homeserverUrl = text "https://matrix.org";
      accessTokenFile = nullable types.path;
      inherit pantalaimon;
      dataPath = mkOption {
        type = types.path;
        default = "/var/lib/mjolnir";
      };
      managementRoom = text "#moderators:example.org";
      protectedRooms = listOf types.str;
      settings = settings { };
    };

    draupnir = {
      enable = flag false;
      package = package pkgs.draupnir;
      secrets = {
        accessToken = nullable types.path;
        pantalaimon.password = nullable types.path;
        web.synapseHTTPAntispam.authorization = nullable types.path;
      };
      settings = settings {
        homeserverUrl = required types.str;
        rawHomeserverUrl = text config.services.draupnir.settings.homeserverUrl;
        managementRoom = required types.str;
        dataPath = mkOption {
          type = types.path;
          default = "/var/lib/draupnir";
        };
      };
    };
  };

  config.users.users = lib.mkMerge (
    map
      (
        name:
        lib.mkIf config.services.${name}.enable {
          ${name} = {
            isSystemUser = true;
            group = name;
          };
        }
      )
      [
        "matrix-appservice-irc"
        "heisenbridge"
        "maubot"
        "mjolnir"
      ]
  );
}
