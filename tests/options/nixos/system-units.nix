# What modules of NixOS say beside the fixture of this name, in small.
{ lib, ... }:
{
  systemd.services.matrix-synapse = {
    description = "a homeserver";
    enable = lib.mkDefault false;
    after = [ "network-online.target" ];
    wants = [ "network-online.target" ];
    wantedBy = [ "multi-user.target" ];
    requires = [ "nothing.service" ];
    preStart = lib.mkBefore "echo before";
    postStart = "echo after";
    script = "exec synapse";
    environment.PYTHONPATH = "/lib";
    serviceConfig = {
      User = "matrix-synapse";
      SupplementaryGroups = lib.mkAfter [ "redis" ];
      ExecStart = "synapse";
    };
  };
  systemd.services.postgresql.after = [ "network.target" ];
  systemd.timers.logrotate.description = "a timer";
  users.users.nginx.isSystemUser = true;
  systemd.tmpfiles.rules = [ "d /var/lib/nginx 0750 nginx nginx" ];
}
