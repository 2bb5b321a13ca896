# A list that takes more memory than there is, and a text of two gigabytes.
let
  lib = import ../lib.nix;
  value = lib.mkOption { type = lib.types.raw; };
  double = text: times: if times == 0 then text else double (text + text) (times - 1);
  start = builtins.substring 0 1 builtins.nixVersion;
  known = start != "";
in
lib.evalModules {
  modules = [
    {
      options.my = lib.genAttrs [ "a" "endless" "long" "z" ] (_: value);
      config.my = {
        a = known;
        endless = builtins.length (builtins.genList (at: at) (1000 * 1000 * 1000 * 1000));
        long = double start 31;
        z = known;
      };
    }
  ];
}
