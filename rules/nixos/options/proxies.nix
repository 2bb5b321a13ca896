# Reverse proxies besides nginx and Caddy: whether they run, and what they are told.
# Facts: nixpkgs nixos/modules/services/web-servers/{traefik,apache-httpd},
# nixos/modules/services/networking/{haproxy,cloudflared,tor}.nix,
# nixos/modules/services/{web-servers/nginx/tailscale-auth,security/oauth2-proxy-nginx}.nix.
{ config, lib, pkgs, ... }:

let
  inherit (lib) mkOption types;

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
  nullable =
    type:
    mkOption {
      type = types.nullOr type;
      default = null;
    };
  lines = mkOption {
    type = types.lines;
    default = "";
  };
  strings = mkOption {
    type = types.listOf types.str;
    default = [ ];
  };
  settings = mkOption {
    type = types.attrsOf types.anything;
    default = { };
  };
  package =
    default:
    mkOption {
      type = types.package;
      inherit default;
    };

  # Apache's locations know a few of nginx's options and take the rest as text.
  httpdLocation = {
    freeformType = types.attrsOf types.anything;
    options = {
      proxyPass = nullable types.str;
      index = nullable types.str;
      alias = nullable types.path;
      extraConfig = lines;
      priority = mkOption {
        type = types.int;
        default = 1000;
      };
    };
  };

  httpdHost =
    { name, ... }:
    {
      freeformType = types.attrsOf types.anything;
      options = {
        hostName = text name;
        serverAliases = strings;
        listen = mkOption {
          type = types.listOf types.anything;
          default = [ ];
        };
        listenAddresses = mkOption {
          type = types.listOf types.str;
          default = [ "*" ];
        };
        addSSL = flag false;
        onlySSL = flag false;
        forceSSL = flag false;
        enableACME = flag false;
        useACMEHost = nullable types.str;
        acmeRoot = mkOption {
          type = types.nullOr types.str;
          default = "/var/lib/acme/acme-challenge";
        };
        sslServerCert = mkOption { type = types.path; };
        sslServerKey = mkOption { type = types.path; };
        sslServerChain = nullable types.path;
        http2 = flag true;
        adminAddr = nullable types.str;
        documentRoot = nullable types.path;
        servedDirs = mkOption {
          type = types.listOf types.anything;
          default = [ ];
        };
        servedFiles = mkOption {
          type = types.listOf types.anything;
          default = [ ];
        };
        globalRedirect = nullable types.str;
        logFormat = text "common";
        robotsEntries = lines;
        extraConfig = lines;
        locations = mkOption {
          type = types.attrsOf (types.submodule httpdLocation);
          default = { };
        };
      };
    };

  tunnel = {
    freeformType = types.attrsOf types.anything;
    options = {
      credentialsFile = mkOption { type = types.path; };
      # A host name and what answers it; wildcards allowed.
      ingress = mkOption {
        type = types.attrsOf types.anything;
        default = { };
      };
      default = nullable types.str;
      warp-routing.enabled = nullable types.bool;
    };
  };

  # Programs whose modules add a host to Apache. Facts: nixpkgs nixos/modules/services/{web-apps/{limesurvey,
  # mediawiki,moodle,wordpress,zabbix},monitoring/nagios}.nix.
  addingHosts = [
    "services.*.httpd"
    "services.*.virtualHost"
    "services.*.webserver"
    "services.limesurvey"
    "services.mediawiki"
    "services.moodle"
    "services.nagios"
    "services.wordpress"
    "services.zabbixWeb"
  ];
in
{
  # Logins in front of nginx's virtual hosts, named by attribute.
  options.services.nginx.tailscaleAuth = {
    enable = flag false;
    virtualHosts = strings;
  };
  # A list of names was allowed once.
  options.services.oauth2-proxy.nginx.virtualHosts = mkOption {
    type = types.coercedTo (types.listOf types.str) (names: lib.genAttrs names (_: { })) (
      types.attrsOf types.anything
    );
    default = { };
  };

  options.services = {
    traefik = {
      enable = flag false;
      package = package pkgs.traefik;
      dataDir = mkOption {
        type = types.path;
        default = "/var/lib/traefik";
      };
      group = text "traefik";
      staticConfigFile = nullable types.path;
      staticConfigOptions = mkOption {
        type = types.attrsOf types.anything;
        default.entryPoints.http.address = ":80";
      };
      dynamicConfigFile = nullable types.path;
      dynamicConfigOptions = settings;
      environmentFiles = mkOption {
        type = types.listOf types.path;
        default = [ ];
      };
    };

    haproxy = {
      enable = flag false;
      package = package pkgs.haproxy;
      user = text "haproxy";
      group = text "haproxy";
      config = nullable types.lines;
    };

    httpd = {
      enable = flag false;
      package = package pkgs.apacheHttpd;
      adminAddr = nullable types.str;
      user = text "wwwrun";
      group = text "wwwrun";
      extraConfig = lines;
      extraModules = mkOption {
        type = types.listOf types.anything;
        default = [ ];
      };
      virtualHosts = mkOption {
        type = types.attrsOf (types.submodule httpdHost);
        default.localhost.documentRoot = "${config.services.httpd.package.out}/htdocs";
      } // { definedElsewhere = addingHosts; };
    };

    cloudflared = {
      enable = flag false;
      package = package pkgs.cloudflared;
      tunnels = mkOption {
        type = types.attrsOf (types.submodule tunnel);
        default = { };
      };
    };

    tor = {
      enable = flag false;
      relay.onionServices = settings;
      settings = settings;
    };
  };
}
