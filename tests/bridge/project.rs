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

/// The project in a folder, with and without Nix: `file` gives the configuration of this name.
pub(crate) fn both(
    folder: &Path,
    file: PathBuf,
    name: &str,
    patterns: &[OptionPattern],
) -> (Resolved, Resolved, Differences) {
    let without = resolve(&[folder.to_path_buf()], patterns, &optlint::check::Wishes::default());
    let mut with = resolve(&[folder.to_path_buf()], patterns, &optlint::check::Wishes::default());
    let evaluation = Evaluation { bridge: &nix(), file: Some(file), names: vec![name.to_owned()], jobs: 1 };
    let differences = evaluate(&mut with, &evaluation, patterns, &mut |_, _, _| {});
    (without, with, differences.expect("the configuration"))
}
