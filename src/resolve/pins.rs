//! npins and niv: source trees that a project pins in a JSON file. A tree itself is not read, but
//! which one it is can be told, and what the JSON file says of it.

use crate::eval::{AttrSet, Eval, Kind, Rest, Thunk, Val};
use crate::source::Origin;
use crate::value::{Cause, Name, Str};
use std::path::{Path, PathBuf};
use std::rc::Rc;

/// The tools: what their generated file begins with, and where the JSON file lists the pins.
const TOOLS: [(&str, &str, &[&str]); 2] = [("npins", "default.nix", &["pins"]), ("niv", "sources.nix", &[])];
/// How much of the generated file is looked at to tell it from others of its name.
const HEADER: usize = 300;

/// Takes pins for what they are, in those of `files` that a pinning tool wrote.
pub(super) fn install(eval: &mut Eval, files: &[PathBuf]) {
    for file in files {
        if let Some(pins) = pins(eval, file) {
            eval.set_file(file, Thunk::done(pins));
        }
    }
}

/// What the file at `path` gives, if a pinning tool wrote it: a set of source trees.
fn pins(eval: &mut Eval, path: &Path) -> Option<Val> {
    let file = path.file_name()?.to_str()?;
    let (tool, _, inside) = TOOLS.iter().find(|(_, name, _)| *name == file)?;
    let list = path.with_file_name("sources.json");
    eval.files().kind(&list)?;
    let text = eval.files().read(path).ok()?;
    let header: String = text.chars().take(HEADER).collect();
    if !header.to_lowercase().contains(tool) {
        return None;
    }
    let callable = text.contains("__functor");
    let read = eval.library_function("importJSON");
    let list_path = Val::new(Kind::Path(Rc::new(Str::new(list.to_string_lossy()))), Origin::Default);
    let mut pins = eval.apply(&read, Thunk::done(list_path), Origin::Default).ok()?;
    for name in *inside {
        let Kind::Attrs(set) = &pins.kind else { return None };
        let next = set.known.get(*name)?.value.clone();
        pins = eval.force_or_unknown(&next);
    }
    let Kind::Attrs(pins) = &pins.kind else { return None };
    let folder = list.parent().and_then(Path::file_name).unwrap_or_default().to_string_lossy().into_owned();
    let mut set = AttrSet::default();
    for (name, said) in &pins.known {
        let pin = pin(eval, name, &format!("{folder}/sources.json"), &said.value);
        set.insert(name.clone(), Thunk::done(pin), said.site);
    }
    // Both can be called with settings that change how a tree is fetched, not which there are.
    if callable {
        let all = Val::new(Kind::Attrs(Rc::new(set.clone())), Origin::Default);
        let called = Val::closure("sources", 2, move |_, _, _| Ok(all.clone()));
        set.insert("__functor", Thunk::done(called), Origin::Default);
    }
    Some(Val::new(Kind::Attrs(Rc::new(set)), Origin::Default))
}

/// One tree: what the JSON file says, and a path that nobody reads.
fn pin(eval: &mut Eval, name: &Name, list: &str, said: &Thunk) -> Val {
    let cause = Cause::Fetched(name.clone(), format!("the pin `{name}` of `{list}`, which is not fetched"));
    let unknown = eval.new_unknown(cause, Origin::Default);
    let mut set = match eval.force_or_unknown(said).kind {
        Kind::Attrs(said) => (*said).clone(),
        _ => AttrSet::default(),
    };
    set.insert("outPath", Thunk::done(Val::new(Kind::Unknown(unknown.clone()), Origin::Default)), Origin::Default);
    // The tools add a few attributes that depend on their version.
    set.rest = Some(Rest::Unknown(unknown));
    Val::new(Kind::Attrs(Rc::new(set)), Origin::Default)
}
