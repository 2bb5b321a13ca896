//! The bridge to the user's own Nix, with a real Nix: a machine without one fails these tests.
//!
//! `bridge/` holds the projects that are evaluated.

#[path = "bridge/cache.rs"]
mod cache;
#[path = "bridge/claims.rs"]
mod claims;
#[path = "bridge/examples.rs"]
mod examples;
#[path = "bridge/fixtures.rs"]
mod fixtures;
#[path = "bridge/flakes.rs"]
mod flakes;
#[path = "bridge/hostile.rs"]
mod hostile;
#[path = "bridge/mapping.rs"]
mod mapping;
#[path = "bridge/outside.rs"]
mod outside;
#[path = "bridge/places.rs"]
mod places;
#[path = "bridge/project.rs"]
mod project;
#[path = "bridge/secrets.rs"]
mod secrets;
#[path = "bridge/terminal.rs"]
mod terminal;

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

fn folder(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/bridge").join(name)
}

/// Runs the program in a folder.
fn optlint(folder: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_optlint")).args(arguments).current_dir(folder).output().expect("optlint runs")
}

/// What was found, a line each; what it said; the status.
fn said(output: &Output) -> (Vec<String>, String, i32) {
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).expect("UTF-8");
    let lines = text(&output.stdout).lines().map(String::from).collect();
    (lines, text(&output.stderr), output.status.code().expect("no signal"))
}

#[test]
fn an_expression_that_gives_options_is_checked() {
    let rules = "--select=inline-registration-shared-secret";
    let output = optlint(&folder("plain"), &["check", "--eval", "--eval-file", "default.nix", rules]);
    let (found, told, status) = said(&output);
    assert_eq!(status, 1, "{told}");
    let [line] = &found[..] else { panic!("{found:?}\n{told}") };
    assert!(line.starts_with("secret.nix:6:99: error: "), "{line}");
    assert!(!line.contains("swordfish"), "{line}");
}

#[test]
fn settings_name_what_is_evaluated() {
    let work = tempfile::tempdir().expect("a folder");
    for file in ["default.nix", "secret.nix"] {
        std::fs::copy(folder("plain").join(file), work.path().join(file)).expect("a file");
    }
    let rules = "--select=inline-registration-shared-secret";
    std::fs::write(work.path().join("optlint.toml"), "eval-file = \"default.nix\"\neval-timeout = 60\n")
        .expect("a file");
    let (found, told, status) = said(&optlint(work.path(), &["check", "--eval", rules]));
    assert!(status == 1 && found.len() == 1 && found[0].starts_with("secret.nix:6:99: error: "), "{found:?}\n{told}");
    let secret = "services.matrix-synapse.settings.registration_shared_secret";
    let (shown, told, _) = said(&optlint(work.path(), &["show", "--eval", secret]));
    assert!(shown.iter().any(|line| line.contains("secret.nix:6")), "{shown:?}\n{told}");
}

#[test]
fn without_nix_there_is_one_message() {
    let output = optlint(&folder("plain"), &["check", "--eval", "--nix", "/nowhere/nix-instantiate"]);
    let (found, told, status) = said(&output);
    assert_eq!((found.len(), status), (0, 2));
    let hint = "install Nix, name it with `--nix PROGRAM`, or leave out `--eval`";
    assert_eq!(told, format!("error: `--eval` needs Nix, and `/nowhere/nix-instantiate` cannot be run; {hint}\n"));
}
