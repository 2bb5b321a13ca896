//! `lib`: nixpkgs' library, written in Nix under `library/` and evaluated by ourselves.

use super::Eval;
use super::thunk::Thunk;
use super::val::{Kind, Val};
use crate::source::Origin;
use std::rc::Rc;

macro_rules! parts {
    ($($name:literal),* $(,)?) => {
        &[$(($name, include_str!(concat!("library/", $name, ".nix")))),*]
    };
}

/// The files; each is a function from the whole library to its own part.
const PARTS: &[(&str, &str)] = parts![
    "asserts",
    "attrsets",
    "cli",
    "composedTypes",
    "customisation",
    "debug",
    "derivations",
    "escapes",
    "fetchers",
    "fileset",
    "filesystem",
    "fixedPoints",
    "flakes",
    "generators",
    "gvariant",
    "kernel",
    "languages",
    "licenses",
    "lists",
    "meta",
    "misc",
    "modules",
    "network",
    "options",
    "path",
    "people",
    "sourceTypes",
    "sources",
    "strings",
    "stringsWithDeps",
    "systems",
    "trivial",
    "types",
    "versions",
];

impl Eval {
    /// The whole `lib`, the same thunk each time.
    pub fn library(&mut self) -> Thunk {
        if let Some(library) = &self.library {
            return library.clone();
        }
        let parts: Vec<_> = PARTS
            .iter()
            .map(|(name, text)| ((*name).into(), self.embedded(&format!("<lib/{name}.nix>"), text)))
            .collect();
        let parts = Thunk::done(Val::attrs(parts, Origin::Default));
        let natives = Thunk::done(self.library_natives());
        let combine = self.embedded("<lib/default.nix>", include_str!("library/default.nix"));
        let argument = Val::attrs([("parts".into(), parts), ("natives".into(), natives)], Origin::Default);
        let library = self.delay_apply(combine, vec![Thunk::done(argument)], Origin::Default);
        self.library = Some(library.clone());
        library
    }

    /// What is easier said in Rust: set by [`Eval::set_native`].
    fn library_natives(&mut self) -> Val {
        let mut natives: Vec<_> =
            self.natives.iter().map(|(name, value)| (name.clone(), Thunk::done(value.clone()))).collect();
        natives.push(("strings".into(), Thunk::done(super::builtin::affix::functions())));
        Val::attrs(natives, Origin::Default)
    }

    /// Adds a function to `lib`, before `lib` is first used.
    pub fn set_native(&mut self, name: &str, value: Val) {
        self.natives.insert(name.into(), value);
    }

    /// A function of `lib`.
    pub fn library_function(&mut self, name: &str) -> Val {
        let library = self.library();
        match self.force_or_unknown(&library).kind {
            Kind::Attrs(set) => match set.known.get(name) {
                Some(attribute) => self.force_or_unknown(&attribute.value),
                None => self.unknown(crate::value::Cause::Unsupported(format!("lib.{name}")), Origin::Default),
            },
            Kind::Unknown(unknown) => Val::new(Kind::Unknown(unknown), Origin::Default),
            _ => Val::new(Kind::Attrs(Rc::default()), Origin::Default),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::PARTS;

    #[test]
    fn every_file_is_embedded() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/src/eval/library");
        let mut files: Vec<String> = std::fs::read_dir(folder)
            .expect("the library's folder")
            .filter_map(|entry| entry.ok()?.file_name().to_str()?.strip_suffix(".nix").map(str::to_owned))
            .filter(|name| name != "default")
            .collect();
        files.sort();
        let parts: Vec<&str> = PARTS.iter().map(|(name, _)| *name).collect();
        assert_eq!(parts, files);
    }
}
