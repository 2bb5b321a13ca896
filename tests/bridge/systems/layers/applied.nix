{ port }:
{ config, ... }:
{
  services.matrix-synapse.settings.listeners = [
    {
      inherit port;
      bind_addresses = [ "::" ];
      resources = [ { names = [ "client" "federation" ]; compress = true; } ];
    }
  ];
  services.matrix-synapse.settings.tls_certificate_path = "/var/lib/acme/${config.networking.hostName}/fullchain.pem";
  services.matrix-synapse.settings.tls_private_key_path = "/var/lib/acme/${config.networking.hostName}/key.pem";
}
