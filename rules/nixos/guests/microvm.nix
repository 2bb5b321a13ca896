# What microvm.nix gives every guest of a host (`microvm.vms.<name>`).
# Facts: nixos-modules/host/options.nix of microvm-nix/microvm.nix, 2026-11.
{ name, unread }:
{ lib, ... }:
{
  imports = [ unread ];
  networking.hostName = lib.mkDefault name;
}
