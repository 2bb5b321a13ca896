# Definitions in odd forms; the value of each is the line on which it is to be found, or of what is bound to
# the nearest name around it.
{ lib, ... }:
let
  from = { inherited = 14; };
  number = lib.mkOption { type = lib.types.raw; };
in
{
  options.my = lib.genAttrs [ "plain" "dotted" "inherited" "joined" "conditional" "forced" "merged" "listed" ] (_: number);
  options.other = lib.genAttrs [ "mapped" "parsed" "paired" "updated" ] (_: number);
  options.set = lib.mkOption { type = lib.types.attrsOf lib.types.raw; };
  config = lib.mkMerge [
    {
      my = { plain = 14; inherit (from) inherited; } // { joined = 14; };
    }
    { my.dotted = 16; }
    (lib.mkIf true { my.conditional = 17; })
    { my.forced = lib.mkForce 18; }
    {
      my.merged = lib.mkMerge [
        (lib.mkDefault 21)
      ];
      my.listed = (builtins.listToAttrs [ { name = "x"; value = 23; } ]).x;
      other =
        lib.mapAttrs (_: value: value) { mapped = 25; }
        // builtins.fromJSON ''{ "parsed": 25 }''
        // lib.mapAttrs' (name: lib.nameValuePair name) { paired = 25; }
        // lib.recursiveUpdate { updated = { }; } { updated = 25; };
      set = {
        "with.dot" = 30;
        ${"computed"} = 31;
      };
    }
  ];
}
