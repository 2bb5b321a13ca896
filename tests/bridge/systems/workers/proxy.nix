{ config, lib, ... }:
let
  inherit (config.services.matrix-synapse) settings;
  to = port: { proxyPass = "http://127.0.0.1:${toString port}"; };
in
{
  networking.firewall.allowedTCPPorts = [ 80 443 ] ++ lib.optional (settings.server_name != "") 8448;
  services.nginx = {
    enable = true;
    recommendedTlsSettings = lib.mkDefault true;
    virtualHosts."matrix.${settings.server_name}" = lib.mkMerge [
      { forceSSL = true; enableACME = true; }
      {
        locations = {
          "/" = to 8008;
          "~ ^/_matrix/client" = to 8081 // { priority = 900; };
          "/_matrix/media" = to 8082;
        };
      }
      (lib.mkIf (settings.public_baseurl != null) { serverAliases = [ "chat.${settings.server_name}" ]; })
    ];
  };
}
