//! One option, or one attribute inside an option's value.

use super::context::{Context, undefined_called};
use super::declared::{Declared, is_option};
use super::definition::{Discharged, Place, Raw, discharge_properties};
use super::elsewhere::Elsewhere;
use super::level::{Level, Options, of_raws};
use super::merge;
use super::types::Type;
use crate::eval::{Eval, Kind, Thunk, Val};
use crate::option::{Priority, write_name};
use crate::source::Origin;
use crate::value::{Cause, Condition, Str, Unknown};
use std::cell::{OnceCell, RefCell};
use std::rc::Rc;

/// What a name means that no declaration was read for.
#[derive(Clone)]
pub(super) enum Fallback {
    /// Some module that was not read declares it.
    Undeclared,
    /// An error in Nix: a submodule that declares everything it takes.
    Closed,
    /// The freeform type of the modules around it: a type of sets.
    Freeform(Thunk),
    /// This type: an attribute of a `lazyAttrsOf`.
    Typed(Thunk),
    /// This type, left out where no definition holds: an attribute of an `attrsOf`.
    Strict(Thunk),
    /// Merged by its shape: an attribute inside a value of a type that takes anything.
    Anything,
}

impl Fallback {
    /// Whether a name is left out when none of its definitions holds.
    pub(super) fn is_strict(&self, eval: &mut Eval) -> bool {
        match self {
            Fallback::Strict(_) | Fallback::Anything => true,
            Fallback::Freeform(ty) => matches!(Type::of_sets(eval, ty), Type::Attrs(_)),
            _ => false,
        }
    }

    /// Why only the `merge` of a freeform type could say what all names together give.
    pub(super) fn whole(&self, eval: &mut Eval) -> Option<Unknown> {
        let Fallback::Freeform(ty) = self else { return None };
        if let Kind::Unknown(unknown) = eval.force_or_unknown(ty).kind
            && unknown.cause.is_failure()
        {
            return Some(unknown);
        }
        let what = match Type::of_sets(eval, ty) {
            _ if !matches!(eval.force_or_unknown(ty).kind, Kind::Attrs(_)) => "a freeform type that is undecided",
            Type::Attrs(_) | Type::LazyAttrs(_) | Type::ShallowAttrs => return None,
            Type::Unspecified | Type::Anything | Type::Undeclared => return None,
            _ => "a freeform type that is not one of sets",
        };
        Some(eval.new_unknown(Cause::Unsupported(what.into()), ty.origin()))
    }
}

/// One option, not looked into until asked.
pub(super) struct Node {
    pub path: Vec<Str>,
    /// The path without its last step, as people read it, once somebody asked.
    around: Rc<OnceCell<String>>,
    pub(super) context: Rc<Context>,
    options: Vec<Options>,
    raws: Vec<Raw>,
    /// What sets of unknown names around it may define.
    beside: Vec<Raw>,
    fallback: Fallback,
    resolved: RefCell<State>,
}

enum State {
    Todo,
    Busy,
    Done(Rc<Resolved>),
}

/// An option, merged.
pub(super) struct Resolved {
    /// The merged value.
    pub value: Val,
    /// The definitions that count; for a level those that are not spelled out by it.
    pub winners: Vec<Discharged>,
    /// Those that lost by priority.
    pub losers: Vec<Discharged>,
    /// The attributes, when the value is a set.
    pub level: Option<Rc<Level>>,
    /// Whether a declaration was read.
    pub declared: bool,
    /// The value was made by the option's `apply`: it is not what the level holds.
    pub applied: bool,
}

/// The definitions of an option before they are merged.
pub(super) struct Found {
    /// Those that hold, or may hold.
    pub definitions: Vec<Discharged>,
    /// Why there may be more.
    pub open: Option<Unknown>,
    /// The default.
    pub default: Option<Thunk>,
}

impl Node {
    pub(super) fn new(
        context: &Rc<Context>,
        path: Vec<Str>,
        options: Vec<Options>,
        raws: Vec<Raw>,
        fallback: Fallback,
    ) -> Rc<Node> {
        Node::among(context, path, &Rc::default(), options, raws, vec![], fallback)
    }

