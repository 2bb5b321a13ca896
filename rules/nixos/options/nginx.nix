# nginx: the server, its virtual hosts and their locations.
# Facts: nixpkgs nixos/modules/services/web-servers/nginx/{default,vhost-options,
# location-options}.nix (2026, with the uwsgi options).
{ config, lib, pkgs, ... }:

let
  inherit (lib) mkDefault mkIf mkOption types;
  cfg = config.services.nginx;

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
  port =
    default:
    mkOption {
      type = types.port;
      inherit default;
    };
  passwords = mkOption {
    type = types.attrsOf types.str;
    default = { };
  };

  # One entry of `listen`, or of the server's `defaultListen` with `ssl` left open.
  listenEntry = ssl: {
    options = {
      addr = mkOption { type = types.str; };
      port = nullable types.port;
      inherit ssl;
      proxyProtocol = flag false;
      extraParameters = strings;
    };
  };

  location = {
    options = {
      proxyPass = nullable types.str;
      proxyWebsockets = flag false;
      recommendedProxySettings = flag cfg.recommendedProxySettings;
      uwsgiPass = nullable types.str;
      recommendedUwsgiSettings = flag cfg.recommendedUwsgiSettings;
      root = nullable types.path;
      alias = nullable types.path;
      index = nullable types.str;
      tryFiles = nullable types.str;
      return = nullable (types.either types.str types.int);
      basicAuth = passwords;
      basicAuthFile = nullable types.path;
      fastcgiParams = mkOption {
        type = types.attrsOf (types.either types.str types.path);
        default = { };
      };
      extraConfig = lines;
      # Only orders the blocks in the file.
      priority = mkOption {
        type = types.int;
        default = 1000;
      };
    };
  };

  virtualHost = {
    options = {
      # null: the attribute name is the server name.
      serverName = nullable types.str;
      serverAliases = strings;
      # If not empty, this replaces what the ssl flags would listen on.
      listen = mkOption {
        type = types.listOf (types.submodule (listenEntry (flag false)));
        default = [ ];
      };
      listenAddresses = strings;
      default = flag false;

      enableACME = flag false;
      useACMEHost = nullable types.str;
      acmeRoot = mkOption {
        type = types.nullOr types.str;
        default = "/var/lib/acme/acme-challenge";
      };
      acmeFallbackHost = nullable types.str;
      addSSL = flag false;
      onlySSL = flag false;
      forceSSL = flag false;
      # The old name of onlySSL, still read.
      enableSSL = flag false;
      rejectSSL = flag false;
      sslCertificate = mkOption { type = types.path; };
      sslCertificateKey = mkOption { type = types.path; };
      sslTrustedCertificate = nullable types.path;
      kTLS = flag false;
      http2 = flag true;
      http3 = flag true;
      http3_hq = flag false;
      quic = flag false;
      multipath = flag false;
      reuseport = flag false;

      root = nullable types.path;
      globalRedirect = nullable types.str;
      redirectCode = mkOption {
        type = types.int;
        default = 301;
      };
      basicAuth = passwords;
      basicAuthFile = nullable types.path;
      extraConfig = lines;
      locations = mkOption {
        type = types.attrsOf (types.submodule location);
        default = { };
      };
    };
  };

  upstream = {
    options = {
      servers = mkOption {
        type = types.attrsOf (
          types.submodule {
            freeformType = types.attrsOf types.anything;
            options.backup = flag false;
          }
        );
        default = { };
      };
      extraConfig = lines;
    };
  };

  cachePath = {
    options = {
      enable = flag false;
      keysZoneName = text "cache";
      keysZoneSize = text "10m";
      levels = text "1:2";
      useTempPath = flag false;
      inactive = text "10m";
      maxSize = text "1g";
    };
  };

  # Programs whose modules add a host as soon as they are enabled, and say its name in an option below where they have
  # one of these. Facts: nixpkgs nixos/modules/services/{web-apps,video,networking,…}.
  programs = [
    "agorakit"
    "akkoma"
    "anuko-time-tracker"
    "baikal"
    "bookstack"
    "castopod"
    "cryptpad"
    "davis"
    "discourse"
    "firefly-iii"
    "fluidd"
    "freshrss"
    "frigate"
    "gancio"
    "goupile"
    "grocy"
    "icingaweb2"
    "jirafeau"
    "jitsi-meet"
    "kimai"
    "librenms"
    "mainsail"
    "matomo"
    "mobilizon"
    "monica"
    "nextcloud"
    "nominatim"
    "onlyoffice"
    "part-db"
    "pgpkeyserver-lite"
    "postfixadmin"
    "pretalx"
    "pretix"
    "roundcube"
    "rss-bridge"
    "snipe-it"
    "sogo"
    "tt-rss"
    "weblate"
    "zabbixWeb"
    "zoneminder"
  ];
  # Those that add hosts of other names, too, or name them with other options.
  others = [
    "automx2"
    "awstats"
    "canaille"
    "cgit"
    "cloudlog"
    "dokuwiki"
    "dolibarr"
    "drupal"
    "engelsystem"
    "ente"
    "fedimintd"
    "flarum"
    "freescout"
    "froide-govplan"
    "grav"
    "inventree"
    "invoiceplane"
    "kanboard"
    "librespeed"
    "mediagoblin"
    "movim"
    "odoo"
    "pixelfed"
    "restya-board"
    "simplesamlphp"
    "smokeping"
    "strichliste"
    "sympa"
    "wordpress"
  ];
  addingHosts = {
    asked = map (name: "services.${name}.enable") programs ++ map (name: "services.${name}") others ++ [
      "services.*.configureNginx"
      "services.*.enableNginx"
      "services.*.nginx"
      "services.*.nginxVirtualHost"
      "services.*.reverseProxy"
      "services.*.setupNginx"
      "services.*.virtualHost"
      "services.*.webserver"
      "services.firefox-syncserver.singleNode.enableNginx"
      "services.mailman.serve.enable"
      "services.netbird.server.*.enableNginx"
      "services.netbird.server.enable"
      "services.nginx.gitweb.enable"
      "services.nginx.tailscaleAuth"
      "services.radicle.httpd.nginx"
      "services.tailscale.derper.enable"
    ];
    names = [
      "hostName"
      "hostname"
      "localDomain"
      "nginx.hostName"
      "nginxVirtualHost"
      "settings.hostname"
      "vhostName"
      "virtualHost"
    ];
  };

  # Hosts with a certificate of their own name; those with `useACMEHost` borrow one.
  certifiedHosts = lib.filter (host: host.enableACME && host.useACMEHost == null) (
    lib.mapAttrsToList (
      name: host: host // { serverName = if host.serverName != null then host.serverName else name; }
    ) cfg.virtualHosts
  );
