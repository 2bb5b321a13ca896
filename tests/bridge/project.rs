//! Projects to evaluate in this process: what was resolved, and what Nix made of it.

use optlint::bridge::{Bridge, Nix};
use optlint::check::{Differences, Evaluation, Resolved, evaluate, resolve};
use optlint::option::OptionPattern;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// The Nix of the machine. These tests do not pass without one.
pub(crate) fn nix() -> Bridge {
    let nix = Nix {
        program: "nix-instantiate".to_owned(),
        options: vec![],
        timeout: Duration::from_secs(120),
        restrict: false,
        cache: None,
        environment: vec![],
    };
    Bridge::new(nix, Path::new("/")).expect("these tests need Nix: see docs/development.md")
}

/// The arguments of `tests/options/evaluate.nix`: our stand-in for nixpkgs' module system and our declarations,
/// or what the environment names: `NIXPKGS_LIB`, a nixpkgs' `lib`, and `NIXOS_MODULES`, its `nixos/modules`.
pub(crate) fn modules() -> String {
    let ours = || format!("{}/tests/bridge/lib.nix", env!("CARGO_MANIFEST_DIR"));
    let given = |name: &str| std::env::var(name).ok().filter(|path| !path.is_empty());
    let lib = given("NIXPKGS_LIB").unwrap_or_else(ours);
    let nixos = given("NIXOS_MODULES").map_or_else(String::new, |path| format!("nixosModules = {path};"));
    format!("nixpkgsLib = {lib}; {nixos}")
}

/// The project in a folder, with and without Nix: `file` gives the configuration of this name.
pub(crate) fn both(
    folder: &Path,
    file: PathBuf,
    name: &str,
    patterns: &[OptionPattern],
) -> (Resolved, Resolved, Differences) {
    let without = resolve(&[folder.to_path_buf()], patterns, &optlint::check::Wishes::default());
    let mut with = resolve(&[folder.to_path_buf()], patterns, &optlint::check::Wishes::default());
    let evaluation =
        Evaluation { bridge: &nix(), file: Some(file), names: vec![name.to_owned()], jobs: 1, secrets: &[] };
    let differences = evaluate(&mut with, &evaluation, patterns, &mut |_, _, _| {});
    (without, with, differences.expect("the configuration"))
}
