//! What a configuration keeps while it is being resolved, and how it is given back.
//!
//! Contexts, levels and scopes refer to each other: without this they would stay for ever.

use super::context::Context;
use super::level::Level;
use crate::eval::{Eval, Owner};
use std::cell::{Cell, RefCell};
use std::rc::{Rc, Weak};

/// What has to be taken apart to give a configuration's memory back.
#[derive(Default)]
pub(super) struct Kept {
    owner: Cell<Owner>,
    lent: Cell<bool>,
    contexts: RefCell<Vec<Weak<Context>>>,
    levels: RefCell<Vec<Weak<Level>>>,
}

impl Kept {
    /// Who the scopes of its modules are opened for.
    pub(super) fn owner(&self, eval: &mut Eval) -> Owner {
        if self.owner.get() == Owner::SHARED {
            self.owner.set(eval.new_owner());
        }
        self.owner.get()
    }

    /// Takes note that somebody outside holds on to its values.
    pub(super) fn lend(&self) {
        self.lent.set(true);
    }

    /// Takes note of an evaluation in it.
    pub(super) fn context(&self, context: &Rc<Context>) {
        self.contexts.borrow_mut().push(Rc::downgrade(context));
    }

    /// Takes note of a set of options of which a value was made.
    pub(super) fn level(&self, level: &Rc<Level>) {
        self.levels.borrow_mut().push(Rc::downgrade(level));
    }

    /// Gives all of it back, unless it was lent.
    pub(super) fn release(&self, eval: &mut Eval) {
        if self.lent.get() {
            return;
        }
        let (contexts, levels) = (self.contexts.borrow().clone(), self.levels.take());
        for context in contexts.iter().filter_map(Weak::upgrade) {
            context.forget();
        }
        for level in levels.iter().filter_map(Weak::upgrade) {
            level.forget();
        }
        eval.release(self.owner.get());
        self.contexts.borrow_mut().retain(|context| context.strong_count() > 0);
    }
}

#[cfg(test)]
mod tests {
    use crate::eval::Eval;
    use crate::option::OptionPattern;
    use crate::resolve::{Modules, StandIn};
    use crate::source::files::Memory;
    use std::collections::BTreeMap;
    use std::rc::Rc;

    const MODULE: &str = "
        { config, lib, ... }:
        let
          twice = text: if text == \"\" then never else text + text;
          never = twice config.a;
          inner = { name, ... }: { options.own = lib.mkOption { default = name; }; };
        in {
          options.a = lib.mkOption { type = lib.types.str; };
          options.s = lib.mkOption { type = lib.types.attrsOf (lib.types.submodule inner); };
          config.a = twice \"b\";
          config.s.one.other = config.a;
        }";

    #[test]
    fn what_is_not_lent_is_given_back_and_computed_again() {
        let mut eval = Eval::new(Box::new(Memory::default()));
        let patterns = [OptionPattern::parse("a"), OptionPattern::parse("s")];
        let module = eval.text_as("/module.nix".into(), MODULE);
        let modules = Modules::new(&mut eval, "m", vec![module], BTreeMap::new(), true, StandIn::default());
        let shown = |eval: &mut Eval| format!("{:?}", modules.resolve(eval, &patterns).root.value.to_string());
        let first = shown(&mut eval);
        assert!(first.contains("bb"), "{first}");
        for lent in [false, true] {
            let config = modules.config();
            if lent {
                eval.force_or_unknown(&config);
            }
            let root = modules.context.root(&mut eval).map(|root| Rc::downgrade(&root)).expect("not under way");
            modules.release(&mut eval);
            assert_eq!(root.upgrade().is_some(), lent);
            assert_eq!(shown(&mut eval), first);
        }
    }
}
