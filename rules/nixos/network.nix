# What NixOps and morph define in each machine of a network: it is called what the network calls it,
# unless the machine says otherwise.
# Facts: nix/eval-machine-info.nix of NixOps 1.7 and 2; morph's data/eval-machines.nix does the same with
# `mkDefault`.
{ lib, name, ... }:
{
  networking.hostName = lib.mkOverride 900 name;
}
