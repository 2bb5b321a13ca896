//! `nixosSystem`, `evalModules` and their kind: functions that make configurations.

use super::arguments::Made;
use super::context::Context;
use super::entry::Found;
use super::{Modules, StandIn};
use crate::eval::{AttrSet, Eval, Kind, R, Rest, Thunk, Val};
use crate::source::Origin;
use crate::value::{Cause, Name, Str};
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

/// The attribute by which a value is known to be a configuration; no Nix name can be written so.
const MARK: &str = " configuration";

/// The same for a NixOS test.
const TEST: &str = " test";

/// Every configuration made during a run.
#[derive(Clone, Default)]
pub(super) struct Registry {
    made: Rc<RefCell<Vec<Rc<Modules>>>>,
    tests: Rc<RefCell<Vec<Vec<Found>>>>,
}

impl Registry {
    /// Gives `lib` the functions that make configurations. Each takes the `lib` it stands in first.
    pub(super) fn install(&self, eval: &mut Eval, stand_in: StandIn) {
        let registry = self.clone();
        let system = Val::closure("nixosSystem", 2, move |eval, args, at| {
            let argument = with_library(&args[0], &args[1], at);
            registry.system(eval, "`nixosSystem`".to_owned(), &argument, stand_in, at)
        });
        eval.set_native("nixosSystem", system);
        let registry = self.clone();
        let modules = Val::closure("evalModules", 2, move |eval, args, at| {
            let argument = with_library(&args[0], &args[1], at);
            registry.system(eval, "`evalModules`".to_owned(), &argument, StandIn::default(), at)
        });
        eval.set_native("evalModules", modules);
    }

    /// The configuration a value stands for.
    pub(super) fn find(&self, value: &Val) -> Option<Rc<Modules>> {
        let Kind::Attrs(set) = &value.kind else { return None };
        match set.known.get(MARK)?.value.peek()?.kind {
            Kind::Int(index) => self.made.borrow().get(index as usize).cloned(),
            _ => None,
        }
    }

    /// How many were made so far.
    pub(super) fn count(&self) -> usize {
        self.made.borrow().len()
    }

    /// Those made since there were `count`; modules of another system than NixOS left out.
    pub(super) fn since(&self, count: usize) -> Vec<Rc<Modules>> {
        self.made.borrow().iter().skip(count).filter(|modules| modules.is_system).cloned().collect()
    }

    /// The attribute by which the value of a test is known, for `find_test`.
    pub(super) fn mark_test(&self, machines: Vec<Found>, at: Origin) -> (&'static str, Thunk) {
        let index = self.tests.borrow().len() as i64;
        self.tests.borrow_mut().push(machines);
        (TEST, Thunk::done(Val::new(Kind::Int(index), at)))
    }

