//! Which frame and slot a name means.

use super::Var;
use crate::value::Name;
use std::collections::HashMap;

/// The frames around the expression that is being lowered.
#[derive(Default)]
pub(super) struct Scope {
    frames: Vec<Vec<Name>>,
    /// For each name, the frames that bind it (as index into `frames`) with the slot, innermost last.
    /// One look-up instead of one per frame: nesting costs nothing.
    bound: HashMap<Name, Vec<(u32, u32)>>,
    withs: u32,
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

    /// What `name` means here; a `with` never hides what `let`, a function or `rec` binds.
    pub(super) fn resolve(&self, name: Name) -> Var {
        match self.bound.get(&name).and_then(|frames| frames.last()) {
            Some((frame, slot)) => Var::Local { depth: self.frames.len() as u32 - 1 - frame, slot: *slot },
            None => Var::Free { name, in_with: self.withs > 0 },
        }
    }
}
