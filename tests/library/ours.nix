# Our library, read from its files as the evaluator embeds them; `evalModules` is nixpkgs' own.
{
  nixpkgs,
  library ? ../../src/eval/library,
}:
let
  files = builtins.removeAttrs (builtins.readDir library) [ "default.nix" ];
  names = map (file: builtins.head (builtins.match "(.*)\\.nix" file)) (builtins.attrNames files);
in
import (library + "/default.nix") {
  parts = builtins.listToAttrs (
    map (name: {
      inherit name;
      value = import (library + "/${name}.nix");
    }) names
  );
  natives = {
    evalModules = _lib: nixpkgs.evalModules;
  };
}
