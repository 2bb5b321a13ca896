//! What was parsed when the program was built.

use crate::lint::markdown::Document;
use crate::source::FileId;
use crate::syntax::prepared::{is_prepared, key, prepared, store};
use crate::syntax::{parse, print::show};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

fn files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap().flatten() {
        let path = entry.path();
        match path.is_dir() {
            true => files(&path, found),
            false => found.push(path),
        }
    }
}

/// The Nix that ships, and the text that each is found by.
fn shipped() -> Vec<(PathBuf, String, String)> {
    let mut paths = vec![];
    for folder in ["rules", "src/eval/library"] {
        files(&Path::new(env!("CARGO_MANIFEST_DIR")).join(folder), &mut paths);
    }
    paths.sort();
    let read = |path: PathBuf| {
        let text = std::fs::read_to_string(&path).unwrap();
        let nix = match path.extension().and_then(|extension| extension.to_str()) {
            Some("nix") => text.clone(),
            Some("md") => {
                let page = Document::parse(&text);
                page.blocks.iter().find(|block| block.info == "nix rule")?.alone(&text)
            }
            _ => return None,
        };
        Some((path, text, nix))
    };
    paths.into_iter().filter_map(read).collect()
}

#[test]
fn trees_are_those_of_the_texts() {
    let (mut keys, mut count) = (BTreeMap::new(), 0);
    for (path, text, nix) in shipped() {
        let read = parse(FileId(7), &nix);
        let stored = prepared(FileId(7), &text).unwrap_or_else(|| panic!("{} was not prepared", path.display()));
        assert_eq!(stored.file, FileId(7));
        assert_eq!(show(&stored), show(&read), "{}", path.display());
        assert_eq!(store(&stored), store(&read), "{}", path.display());
        let other = keys.insert(key(&text), text.clone());
        assert!(other.is_none_or(|other| other == text), "{}: two texts have one key", path.display());
        count += 1;
    }
    assert!(count > 100, "{count} texts");
}

#[test]
fn other_texts_are_not_found() {
    for text in ["", "{ }", "{ lib, ... }: lib"] {
        assert!(!is_prepared(text), "{text}");
    }
}
