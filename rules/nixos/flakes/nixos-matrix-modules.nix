# nixos-matrix-modules: Synapse with workers, as `services.matrix-synapse-next`, and what nginx passes on to it.
# Facts: module.nix and synapse-module/{default,nginx,workers}.nix of dali99/nixos-matrix-modules. Units, users,
# upstreams, and what the settings default to, are left to the module that is not read.
{ open, unread, ... }:
let
  module =
    { config, lib, ... }:
    let
      inherit (lib) mkDefault mkEnableOption mkIf mkOption types;
      cfg = config.services.matrix-synapse-next;
      passed.proxyPass = "http://$synapse_backend";
      patient = pass: pass // { extraConfig = "proxy_read_timeout 1h;\n"; };
      initial.proxyPass = "http://synapse_worker_initial_sync";
    in
    {
      imports = [ (unread "nixosModules.default") ];
      options.services.matrix-synapse-next = {
        enable = mkEnableOption "matrix-synapse";
        enableNginx = mkEnableOption "nginx before Synapse";
        public_baseurl = mkOption {
          type = types.str;
          default = "matrix.${cfg.settings.server_name}";
        };
        settings = mkOption {
          type = types.submodule {
            freeformType = types.attrsOf types.anything;
            options.server_name = mkOption { type = types.str; };
          };
        };
        extraConfigFiles = mkOption {
          type = types.listOf types.path;
          default = [ ];
        };
      };
      config.services.nginx.virtualHosts = mkIf cfg.enableNginx {
        ${cfg.public_baseurl} = {
          enableACME = mkDefault true;
          forceSSL = true;
          locations = {
            "/_matrix" = passed // {
              extraConfig = ''
                add_header X-debug-backend $synapse_backend;
                add_header X-debug-group $synapse_uri_group;
                client_max_body_size ${cfg.settings.max_upload_size};
                proxy_read_timeout 10m;
              '';
            };
            "~ ^/_matrix/client/(r0|v3)/sync$" = patient passed;
            "~ ^/_matrix/client/(api/v1|r0|v3)/initialSync$" = patient initial;
            "~ ^/_matrix/client/(api/v1|r0|v3)/rooms/[^/]+/initialSync$" = patient initial;
            "/_synapse/client" = passed;
            "/.well-known/matrix" = passed;
          };
        };
      };
    };
in
{
  nixosModules = open "nixosModules" { default = module; };
}
