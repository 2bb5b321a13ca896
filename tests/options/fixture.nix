# `name`: what the module system makes of a configuration under fixtures/, with our declarations in
# place of nixpkgs'.
{
  nixpkgsLib,
  folder ? ../../fixtures/configurations,
  nixosModules ? null,
}:

let
  lib = import nixpkgsLib;
  evaluateAll = import ./evaluate.nix { inherit nixpkgsLib nixosModules; };
  # What modules of NixOS define beside a fixture, which nobody reads.
  beside = name: lib.filter builtins.pathExists [ (./nixos + "/${name}.nix") ];
in
name:
let
  evaluate = modules: evaluateAll (modules ++ beside name);
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
  at = file: folder + "/${name}/${file}";
in
if builtins.pathExists (at "flake.nix") then ofFlake (at "flake.nix") else evaluate [ (at "configuration.nix") ]
