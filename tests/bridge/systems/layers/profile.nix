{ lib, ... }:
lib.mkIf true {
  services.matrix-synapse = {
    enable = lib.mkDefault true;
    settings.server_name = lib.mkDefault "localhost";
    settings.app_service_config_files = lib.mkBefore [ "/var/lib/first/registration.yaml" ];
    settings.listeners = lib.mkDefault [ ];
  };
}
