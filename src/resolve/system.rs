//! `nixosSystem`, `evalModules` and their kind: functions that make configurations.

use super::{Modules, StandIn};
use crate::eval::{Eval, Kind, R, Thunk, Val};
use crate::source::Origin;
use crate::value::Name;
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

/// The attribute by which a value is known to be a configuration; no Nix name can be written so.
const MARK: &str = " configuration";

/// Every configuration made during a run.
#[derive(Clone, Default)]
pub(super) struct Registry(Rc<RefCell<Vec<Rc<Modules>>>>);

impl Registry {
    /// Gives `lib` the functions that make configurations.
    pub(super) fn install(&self, eval: &mut Eval, stand_in: StandIn) {
        let registry = self.clone();
        let system = Val::closure("nixosSystem", 1, move |eval, args, at| {
            registry.system(eval, "`nixosSystem`".to_owned(), &args[0], stand_in, at)
        });
        eval.set_native("nixosSystem", system);
        let registry = self.clone();
        let modules = Val::closure("evalModules", 1, move |eval, args, at| {
            registry.system(eval, "`evalModules`".to_owned(), &args[0], StandIn::default(), at)
        });
        eval.set_native("evalModules", modules);
    }

    /// The configuration a value stands for.
    pub(super) fn find(&self, value: &Val) -> Option<Rc<Modules>> {
        let Kind::Attrs(set) = &value.kind else { return None };
        match set.known.get(MARK)?.value.peek()?.kind {
            Kind::Int(index) => self.0.borrow().get(index as usize).cloned(),
            _ => None,
        }
    }

    /// `nixosSystem { modules; specialArgs; … }`; `by` says what makes the configuration.
    pub(super) fn system(&self, eval: &mut Eval, by: String, argument: &Thunk, stand_in: StandIn, at: Origin) -> R {
        self.system_with(eval, by, argument, vec![], stand_in, at)
    }

    /// The same with more modules.
    pub(super) fn system_with(
        &self,
        eval: &mut Eval,
        by: String,
        argument: &Thunk,
        more: Vec<Thunk>,
        stand_in: StandIn,
        at: Origin,
    ) -> R {
        let argument = eval.force(argument)?;
        eval.lift(&argument, "", at, &mut |eval, argument| {
            let Kind::Attrs(set) = &argument.kind else {
                return eval.fail("the argument is not a set", at);
            };
            let get = |name: &str| set.known.get(name).map(|attribute| attribute.value.clone());
            let mut args: BTreeMap<Name, Thunk> = BTreeMap::new();
            for name in ["specialArgs", "extraArgs"] {
                let Some(given) = get(name) else { continue };
                if let Kind::Attrs(given) = &eval.force_or_unknown(&given).kind {
                    args.extend(given.known.iter().map(|(name, attribute)| (name.clone(), attribute.value.clone())));
                }
            }
            let mut modules = more.clone();
            if let Some(list) = get("modules") {
                modules.push(Thunk::done(Val::attrs([("imports".into(), list)], at)));
            }
            if let Some(unknown) = set.why_open().filter(|_| get("modules").is_none()) {
                modules.push(Thunk::done(Val::new(Kind::Unknown(unknown.clone()), at)));
            }
            let modules = Modules::new(eval, "", modules, args, true, stand_in).made(by.clone(), at);
            Ok(self.make(eval, modules, at))
        })
    }

    /// A configuration as the value that `nixosSystem` gives.
    pub(super) fn make(&self, eval: &mut Eval, modules: Modules, at: Origin) -> Val {
        let modules = Rc::new(modules);
        let config = modules.config();
        let index = self.0.borrow().len() as i64;
        self.0.borrow_mut().push(modules);
        let options = eval.unknown(crate::value::Cause::Unsupported("options".into()), at);
        let pkgs = eval.pkgs();
        let library = eval.library();
        let extend = eval.unknown(crate::value::Cause::Unsupported("extendModules".into()), at);
        Val::attrs(
            [
                (MARK.into(), Thunk::done(Val::new(Kind::Int(index), at))),
                ("_type".into(), Thunk::done(Val::text("configuration", at))),
                ("config".into(), config),
                ("options".into(), Thunk::done(options)),
                ("pkgs".into(), Thunk::done(pkgs)),
                ("lib".into(), library),
                ("extendModules".into(), Thunk::done(extend)),
            ],
            at,
        )
    }
}
