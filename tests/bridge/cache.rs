//! What is remembered of evaluations: only what surely would come out again.

use super::flakes::{contents, git, repository};
use super::said;
use std::collections::BTreeMap;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;

/// A flake, a store, a cache and a Nix that counts how often it evaluates.
struct Setting {
    work: tempfile::TempDir,
    root: PathBuf,
}

impl Setting {
    fn new() -> Setting {
        let work = tempfile::tempdir().expect("a folder");
        let root = repository(work.path());
        let program = work.path().join("nix-instantiate");
        let runs = work.path().join("runs").display().to_string();
        let text = format!(
            "#!/bin/sh\n[ \"$1\" = --version ] || echo run >> {runs}\nPATH=${{PATH#*:}} exec nix-instantiate \"$@\"\n"
        );
        std::fs::write(&program, text).expect("a program");
        std::fs::set_permissions(&program, std::fs::Permissions::from_mode(0o755)).expect("a program");
        Setting { work, root }
    }

    fn at(&self, name: &str) -> PathBuf {
        self.work.path().join(name)
    }

    /// What a check finds, and how often Nix evaluated for it.
    fn check(&self, more: &[&str]) -> (Vec<String>, usize) {
        let _ = std::fs::remove_file(self.at("runs"));
        let search = std::env::var("PATH").expect("PATH");
        let output = Command::new(env!("CARGO_BIN_EXE_optlint"))
            .args(["check", "--eval", "--configuration", "host", "--select=inline-registration-shared-secret"])
            .args(["--nix", &self.at("nix-instantiate").display().to_string()])
            .args(more)
            .current_dir(&self.root)
            .env("PATH", format!("/nowhere:{search}"))
            .env("NIX_STORE_DIR", self.at("store"))
            .env("NIX_STATE_DIR", self.at("state"))
            .env("HOME", self.work.path())
            .env("XDG_CACHE_HOME", self.at("cache"))
            .env_remove("OPTLINT_NO_CACHE")
            .output()
            .expect("optlint runs");
        let (found, told, _) = said(&output);
        assert_eq!(found.len(), 1, "{told}");
        let runs = std::fs::read_to_string(self.at("runs")).unwrap_or_default();
        (found, runs.lines().count())
    }

    fn entries(&self) -> BTreeMap<PathBuf, Vec<u8>> {
        let mut found = BTreeMap::new();
        if self.at("cache").is_dir() {
            contents(&self.at("cache"), &mut found);
        }
        found
    }
}

fn mode(path: &Path) -> u32 {
    std::fs::metadata(path).expect("it is there").permissions().mode() & 0o777
}

#[test]
fn the_same_question_is_not_asked_again() {
    let setting = Setting::new();
    let restricted = ["--restrict-eval"];
    let mut before = BTreeMap::new();
    contents(&setting.root, &mut before);
    let (first, runs) = setting.check(&restricted);
    assert_eq!(runs, 1);
    assert_eq!(setting.check(&restricted), (first.clone(), 0));
    // Only the user can read it: values can be secrets.
    assert_eq!(mode(&setting.at("cache/optlint")), 0o700);
    assert_eq!(setting.entries().len(), 1);
    assert!(setting.entries().keys().all(|path| mode(path) == 0o600));
    let mut after = BTreeMap::new();
    contents(&setting.root, &mut after);
    assert!(before == after, "the project was changed");
    // Asked for, or another question.
    assert_eq!(setting.check(&["--restrict-eval", "--no-cache"]), (first.clone(), 1));
    assert_eq!(setting.check(&["--restrict-eval", "--nix-option", "max-call-depth", "5000"]).1, 1);
    // A file that is no Nix, and what Git knows of it.
    std::fs::write(setting.root.join("data.json"), "{}").expect("a file");
    assert_eq!(setting.check(&restricted).1, 1);
    git(&setting.root, &["add", "data.json"]);
    assert_eq!(setting.check(&restricted).1, 1);
    assert_eq!(setting.check(&restricted), (first, 0));
}

#[test]
fn what_was_changed_in_the_cache_is_not_believed() {
    let setting = Setting::new();
    let restricted = ["--restrict-eval"];
    let (first, _) = setting.check(&restricted);
    let (entry, told) = setting.entries().into_iter().next().expect("an entry");
    let text = String::from_utf8(told.clone()).expect("UTF-8");
    let (half, other) = (text[..text.len() / 2].to_owned(), text.replace("swordfish", "something"));
    for broken in [String::new(), "x".to_owned(), "\n\n".to_owned(), half, other] {
        std::fs::write(&entry, broken).expect("written");
        assert_eq!(setting.check(&restricted), (first.clone(), 1));
        assert_eq!(setting.check(&restricted), (first.clone(), 0));
    }
    // Others could write here.
    std::fs::set_permissions(setting.at("cache/optlint"), std::fs::Permissions::from_mode(0o777)).expect("a mode");
    assert_eq!(setting.check(&restricted), (first.clone(), 1));
}

#[test]
fn what_may_change_by_itself_is_not_remembered() {
    let setting = Setting::new();
    // Who knows what it reads.
    setting.check(&[]);
    assert!(setting.entries().is_empty());
    assert_eq!(setting.check(&[]).1, 1);
    // Nix's settings let it read more.
    setting.check(&["--restrict-eval", "--nix-option", "allowed-uris", "http://localhost:1/"]);
    assert!(setting.entries().is_empty());
    // The time.
    std::fs::write(setting.root.join("time.nix"), "builtins.currentTime\n").expect("a file");
    git(&setting.root, &["add", "time.nix"]);
    setting.check(&["--restrict-eval"]);
    assert!(setting.entries().is_empty());
}
