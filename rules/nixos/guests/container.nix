# What NixOS gives every container (`containers.<name>`).
# Facts: nixos/modules/virtualisation/nixos-containers.nix and container-config.nix of NixOS/nixpkgs, 2026-11.
{ name, ... }:
{ lib, ... }:
{
  boot.isContainer = true;
  networking.hostName = lib.mkDefault name;
  networking.useDHCP = false;
  networking.useHostResolvConf = lib.mkDefault true;
  services.openssh.startWhenNeeded = lib.mkDefault true;
}
