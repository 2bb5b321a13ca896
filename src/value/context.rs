//! What a string drags into the Nix store.

use super::{Package, Str};
use crate::source::Origin;
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::{Arc, OnceLock};

/// Something that lies in the store once the value is used.
#[derive(Debug)]
pub struct StoreObject {
    /// Identity within one run.
    pub id: u64,
    /// The name in the store path, behind the hash.
    pub name: Str,
    /// What it is.
    pub kind: StoreKind,
    /// The expression that puts it there.
    pub origin: Origin,
    /// The text of a generated file, filled in when a value leaves the evaluator;
    /// `None` inside when it has no text that could be known.
    pub text: OnceLock<Option<Str>>,
    /// Of a package below `pkgs` that became part of a text: the package, without its context.
    /// Filled in like `text`.
    pub package: OnceLock<Box<Package>>,
}

/// What kind of thing lies in the store.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StoreKind {
    /// A file or folder copied from this path, because a path was turned into a string.
    Copied(PathBuf),
    /// A path whose place is only partly known, copied likewise.
    CopiedUnknown,
    /// A file with generated text: `pkgs.writeText`, `builtins.toFile`, `pkgs.formats.*.generate` …
    Generated,
    /// The output of a package.
    Package,
    /// The output of a derivation that the configuration itself builds.
    Built,
}

/// The store objects a string refers to.
#[derive(Clone, Debug, Default)]
pub struct Context(BTreeMap<u64, Arc<StoreObject>>);

impl Context {
    /// A context of one object.
    pub fn of(object: Arc<StoreObject>) -> Self {
        Self(BTreeMap::from([(object.id, object)]))
    }

    /// Adds all of `other`.
    pub fn extend(&mut self, other: &Context) {
        if other.0.is_empty() {
            return;
        }
        self.0.extend(other.0.iter().map(|(id, object)| (*id, object.clone())));
    }

    /// Whether it refers to nothing.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The objects, in order of their places: their ids hang on what else was evaluated before.
    pub fn iter(&self) -> impl Iterator<Item = &Arc<StoreObject>> {
        let mut all: Vec<_> = self.0.values().collect();
        all.sort_by_key(|object| object.origin);
        all.into_iter()
    }
}
