# Expected defaults, and what our declarations say. See check.sh.
{ nixpkgsLib, ours ? false }:

let
  nixpkgs = import nixpkgsLib;
  lib = if ours then import ../library/ours.nix { inherit nixpkgs; } else nixpkgs;
  evaluate = import ./evaluate.nix { inherit nixpkgsLib lib; };
  config = modules: (evaluate modules).config;
  # The value, or "<throws>".
  attempt = value: (builtins.tryEval (builtins.deepSeq value value)).value;

  named = { networking = { hostName = "host"; domain = "example.org"; }; };
  synapse = { services.matrix-synapse.enable = true; system.stateVersion = "24.05"; };
  S = modules: (config ([ synapse ] ++ modules)).services.matrix-synapse.settings;
  vhost = module: (config [ { services.nginx.virtualHosts.a = module; } ]).services.nginx.virtualHosts.a;
  throws = value: !(builtins.tryEval (builtins.deepSeq value value)).success;

  # Name: what our declarations say, and what NixOS says.
  cases = {
    hostName = [ (config [ ]).networking.hostName "nixos" ];
    domain = [ (config [ ]).networking.domain null ];
    "fqdn without domain" = [ (throws (config [ ]).networking.fqdn) true ];
    fqdn = [ (config [ named ]).networking.fqdn "host.example.org" ];
    fqdnOrHostName = [ (config [ ]).networking.fqdnOrHostName "nixos" ];
    "fqdn, set" = [ (config [ { networking.fqdn = "a.b"; } ]).networking.fqdn "a.b" ];
    hostPlatform = [
      (
        let
          inherit (config [ { nixpkgs.hostPlatform = "aarch64-linux"; } ]) nixpkgs;
        in
        map (platform: [ platform.system platform.isLinux platform.isx86_64 platform.linuxArch ]) [
          nixpkgs.hostPlatform
          nixpkgs.buildPlatform
        ]
      )
      [
        [ "aarch64-linux" true false "arm64" ]
        [ "aarch64-linux" true false "arm64" ]
      ]
    ];
    "extras, Synapse off" = [
      (config [ ]).services.matrix-synapse.extras
      [ "systemd" "postgres" "url-preview" ]
    ];
    "extras, with one of the user's" = [
      (config [ synapse { services.matrix-synapse.extras = [ "oidc" ]; } ]).services.matrix-synapse.extras
      [ "oidc" "systemd" "postgres" "url-preview" ]
    ];
    "sslCiphers, of the release" = [ (throws (config [ ]).services.nginx.sslCiphers) true ];
    server_name = [ (S [ named ]).server_name "host" ];
    public_baseurl = [ (S [ ]).public_baseurl null ];
    listeners = [
      (S [ ]).listeners
      [
        {
          bind_addresses = [ "127.0.0.1" ];
          mode = null;
          path = null;
          port = 8008;
          resources = [
            { compress = true; names = [ "client" ]; }
            { compress = false; names = [ "federation" ]; }
          ];
          tls = false;
          type = "http";
          x_forwarded = true;
        }
      ]
    ];
    "listeners with workers" = [
      (map (l: [ l.path l.mode l.tls l.x_forwarded l.bind_addresses ])
        (lib.tail (S [ { services.matrix-synapse.workers.w = { }; } ]).listeners))
      [ [ "/run/matrix-synapse/main_replication.sock" 432 null true null ] ]
    ];
    "own listener" = [
      (map (l: [ l.bind_addresses l.tls l.x_forwarded ])
        (S [ { services.matrix-synapse.settings.listeners = [ { port = 1; resources = [ ]; } ]; } ]).listeners)
      [ [ [ "::1" "127.0.0.1" ] true false ] ]
    ];
    "worker listener" = [
      (map (l: l.tls)
        (config [ synapse { services.matrix-synapse.workers.w.worker_listeners = [ { port = 1; resources = [ ]; } ]; } ]
        ).services.matrix-synapse.workers.w.worker_listeners)
      [ false ]
    ];
    instance_map = [
      (S [ { services.matrix-synapse.workers.w = { }; } ]).instance_map
      { main.path = "/run/matrix-synapse/main_replication.sock"; }
    ];
    database = [
      (S [ ]).database
      { name = "psycopg2"; args = { database = "matrix-synapse"; user = "matrix-synapse"; }; }
    ];
    sqlite = [
      (S [ { services.matrix-synapse.settings.database.name = "sqlite3"; } ]).database.args
      { database = "/var/lib/matrix-synapse/homeserver.db"; user = null; }
    ];
    media = [ (S [ ]).media_store_path "/var/lib/matrix-synapse/media_store" ];
    "media, old" = [ (S [ { system.stateVersion = lib.mkForce "21.11"; } ]).media_store_path "/var/lib/matrix-synapse/media" ];
    "state version unset" = [
      (throws (config [ { services.matrix-synapse.enable = true; } ]).services.matrix-synapse.settings.media_store_path)
      true
    ];
    ranges = [ (lib.length (S [ ]).url_preview_ip_range_blacklist) 19 ];
    "redis, local" = [
      (S [ { services.matrix-synapse.configureRedisLocally = true; } ]).redis
      { enabled = true; path = "/run/redis-matrix-synapse/redis.sock"; }
    ];
    "free setting" = [
      (S [ { services.matrix-synapse.settings.turn_shared_secret_path = "/x"; } ]).turn_shared_secret_path
      "/x"
    ];
    "removed option" = [
      (lib.count (a: !a.assertion && lib.hasInfix "server_name" a.message) (config [ { services.matrix-synapse.server_name = "a"; } ]).assertions)
      1
    ];
    "log level" = [ (config [ synapse ]).services.matrix-synapse.log.root.level "INFO" ];

    "vhost names" = [ (let v = vhost { }; in [ v.serverName v.serverAliases v.listen v.root ]) [ null [ ] [ ] null ] ];
    "vhost tls" = [
      (let v = vhost { }; in [ v.forceSSL v.addSSL v.onlySSL v.enableACME v.useACMEHost v.http2 ])
      [ false false false false null true ]
    ];
    "certificate missing" = [ (throws (vhost { }).sslCertificate) true ];
    location = [
      (vhost { locations."/" = { }; }).locations."/"
      {
        alias = null;
        basicAuth = { };
        basicAuthFile = null;
        extraConfig = "";
        fastcgiParams = { };
        index = null;
        priority = 1000;
        proxyPass = null;
        proxyWebsockets = false;
        recommendedProxySettings = false;
        recommendedUwsgiSettings = false;
        return = null;
        root = null;
        tryFiles = null;
        uwsgiPass = null;
      }
    ];
    "proxy settings" = [
      (config [
        {
          services.nginx.recommendedProxySettings = true;
          services.nginx.virtualHosts.a.locations."/" = { };
        }
      ]).services.nginx.virtualHosts.a.locations."/".recommendedProxySettings
      true
    ];
    "default vhost" = [ (lib.attrNames (config [ ]).services.nginx.virtualHosts) [ "localhost" ] ];
    # NixOS's own definition, though its `mkIf` does not hold, takes the default's place.
    "no vhost" = [ (config [ { services.nginx.enable = true; } ]).services.nginx.virtualHosts { } ];
    "status page" = [
      (
        let
          host = (config [ { services.nginx = { enable = true; statusPage = true; }; } ]).services.nginx.virtualHosts.localhost;
        in
        [ host.serverAliases host.listenAddresses (lib.attrNames host.locations) ]
      )
      [ [ "127.0.0.1" "[::1]" ] [ "0.0.0.0" "[::]" ] [ "/nginx_status" ] ]
    ];
    certs = [
      (lib.mapAttrs (_: c: [ c.domain c.extraDomainNames c.group c.directory c.webroot ])
        (config [
          {
            services.nginx.enable = true;
            services.nginx.virtualHosts.a = { enableACME = true; serverName = "b"; serverAliases = [ "c" ]; };
            services.nginx.virtualHosts.d.useACMEHost = "b";
          }
        ]).security.acme.certs)
      { b = [ "b" [ "c" ] "nginx" "/var/lib/acme/b" "/var/lib/acme/acme-challenge" ]; }
    ];
    "acme mail" = [
      (config [ { security.acme.email = "a@b"; security.acme.certs.x = { }; } ]).security.acme.certs.x.email
      "a@b"
    ];
    caddy = [
      (let v = (config [ { services.caddy.virtualHosts."http://a" = { }; } ]).services.caddy.virtualHosts."http://a"; in
        [ v.hostName v.serverAliases v.extraConfig v.useACMEHost ])
      [ "http://a" [ ] "" null ]
    ];
    firewall = [
      (let
        f = (config [ { networking.firewall.allowedTCPPorts = [ 443 80 443 ]; } ]).networking.firewall;
      in
        [ f.enable f.allowedTCPPorts f.allowedUDPPorts f.trustedInterfaces ])
      [ true [ 80 443 ] [ ] [ "lo" ] ]
    ];
    postgresql = [
      (let p = (config [ { services.postgresql.enable = true; system.stateVersion = "24.05"; } ]).services.postgresql; in
        [ p.package.name p.settings.port p.initialScript p.ensureDatabases p.initdbArgs ])
      [ "postgresql_15" 5432 null [ ] [ ] ]
    ];
    "postgresql port" = [ (config [ { services.postgresql.port = 5433; } ]).services.postgresql.settings.port 5433 ];
    redis = [
      (let r = (config [ { services.redis.servers = { "" = { }; x = { }; }; } ]).services.redis.servers; in
        [ r."".port r."".unixSocket r.x.port r.x.unixSocket r.x.user r.x.bind ])
      [ 6379 "/run/redis/redis.sock" 0 "/run/redis-x/redis.sock" "redis-x" "127.0.0.1" ]
    ];
    "redis, once" = [ (config [ { services.redis.requirePass = "fake"; } ]).services.redis.servers."".requirePass "fake" ];
    sops = [
      (let s = (config [ { sops.secrets."a/b" = { }; sops.templates.t = { }; } ]).sops; in
        [ s.secrets."a/b".path s.secrets."a/b".owner s.secrets."a/b".mode s.templates.t.path ])
      [ "/run/secrets/a/b" null "0400" "/run/secrets/rendered/t" ]
    ];
    "sops, early" = [ (config [ { sops.secrets.a.neededForUsers = true; } ]).sops.secrets.a.path "/run/secrets-for-users/a" ];
    "sops group" = [
      (config [ synapse { sops.secrets.a.owner = "matrix-synapse"; } ]).sops.secrets.a.group
      "matrix-synapse"
    ];
    placeholder = [
      (lib.hasPrefix "<SOPS:" (config [ { sops.secrets.a = { }; sops.templates.t.content = ""; } ]).sops.placeholder.a)
      true
    ];
    agenix = [
      (let a = (config [ { age.secrets.a.file = "/x"; } ]).age.secrets.a; in [ a.path a.owner a.group a.mode ])
      [ "/run/agenix/a" "0" "0" "0400" ]
    ];
    keys = [ (config [ { deployment.keys.k.text = "fake"; } ]).deployment.keys.k.path "/run/keys/k" ];
    coturn = [
      (let c = (config [ named ]).services.coturn; in [ c.realm c.listening-port c.alt-listening-port c.min-port c.no-auth ])
      [ "host" 3478 3479 49152 false ]
    ];
    mas = [
      (let m = (config [ ]).services.matrix-authentication-service.settings; in
        [ m.http.public_base (map (l: (lib.head l.binds).port) m.http.listeners) m.matrix.homeserver ])
      [ "http://[::]:8080/" [ 8080 8081 ] "" ]
    ];
    "lk-jwt" = [
      (let e = (config [ { services.lk-jwt-service.keyFile = "/k"; } ]).services.lk-jwt-service.environment; in
        [ e.LIVEKIT_JWT_BIND e.LIVEKIT_FULL_ACCESS_HOMESERVERS e.LIVEKIT_KEY_FILE ])
      [ ":8080" "*" "/k" ]
    ];
    livekit = [
      (let l = (config [ { services.livekit.settings.room.auto_create = false; } ]).services.livekit.settings; in
        [ l.port l.rtc.port_range_end l.redis.address l.room.auto_create ])
      [ 7880 51000 null false ]
    ];
    "livekit ports" = [
      (config [ { services.livekit = { enable = true; openFirewall = true; }; } ]).networking.firewall.allowedUDPPortRanges
      [ { from = 50000; to = 51000; } ]
    ];
    ssh = [ (config [ { services.openssh.enable = true; } ]).networking.firewall.allowedTCPPorts [ 22 ] ];
    signal = [
      (let
        c = (config [ synapse named { services.mautrix-signal = { enable = true; settings.bridge.permissions.a = "user"; }; } ]).services;
        s = c.mautrix-signal.settings;
      in
        [ s.homeserver s.bridge.permissions s.appservice.as_token c.matrix-synapse.settings.app_service_config_files ])
      [
        { address = "http://localhost:8448"; domain = "host"; }
        { "*" = "relay"; a = "user"; }
        ""
        [ "/var/lib/mautrix-signal/signal-registration.yaml" ]
      ]
    ];
    meta = [
      (config [ synapse { services.mautrix-meta.instances.facebook.enable = true; } ]
      ).services.matrix-synapse.settings.app_service_config_files
      [ "/var/lib/mautrix-meta-facebook/meta-registration.yaml" ]
    ];
    irc = [
      (config [ { services.matrix-appservice-irc.settings.ircService.servers.a.name = "b"; } ]
      ).services.matrix-appservice-irc.settings.ircService.servers
      { a.name = "b"; }
    ];
    unit = [
      (config [
        { systemd.services.a.serviceConfig.LoadCredential = [ "x" ]; }
        { systemd.services.a.serviceConfig = { LoadCredential = [ "y" ]; User = "u"; }; }
      ]).systemd.services.a.serviceConfig
      { LoadCredential = [ "x" "y" ]; User = "u"; }
    ];
    traefik = [ (config [ ]).services.traefik.staticConfigOptions { entryPoints.http.address = ":80"; } ];
    httpd = [
      (let v = (config [ { services.httpd.virtualHosts."a.org" = { }; } ]).services.httpd.virtualHosts."a.org"; in
        [ v.hostName v.forceSSL v.extraConfig ])
      [ "a.org" false "" ]
    ];
    users = [ (config [ { users.extraUsers.a = { isNormalUser = true; }; } ]).users.users.a.group "users" ];
    etc = [ (config [ { environment.etc."a/b".text = "t"; } ]).environment.etc."a/b".source.text "t" ];
  };
in
{
  report = lib.filterAttrs (_: difference: difference != null) (
    lib.mapAttrs (
      _: case:
      let
        found = builtins.tryEval (builtins.deepSeq (lib.head case) (lib.head case));
      in
      if !found.success then
        "throws"
      else if found.value == lib.last case then
        null
      else
        {
          found = found.value;
          expected = lib.last case;
        }
    ) cases
  )
  // lib.filterAttrs (_: holds: !holds) (import ./data.nix { inherit nixpkgsLib; });
}
