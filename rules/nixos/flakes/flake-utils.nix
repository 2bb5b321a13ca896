# flake-utils: outputs for each system.
# Facts: README.md and lib.nix of numtide/flake-utils.
{ lib, open, ... }:
let
  defaultSystems = [ "aarch64-darwin" "aarch64-linux" "x86_64-darwin" "x86_64-linux" ];
  # `f system` gives `{ output = …; }`; wanted is `{ output.system = …; }`.
  eachSystem =
    systems: f:
    lib.foldl' (
      done: system: done // builtins.mapAttrs (name: value: done.${name} or { } // { ${system} = value; }) (f system)
    ) { } systems;
  eachSystemPassThrough = systems: f: lib.foldl' (done: system: done // f system) { } systems;
in
{
  lib = open "lib" {
    inherit defaultSystems eachSystem eachSystemPassThrough;
    eachDefaultSystem = eachSystem defaultSystems;
    eachDefaultSystemPassThrough = eachSystemPassThrough defaultSystems;
    eachSystemMap = lib.genAttrs;
    eachDefaultSystemMap = lib.genAttrs defaultSystems;
    meld = inputs: lib.foldl' (done: part: lib.recursiveUpdate done (import part inputs)) { };
  };
}
