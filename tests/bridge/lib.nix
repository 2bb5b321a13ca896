# Our library with the stand-in for the module system beside this file.
let
  lib = import ../library/ours.nix { nixpkgs.evalModules = import ./evalModules.nix lib; };
in
lib