    /// A node that sets of unknown names may define as well; `around` is shared with its neighbours.
    pub(super) fn among(
        context: &Rc<Context>,
        path: Vec<Str>,
        around: &Rc<OnceCell<String>>,
        options: Vec<Options>,
        raws: Vec<Raw>,
        beside: Vec<Raw>,
        fallback: Fallback,
    ) -> Rc<Node> {
        let resolved = RefCell::new(State::Todo);
        let around = around.clone();
        Rc::new(Node { path, around, context: context.clone(), options, raws, beside, fallback, resolved })
    }

    /// Whether anything was written for it.
    pub(super) fn has_definitions(&self) -> bool {
        !self.raws.is_empty()
    }

    /// Whether a user may define it: what only nixpkgs' own modules define has no place.
    pub(super) fn is_users(&self, eval: &Eval) -> bool {
        let placed = |origin: Origin| eval.public_origin(origin) != Origin::Default;
        !self.beside.is_empty() || self.raws.iter().any(|raw| placed(raw.site) || placed(raw.expression))
    }

    /// Whether users set it, and to something, as far as anybody knows. What a declaration was read for does not
    /// count: what hangs on it was read, too.
    pub(super) fn is_asked_for(self: &Rc<Self>, eval: &mut Eval) -> bool {
        if self.is_option(eval) {
            return false;
        }
        let (definitions, open) = discharge_properties(eval, &self.all_raws(), Place::Either);
        if definitions.is_empty() && open.is_none() {
            return false;
        }
        match self.value(eval).kind {
            Kind::Bool(false) | Kind::Null => false,
            Kind::List(items) => !items.is_empty(),
            Kind::Attrs(set) => {
                let empty = set.known.is_empty() && set.is_complete();
                let enable = set.known.get("enable").map(|enable| eval.force_or_unknown(&enable.value).kind);
                !empty && !matches!(enable, Some(Kind::Bool(false)))
            }
            _ => true,
        }
    }

    /// Its definitions, not looked into.
    pub(super) fn raws(&self) -> &[Raw] {
        &self.raws
    }

    /// Its definitions, and those that may be there.
    fn all_raws(&self) -> Vec<Raw> {
        self.raws.iter().chain(&self.beside).cloned().collect()
    }

    /// Whether a declaration of it, or of an option in it, was read.
    pub(super) fn is_declared(&self) -> bool {
        !self.options.is_empty()
    }

    /// Whether a declaration of this very option was read.
    pub(super) fn is_option(&self, eval: &mut Eval) -> bool {
        self.options.iter().any(|options| match &eval.force_or_unknown(&options.tree).kind {
            Kind::Attrs(set) => is_option(eval, set),
            _ => false,
        })
    }

    /// Where the first definition stands.
    pub(super) fn first_site(&self) -> Origin {
        self.raws.first().map_or(Origin::Default, |raw| raw.site)
    }

    /// Where a user first wrote the name.
    pub(super) fn written_site(&self, eval: &Eval) -> Origin {
        let mut sites = self.raws.iter().map(|raw| eval.public_origin(raw.site));
        sites.find(|site| *site != Origin::Default).unwrap_or(Origin::Default)
    }

    /// Where users wrote definitions on which no condition lies.
    pub(super) fn expressions(&self, eval: &Eval) -> Vec<Origin> {
        let sure = |raw: &&Raw| raw.conditions.is_empty() && raw.condition.is_always() && !raw.around;
        let written = self.raws.iter().filter(sure).map(|raw| eval.public_origin(raw.expression));
        written.filter(|at| *at != Origin::Default).collect()
    }

    /// Where the first definition's value is written; where that is nowhere, its attribute path.
    pub(super) fn first_place(&self) -> Origin {
        let expression = self.raws.first().map_or(Origin::Default, |raw| raw.expression);
        if expression == Origin::Default { self.first_site() } else { expression }
    }

