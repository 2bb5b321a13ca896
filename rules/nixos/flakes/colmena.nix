# colmena: machines deployed together.
# Facts: the manual at https://colmena.cli.rs ("Using Flakes", "Meta") and src/nix/hive/eval.nix of zhaofengli/colmena.
{ lib, configuration, open, unread, ... }:
let
  reserved = [ "meta" "network" "defaults" ];
  makeHive =
    given:
    let
      hive = if lib.isFunction given then given { } else given;
      meta = hive.meta or hive.network or { };
      nodes = builtins.mapAttrs (
        name: node:
        configuration "a node of a hive" null {
          modules = [
            # How to reach the machine, and its keys.
            (unread "options")
            (hive.defaults or { })
          ]
          ++ lib.toList node;
          specialArgs = {
            inherit name nodes;
          }
          // meta.specialArgs or { }
          // meta.nodeSpecialArgs.${name} or { };
        }
      ) (removeAttrs hive reserved);
    in
    open "hive" {
      __schema = "v0.5";
      inherit nodes;
    };
in
{
  lib = open "lib" { inherit makeHive; };
}
