//! Reads the Nix that ships with the program when it is built, so that the program need not: the
//! library, the declarations of options, and the headers of pages. See `syntax/prepared.rs`.

// The program's own modules, of which this uses a part.
#![allow(dead_code, unreachable_pub, missing_docs, unused_imports)]

#[path = "lint/markdown.rs"]
mod markdown;
mod source;
mod syntax;
mod value;

use source::FileId;
use std::fs;
use std::path::{Path, PathBuf};

/// What marks the block of a page that holds its header.
const HEADER: &str = "nix rule";

fn main() {
    let top = PathBuf::from(std::env::var_os("CARGO_MANIFEST_DIR").expect("set by Cargo"));
    let out = PathBuf::from(std::env::var_os("OUT_DIR").expect("set by Cargo"));
    println!("cargo:rustc-cfg=optlint_prepared");
    let mut entries = vec![];
    for folder in ["rules", "src/eval/library", "src/resolve"] {
        println!("cargo:rerun-if-changed={folder}");
        collect(&top.join(folder), &mut entries);
    }
    entries.sort();
    let mut blob = vec![];
    syntax::prepared::write(&entries, &mut blob);
    fs::write(out.join("prepared"), blob).expect("the folder for what is built can be written");
}

/// The texts below `folder`, each with its stored tree.
fn collect(folder: &Path, entries: &mut Vec<(u64, Vec<u8>)>) {
    for entry in fs::read_dir(folder).expect("a folder of the project").flatten() {
        let path = entry.path();
        if path.is_dir() {
            collect(&path, entries);
            continue;
        }
        let Ok(text) = fs::read_to_string(&path) else { continue };
        let nix = match path.extension().and_then(|extension| extension.to_str()) {
            Some("nix") => text.clone(),
            Some("md") => {
                let page = markdown::Document::parse(&text);
                let Some(header) = page.blocks.iter().find(|block| block.info == HEADER) else { continue };
                header.alone(&text)
            }
            _ => continue,
        };
        let tree = syntax::parse(FileId(0), &nix);
        // What has errors is read when the program runs, which then tells of them.
        if tree.errors.is_empty() {
            entries.push((syntax::prepared::key(&text), syntax::prepared::store(&tree)));
        }
    }
}
