//! The NixOS modules under `rules/` that declare options, and the data beside them.
//!
//! What they say about NixOS is checked with Nix: set `NIXPKGS_LIB` to the `lib` folder
//! of a nixpkgs and the scripts in `tests/options/` run too.

use optlint::source::Sources;
use std::path::{Path, PathBuf};
use std::process::Command;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The Nix files below `folder`, sorted.
fn nix_files(folder: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![root().join(folder)];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).into_iter().flatten().flatten() {
            let path = entry.path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|ending| ending == "nix") {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}

#[test]
fn every_file_parses() {
    let mut sources = Sources::default();
    let files = nix_files("rules").into_iter().chain(nix_files("fixtures/configurations"));
    for path in files {
        let text = std::fs::read_to_string(&path).unwrap();
        let file = sources.add(path.clone(), text.as_str());
        let tree = optlint::syntax::parse(file, &text);
        assert!(tree.errors.is_empty(), "{}: {:?}", path.display(), tree.errors);
    }
}

#[test]
fn every_declaration_says_where_its_facts_are_from() {
    for path in nix_files("rules") {
        let text = std::fs::read_to_string(&path).unwrap();
        let head: String = text.lines().take_while(|line| line.starts_with('#')).collect();
        assert!(head.contains("Facts: "), "{}", path.display());
    }
}

/// Embedded files have no folder: nothing can be found beside them.
#[test]
fn no_declaration_reads_another_file() {
    for path in nix_files("rules") {
        let text = std::fs::read_to_string(&path).unwrap();
        let code = text.lines().filter(|line| !line.trim_start().starts_with('#'));
        // What stands in for a framework imports the user's files, whose paths it is given.
        let is_given_files = path.components().any(|part| part.as_os_str() == "flakes");
        let read = if is_given_files { ["import ./", " ./"] } else { ["import ", "import "] };
        for line in code {
            assert!(!read.iter().any(|read| line.contains(read)), "{}: {line}", path.display());
        }
    }
}

#[test]
fn nix_agrees() {
    let Ok(library) = std::env::var("NIXPKGS_LIB") else { return };
    for (script, arguments) in [("check.sh", &[][..]), ("record.sh", &["--check"][..])] {
        let output =
            Command::new(root().join("tests/options").join(script)).arg(&library).args(arguments).output().unwrap();
        let said = String::from_utf8_lossy(&output.stdout);
        let complained = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{script}: {said}{complained}");
    }
}
