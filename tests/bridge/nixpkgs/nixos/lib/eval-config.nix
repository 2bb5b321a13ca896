# What `<nixpkgs/nixos/lib/eval-config.nix>` is to the tests: our module system and declarations.
{ modules, ... }:
import ../../../../options/evaluate.nix { nixpkgsLib = ../../../lib.nix; } modules
