{
  networking.hostName = "machine-${toString (builtins.stringLength (toString builtins.langVersion) + 1)}";
  networking.firewall.allowedTCPPorts = [ 22 ];
}
