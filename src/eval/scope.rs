//! Whose scopes are whose, so that they can be given back when nobody needs them any more.
//!
//! Scopes and the delayed evaluations in them refer to each other, and so outlive their last use.
//! Each scope has an owner: the configuration whose modules it was opened for, by what stands
//! around it or by the evaluation that asked; what is shared (files, `lib`, the flake) has none.

use super::Eval;
use super::thunk::{Env, Frame, Thunk};
use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::{Rc, Weak};

/// Somebody scopes are opened for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Owner(u32);

/// The scopes that may refer to themselves, by their owner.
#[derive(Default)]
pub(super) struct Scopes {
    /// For whom an expression is being evaluated.
    pub(super) owner: Owner,
    count: u32,
    open: HashMap<Owner, Open>,
}

#[derive(Default)]
struct Open {
    frames: Vec<Weak<Frame>>,
    /// When so many are listed, those that are gone are struck off.
    full: usize,
}

impl Owner {
    /// Nobody in particular.
    pub const SHARED: Owner = Owner(0);
}

impl Env {
    /// Who it was opened for.
    pub(super) fn owner(&self) -> Owner {
        self.frame.as_ref().map_or(Owner::SHARED, |frame| frame.owner)
    }
}

impl Eval {
    /// An owner nobody else is.
    pub fn new_owner(&mut self) -> Owner {
        self.scopes.count += 1;
        Owner(self.scopes.count)
    }

    /// Runs `f` for somebody: the scopes it opens around nothing of another's are theirs.
    pub fn for_owner<T>(&mut self, owner: Owner, f: impl FnOnce(&mut Eval) -> T) -> T {
        let before = std::mem::replace(&mut self.scopes.owner, owner);
        let result = f(self);
        self.scopes.owner = before;
        result
    }

    /// An empty scope inside `parent`; `is_cyclic`: what will be in it may refer to it.
    pub(super) fn open_frame(&mut self, parent: Option<&Rc<Frame>>, is_cyclic: bool) -> Rc<Frame> {
        let around = parent.map_or(Owner::SHARED, |frame| frame.owner);
        let owner = if around == Owner::SHARED { self.scopes.owner } else { around };
        let frame = Rc::new(Frame { slots: RefCell::new(vec![]), parent: parent.cloned(), owner });
        if is_cyclic && owner != Owner::SHARED {
            let open = self.scopes.open.entry(owner).or_default();
            if open.frames.len() >= open.full {
                open.frames.retain(|frame| frame.strong_count() > 0);
                open.full = 2 * open.frames.len() + 1000;
            }
            open.frames.push(Rc::downgrade(&frame));
        }
        frame
    }

    /// Empties the scopes of an owner, whose values must not be asked for any more.
    pub fn release(&mut self, owner: Owner) {
        let Some(open) = self.scopes.open.remove(&owner) else { return };
        for frame in open.frames.iter().filter_map(Weak::upgrade) {
            let slots: Vec<Thunk> = std::mem::take(&mut *frame.slots.borrow_mut());
            drop(slots);
        }
    }
}