in
{
  options.services.nginx = {
    enable = flag false;
    package = mkOption {
      type = types.package;
      default = pkgs.nginxStable;
    };
    additionalModules = mkOption {
      type = types.listOf types.anything;
      default = [ ];
    };
    user = text "nginx";
    group = text "nginx";
    enableReload = flag false;
    enableQuicBPF = flag false;
    validateConfigFile = flag true;
    preStart = lines;
    logError = text "stderr";

    # Whole files or blocks in nginx's language: each goes around the options below.
    config = text "";
    appendConfig = lines;
    prependConfig = lines;
    eventsConfig = lines;
    httpConfig = lines;
    streamConfig = lines;
    commonHttpConfig = lines;
    appendHttpConfig = lines;

    recommendedProxySettings = flag false;
    recommendedTlsSettings = flag false;
    recommendedOptimisation = flag false;
    recommendedGzipSettings = flag false;
    recommendedBrotliSettings = flag false;
    recommendedUwsgiSettings = flag false;
    experimentalZstdSettings = flag false;
    proxyTimeout = text "60s";
    uwsgiTimeout = text "60s";
    proxyResolveWhileRunning = flag false;
    uwsgiResolveWhileRunning = flag false;
    clientMaxBodySize = text "10m";
    serverTokens = flag false;
    statusPage = flag false;

    defaultHTTPListenPort = port 80;
    defaultSSLListenPort = port 443;
    defaultListen = mkOption {
      type = types.listOf (types.submodule (listenEntry (nullable types.bool)));
      default = [ ];
    };
    defaultListenAddresses = mkOption {
      type = types.listOf types.str;
      default = [ "0.0.0.0" ] ++ lib.optional config.networking.enableIPv6 "[::0]";
    };
    defaultMimeTypes = mkOption {
      type = types.path;
      default = "${pkgs.mailcap}/etc/nginx/mime.types";
    };
    sslProtocols = text "TLSv1.2 TLSv1.3";
    # A list since 2026, one string before. `nullOr` on the outside would make null of none.
    sslCiphers = mkOption { type = types.either (types.nullOr types.str) (types.listOf types.str); };
    sslDhparam = mkOption { type = types.anything; };
    resolver = mkOption {
      type = types.submodule {
        options = {
          addresses = strings;
          valid = text "";
          ipv4 = flag true;
          ipv6 = flag config.networking.enableIPv6;
        };
      };
      default = { };
    };
    mapHashBucketSize = nullable types.int;
    mapHashMaxSize = nullable types.int;
    serverNamesHashBucketSize = nullable types.int;
    serverNamesHashMaxSize = nullable types.int;
    typesHashMaxSize = mkOption { type = types.int; };
    lua = mkOption {
      type = types.attrsOf types.anything;
      default = { };
    };

    proxyCachePath = mkOption {
      type = types.attrsOf (types.submodule cachePath);
      default = { };
    };
    upstreams = mkOption {
      type = types.attrsOf (types.submodule upstream);
      default = { };
    };
    virtualHosts = mkOption {
      type = types.attrsOf (types.submodule virtualHost);
      # Where nginx is enabled NixOS defines the host of its status page: also where nobody asks for the
      # page, and the definition says nothing, it takes the default's place. Said here, and not by a
      # definition, it is asked only where there is no other: older releases have none, and with
      # them nginx could be enabled where there are hosts.
      default = if cfg.enable then { } else { localhost = { }; };
    } // { definedElsewhere = addingHosts; };
  };

  config = lib.mkMerge [
    {
      services.nginx.virtualHosts = mkIf (cfg.statusPage && cfg.enable) {
        localhost = {
          serverAliases = [ "127.0.0.1" ] ++ lib.optional config.networking.enableIPv6 "[::1]";
          listenAddresses = mkDefault ([ "0.0.0.0" ] ++ lib.optional config.networking.enableIPv6 "[::]");
          locations."/nginx_status".extraConfig = lib.concatLines [
            "stub_status on;"
            "access_log off;"
            "allow 127.0.0.1;"
            (lib.optionalString config.networking.enableIPv6 "allow ::1;")
            "deny all;"
          ];
        };
      };
    }
    (mkIf cfg.enable {
      security.acme.certs = lib.listToAttrs (
        map (host: {
          name = host.serverName;
          value = {
            extraDomainNames = host.serverAliases;
            group = mkDefault cfg.group;
            webroot = lib.mkOverride (if host.acmeRoot != null then 1000 else 2000) host.acmeRoot;
          };
        }) certifiedHosts
      );
      users.users = mkIf (cfg.user == "nginx") {
        nginx = {
          group = cfg.group;
          isSystemUser = true;
          uid = 60;
        };
      };
      users.groups = mkIf (cfg.group == "nginx") { nginx.gid = 60; };
    })
  ];
}
