# A homeserver with workers, the names of which are computed, behind nginx.
{ config, lib, ... }:
let
  domain = "example.org";
  senders = map (number: "federation_sender${toString number}") (lib.range 1 2);
  listener = port: names: {
    inherit port;
    bind_addresses = [ "127.0.0.1" ];
    type = "http";
    tls = false;
    x_forwarded = true;
    resources = [ { inherit names; compress = false; } ];
  };
in
{
  imports = [ ./proxy.nix ];
  system.stateVersion = "25.05";
  networking = { hostName = "matrix"; inherit domain; };
  services.matrix-synapse = {
    enable = true;
    configureRedisLocally = true;
    withJemalloc = true;
    settings = {
      server_name = domain;
      public_baseurl = "https://matrix.${domain}";
      federation_sender_instances = senders;
      database.args = { user = "synapse"; database = "synapse"; cp_max = 10; };
      listeners = [
        (listener 8008 [ "client" "federation" ])
        { path = "/run/matrix-synapse/main_replication.sock"; resources = [ { names = [ "replication" ]; } ]; }
      ];
    };
    workers = lib.genAttrs senders (_: { }) // {
      client1.worker_listeners = [ (listener 8081 [ "client" ]) ];
      media = {
        worker_app = "synapse.app.media_repository";
        worker_listeners = lib.singleton (listener 8082 [ "media" ]);
      };
    };
  };
  services.postgresql = {
    enable = true;
    ensureDatabases = [ "synapse" ];
    ensureUsers = [ { name = "synapse"; ensureDBOwnership = true; } ];
  };
  security.acme = { acceptTerms = true; defaults.email = "admin@${domain}"; };
}
