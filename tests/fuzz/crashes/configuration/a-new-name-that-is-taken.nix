{
  services.matrix-synapse = {
    enable = true;
    settings.signing_key_pale = true;
    settings.signing_key_path = "/var/lib/matrix-synapse/homeserver.signing.key";
  };
}
