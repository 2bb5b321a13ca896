# `name`: what the module system makes of a configuration under fixtures/, with our declarations in
# place of nixpkgs'.
{
  nixpkgsLib,
  folder ? ../../fixtures/configurations,
  nixosModules ? null,
}:

let
  lib = import nixpkgsLib;
  evaluate = import ./evaluate.nix { inherit nixpkgsLib nixosModules; };
  # A flake's only configuration; its inputs are a nixpkgs that has but `lib`.
  ofFlake =
    flake:
    let
      nixosSystem = { modules, specialArgs ? { }, ... }: evaluate (modules ++ [ { _module.args = specialArgs; } ]);
      outputs = (import flake).outputs {
        self = outputs;
        nixpkgs.lib = lib // { inherit nixosSystem; };
      };
    in
    lib.head (lib.attrValues outputs.nixosConfigurations);
in
name:
let
  at = file: folder + "/${name}/${file}";
in
if builtins.pathExists (at "flake.nix") then ofFlake (at "flake.nix") else evaluate [ (at "configuration.nix") ]
