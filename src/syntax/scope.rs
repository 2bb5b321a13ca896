//! Which frame and slot a name means.

use super::{Range, SyntaxError, Var};
use crate::value::Name;
use std::collections::{HashMap, HashSet};

/// The names that Nix binds around every file, those of all its versions and of Lix; besides, every
/// built-in function has a name that starts with two underscores.
const GLOBAL: [&str; 24] = [
    "abort",
    "baseNameOf",
    "break",
    "builtins",
    "derivation",
    "derivationStrict",
    "dirOf",
    "false",
    "fetchGit",
    "fetchMercurial",
    "fetchTarball",
    "fetchTree",
    "fetchurl",
    "fromTOML",
    "import",
    "isNull",
    "map",
    "null",
    "placeholder",
    "removeAttrs",
    "scopedImport",
    "throw",
    "toString",
    "true",
];

/// The frames around the expression that is being lowered.
#[derive(Default)]
pub(super) struct Scope {
    frames: Vec<Vec<Name>>,
    /// For each name, the frames that bind it (as index into `frames`) with the slot, innermost last.
    /// One look-up instead of one per frame: nesting costs nothing.
    bound: HashMap<Name, Vec<(u32, u32)>>,
    withs: u32,
    /// Where names stand that nothing binds, the first place of each.
    unbound: Vec<(Range, Name)>,
    seen: HashSet<Name>,
}

impl Scope {
    /// Opens a frame; `names` are its slots and differ from each other.
    pub(super) fn open(&mut self, names: Vec<Name>) {
        let frame = self.frames.len() as u32;
        for (slot, name) in names.iter().enumerate() {
            self.bound.entry(name.clone()).or_default().push((frame, slot as u32));
        }
        self.frames.push(names);
    }

    /// Closes the innermost frame.
    pub(super) fn close(&mut self) {
        for name in self.frames.pop().unwrap_or_default() {
            if let Some(frames) = self.bound.get_mut(&name) {
                frames.pop();
            }
        }
    }

    /// Goes into the body of a `with`.
    pub(super) fn enter_with(&mut self) {
        self.withs += 1;
    }

    /// Comes out of the body of a `with`.
    pub(super) fn leave_with(&mut self) {
        self.withs -= 1;
    }

    /// What an enclosing `let`, function or `rec` binds `name` to.
    pub(super) fn bound(&self, name: &Name) -> Option<Var> {
        let (frame, slot) = self.bound.get(name)?.last()?;
        Some(Var::Local { depth: self.frames.len() as u32 - 1 - frame, slot: *slot })
    }

    /// What `name` means here; a `with` never hides what `let`, a function or `rec` binds.
    /// It stands at `range`.
    pub(super) fn resolve(&mut self, name: Name, range: Range) -> Var {
        match self.bound(&name) {
            Some(local) => local,
            None => {
                if self.withs == 0 && !is_global(&name) && self.seen.insert(name.clone()) {
                    self.unbound.push((range, name.clone()));
                }
                Var::Free { name, in_with: self.withs > 0 }
            }
        }
    }

    /// What Nix says of the names that nothing binds: it refuses the whole file for them.
    pub(super) fn unbound(self) -> Vec<SyntaxError> {
        let error =
            |(range, name): (Range, Name)| SyntaxError { range, message: format!("undefined variable `{name}`") };
        self.unbound.into_iter().map(error).collect()
    }
}

fn is_global(name: &str) -> bool {
    name.starts_with("__") || GLOBAL.contains(&name)
}
