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
    Command::new(env!("CARGO_BIN_EXE_optlint"))
        .args(["check", "--eval", "--configuration", "host", "--select=inline-registration-shared-secret"])
        .current_dir(root)
        .env("NIX_STORE_DIR", store.join("store"))
        .env("NIX_STATE_DIR", store.join("state"))
        .env("HOME", store)
        .output()
        .expect("optlint runs")
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