    /// The definitions, their conditions judged but not merged.
    pub(super) fn discharged(&self, eval: &mut Eval) -> Found {
        let (definitions, open) = discharge_properties(eval, &self.all_raws(), Place::Value);
        let declared = self.declaration(eval);
        let unread = self.unread(eval);
        let refused = declared.as_ref().and_then(|declared| self.set_twice(eval, declared));
        let default = declared.and_then(|declared| declared.default.clone());
        Found { definitions, open: refused.or(open).or(unread), default }
    }

    /// The merged value; what refers to itself is unknown.
    pub(super) fn value(self: &Rc<Self>, eval: &mut Eval) -> Val {
        match self.resolve(eval) {
            Some(resolved) => resolved.value.clone(),
            None => eval.unknown(Cause::Recursion, self.first_site()),
        }
    }

    /// Merges the definitions; `None` while that is under way.
    pub(super) fn resolve(self: &Rc<Self>, eval: &mut Eval) -> Option<Rc<Resolved>> {
        match &*self.resolved.borrow() {
            State::Done(resolved) => return Some(resolved.clone()),
            State::Busy => return None,
            State::Todo => (),
        }
        *self.resolved.borrow_mut() = State::Busy;
        let mut result = None;
        let deep = eval.deeper(self.first_site(), |eval| {
            result = Some(self.compute(eval));
            Ok(Val::new(Kind::Null, Origin::Default))
        });
        let mut resolved = match (result, deep) {
            (Some(resolved), _) => resolved,
            (None, Ok(unknown)) => Resolved::leaf(unknown, vec![], vec![], false),
            (None, Err(failure)) => Resolved::leaf(eval.failed(&failure), vec![], vec![], false),
        };
        // It may stay for long.
        resolved.winners.shrink_to_fit();
        resolved.losers.shrink_to_fit();
        let resolved = Rc::new(resolved);
        *self.resolved.borrow_mut() = State::Done(resolved.clone());
        Some(resolved)
    }

    fn compute(self: &Rc<Self>, eval: &mut Eval) -> Resolved {
        if let Some(declared) = self.declaration(eval) {
            return self.option(eval, &declared);
        }
        match &self.fallback {
            _ if !self.options.is_empty() => self.namespace(eval),
            Fallback::Undeclared => self.undeclared(eval),
            Fallback::Closed => self.typed(eval, &Type::Anything, None),
            Fallback::Anything => self.typed(eval, &Type::Anything, None),
            Fallback::Typed(ty) | Fallback::Strict(ty) => {
                let read = Type::read(eval, ty);
                self.typed(eval, &read, Some(ty))
            }
            Fallback::Freeform(ty) => match (self.fallback.whole(eval), Type::of_sets(eval, ty)) {
                (Some(unknown), _) => {
                    Resolved::leaf(Val::new(Kind::Unknown(unknown), self.first_site()), vec![], vec![], false)
                }
                (None, Type::Attrs(element) | Type::LazyAttrs(element)) => {
                    let read = Type::read(eval, &element);
                    self.typed(eval, &read, Some(&element))
                }
                (None, Type::ShallowAttrs | Type::Unspecified) => self.laid_over(eval),
                (None, _) => self.typed(eval, &Type::Anything, None),
            },
        }
    }

    /// An attribute of a set that is laid over others: the last definition counts, as it stands.
    fn laid_over(self: &Rc<Self>, eval: &mut Eval) -> Resolved {
        let plain = match &self.raws[..] {
            [raw] if raw.conditions.is_empty() && raw.condition.is_always() && raw.priority.is_none() => {
                let value = eval.force_or_unknown(&raw.value);
                let property = matches!(&value.kind, Kind::Attrs(set) if set.known.contains_key("_type"));
                (!property).then_some(value)
            }
            _ => None,
        };
        match plain {
            Some(_) => self.typed(eval, &Type::Anything, None),
            None => {
                let cause = Cause::Unsupported("several definitions of a type that does not merge".into());
                Resolved::leaf(eval.unknown(cause, self.first_site()), vec![], vec![], false)
            }
        }
    }

