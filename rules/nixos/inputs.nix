# Flake inputs that most configurations have, and which options of others their NixOS modules define.
# Facts: read in the module trees of colmena, Snowfall Lib (modules/nixos), sops-nix, agenix, impermanence, disko, home-manager (nixos/)
# and nixos-hardware, 2026-11; ragenix and agenix-rekey build on agenix, preservation does what
# impermanence does.
#
# A module that was not read may define any option; of these it is known which. An entry is the
# input's usual name and prefixes of options; what the modules declare themselves (`sops.secrets`,
# `age`) they leave to the user. `assertions` and `warnings` are no business of rules. Inputs whose
# modules set up web servers, databases or the network (nixos-mailserver, srvos …) are left out on
# purpose: what they leave undefined cannot be told.
{
  agenix = [ "system" "systemd" ];
  agenix-rekey = [ "age" "system" "systemd" ];
  colmena = [ "nixpkgs" "system" "systemd" ];
  disko = [ "boot" "disko" "fileSystems" "swapDevices" "system" ];
  home-manager = [ "environment" "fonts" "home-manager" "system" "systemd" "users" ];
  impermanence = [ "boot" "fileSystems" "home-manager" "system" "systemd" ];
  nixos-hardware = [
    "boot"
    "environment"
    "hardware"
    "networking.enableB43Firmware"
    "networking.networkmanager"
    "networking.wireless"
    "nixpkgs"
    "powerManagement"
    "programs"
    "security.tpm2"
    "services.fprintd"
    "services.fwupd"
    "services.hardware"
    "services.iptsd"
    "services.openssh"
    "services.pipewire"
    "services.power-profiles-daemon"
    "services.pulseaudio"
    "services.sleep-resume"
    "services.switcherooControl"
    "services.thermald"
    "services.throttled"
    "services.tlp"
    "services.tuned"
    "services.udev"
    "services.userborn"
    "services.xserver"
    "swapDevices"
    "system"
    "systemd"
    "zramSwap"
  ];
  preservation = [ "boot" "systemd" ];
  ragenix = [ "system" "systemd" ];
  snowfall-lib = [ "home-manager" "snowfallorg" "users" ];
  sops-nix = [ "sops.placeholder" "system" "systemd" ];
}
