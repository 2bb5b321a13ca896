# What NixOS itself says of units: part of every evaluated configuration, and nobody's wish.
{ config, lib, ... }:
let
  synapse = config.services.matrix-synapse;
in
{
  systemd.services.matrix-synapse = lib.mkIf synapse.enable {
    serviceConfig = {
      User = "matrix-synapse";
      Group = "matrix-synapse";
      PrivateTmp = true;
      ProtectHome = true;
      ProtectSystem = "strict";
      ReadWritePaths = [ synapse.dataDir synapse.settings.media_store_path ];
    };
  };
  systemd.services.coturn = lib.mkIf config.services.coturn.enable {
    serviceConfig = { User = "turnserver"; Group = "turnserver"; AmbientCapabilities = "cap_net_bind_service"; };
  };
}
