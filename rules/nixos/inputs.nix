# Facts: the module trees of the inputs named (from their documentation; not re-read for this table).
#
# Flake inputs that most configurations have, and which options their NixOS modules touch.
# A module that was not read may define any option; of these it is known which. An entry is the
# input's usual name and the prefixes of the options of others that its modules define; what they
# declare themselves (`sops`, `age`) they leave to the user. Inputs whose
# modules set options of web servers, databases or the network (nixos-mailserver, srvos …) are
# left out on purpose: what they leave undefined cannot be told.
{
  agenix = [ "environment" "fileSystems" "system" "systemd" ];
  agenix-rekey = [ "environment" "system" "systemd" ];
  disko = [ "boot" "disko" "fileSystems" "swapDevices" "system" "systemd" ];
  home-manager = [ "environment" "home-manager" "fonts" "programs" "systemd" "users" ];
  impermanence = [ "boot" "environment" "fileSystems" "home-manager" "programs" "system" "systemd" "users" ];
  lanzaboote = [ "boot" "environment" "system" ];
  nix-index-database = [ "environment" "programs" ];
  nixos-hardware = [ "boot" "environment" "hardware" "nixpkgs" "powerManagement" "programs" "swapDevices" "systemd" "zramSwap" ];
  preservation = [ "boot" "environment" "preservation" "systemd" ];
  ragenix = [ "environment" "fileSystems" "system" "systemd" ];
  sops-nix = [ "boot" "environment" "system" "systemd" ];
  vscode-server = [ "services.vscode-server" "systemd" ];
}
