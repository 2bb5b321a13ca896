//! Reads the Nix that ships with the program when it is built, so that the program need not: the
//! library, the declarations of options, and the headers of pages. See `syntax/prepared.rs`.

// The program's own modules, of which this uses a part.
#![allow(dead_code, unreachable_pub, missing_docs, unused_imports)]

#[path = "eval/literal.rs"]
mod literal;
#[path = "lint/markdown.rs"]
mod markdown;
mod source;
mod syntax;
mod value;

use source::FileId;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use value::{Item, Shape, Value};

/// What marks the block of a page that holds its header.
const HEADER: &str = "nix rule";

fn main() {
    let top = PathBuf::from(std::env::var_os("CARGO_MANIFEST_DIR").expect("set by Cargo"));
    let out = PathBuf::from(std::env::var_os("OUT_DIR").expect("set by Cargo"));
    println!("cargo:rustc-cfg=optlint_prepared");
    let (mut entries, mut digests) = (vec![], BTreeMap::new());
    for folder in ["rules", "src/eval/library", "src/resolve"] {
        println!("cargo:rerun-if-changed={folder}");
        collect(&top.join(folder), &top.join("rules"), &mut entries, &mut digests);
    }
    entries.sort();
    let mut blob = vec![];
    syntax::prepared::write(&entries, &mut blob);
    fs::write(out.join("prepared"), blob).expect("the folder for what is built can be written");
    let digests: String = digests.into_values().collect();
    let digests = format!("static DIGESTS: &[Digest] = &[\n{digests}];\n");
    fs::write(out.join("digests.rs"), digests).expect("the folder for what is built can be written");
}

/// The texts below `folder`, each with its stored tree; of the pages below `rules` what they say, by name.
fn collect(folder: &Path, rules: &Path, entries: &mut Vec<(u64, Vec<u8>)>, digests: &mut BTreeMap<String, String>) {
    for entry in fs::read_dir(folder).expect("a folder of the project").flatten() {
        let path = entry.path();
        if path.is_dir() {
            collect(&path, rules, entries, digests);
            continue;
        }
        let Ok(text) = fs::read_to_string(&path) else { continue };
        let mut page = None;
        let nix = match path.extension().and_then(|extension| extension.to_str()) {
            Some("nix") => text.clone(),
            Some("md") => {
                let read = markdown::Document::parse(&text);
                let Some(header) = read.blocks.iter().find(|block| block.info == HEADER) else { continue };
                let header = header.alone(&text);
                page = path.strip_prefix(rules).ok().map(|path| (path.with_extension(""), read));
                header
            }
            _ => continue,
        };
        let tree = syntax::parse(FileId(0), &nix);
        // What has errors is read when the program runs, which then tells of them.
        if tree.errors.is_empty() {
            let digest = page.and_then(|(name, page)| {
                let name = name.to_str()?.to_owned();
                let digest = digest(&name, &page.summary, &literal::literal(&tree, tree.root)?)?;
                Some((name, digest))
            });
            digests.extend(digest);
            entries.push((syntax::prepared::key(&text), syntax::prepared::store(&tree)));
        }
    }
}

/// What a page says, as the `Digest` that `src/lint/digest.rs` reads; `None`: a header that says something else.
fn digest(name: &str, summary: &str, header: &Value) -> Option<String> {
    let (mut texts, mut lists, mut marks) = (vec![], vec![], vec![]);
    for (name, value) in &header.as_attrs()?.known {
        let name = name.as_str();
        match &value.shape {
            Shape::Str(text) => texts.push((name, text.known()?)),
            Shape::List(items) => {
                let text = |item: &'_ Item| match item {
                    Item::One(value) => value.as_str().map(str::to_owned),
                    _ => None,
                };
                lists.push((name, items.iter().map(text).collect::<Option<Vec<String>>>()?));
            }
            Shape::Bool(true) | Shape::Function => marks.push(name.to_owned()),
            Shape::Bool(false) => {}
            Shape::Attrs(inside) => {
                for (inner, value) in &inside.known {
                    matches!(value.shape, Shape::Function).then_some(())?;
                    marks.push(format!("{name}.{inner}"));
                }
            }
            _ => return None,
        }
    }
    let lists: String = lists.iter().map(|(name, list)| format!("({name:?}, &{list:?}), ")).collect();
    Some(format!(
        "Digest {{ name: {name:?}, summary: {summary:?}, texts: &{texts:?}, lists: &[{lists}], marks: &{marks:?} }},\n"
    ))
}