    /// Something else than an option that stands where options are declared: a type, a configuration.
    fn misplaced(&self, eval: &mut Eval) -> Option<Unknown> {
        let other = self.options.iter().find(|options| match eval.force_or_unknown(&options.tree).kind {
            Kind::Attrs(set) => set.known.contains_key("_type"),
            _ => false,
        })?;
        let message = format!("what is declared as the option `{}` is no option", super::module::show(&self.path));
        Some(eval.new_unknown(Cause::Fails(message), eval.public_origin(other.tree.origin())))
    }

    /// An attribute set of options.
    fn namespace(self: &Rc<Self>, eval: &mut Eval) -> Resolved {
        if let Some(unknown) = self.misplaced(eval) {
            return Resolved::leaf(Val::new(Kind::Unknown(unknown), Origin::Default), vec![], vec![], true);
        }
        let fallback = self.fallback.clone();
        let (level, _) = of_raws(eval, &self.context, self.path.clone(), &self.options, self.all_raws(), fallback);
        if let Some(unknown) = level.refused.clone() {
            return Resolved::leaf(Val::new(Kind::Unknown(unknown), Origin::Default), vec![], vec![], true);
        }
        Resolved {
            value: level.value(eval),
            winners: vec![],
            losers: vec![],
            level: Some(level),
            declared: true,
            applied: false,
        }
    }

    /// An option whose declaration was not read: sets are followed name by name.
    fn undeclared(self: &Rc<Self>, eval: &mut Eval) -> Resolved {
        let (level, leaves) =
            of_raws(eval, &self.context, self.path.clone(), &[], self.all_raws(), Fallback::Undeclared);
        if leaves.is_empty() && !self.raws.is_empty() {
            return Resolved {
                value: level.value(eval),
                winners: vec![],
                losers: vec![],
                level: Some(level),
                declared: false,
                applied: false,
            };
        }
        self.typed(eval, &Type::Undeclared, None)
    }

    /// An attribute inside an option's value.
    fn typed(self: &Rc<Self>, eval: &mut Eval, ty: &Type, check: Option<&Thunk>) -> Resolved {
        let place = if matches!(ty, Type::Undeclared) { Place::Either } else { Place::Value };
        let (definitions, open) = discharge_properties(eval, &self.all_raws(), place);
        let none = Declared { embedded: !self.is_own(), ..Declared::default() };
        self.merge(eval, (ty, check), definitions, open, &none)
    }

    /// A declared option.
    fn option(self: &Rc<Self>, eval: &mut Eval, declared: &Declared) -> Resolved {
        if self.is_own() {
            self.context.reach.note_own(&self.path);
        }
        if let Some(problem) = &declared.problem {
            return Resolved::leaf(Val::new(Kind::Unknown(problem.clone()), problem.at), vec![], vec![], true);
        }
        if let Some(unknown) = self.set_twice(eval, declared) {
            return Resolved::leaf(Val::new(Kind::Unknown(unknown), Origin::Default), vec![], vec![], true);
        }
        // Most options of most sets are defined by nobody.
        let is_left_alone =
            self.raws.is_empty() && self.beside.is_empty() && declared.apply.is_none() && !self.is_own();
        if is_left_alone
            && let Some(value) = declared.at_rest.get()
            && self.unread(eval).is_none()
        {
            return Resolved::leaf(value.clone(), vec![], vec![], true);
        }
        let ty = declared.ty.clone().unwrap_or(Type::Unspecified);
        let (definitions, open) = discharge_properties(eval, &self.all_raws(), Place::Value);
        let mut resolved = self.merge(eval, (&ty, declared.check.as_ref()), definitions, open, declared);
        resolved.declared = true;
        if is_left_alone && resolved.is_plain() && self.unread(eval).is_none() {
            // What is there is as good.
            let _ = declared.at_rest.set(resolved.value.clone());
        }
        if let Some(apply) = &declared.apply {
            let value = Thunk::done(resolved.value.clone());
            let function = eval.force_or_unknown(apply);
            let applied = eval.apply(&function, value, Origin::Default);
            resolved.value = applied.unwrap_or_else(|failure| eval.failed(&failure));
            resolved.applied = true;
        }
        resolved
    }

