# Flake inputs that most configurations have, and which options of others their NixOS modules define.
# Facts: read in the module trees of colmena, Snowfall Lib (modules/nixos), sops-nix, agenix, impermanence, disko, microvm.nix, home-manager (nixos/)
# and nixos-hardware, 2026-11; ragenix and agenix-rekey build on agenix, preservation does what
# impermanence does.
# Modules of nixpkgs that `nixos-generate-config` imports and profiles of nixpkgs are named by their
# path there. `nixops` is what NixOps adds to its machines: what the modules under nix/ of NixOps 1.7
# define, and room for the images of clouds that they build on.
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
  microvm = [
    "boot"
    "documentation"
    "environment"
    "fileSystems"
    "hardware"
    "networking.hostId"
    "networking.useNetworkd"
    "nixpkgs"
    "security"
    "services.openssh"
    "swapDevices"
    "system"
    "systemd"
    "users"
    "virtualisation"
  ];
  "nixos/modules/installer/scan/not-detected.nix" = [ "hardware" ];
  "nixos/modules/profiles/headless.nix" = [ "boot" "systemd" ];
  "nixos/modules/profiles/minimal.nix" = [
    "documentation"
    "environment"
    "fonts"
    "i18n"
    "programs"
    "services.logrotate"
    "services.udisks2"
    "xdg"
  ];
  "nixos/modules/profiles/qemu-guest.nix" = [ "boot" "security" "services.qemuGuest" ];
  nixops = [
    "boot"
    "deployment"
    "documentation"
    "ec2"
    "environment"
    "fileSystems"
    "hardware"
    "i18n"
    "networking.defaultGateway"
    "networking.dhcpcd"
    "networking.extraHosts"
    "networking.firewall"
    "networking.hosts"
    "networking.interfaces"
    "networking.localCommands"
    "networking.nameservers"
    "networking.privateIPv4"
    "networking.publicIPv4"
    "networking.timeServers"
    "networking.useDHCP"
    "networking.usePredictableInterfaceNames"
    "networking.vpnPublicKey"
    "nix"
    "nixpkgs"
    "power"
    "security"
    "services.amazon-ssm-agent"
    "services.cloud-init"
    "services.getty"
    "services.logind"
    "services.mingetty"
    "services.openssh"
    "services.qemuGuest"
    "services.timesyncd"
    "services.udev"
    "services.virtualbox"
    "services.virtualboxGuest"
    "services.xserver"
    "sound"
    "swapDevices"
    "system"
    "systemd"
    "time"
    "users"
    "virtualisation"
  ];
  preservation = [ "boot" "systemd" ];
  ragenix = [ "system" "systemd" ];
  snowfall-lib = [ "home-manager" "snowfallorg" "users" ];
  sops-nix = [ "sops.placeholder" "system" "systemd" ];
}
