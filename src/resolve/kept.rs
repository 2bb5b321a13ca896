//! What a configuration keeps while it is being resolved, and how it is given back.
//!
//! Contexts, levels and scopes refer to each other: without this they would stay for ever.

use super::context::Context;
use super::level::Level;
use crate::eval::{Eval, Held, Owner};
use std::cell::{Cell, RefCell};
use std::rc::{Rc, Weak};

/// What has to be taken apart to give a configuration's memory back.
#[derive(Default)]
pub(super) struct Kept {
    owner: Cell<Owner>,
    lent: Cell<bool>,
    contexts: RefCell<Vec<Weak<Context>>>,
    levels: RefCell<Vec<Weak<Level>>>,
    /// Those of configurations that were made of this one with more modules.
    variants: RefCell<Vec<Rc<Kept>>>,
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
        self.forget();
        eval.release(self.owner.get());
        self.contexts.borrow_mut().retain(|context| context.strong_count() > 0);
    }

    /// What a variant of the configuration keeps.
    pub(super) fn variant(&self) -> Rc<Kept> {
        let variant = Rc::<Kept>::default();
        self.variants.borrow_mut().push(variant.clone());
        variant
    }

    fn forget(&self) {
        let (contexts, levels) = (self.contexts.borrow().clone(), self.levels.take());
        for context in contexts.iter().filter_map(Weak::upgrade) {
            context.forget();
        }
        for level in levels.iter().filter_map(Weak::upgrade) {
            level.forget();
        }
    }
}

impl Held for Kept {
    fn let_go(&self) {
        self.forget();
        self.variants.take().iter().for_each(|variant| variant.let_go());
    }
}

#[cfg(test)]
mod tests {
    use crate::eval::Eval;
    use crate::option::OptionPattern;
    use crate::resolve::{Modules, Request, Resolver, StandIn};
    use crate::rules;
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

    const FLAKE: &str = "
        {
          outputs = { self, nixpkgs }: {
            nixosModules.m = { lib, config, ... }: {
              options.m.on = lib.mkEnableOption \"m\";
              config = lib.mkIf config.m.on { services.nginx.virtualHosts.a.root = \"/a\"; };
            };
            nixosConfigurations = {
              a = nixpkgs.lib.nixosSystem {
                specialArgs = { inherit self; };
                modules = [ self.nixosModules.m ({ self, ... }: {
                  m.on = true;
                  services.nginx.virtualHosts.b.root = self.nixosConfigurations.b.config.networking.hostName;
                  containers.c.config = { services.postgresql.enable = true; };
                }) ];
              };
              b = nixpkgs.lib.nixosSystem { modules = [ { networking.hostName = \"b\"; } ]; };
            };
          };
        }";

    #[test]
    fn nothing_is_left_of_a_run() {
        let files = Memory::new([("/p/flake.nix".into(), FLAKE.to_owned())]);
        let mut eval = Eval::new(Box::new(files));
        let resolver = Resolver::new(&mut eval, rules::STAND_IN);
        let patterns = [OptionPattern::parse("services"), OptionPattern::parse("networking")];
        let files = ["/p/flake.nix".into()];
        let found = resolver.project(&mut eval, "/p".as_ref(), &files, &mut Request::all(&patterns));
        assert_eq!(found.len(), 3);
        drop((resolver, found));
        let name = |eval: &Eval, file| eval.sources.file(file).path.display().to_string();
        let trees: Vec<_> = eval.parsed().map(|tree| (name(&eval, tree.file), Rc::downgrade(tree))).collect();
        assert!(trees.len() > 10);
        drop(eval);
        let left = trees.iter().filter(|(_, tree)| tree.strong_count() > 0).map(|(name, _)| name);
        assert_eq!(left.collect::<Vec<_>>(), Vec::<&String>::new());
    }
}