    /// Why Nix refuses a read-only option: it has more than one definition. Also one whose
    /// condition does not hold counts.
    fn set_twice(&self, eval: &mut Eval, declared: &Declared) -> Option<Unknown> {
        let sure = self.raws.iter().filter(|raw| raw.condition.is_always()).count();
        if !declared.read_only || sure + usize::from(declared.default.is_some()) < 2 {
            return None;
        }
        let message = format!("the option `{}` is read-only, and it is set once more", super::module::show(&self.path));
        let at = self.written_site(eval);
        Some(eval.new_unknown(Cause::Fails(message), at))
    }

    fn merge(
        self: &Rc<Self>,
        eval: &mut Eval,
        ty: (&Type, Option<&Thunk>),
        definitions: Vec<Discharged>,
        open: Option<Unknown>,
        declared: &Declared,
    ) -> Resolved {
        let undefined = self.when_undefined(eval, declared);
        merge::merge_definitions(eval, &self.context, &self.path, ty, definitions, open, undefined)
    }

    /// What the option is when nothing defines it.
    fn when_undefined(self: &Rc<Self>, eval: &mut Eval, declared: &Declared) -> merge::Undefined {
        let nothing = undefined_called(eval, &self.context, self.shown());
        let unread = self.unread(eval);
        let null = || Thunk::done(Val::new(Kind::Null, Origin::Default));
        let own_null = matches!(declared.ty, Some(Type::Nullable(_))) && self.is_own();
        let default = declared.default.clone().or_else(|| own_null.then(null));
        let default = default.map(|value| Discharged {
            value: eval.force_or_unknown(&value),
            condition: Condition::always(),
            priority: Priority::OPTION_DEFAULT,
            order: None,
            is_default: true,
            beside: None,
            tagged: false,
            site: Origin::Default,
            expression: eval.public_origin(value.origin()),
        });
        merge::Undefined { nothing, unread, default, embedded: !self.is_own() }
    }

    /// Why it may be defined by a module that was not read.
    fn unread(&self, eval: &mut Eval) -> Option<Unknown> {
        let context = &self.context;
        if !context.reach.is_noted_elsewhere(&self.path) {
            let mut options = self.options.iter();
            let elsewhere = options.find_map(|options| Elsewhere::read(eval, context, &self.path, options));
            elsewhere.into_iter().for_each(|elsewhere| context.reach.note_elsewhere(elsewhere));
        }
        self.context.reach.unread(eval, &self.path, self.is_own())
    }

    /// Its path as people read it.
    fn shown(&self) -> String {
        let Some((last, before)) = self.path.split_last() else { return String::new() };
        let around = self.around.get_or_init(|| super::module::show(before));
        let mut shown = String::with_capacity(around.len() + 32);
        shown.push_str(around);
        // Writing to a string does not fail.
        let _ = write_name(&mut shown, before.is_empty(), last);
        shown
    }

    /// Whether only the project declares it, or the option in whose value it is: nobody outside
    /// the project knows that it is there.
    pub(super) fn is_own(&self) -> bool {
        match &self.options[..] {
            [] => self.context.reach.is_own(&self.path),
            options => options.iter().all(|options| !options.embedded),
        }
    }

    /// The declarations of this very option, if there are any.
    pub(super) fn declaration(&self, eval: &mut Eval) -> Option<Rc<Declared>> {
        Declared::read(eval, &self.options, &self.path)
    }
}

impl Resolved {
    /// Whether it is data in which nothing is unknown, and no set or list with something in it.
    fn is_plain(&self) -> bool {
        let is_empty = matches!(&self.value.kind, Kind::List(items) if items.is_empty());
        self.level.is_none() && (is_empty || merge::is_simple(&self.value))
    }

    /// A value that is no set of options.
    pub(super) fn leaf(value: Val, winners: Vec<Discharged>, losers: Vec<Discharged>, declared: bool) -> Resolved {
        Resolved { value, winners, losers, level: None, declared, applied: false }
    }
}
