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

      # A derivation that exists if optlint finds nothing in `src`.
      check =
        pkgs:
        {
          src,
          name ? "optlint-check",
          arguments ? [ ],
        }:
        pkgs.runCommand name { nativeBuildInputs = [ (package pkgs) ]; } ''
          optlint check --format pretty ${lib.escapeShellArgs arguments} ${src}
          touch $out
        '';

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
        optlint = package pkgs;
        # The site, with its links followed.
        docs = pkgs.runCommand "optlint-docs" { nativeBuildInputs = [ pkgs.mdbook pkgs.python3 ]; } ''
          python3 ${self}/docs/site.py $out
        '';
      });

      overlays.default = final: _: { optlint = package final; };

      lib = {
        # For a flake's own `checks`: `checks = optlint.lib.mkCheck { src = ./.; };` has one for each
        # system. `arguments` go to `optlint check`, such as [ "--fail-on" "error" ].
        mkCheck = arguments: eachSystem (pkgs: { optlint = check pkgs arguments; });

        # The same as one derivation, to stand among other checks.
        mkCheckFor = pkgs: check pkgs;

        # A hook for git-hooks.nix: `hooks.optlint = optlint.lib.gitHook pkgs;`.
        gitHook = pkgs: {
          enable = true;
          name = "optlint";
          description = "Finds mistakes in the options of NixOS configurations.";
          package = package pkgs;
          entry = "${lib.getExe (package pkgs)} check";
          files = "\\.nix$";
          require_serial = true;
        };
      };

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
