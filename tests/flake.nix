# Evaluates flake.nix against a stand-in for nixpkgs; throws on the first thing that is not as it should be.
let
  systems = [ "aarch64-darwin" "aarch64-linux" "x86_64-darwin" "x86_64-linux" ];
  lib = {
    genAttrs = names: make: builtins.listToAttrs (map (name: { inherit name; value = make name; }) names);
    getExe = package: "${package.pname}/bin/${package.meta.mainProgram}";
    licenses.mit = "MIT";
    escapeShellArgs = builtins.concatStringsSep " ";
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
    runCommand = name: arguments: script: arguments // { inherit name script; };
    cargo = "cargo";
    mdbook = "mdbook";
    python3 = "python3";
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
  hook = outputs.lib.gitHook pkgs.x86_64-linux;
  checked = outputs.lib.mkCheck { src = "/src"; arguments = [ "--fail-on" "error" ]; };
  ofProjects = [
    (expect "an overlay" ((outputs.overlays.default pkgs.x86_64-linux { }).optlint.pname == "optlint"))
    (expect "a hook that is on" (hook.enable && hook.package.pname == "optlint"))
    (expect "what the hook runs" (hook.entry == "optlint/bin/optlint check"))
    (expect "the hook's files" (hook.files == "\\.nix$"))
    (expect "a check for each system" (builtins.attrNames checked == systems))
    (expect "what the check runs" (
      builtins.match ".*optlint check [^\n]*--fail-on error /src\n.*" checked.x86_64-linux.optlint.script != null
    ))
    (expect "a check among others" (
      (outputs.lib.mkCheckFor pkgs.x86_64-linux { src = "/src"; }).name == "optlint-check"
    ))
  ];
  perSystem = system: [
    (expect "the package's name" (outputs.packages.${system}.default.pname == "optlint"))
    (expect "its name" (outputs.packages.${system}.optlint.pname == "optlint"))
    (expect "the site" (builtins.match ".*/docs/site.py .*" (builtins.unsafeDiscardStringContext outputs.packages.${system}.docs.script) != null))
    (expect "the app's program" (outputs.apps.${system}.default == { type = "app"; program = "optlint/bin/optlint"; }))
    (expect "its checks" (builtins.attrNames outputs.checks.${system} == [ "clippy" "formatting" "package" ]))
    (expect "what they run" (builtins.match ".*clippy.*-D warnings.*" outputs.checks.${system}.clippy.buildPhase != null))
    (expect "the shell's tools" (builtins.elem "cargo" outputs.devShells.${system}.default.packages))
  ];
in
expect "nixpkgs as the only input" (builtins.attrNames flake.inputs == [ "nixpkgs" ])
&& expect "the four systems" (builtins.attrNames outputs.packages == systems)
&& builtins.all (x: x) ofProjects
&& builtins.all (system: builtins.all (x: x) (perSystem system)) systems
