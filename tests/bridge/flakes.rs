//! A flake in a Git repository: found in the store, told of in the working tree, and left as it was.

use super::{folder, said};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// Every file below a folder with what is in it.
pub(super) fn contents(folder: &Path, found: &mut BTreeMap<PathBuf, Vec<u8>>) {
    for entry in std::fs::read_dir(folder).expect("a folder").flatten() {
        match entry.file_type().expect("a file").is_dir() {
            true => contents(&entry.path(), found),
            false => drop(found.insert(entry.path(), std::fs::read(entry.path()).unwrap_or_default())),
        }
    }
}

pub(super) fn git(folder: &Path, arguments: &[&str]) {
    let status = Command::new("git").args(arguments).current_dir(folder).output().expect("git").status;
    assert!(status.success(), "git {arguments:?}");
}

/// A repository with a flake that only Nix understands.
pub(super) fn repository(folder_of: &Path) -> PathBuf {
    let root = folder_of.join("project");
    std::fs::create_dir_all(&root).expect("a folder");
    for name in ["default.nix", "secret.nix"] {
        std::fs::copy(folder("plain").join(name), root.join(name)).expect("a copy");
    }
    let flake = "{ outputs = { self }: { nixosConfigurations.host = import (./. + \"/default.nix\"); }; }\n";
    std::fs::write(root.join("flake.nix"), flake).expect("a file");
    git(&root, &["init", "-q"]);
    git(&root, &["add", "flake.nix", "default.nix", "secret.nix"]);
    root
}

fn check(root: &Path, store: &Path) -> Output {
    let rules = "--select=inline-registration-shared-secret";
    with_store(root, store, &["check", "--eval", "--configuration", "host", rules])
}

#[test]
fn places_are_those_of_the_working_tree_and_nothing_is_written() {
    let work = tempfile::tempdir().expect("a folder");
    let root = repository(work.path());
    let (mut before, mut after) = (BTreeMap::new(), BTreeMap::new());
    contents(&root, &mut before);
    let (found, told, status) = said(&check(&root, work.path()));
    contents(&root, &mut after);
    assert_eq!(status, 1, "{told}");
    assert!(found[0].starts_with("secret.nix:6:99: error: "), "{found:?}");
    assert!(before == after, "the project was changed");
}

#[test]
fn files_that_git_does_not_know_are_named() {
    let work = tempfile::tempdir().expect("a folder");
    let root = repository(work.path());
    git(&root, &["rm", "-q", "--cached", "secret.nix"]);
    let (_, told, _) = said(&check(&root, work.path()));
    assert!(told.contains("the file is there, but Git does not know it: `git add -N secret.nix`"), "{told}");
}

/// Runs the program in a project with a store of its own.
pub(super) fn with_store(root: &Path, store: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_optlint"))
        .args(arguments)
        .current_dir(root)
        .env("NIX_STORE_DIR", store.join("store"))
        .env("NIX_STATE_DIR", store.join("state"))
        .env("HOME", store)
        .output()
        .expect("optlint runs")
}

#[test]
fn what_is_not_committed_counts() {
    let work = tempfile::tempdir().expect("a folder");
    let root = repository(work.path());
    git(&root, &["-c", "user.name=a", "-c", "user.email=a@example.org", "commit", "-q", "-m", "all"]);
    let text = std::fs::read_to_string(root.join("secret.nix")).expect("a file");
    std::fs::write(root.join("secret.nix"), format!("# a line more\n{text}")).expect("a file");
    let (found, told, _) = said(&check(&root, work.path()));
    assert!(found[0].starts_with("secret.nix:7:99: error: "), "{found:?} {told}");
}

