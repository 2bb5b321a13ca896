//! Whose scopes are whose, so that they can be given back when nobody needs them any more.
//!
//! Scopes, sets and the delayed evaluations in them refer to each other, and so outlive their last use.
//! Each scope has an owner: the configuration whose modules it was opened for, by what stands
//! around it or by the evaluation that asked; what is shared (files, `lib`, the flake) has none.

use super::Eval;
use super::share::Twin;
use super::thunk::{Env, Frame, Thunk, WeakThunk};
use super::val::Val;
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
    held: Vec<Rc<dyn Held>>,
}

#[derive(Default)]
struct Open {
    frames: Vec<Weak<Frame>>,
    /// Computed values in which others stand: a set may hold what leads back to it.
    values: Vec<WeakThunk>,
    /// When so many are listed, those that are gone are struck off.
    full: usize,
}

impl Open {
    fn strike_off(&mut self) {
        if self.frames.len() + self.values.len() >= self.full {
            self.frames.retain(|frame| frame.strong_count() > 0);
            self.values.retain(WeakThunk::is_there);
            self.full = 2 * (self.frames.len() + self.values.len()) + 1000;
        }
    }

    fn empty(self) {
        for frame in self.frames.iter().filter_map(Weak::upgrade) {
            let slots: Vec<Thunk> = std::mem::take(&mut *frame.slots.borrow_mut());
            drop(slots);
        }
        self.values.iter().for_each(WeakThunk::empty);
    }
}

/// Something that refers to itself by what evaluation gave it.
pub trait Held {
    /// Forgets that: the evaluator is gone.
    fn let_go(&self);
}

/// What is shared is there as long as the evaluator.
impl Drop for Scopes {
    fn drop(&mut self) {
        self.held.drain(..).for_each(|held| held.let_go());
        self.open.drain().for_each(|(_, open)| open.empty());
    }
}

impl Owner {
    /// Nobody in particular.
    pub const SHARED: Owner = Owner(0);

    /// All configurations that there will be.
    pub(super) const KEPT: Owner = Owner(u32::MAX);
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

    /// At the end of the evaluator `held` is told to let go.
    pub fn hold(&mut self, held: Rc<dyn Held>) {
        self.scopes.held.push(held);
    }

    /// Runs `f` for somebody: the scopes it opens around nothing of another's are theirs.
    pub fn for_owner<T>(&mut self, owner: Owner, f: impl FnOnce(&mut Eval) -> T) -> T {
        let before = std::mem::replace(&mut self.scopes.owner, owner);
        let result = f(self);
        self.scopes.owner = before;
        result
    }

    /// An empty scope inside `parent`; `is_cyclic`: what will be in it may refer to it.
    pub(super) fn open_frame(&mut self, parent: Option<&Rc<Frame>>, is_cyclic: bool, twin: Option<Twin>) -> Rc<Frame> {
        let around = parent.map_or(Owner::SHARED, |frame| frame.owner);
        // A function that is shared is called for somebody all the same.
        let owner = if around == Owner::SHARED || around == Owner::KEPT { self.scopes.owner } else { around };
        let frame = Rc::new(Frame { slots: RefCell::new(vec![]), parent: parent.cloned(), owner, twin });
        if is_cyclic {
            let open = self.scopes.open.entry(owner).or_default();
            open.strike_off();
            open.frames.push(Rc::downgrade(&frame));
        }
        frame
    }

    /// How many scopes are there that all configurations share.
    #[cfg(test)]
    pub(super) fn kept_scopes(&self) -> usize {
        let kept = self.scopes.open.get(&Owner::KEPT);
        kept.map_or(0, |open| open.frames.iter().filter(|frame| frame.strong_count() > 0).count())
    }

    /// Takes note of what a thunk of somebody's turned out to be.
    pub(super) fn note_value(&mut self, owner: Owner, thunk: &Thunk, value: &Val) {
        if value.kind.holds_others() {
            let open = self.scopes.open.entry(owner).or_default();
            open.strike_off();
            open.values.push(thunk.downgrade());
        }
    }

    /// Empties the scopes of an owner, whose values must not be asked for any more. What is shared stays.
    pub fn release(&mut self, owner: Owner) {
        if owner == Owner::SHARED {
            return;
        }
        if let Some(open) = self.scopes.open.remove(&owner) {
            open.empty();
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::eval::Eval;
    use crate::source::Origin;
    use crate::source::files::Memory;
    use std::rc::Rc;

    /// The files of which something is left when the evaluator is gone; `text` is a function of `lib`.
    fn left(text: &str) -> Vec<String> {
        let mut eval = Eval::new(Box::new(Memory::default()));
        let (function, library) = (eval.text_as("/a.nix".into(), text), eval.library());
        let thunk = eval.delay_apply(function, vec![library], Origin::Default);
        eval.freeze(&thunk);
        drop(thunk);
        let name = |eval: &Eval, file| eval.sources.file(file).path.display().to_string();
        let trees: Vec<_> = eval.trees.values().map(|tree| (name(&eval, tree.file), Rc::downgrade(tree))).collect();
        drop(eval);
        let mut left: Vec<_> =
            trees.into_iter().filter(|(_, tree)| tree.strong_count() > 0).map(|(name, _)| name).collect();
        left.sort();
        left
    }

    #[test]
    fn what_is_shared_is_not_given_back() {
        let mut eval = Eval::new(Box::new(Memory::default()));
        let thunk = eval.text_as("/a.nix".into(), "let x = { a = 1; }; in { inherit x; }");
        let before = eval.freeze(&thunk).to_string();
        eval.release(crate::eval::Owner::SHARED);
        assert_eq!(eval.freeze(&thunk).to_string(), before);
    }

    #[test]
    fn nothing_is_left_of_an_evaluator() {
        for text in [
            "lib: 1",
            "lib: let x = { a = x; b = 1; }; in x.a.a.b",
            "lib: rec { a = b; b = 1; f = x: f; }.a",
            "lib: builtins.attrNames builtins",
            "lib: (x: { a = x; }) 1",
            "lib: let f = n: if n == 0 then [ ] else [ f ] ++ f (n - 1); in builtins.length (f 3)",
            "lib: lib.id 1",
            "lib: lib.concatMapStrings (x: x) [ \"a\" ]",
            "lib: lib.mkOption { type = lib.types.attrsOf lib.types.str; }",
            "lib: lib.types.submodule { options.a = lib.mkOption { }; }",
            "lib: (lib.evalModules { modules = [ { options.a = lib.mkOption { }; config.a = 1; } ]; }).config.a",
            "lib: lib.attrNames lib",
        ] {
            assert_eq!(left(text), Vec::<String>::new(), "{text}");
        }
    }
}
