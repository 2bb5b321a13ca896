//! What lies beyond the project and is well known all the same: files of source trees that are not
//! read, told by the tree's usual name and the path in it, and functions of `pkgs`. Who knows them
//! gives them here; the evaluator itself only tells which one is meant.

use super::Eval;
use super::val::{Kind, R, Val};
use crate::source::Origin;
use crate::value::{Cause, Name, Str, Unknown, UnknownId};
use std::collections::{BTreeMap, HashMap};
use std::rc::Rc;

/// A file or folder in a source tree that is not read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// The tree's usual name, as far as there is one: that of an input, a pin, a channel, a repository.
    pub tree: String,
    /// The path in it: empty, or with a slash before each name.
    pub path: String,
}

/// Gives what a place holds, if that is known.
type Import = dyn Fn(&mut Eval, &Place, Origin) -> Option<Val>;

/// What was given.
#[derive(Default)]
pub(super) struct Beyond {
    import: Option<Rc<Import>>,
    packages: BTreeMap<String, Val>,
    /// Unknowns that are another one with a text behind it.
    appended: HashMap<UnknownId, (Unknown, String)>,
    /// What the trees of inputs are usually called, where the project calls them otherwise; `None`: two
    /// inputs of a name are different trees.
    called: HashMap<Name, Option<&'static str>>,
}

impl Eval {
    /// Takes `import` for what files beyond the project hold.
    pub fn set_import_beyond(&mut self, import: impl Fn(&mut Eval, &Place, Origin) -> Option<Val> + 'static) {
        self.beyond.import = Some(Rc::new(import));
    }

    /// Takes `value` for what stands at `path`, such as `testers.runNixOSTest`, below `pkgs`.
    pub fn set_package(&mut self, path: &str, value: Val) {
        self.beyond.packages.insert(path.to_owned(), value);
    }

    /// Takes the tree of an input for the one that is usually called so, or, with `None`, for none in particular.
    pub fn set_tree_of_input(&mut self, input: &Name, usual: Option<&'static str>) {
        let known = self.beyond.called.entry(input.clone()).or_insert(usual);
        if *known != usual {
            *known = None;
        }
    }

    pub(super) fn given_package(&self, path: &[Name]) -> Option<Val> {
        let path: Vec<&str> = path.iter().map(Name::as_str).collect();
        self.beyond.packages.get(&path.join(".")).cloned()
    }

    /// `import` of a value that is no file of the project.
    pub(super) fn import_beyond(&mut self, value: &Val, at: Origin) -> Option<Val> {
        let import = self.beyond.import.clone()?;
        let place = self.place(value).ok()??;
        import(self, &place, at)
    }

    /// `unknown + "text"`, where `by` is `+text`.
    pub(super) fn appended(&mut self, unknown: &Unknown, by: &str) -> Unknown {
        let derived = self.derive(unknown, by);
        if let Some(text) = by.strip_prefix('+').filter(|text| text.starts_with('/')) {
            self.beyond.appended.insert(derived.id, (unknown.clone(), text.to_owned()));
        }
        derived
    }

    /// The place outside the project that a value names, if it names one that can be told.
    pub fn place_of(&mut self, value: &Val) -> Option<Place> {
        self.place(value).ok()?
    }

    fn place(&mut self, value: &Val) -> R<Option<Place>> {
        match &value.kind {
            Kind::Unknown(unknown) => Ok(self.place_behind(unknown, "")),
            Kind::Str(text) | Kind::Path(text) => Ok(self.place_in(text)),
            Kind::Attrs(set) => match self.attribute(set, "outPath") {
                Some(path) => match &self.force(&path.value)?.kind {
                    Kind::Unknown(unknown) => Ok(self.place_behind(unknown, "")),
                    Kind::Str(text) | Kind::Path(text) => Ok(self.place_in(text)),
                    _ => Ok(None),
                },
                // An input is its own path.
                None => match set.why_open() {
                    Some(unknown) if matches!(&*unknown.cause, Cause::Input(..)) => Ok(self.place_behind(unknown, "")),
                    _ => Ok(None),
                },
            },
            _ => Ok(None),
        }
    }

    /// A hole with known text behind it.
    fn place_in(&self, text: &Str) -> Option<Place> {
        let [crate::value::Part::Hole(hole), rest @ ..] = text.parts() else { return None };
        let mut path = String::new();
        for part in rest {
            let crate::value::Part::Text(text) = part else { return None };
            path.push_str(text);
        }
        self.place_behind(hole, &path)
    }

    fn place_behind(&self, unknown: &Unknown, path: &str) -> Option<Place> {
        let mut path = path.to_owned();
        let mut unknown = unknown;
        // Each step takes a text off that an operator put there: there are as many as operators ran.
        while let Some((before, text)) = self.beyond.appended.get(&unknown.id) {
            path.insert_str(0, text);
            unknown = before;
        }
        let (tree, inside) = match unknown.cause.root() {
            Cause::Package(path) if path == "pkgs.path" => ("nixpkgs", ""),
            Cause::Argument(name) => (name.as_str(), ""),
            Cause::Input(name, _) => match self.beyond.called.get(name) {
                Some(Some(usual)) => (*usual, ""),
                _ => (name.as_str(), ""),
            },
            cause => cause.tree()?,
        };
        Some(Place { tree: tree.to_owned(), path: format!("{inside}{path}") })
    }
}
