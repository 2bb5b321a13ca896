{ config, lib, ... }:
let
  inherit (config.networking) domain;
in
{
  services.nginx.virtualHosts = {
    ${domain}.locations = {
      "= /.well-known/matrix/server".extraConfig = ''
        default_type application/json;
        return 200 '${builtins.toJSON { "m.server" = "matrix.${domain}:443"; }}';
      '';
      "= /.well-known/matrix/client" = {
        return = "200 '${builtins.toJSON { "m.homeserver".base_url = "https://matrix.${domain}"; }}'";
        extraConfig = "add_header Access-Control-Allow-Origin *;";
      };
    };
    "matrix.${domain}" = { name, ... }: {
      serverName = lib.mkDefault name;
      locations."/".proxyPass = "http://[::1]:8008";
    };
    "grafana.${domain}" = { internal = true; forceSSL = lib.mkForce false; root = "/var/www"; };
  };
}