    /// The machines of the test a value stands for.
    pub(super) fn find_test(&self, value: &Val) -> Option<Vec<Found>> {
        let Kind::Attrs(set) = &value.kind else { return None };
        match set.known.get(TEST)?.value.peek()?.kind {
            Kind::Int(index) => self.tests.borrow().get(index as usize).cloned(),
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
            if let Some(all) = special_args(eval, get("specialArgs"), stand_in, at) {
                args.entry("specialArgs".into()).or_insert(all);
            }
            if stand_in.class.is_none() {
                let null = || Thunk::done(Val::new(Kind::Null, at));
                args.entry("_class".into()).or_insert_with(|| get("class").unwrap_or_else(null));
                let none = || Thunk::done(Val::list(vec![], at));
                args.entry("_prefix".into()).or_insert_with(|| get("prefix").unwrap_or_else(none));
            }
            if let Some(library) = get("lib") {
                args.entry("lib".into()).or_insert(library);
            }
            let mut modules = more.clone();
            let lists: Vec<Thunk> = ["baseModules", "modules", "extraModules"].into_iter().filter_map(get).collect();
            for list in &lists {
                modules.push(Thunk::done(Val::attrs([("imports".into(), list.clone())], at)));
            }
            // Those of a system are more than anybody wrote.
            let lists = Some(lists).filter(|_| stand_in.class.is_none() && more.is_empty() && set.why_open().is_none());
            if let Some(unknown) = set.why_open().filter(|_| get("modules").is_none()) {
                modules.push(Thunk::done(Val::new(Kind::Unknown(unknown.clone()), at)));
            }
            let mut modules = Modules::new(eval, "", modules, args, true, stand_in).made(by.clone(), at);
            if stand_in.declarations.is_empty() && get("check").is_none() {
                modules = modules.closed();
            }
            Ok(self.make_of(eval, modules, lists, at))
        })
    }

    /// `extendModules { modules; specialArgs; }` of a configuration.
    fn extend(&self, base: Rc<Modules>, lists: Option<Vec<Thunk>>) -> Val {
        let registry = self.clone();
        Val::closure("extendModules", 1, move |eval, args, at| {
            let argument = eval.force(&args[0])?;
            let Kind::Attrs(set) = &argument.kind else { return eval.fail("the argument is not a set", at) };
            let modules = set.known.get("modules").map(|modules| &modules.value);
            let lists = lists.as_ref().filter(|_| set.is_complete());
            let lists = lists.map(|lists| lists.iter().chain(modules).cloned().collect());
            let modules = modules.map(|list| Thunk::done(Val::attrs([("imports".into(), list.clone())], at)));
            let given = set.known.get("specialArgs").map(|given| eval.force_or_unknown(&given.value).kind);
            let mut given: BTreeMap<Name, Thunk> = match given {
                Some(Kind::Attrs(given)) => {
                    given.known.iter().map(|(name, one)| (name.clone(), one.value.clone())).collect()
                }
                _ => BTreeMap::new(),
            };
            if let (Some(before), Some(more)) =
                (base.context.args.get("specialArgs"), set.known.get("specialArgs").map(|more| more.value.clone()))
            {
                let (before, more) = (eval.force_or_unknown(before), eval.force_or_unknown(&more));
                let all = eval.update(&before, &more, at)?;
                given.entry("specialArgs".into()).or_insert(Thunk::done(all));
            }
            if let Some(prefix) = set.known.get("prefix") {
                given.insert("_prefix".into(), prefix.value.clone());
            }
            let extended = base.extended(modules.into_iter().collect(), given).made("`extendModules`", at);
            Ok(registry.make_of(eval, extended, lists, at))
        })
    }

    /// A configuration as the value that `nixosSystem` gives.
    pub(super) fn make(&self, eval: &mut Eval, modules: Modules, at: Origin) -> Val {
        self.make_of(eval, modules, None, at)
    }

    /// The same of modules that stand in `lists`, and nowhere else.
    fn make_of(&self, eval: &mut Eval, modules: Modules, lists: Option<Vec<Thunk>>, at: Origin) -> Val {
        let modules = Rc::new(modules);
        let (config, options) = (modules.config(), modules.options());
        let index = self.made.borrow().len() as i64;
        self.made.borrow_mut().push(modules.clone());
        let pkgs = eval.pkgs();
        // What else nixpkgs gives, by releases.
        let mut more = |name: &'static str| {
            let cause = crate::value::Cause::Unsupported(format!("the `{name}` of a configuration"));
            Thunk::done(eval.unknown(cause, at))
        };
        let (unclear_type, graph, unclear) = (more("type"), more("graph"), more("class"));
        let context = modules.context.clone();
        let freeform = Thunk::native(at, move |eval| Ok(freeform_type(eval, &context)));
        let others = eval.new_unknown(crate::value::Cause::Unsupported("config._module".into()), at);
        let mut set = AttrSet { rest: Some(Rest::Unknown(others)), ..AttrSet::default() };
        set.insert("freeformType", freeform, at);
        let own = Thunk::done(Val::new(Kind::Attrs(Rc::new(set)), at));
        let class = modules.context.args.get("_class").cloned().unwrap_or(unclear);
        let library = modules.context.args.get("lib").cloned().unwrap_or_else(|| eval.library());
        let ty = lists.clone().map(|lists| type_of(&modules, library.clone(), lists, at));
        let extend = self.extend(modules.clone(), lists);
        *modules.context.made.borrow_mut() = Some(Made { extend: extend.clone(), ty: ty.clone() });
        Val::attrs(
            [
                (MARK.into(), Thunk::done(Val::new(Kind::Int(index), at))),
                ("_type".into(), Thunk::done(Val::text("configuration", at))),
                ("config".into(), config),
                ("options".into(), options),
                ("pkgs".into(), Thunk::done(pkgs)),
                ("lib".into(), library),
                ("extendModules".into(), Thunk::done(extend)),
                ("_module".into(), own),
                ("type".into(), ty.unwrap_or(unclear_type)),
                ("graph".into(), graph),
                ("class".into(), class),
            ],
            at,
        )
    }
}

