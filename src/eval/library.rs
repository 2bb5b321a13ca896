//! `lib`: nixpkgs' library, written in Nix under `library/` and evaluated by ourselves.

use super::Eval;
use super::thunk::Thunk;
use super::val::{AttrSet, Kind, Rest, Val};
use crate::source::Origin;
use crate::value::{Cause, Name, Unknown};
use std::rc::Rc;

/// How the cause of [`Eval::other_names`] starts.
const OTHER_NAMES: &str = "another name of ";

/// Whether a set is open only because another release of Nix or nixpkgs may have more names.
pub(super) fn is_of_other_release(why: &Unknown) -> bool {
    matches!(&*why.cause, Cause::Unsupported(what) if what.starts_with(OTHER_NAMES))
}

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
    "moduleTypes",
    "modules",
    "network",
    "options",
    "path",
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
        let open = Thunk::done(self.open_namespaces());
        let argument =
            Val::attrs([("parts".into(), parts), ("natives".into(), natives), ("open".into(), open)], Origin::Default);
        let library = self.delay_apply(combine, vec![Thunk::done(argument)], Origin::Default);
        self.library = Some(library.clone());
        library
    }

    /// What is easier said in Rust: set by [`Eval::set_native`].
    fn library_natives(&mut self) -> Val {
        let mut natives: Vec<_> =
            self.natives.iter().map(|(name, value)| (name.clone(), Thunk::done(value.clone()))).collect();
        natives.push(("strings".into(), Thunk::done(super::builtin::affix::functions())));
        natives.push(("attrsets".into(), Thunk::done(super::builtin::attr_path::functions())));
        natives.push(("types".into(), Thunk::done(super::builtin::check::functions())));
        Val::attrs(natives, Origin::Default)
    }

    /// For `lib` and each namespace in it an empty set that may have any name: another release of
    /// nixpkgs has functions that ours lacks.
    fn open_namespaces(&mut self) -> Val {
        let names = PARTS.iter().map(|(name, _)| *name).chain(["lib"]);
        let open: Vec<_> = names
            .map(|name| {
                let path = if name == "lib" { "lib".to_owned() } else { format!("lib.{name}") };
                let set = AttrSet { rest: Some(self.other_names(&path)), ..AttrSet::default() };
                (Name::from(name), Thunk::done(Val::new(Kind::Attrs(Rc::new(set)), Origin::Default)))
            })
            .collect();
        Val::attrs(open, Origin::Default)
    }

    /// What is behind the names that `path` may have elsewhere.
    pub(super) fn other_names(&mut self, path: &str) -> Rest {
        let why = self.new_unknown(Cause::Unsupported(format!("{OTHER_NAMES}{path}")), Origin::Default);
        let (from, path) = (why.clone(), path.to_owned());
        let get = move |eval: &mut Eval, name: &Name| {
            let cause = Cause::Unsupported(format!("{path}.{name}")).into();
            let unknown = Unknown { cause, ..eval.derive(&from, &format!(".{name}")) };
            Val::new(Kind::Unknown(unknown), Origin::Default)
        };
        Rest::Named(Rc::new(get), why)
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
                None => self.unknown(Cause::Unsupported(format!("lib.{name}")), Origin::Default),
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
