# Evaluates flake.nix against a stand-in for nixpkgs; throws on the first thing that is not as it should be.
let
  systems = [ "aarch64-darwin" "aarch64-linux" "x86_64-darwin" "x86_64-linux" ];
  lib = {
    genAttrs = names: make: builtins.listToAttrs (map (name: { inherit name; value = make name; }) names);
    getExe = package: "${package.pname}/bin/${package.meta.mainProgram}";
    licenses.mit = "MIT";
  };
  pkgs = lib.genAttrs systems (system: {
    inherit lib system;
    rustPlatform.buildRustPackage = arguments:
      assert builtins.pathExists arguments.cargoLock.lockFile;
      assert builtins.match "[0-9]+[.][0-9]+[.][0-9]+" arguments.version != null;
      removeAttrs arguments [ "src" ] // {
        overrideAttrs = change: arguments // change arguments;
      };
    mkShell = arguments: arguments;
    cargo = "cargo";
    cargo-insta = "cargo-insta";
    clippy = "clippy";
    rustc = "rustc";
    rustfmt = "rustfmt";
    rust-analyzer = "rust-analyzer";
  });
  flake = import ../flake.nix;
  outputs = flake.outputs {
    self = ../.;
    nixpkgs = { inherit lib; legacyPackages = pkgs; };
  };
  expect = what: condition: if condition then true else throw "flake.nix: ${what}";
  perSystem = system: [
    (expect "the package's name" (outputs.packages.${system}.default.pname == "optlint"))
    (expect "the app's program" (outputs.apps.${system}.default == { type = "app"; program = "optlint/bin/optlint"; }))
    (expect "its checks" (builtins.attrNames outputs.checks.${system} == [ "clippy" "formatting" "package" ]))
    (expect "what they run" (builtins.match ".*clippy.*-D warnings.*" outputs.checks.${system}.clippy.buildPhase != null))
    (expect "the shell's tools" (builtins.elem "cargo" outputs.devShells.${system}.default.packages))
  ];
in
expect "nixpkgs as the only input" (builtins.attrNames flake.inputs == [ "nixpkgs" ])
&& expect "the four systems" (builtins.attrNames outputs.packages == systems)
&& builtins.all (system: builtins.all (x: x) (perSystem system)) systems
