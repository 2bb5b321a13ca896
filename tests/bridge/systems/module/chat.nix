{ config, lib, ... }:
with lib;
let
  cfg = config.my.chat;
  host = "matrix.${cfg.domain}";
in
{
  options.my.chat = {
    enable = mkEnableOption "chat";
    domain = mkOption { type = types.str; };
    registration = mkOption { type = types.enum [ "open" "closed" ]; default = "closed"; };
    turn.enable = mkEnableOption "a TURN server";
    extra = mkOption { type = types.attrs; default = { }; };
  };
  config = mkIf cfg.enable (mkMerge [
    {
      services.matrix-synapse.enable = true;
      services.matrix-synapse.settings = {
        server_name = cfg.domain;
        public_baseurl = "https://${host}/";
        enable_registration = cfg.registration == "open";
        url_preview_enabled = true;
        trusted_key_servers = [ { server_name = "matrix.org"; } ];
      } // cfg.extra;
      services.nginx.enable = mkDefault true;
      services.nginx.virtualHosts.${host} = {
        enableACME = true;
        forceSSL = true;
        locations = genAttrs [ "/_matrix" "/_synapse/client" ] (_: { proxyPass = "http://127.0.0.1:8008"; });
      };
    }
    (mkIf cfg.turn.enable {
      services.coturn = { enable = true; use-auth-secret = true; realm = "turn.${cfg.domain}"; static-auth-secret-file = "/run/turn"; };
      services.matrix-synapse.settings = {
        turn_uris = map (transport: "turn:turn.${cfg.domain}:3478?transport=${transport}") [ "udp" "tcp" ];
        turn_user_lifetime = "1h";
      };
      networking.firewall = let ports = [ 3478 5349 ]; in { allowedTCPPorts = ports; allowedUDPPorts = ports; };
    })
    (mkIf (cfg.registration == "open") { services.matrix-synapse.settings.registrations_require_3pid = [ "email" ]; })
  ]);
}
