# Layers that override each other: a profile, a host, a forced correction; and data from files.
{ lib, ... }:
{
  imports = [
    ./profile.nix
    { _file = "inline"; services.matrix-synapse.settings.report_stats = lib.mkForce true; }
    (lib.modules.importApply ./applied.nix { port = 8448; })
  ];
  system.stateVersion = "23.11";
  networking.hostName = "layers";
  services.matrix-synapse.settings = lib.mkMerge [
    (lib.importJSON ./settings.json)
    { server_name = "example.org"; report_stats = false; }
    { app_service_config_files = lib.mkAfter [ "/var/lib/bridge/registration.yaml" ]; }
  ];
}
