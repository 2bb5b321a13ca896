# Virtual hosts that get defaults from a second declaration of their option.
{ config, lib, ... }:
{
  imports = [ ./hosts ];
  options.services.nginx.virtualHosts = lib.mkOption {
    type = lib.types.attrsOf (
      lib.types.submodule (
        { name, config, ... }:
        {
          options.internal = lib.mkOption { type = lib.types.bool; default = false; };
          config = {
            forceSSL = lib.mkDefault true;
            enableACME = lib.mkDefault (!config.internal);
            extraConfig = lib.mkIf config.internal "allow 10.0.0.0/8; deny all;";
          };
        }
      )
    );
  };
  config = {
    system.stateVersion = "24.11";
    networking.domain = "example.org";
    security.acme = { acceptTerms = true; defaults.email = "admin@example.org"; };
    services.nginx.enable = true;
  };
}
