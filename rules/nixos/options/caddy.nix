# Caddy. Facts: nixpkgs nixos/modules/services/web-servers/caddy/{default,vhost-options}.nix (2025-H2).
{ config, lib, pkgs, ... }:

let
  inherit (lib) mkIf mkOption types;
  cfg = config.services.caddy;

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
  lines = mkOption {
    type = types.lines;
    default = "";
  };
  nullable =
    type:
    mkOption {
      type = types.nullOr type;
      default = null;
    };
  strings = mkOption {
    type = types.listOf types.str;
    default = [ ];
  };
  path =
    default:
    mkOption {
      type = types.path;
      inherit default;
    };
  nullablePort =
    default:
    mkOption {
      type = types.nullOr types.port;
      inherit default;
    };

  # Host names may carry a scheme and a port: `http://a.org:8080`.
  virtualHost =
    { name, config, ... }:
    {
      options = {
        hostName = text name;
        serverAliases = strings;
        listenAddresses = strings;
        useACMEHost = nullable types.str;
        logFormat = mkOption {
          type = types.nullOr types.lines;
          default = "output file ${cfg.logDir}/access-${
            lib.replaceStrings [ "/" " " ] [ "_" "_" ] config.hostName
          }.log\n";
        };
        extraConfig = lines;
      };
    };

  # Programs whose modules add a host, where users choose Caddy or it is chosen without them.
  # Facts: nixpkgs nixos/modules/services/{web-apps,mail/automx2.nix}.
  addingHosts = [
    "services.*.caddy"
    "services.*.configureCaddy"
    "services.*.enableCaddy"
    "services.*.reverseProxy"
    "services.*.virtualHost"
    "services.*.webserver"
    "services.dokuwiki"
    "services.drupal"
    "services.invoiceplane"
    "services.wordpress"
  ];
in
{
  imports = [
    (lib.mkRemovedOptionModule [ "services" "caddy" "agree" ] "Caddy 2 needs no agreement.")
    (lib.mkRenamedOptionModule [ "services" "caddy" "ca" ] [ "services" "caddy" "acmeCA" ])
    (lib.mkRenamedOptionModule [ "services" "caddy" "config" ] [ "services" "caddy" "extraConfig" ])
  ];

  options.services.caddy = {
    enable = flag false;
    package = mkOption {
      type = types.package;
      default = pkgs.caddy;
    };
    user = text "caddy";
    group = text "caddy";
    dataDir = path "/var/lib/caddy";
    logDir = path "/var/log/caddy";
    logFormat = mkOption {
      type = types.lines;
      default = "level ERROR\n";
    };
    # NixOS writes one from the options below; setting it goes around them.
    configFile = mkOption { type = types.path; };
    # Computed from `configFile`. `nullOr` on the outside would make null of no definition.
    adapter = mkOption { type = types.either types.str (types.nullOr types.str); };
    resume = flag false;
    # NixOS appends the mail address, the ACME server, the ports and the log format.
    globalConfig = lines;
    extraConfig = lines;
    virtualHosts = mkOption {
      type = types.attrsOf (types.submodule virtualHost);
      default = { };
    } // { definedElsewhere = addingHosts; };
    # If not empty, this replaces all the options around it.
    settings = mkOption {
      type = types.json;
      default = { };
    };
    acmeCA = nullable types.str;
    email = nullable types.str;
    httpPort = nullablePort 80;
    httpsPort = nullablePort 443;
    enableReload = flag true;
    environmentFile = nullable types.path;
    openFirewall = flag false;
  };

  config = mkIf cfg.enable {
    networking.firewall = mkIf cfg.openFirewall {
      allowedTCPPorts = lib.filter (port: port != null) [
        cfg.httpPort
        cfg.httpsPort
      ];
      allowedUDPPorts = lib.optional (cfg.httpsPort != null) cfg.httpsPort;
    };
    security.acme.certs = lib.listToAttrs (
      map
        (name: {
          inherit name;
          value.reloadServices = [ "caddy.service" ];
        })
        (
          lib.unique (
            lib.filter (name: name != null) (
              lib.mapAttrsToList (_: host: host.useACMEHost) cfg.virtualHosts
            )
          )
        )
    );
    users.users = mkIf (cfg.user == "caddy") {
      caddy = {
        group = cfg.group;
        home = cfg.dataDir;
        uid = 239;
      };
    };
    users.groups = mkIf (cfg.group == "caddy") { caddy.gid = 239; };
  };
}
