# Fifteen options that end evaluation, under names that only Nix can tell, with others around them.
let
  lib = import ../lib.nix;
  many = 15 + 0 * builtins.stringLength builtins.nixVersion;
  names = map (number: "n${toString (100 + number)}") (lib.range 1 many);
  value = lib.mkOption { type = lib.types.raw; };
  known = builtins.nixVersion != "";
in
lib.evalModules {
  modules = [
    {
      options.my = {
        before = value;
        fatal = lib.genAttrs ([ "a" "z" ] ++ names) (_: value);
        other = lib.genAttrs [ "one" "two" ] (_: value);
        zero = value;
      };
      config.my = {
        before = known;
        fatal = lib.genAttrs names (name: abort name) // { a = known; z = known; };
        other = { one = known; two = !known; };
        zero = [ known ];
      };
    }
  ];
}
