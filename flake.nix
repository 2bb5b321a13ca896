{
  description = "The option linter for NixOS configurations";

  inputs.nixpkgs.url = "github:NixOS/nixpkgs/nixos-unstable";

  outputs =
    { self, nixpkgs }:
    let
      inherit (nixpkgs) lib;
      systems = [
        "aarch64-darwin"
        "aarch64-linux"
        "x86_64-darwin"
        "x86_64-linux"
      ];
      eachSystem = make: lib.genAttrs systems (system: make nixpkgs.legacyPackages.${system});

      package =
        pkgs:
        pkgs.rustPlatform.buildRustPackage {
          pname = "optlint";
          inherit ((builtins.fromTOML (builtins.readFile ./Cargo.toml)).package) version;
          src = self;
          cargoLock.lockFile = ./Cargo.lock;
          meta = {
            description = "The option linter for NixOS configurations";
            license = lib.licenses.mit;
            mainProgram = "optlint";
          };
        };

      # One cargo command over the source; it builds nothing that would be installed.
      cargoCheck =
        pkgs: name: tools: command:
        (package pkgs).overrideAttrs (old: {
          pname = "optlint-${name}";
          nativeBuildInputs = (old.nativeBuildInputs or [ ]) ++ tools;
          buildPhase = command;
          doCheck = false;
          installPhase = "touch $out";
        });
    in
    {
      packages = eachSystem (pkgs: {
        default = package pkgs;
      });

      apps = eachSystem (pkgs: {
        default = {
          type = "app";
          program = lib.getExe (package pkgs);
        };
      });

      # The package's own build runs `cargo test`.
      checks = eachSystem (pkgs: {
        package = package pkgs;
        formatting = cargoCheck pkgs "formatting" [ pkgs.rustfmt ] "cargo fmt --check";
        clippy = cargoCheck pkgs "clippy" [ pkgs.clippy ] "cargo clippy --offline --all-targets --locked -- -D warnings";
      });

      devShells = eachSystem (pkgs: {
        default = pkgs.mkShell {
          packages = [
            pkgs.cargo
            pkgs.cargo-insta
            pkgs.clippy
            pkgs.rust-analyzer
            pkgs.rustc
            pkgs.rustfmt
          ];
        };
      });
    };
}
