# Fifteen options whose values end evaluation, each in its own way, and some that only Nix can tell.
{ lib, ... }:
let
  value = lib.mkOption { type = lib.types.raw; };
  loop = number: 1 + loop (number + 1);
  double = text: times: if times == 0 then text else double (text + text) (times - 1);
in
{
  options.my = lib.genAttrs [ "a" "m" "z" "throws" ] (_: value) // {
    fatal = lib.genAttrs (map toString (lib.range 1 15)) (_: value);
    settings = lib.mkOption { type = lib.types.attrsOf lib.types.anything; };
  };

  config.my = {
    a = builtins.nixVersion != "";
    m = [ (builtins.stringLength builtins.nixVersion > 0) ];
    z = { inner = builtins.nixVersion == ""; };
    throws = throw "only this";
    settings.known = builtins.langVersion > 0;
    fatal = {
      "1" = abort "stop";
      "2" = { }.missing;
      "3" = 1 + "a";
      "4" = (x: x) 1 2;
      "5" = let x = x; in x;
      "6" = loop 0;
      "7" = import ./missing.nix;
      "8" = builtins.readFile ./missing;
      "9" = builtins.elemAt [ ] 1;
      "10" = builtins.head [ ];
      "11" = 1 / 0;
      "12" = builtins.fromJSON "{";
      "13" = "${{ }}";
      "14" = builtins.fetchurl "http://localhost:1/nothing";
      "15" = builtins.stringLength (double "0123456789abcdef" 40);
    };
  };
}
