# Options of the Linux kernel's build.
lib:
let
  option = tristate: {
    inherit tristate;
    optional = false;
  };
in
{
  yes = option "y";
  no = option "n";
  module = option "m";
  unset = option null;
  freeform = value: {
    freeform = value;
    optional = false;
  };
  option = value: value // { optional = true; };
  whenHelpers = version: {
    whenAtLeast = least: lib.mkIf (lib.versionAtLeast version least);
    whenOlder = than: lib.mkIf (lib.versionOlder version than);
    whenBetween =
      least: than: lib.mkIf (lib.versionAtLeast version least && lib.versionOlder version than);
  };
}