/// The type of options whose values are what these modules make of their definitions.
fn type_of(modules: &Modules, library: Thunk, lists: Vec<Thunk>, at: Origin) -> Thunk {
    let given = |name: &str| modules.context.args.get(name).cloned();
    let (special_args, class) = (given("specialArgs"), given("_class"));
    Thunk::native(at, move |eval| {
        let library = eval.force(&library)?;
        let make = eval.select_from(&library, &["types", "submoduleWith"].map(Str::new), None, at)?;
        let mut all = Val::list(vec![], at);
        for list in &lists {
            let list = eval.force(list)?;
            all = eval.concat_lists(&all, &list, at)?;
        }
        let given = [("modules", Some(Thunk::done(all))), ("specialArgs", special_args), ("class", class)];
        let given = given.into_iter().filter_map(|(name, value)| Some((name.into(), value?)));
        eval.apply(&make, Thunk::done(Val::attrs(given, at)), at)
    })
}

/// `_module.freeformType` of an evaluation.
fn freeform_type(eval: &mut Eval, context: &Rc<Context>) -> Val {
    let (Some(root), Some(collected)) = (context.root(eval), context.collected(eval)) else {
        return eval.unknown(Cause::Recursion, Origin::Default);
    };
    if let Some(unknown) = context.refused_outside(eval) {
        return Val::new(Kind::Unknown(unknown), Origin::Default);
    }
    let defined = root.find(eval, &["_module", "freeformType"]).filter(|node| node.has_definitions());
    match (defined, super::level::freeform(eval, &collected)) {
        (None, None) => Val::new(Kind::Null, Origin::Default),
        (None, Some(ty)) => eval.force_or_unknown(&ty),
        (Some(node), _) => eval.unknown(Cause::Unsupported("config._module".into()), node.first_site()),
    }
}

/// The argument of a function that stands in `library`, which names another one if it wants that.
fn with_library(library: &Thunk, argument: &Thunk, at: Origin) -> Thunk {
    let (library, argument) = (library.clone(), argument.clone());
    Thunk::native(at, move |eval| {
        let argument = eval.force(&argument)?;
        eval.lift(&argument, "", at, &mut |_, argument| {
            let mut argument = argument.clone();
            if let Kind::Attrs(set) = &mut argument.kind
                && !set.known.contains_key("lib")
            {
                Rc::make_mut(set).insert("lib", library.clone(), at);
            }
            Ok(argument)
        })
    })
}

/// The argument `specialArgs` that modules get: what the function was given under this name, to which that
/// of a system adds what nobody wrote.
fn special_args(eval: &mut Eval, given: Option<Thunk>, stand_in: StandIn, at: Origin) -> Option<Thunk> {
    let mut set = match given.map(|given| eval.force_or_unknown(&given).kind) {
        None => AttrSet::default(),
        Some(Kind::Attrs(set)) => (*set).clone(),
        Some(_) => return None,
    };
    if stand_in.class.is_some() && set.rest.is_none() {
        let more = eval.new_unknown(Cause::Argument("specialArgs".into()), at);
        set.rest = Some(Rest::Unknown(more));
    }
    Some(Thunk::done(Val::new(Kind::Attrs(Rc::new(set)), at)))
}
