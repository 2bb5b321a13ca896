# The plain data beside the declarations is what its heads say: see check.sh.
{ nixpkgsLib }:

let
  lib = import nixpkgsLib;
  removed = import ../../rules/matrix/deprecation/removed-options.nix;
  keys = import ../../rules/matrix/deprecation/synapse-keys.nix;
  unique = list: lib.length (lib.unique list) == lib.length list;
  setting = path: lib.take 3 path == [ "services" "matrix-synapse" "settings" ];
in
{
  "removed options are named once" = unique (map (entry: entry.old) removed);
  "a one-to-one move has a target" = lib.all (entry: entry.oneToOne -> entry.new != null) removed;
  "moves go to settings that Synapse knows" = lib.all (
    entry:
    entry.new == null
    || !setting entry.new
    || lib.length entry.new == 3
    || lib.elem (lib.elemAt entry.new 3) keys.known
  ) removed;
  "known keys are sorted" = keys.known == lib.naturalSort keys.known || keys.known == lib.sort lib.lessThan keys.known;
  "known keys are unique" = unique keys.known;
  "misplaced and moved keys are unknown" = lib.all (name: !lib.elem name keys.known) (
    lib.attrNames (keys.misplaced // keys.moved) ++ keys.obsolete
  );
  "moved keys arrive at known ones" = lib.all (
    path: lib.elem (lib.head (lib.splitString "." path)) keys.known
  ) (lib.attrValues keys.moved);
}