#[test]
fn flakes_in_folders_are_evaluated_there() {
    let work = tempfile::tempdir().expect("a folder");
    let (root, nixpkgs) = (work.path().join("project"), work.path().join("nixpkgs"));
    let library = format!("(import {}/tests/bridge/lib.nix)", env!("CARGO_MANIFEST_DIR"));
    let outputs = format!("{{ outputs = {{ self }}: {{ lib.nixosSystem = {library}.evalModules; }}; }}");
    write(&nixpkgs, &[("flake.nix", &outputs)]);
    let flake = format!(
        "{{ inputs.nixpkgs.url = \"path:{}\"; outputs = {{ self, nixpkgs }}: {{
          nixosConfigurations.host = nixpkgs.lib.nixosSystem {{ modules = [ ./configuration.nix ]; }};
        }}; }}",
        nixpkgs.display()
    );
    write(&root.join("nixos"), &[("flake.nix", &flake), ("configuration.nix", MODULE)]);
    git(&root, &["init", "-q"]);
    git(&root, &["add", "."]);
    let show = || said(&with_store(&root, work.path(), &["show", "--eval", "--configuration", "host", "my.list"]));
    let (_, told, _) = show();
    let unlocked =
        "nixos/flake.nix: Nix cannot evaluate `host`: flake '…' requires lock file changes but they're not allowed";
    assert!(told.contains(unlocked), "{told}");
    lock(&root.join("nixos"), work.path());
    let (shown, told, _) = show();
    assert!(shown.join("\n").contains("nixos/configuration.nix:3:3"), "{shown:?} {told}");
}

/// The module of both: an option of one's own.
const MODULE: &str = "{ lib, ... }: {
  options.my.list = lib.mkOption { type = lib.types.listOf lib.types.str; };
  config.my.list = [ \"own\" ];
}";

/// Writes files into a folder, which is made.
fn write(folder: &Path, files: &[(&str, &str)]) {
    std::fs::create_dir_all(folder).expect("a folder");
    for (name, text) in files {
        std::fs::write(folder.join(name), text).expect("a file");
    }
}

/// Has Nix write a flake's lock file.
fn lock(flake: &Path, store: &Path) {
    let locked = Command::new("nix")
        .args(["--extra-experimental-features", "nix-command flakes", "flake", "lock"])
        .current_dir(flake)
        .env("NIX_STORE_DIR", store.join("store"))
        .env("NIX_STATE_DIR", store.join("state"))
        .env("HOME", store)
        .output()
        .expect("nix");
    assert!(locked.status.success(), "{}", String::from_utf8_lossy(&locked.stderr));
}

#[test]
fn inputs_are_named_as_outside_and_no_lock_file_is_written() {
    let work = tempfile::tempdir().expect("a folder");
    let (root, shared) = (work.path().join("project"), work.path().join("shared"));
    let outputs = "{ outputs = { self }: { nixosModules.default = ./module.nix; }; }";
    write(&shared, &[("flake.nix", outputs), ("module.nix", "{ my.list = [ \"of the input\" ]; }")]);
    let flake = format!(
        "{{ inputs.shared.url = \"path:{}\"; outputs = {{ self, shared }}: {{
          nixosConfigurations.host = (import {}/tests/bridge/lib.nix).evalModules {{
            modules = [ ./configuration.nix shared.nixosModules.default ];
          }};
        }}; }}",
        shared.display(),
        env!("CARGO_MANIFEST_DIR")
    );
    write(&root, &[("flake.nix", &flake), ("configuration.nix", MODULE)]);
    git(&root, &["init", "-q"]);
    git(&root, &["add", "."]);
    let show = || {
        let (mut before, mut after) = (BTreeMap::new(), BTreeMap::new());
        contents(&root, &mut before);
        let output = with_store(&root, work.path(), &["show", "--eval", "--configuration", "host", "my.list"]);
        contents(&root, &mut after);
        assert!(before == after, "the project was changed");
        said(&output)
    };
    // Nix does without no lock file, and makes none.
    let (_, told, _) = show();
    // The flake's address is not shown: it is no name that is written somewhere.
    let unlocked = "Nix cannot evaluate `host`: flake '…' requires lock file changes but they're not allowed";
    assert!(told.contains(unlocked), "{told}");
    lock(&root, work.path());
    let (shown, told, _) = show();
    let shown = shown.join("\n");
    assert!(shown.contains("[ \"own\" ] at configuration.nix:3:3"), "{shown}\n{told}");
    let outside = shown.lines().find(|line| line.contains("of the input\" ] in <outside the project: "));
    assert!(outside.is_some_and(|line| line.ends_with("-source/module.nix>")), "{shown}\n{told}");
}
