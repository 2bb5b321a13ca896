//! Putting definitions together (nixpkgs: `mergeDefinitions`).

mod beside;
mod conflict;
mod default;
mod failing;
mod list;
mod set;
mod untyped;

use crate::eval::{AttrSet, Eval, Kind, Thunk, Val};
use crate::option::{Order, Priority};
use crate::resolve::context::Context;
use crate::resolve::definition::Discharged;
use crate::resolve::node::{Fallback, Resolved};
use crate::resolve::types::{Nested, Type};
use crate::source::Origin;
use crate::value::{Cause, Condition, Str, Truth, Unknown};
use beside::{defined_better, doubtful, expected, is_set_beside, unnamed};
pub(super) use conflict::is_simple;
pub(super) use failing::merge_definitions;
use failing::{failure, otherwise};
use std::cell::Cell;
use std::rc::Rc;
use untyped::is_function;

/// What an option is when nothing that was read defines it.
pub(super) struct Undefined {
    /// The unknown of an option without definition and default.
    pub nothing: Unknown,
    /// Why a module that was not read may define it.
    pub unread: Option<Unknown>,
    /// The declared default, as a definition.
    pub default: Option<Discharged>,
    /// Declared by this program's stand-in for nixpkgs, not by the project.
    pub embedded: bool,
}

/// More types inside one another than this are not read.
const MOST_TYPES: u32 = 1_000;

/// More undecided conditions than this in one option are not told apart.
const MOST_CONDITIONS: usize = 4;

/// The same where no definition fails under a condition.
fn merge_all(
    eval: &mut Eval,
    context: &Rc<Context>,
    path: &[Str],
    (ty, check): (&Type, Option<&Thunk>),
    mut definitions: Vec<Discharged>,
    open: Option<Unknown>,
    undefined: Undefined,
) -> Resolved {
    let open = open.or_else(|| definitions.iter().find_map(failure));
    // The default is a definition like others, of the lowest priority.
    if let (None, Some(default)) = (&undefined.unread, &undefined.default) {
        let defaults = alternatives(default);
        match definitions.is_empty() {
            true => definitions = defaults,
            false => drop(definitions.splice(0..0, defaults)),
        }
    }
    let (winners, losers) = filter_overrides(definitions);
    let winners = expected(ty, winners);
    if let Some(unknown) = open.clone().filter(|_| !is_set_beside(ty, &winners, open.as_ref())) {
        let value = Val::new(Kind::Unknown(unknown), Origin::Default);
        return Resolved::leaf(value, written(winners), written(losers), false);
    }
    // One of several things that the default may be is asked for where it holds.
    let asked = |definition: &Discharged| !definition.is_default || definition.condition.is_always();
    if let Some(unknown) = defined_better(ty, &winners, &undefined) {
        return Resolved::leaf(
            Val::new(Kind::Unknown(unknown), Origin::Default),
            written(winners),
            written(losers),
            false,
        );
    }
    let failing = winners.iter().find_map(|definition| match &definition.value.kind {
        Kind::Unknown(unknown) if matches!(*unknown.cause, Cause::Fails(_)) && asked(definition) => {
            Some(unknown.clone())
        }
        _ => None,
    });
    if let Some(unknown) = failing.or_else(|| conflict::refused(eval, path, check, &winners)) {
        let value = Val::new(Kind::Unknown(unknown), Origin::Default);
        return Resolved::leaf(value, written(winners), written(losers), false);
    }
    let mut winners = exclusive(eval, winners);
    winners.extend(open.map(unnamed));
    let merge = Merge { context, path, check, undefined: &undefined, read: Cell::new(0) };
    // Such a type has no value where nothing is defined.
    let may_fail = (matches!(ty, Type::Either(..) | Type::Unique(_))
        || matches!(ty, Type::Anything) && check.is_some())
        && winners.iter().all(|definition| !definition.condition.is_always());
    let shape = match merge.submodule_of_nothing(eval, ty, &winners) {
        Some(nested) => Some(SetType::Submodule(nested)),
        None if may_fail => None,
        None => merge.shape(eval, ty, &winners),
    };
    let mut resolved = match shape {
        Some(set) => merge.set(eval, &set, winners, losers),
        None => {
            let value = merge.choose(eval, ty, &winners);
            sort_properties(&mut winners);
            Resolved::leaf(value, winners, losers, false)
        }
    };
    resolved.winners = written(resolved.winners);
    resolved.losers = written(resolved.losers);
    resolved
}

/// A default that depends on conditions, as one for each.
fn alternatives(default: &Discharged) -> Vec<Discharged> {
    let Kind::OneOf(alternatives) = &default.value.kind else { return vec![default.clone()] };
    let one = |(condition, thunk): &(Condition, Thunk)| {
        let condition = default.condition.and(condition)?;
        Some(Discharged { value: thunk.peek()?, condition, ..default.clone() })
    };
    alternatives.iter().filter_map(one).collect()
}

/// The definitions without the default, and without those that nobody wrote down here.
fn written(definitions: Vec<Discharged>) -> Vec<Discharged> {
    definitions.into_iter().filter(|definition| !definition.is_default && definition.beside.is_none()).collect()
}

/// Splits off the definitions that lose for sure: a better one has no condition.
pub(super) fn filter_overrides(definitions: Vec<Discharged>) -> (Vec<Discharged>, Vec<Discharged>) {
    let sure = definitions.iter().filter(|definition| definition.condition.is_always());
    let highest_prio = sure.map(|definition| definition.priority).min();
    if definitions.iter().all(|definition| highest_prio.is_none_or(|best| definition.priority <= best)) {
        return (definitions, vec![]);
    }
    definitions.into_iter().partition(|definition| highest_prio.is_none_or(|best| definition.priority <= best))
}

/// Says of each definition that it counts only where no better one does.
pub(super) fn exclusive(eval: &mut Eval, definitions: Vec<Discharged>) -> Vec<Discharged> {
    if definitions.windows(2).all(|two| two[0].priority == two[1].priority) {
        return definitions;
    }
    let better: Vec<(Priority, Condition)> =
        definitions.iter().map(|definition| (definition.priority, definition.condition.clone())).collect();
    let mut kept = vec![];
    'next: for mut definition in definitions {
        for (_, condition) in better.iter().filter(|(priority, _)| *priority < definition.priority) {
            let Some(never) = otherwise(eval, condition) else { continue };
            match definition.condition.and(&never) {
                Some(condition) => definition.condition = condition,
                None => continue 'next,
            }
        }
        kept.push(definition);
    }
    kept
}

/// Whether a set stands for a text, as packages do: `types.anything` takes one, as it is.
fn is_text(set: &AttrSet) -> bool {
    set.known.contains_key("outPath") || set.known.contains_key("__toString")
}

/// Sorts by `mkOrder` (nixpkgs: `sortProperties`).
pub(super) fn sort_properties(definitions: &mut [Discharged]) {
    definitions.sort_by_key(|definition| definition.order.unwrap_or(Order::NORMAL));
}

/// A type whose value is a set of further nodes.
enum SetType {
    Elements(Fallback),
    Submodule(Nested),
}

struct Merge<'a> {
    context: &'a Rc<Context>,
    path: &'a [Str],
    /// The type as it was written.
    check: Option<&'a Thunk>,
    undefined: &'a Undefined,
    /// Types inside types that were read.
    read: Cell<u32>,
}

impl Merge<'_> {
    /// A type inside the option's type; a type that contains itself without end merges in a way
    /// that is not followed.
    fn inner(&self, eval: &mut Eval, ty: &Thunk) -> Type {
        self.read.set(self.read.get() + 1);
        if self.read.get() > MOST_TYPES { Type::Unclear("a type without end") } else { Type::read(eval, ty) }
    }

    /// How the value is a set, if it is one.
    fn shape(&self, eval: &mut Eval, ty: &Type, winners: &[Discharged]) -> Option<SetType> {
        let values: Vec<Val> = self.values(winners);
        let anything = matches!(ty, Type::Anything);
        let mut is_set = |value: &Val| {
            matches!(&value.kind, Kind::Attrs(set)
                if !(eval.is_derivation_set(set) || anything && is_text(set)))
        };
        let some = values.iter().any(&mut is_set);
        let sets = some && values.iter().all(&mut is_set);
        // Those that are not known define what nobody knows, beside the others.
        let of_type = values.is_empty()
            || some && values.iter().all(|value| is_set(value) || matches!(value.kind, Kind::Unknown(_)));
        match ty {
            Type::Attrs(element) if of_type => Some(SetType::Elements(Fallback::Strict(element.clone()))),
            Type::LazyAttrs(element) if of_type => Some(SetType::Elements(Fallback::Typed(element.clone()))),
            Type::Anything if sets => Some(SetType::Elements(Fallback::Anything)),
            Type::Undeclared if sets => Some(SetType::Elements(Fallback::Undeclared)),
            Type::Submodule(nested) => Some(SetType::Submodule(nested.clone())),
            Type::Nullable(inner) => {
                let nulls = values.iter().filter(|value| matches!(value.kind, Kind::Null)).count();
                let unknowns = values.iter().any(|value| matches!(value.kind, Kind::Unknown(_)));
                if values.is_empty() || nulls > 0 || unknowns {
                    return None;
                }
                let inner = self.inner(eval, inner);
                self.shape(eval, &inner, winners)
            }
            Type::Unique(inner) if winners.len() < 2 => {
                let inner = self.inner(eval, inner);
                self.shape(eval, &inner, winners)
            }
            Type::Either(left, right) => {
                let inner = self.either(eval, left, right, &values)?;
                self.shape(eval, &inner, winners)
            }
            Type::Coerced { from, to, .. } => match Type::fits(eval, from, &values) {
                Truth::False => {
                    let inner = self.inner(eval, to);
                    self.shape(eval, &inner, winners)
                }
                _ => None,
            },
            _ => None,
        }
    }

    fn either(&self, eval: &mut Eval, left: &Thunk, right: &Thunk, values: &[Val]) -> Option<Type> {
        if values.is_empty() {
            return None;
        }
        // A package is a set, and it may be the path or the text that the first type asks for.
        let packages = values.iter().any(|value| matches!(value.kind, Kind::Package(_)));
        let mut chosen = match Type::fits(eval, left, values) {
            Truth::True => self.inner(eval, left),
            Truth::Unknown(_) if packages => return None,
            _ => Type::fits(eval, right, values).is_true().then(|| self.inner(eval, right))?,
        };
        if let Type::Submodule(nested) = &mut chosen {
            nested.plain = true;
        }
        Some(chosen)
    }

    /// A value that is no set: decided for every way the undecided conditions may turn out.
    fn choose(&self, eval: &mut Eval, ty: &Type, winners: &[Discharged]) -> Val {
        let is_list = matches!(ty, Type::List(_) | Type::Undeclared)
            && !winners.is_empty()
            && self.values(winners).iter().all(|value| matches!(value.kind, Kind::List(_)));
        if is_list {
            return self.list(eval, ty, winners);
        }
        let mut unknowns: Vec<Unknown> = vec![];
        for definition in winners {
            for (unknown, _) in definition.condition.literals() {
                if !unknowns.contains(unknown) {
                    unknowns.push(unknown.clone());
                }
            }
        }
        if unknowns.is_empty() {
            let value = self.sure(eval, ty, winners.to_vec());
            return eval.met(value);
        }
        if unknowns.len() > MOST_CONDITIONS {
            return eval.follows(&unknowns[0], Origin::Default);
        }
        let mut alternatives = vec![];
        for bits in 0..1u32 << unknowns.len() {
            let mut world = Condition::always();
            for (at, unknown) in unknowns.iter().enumerate() {
                let literal = Condition::when(unknown.clone(), bits >> at & 1 == 0);
                world = world.and(&literal).unwrap_or(world);
            }
            let active: Vec<_> =
                winners.iter().filter(|definition| definition.condition.follows_from(&world)).cloned().collect();
            let value = self.sure(eval, ty, active);
            alternatives.push((world, Thunk::done(value)));
        }
        match &alternatives[..] {
            [(_, only)] => eval.force_or_unknown(only),
            _ => {
                let choice = eval.one_of(alternatives, Origin::Default);
                choice.unwrap_or_else(|failure| eval.failed(&failure))
            }
        }
    }

    /// Definitions that all count.
    fn sure(&self, eval: &mut Eval, ty: &Type, mut active: Vec<Discharged>) -> Val {
        let best = active.iter().map(|definition| definition.priority).min().unwrap_or(Priority::OPTION_DEFAULT);
        active.retain(|definition| definition.priority == best);
        sort_properties(&mut active);
        if active.is_empty() {
            return self.nothing(eval, ty);
        }
        let values: Vec<Val> = active.iter().map(|definition| definition.value.clone()).collect();
        if let [Val { kind: Kind::Unknown(_), .. }] = &values[..] {
            return values[0].clone();
        }
        if let Some(unknown) = doubtful(ty, &active) {
            return eval.follows(&unknown, values[0].origin);
        }
        match ty {
            Type::Nullable(inner) => self.nullable(eval, inner, &values, active),
            Type::Unique(inner) => match values.len() {
                1 => {
                    let inner = self.inner(eval, inner);
                    self.sure(eval, &inner, active)
                }
                _ => self.conflict(eval, &active),
            },
            Type::Once => match values.len() {
                1 => values[0].clone(),
                _ => self.conflict(eval, &active),
            },
            Type::Unspecified => self.unspecified(eval, &values, active),
            Type::Either(left, right) => match self.either(eval, left, right, &values) {
                Some(inner) => self.sure(eval, &inner, active),
                None if values.len() == 1 => values[0].clone(),
                None => self.disagree(eval, &values, &active),
            },
            Type::Coerced { from, by, to } => {
                let converted = active.into_iter().map(|definition| self.converted(eval, from, by, definition));
                let converted = converted.collect();
                let to = self.inner(eval, to);
                self.sure(eval, &to, converted)
            }
            Type::Text(separator) => self.text(eval, separator, &values),
            Type::List(_) => self.list(eval, ty, &active),
            Type::ShallowAttrs => {
                let mut whole = values[0].clone();
                for value in &values[1..] {
                    whole = eval.update(&whole, value, whole.origin).unwrap_or(whole);
                }
                whole
            }
            Type::Module => {
                let modules = values.into_iter().map(|value| Thunk::done(crate::resolve::parts::deferred(eval, value)));
                let modules = modules.collect();
                crate::resolve::parts::imports(modules, Origin::Default)
            }
            Type::Custom(ty) => self.by_type(eval, ty, &active),
            Type::Unclear(what) => eval.unknown(Cause::Unsupported((*what).to_owned()), values[0].origin),
            Type::Attrs(_) | Type::LazyAttrs(_) | Type::Submodule(_) => self.through_set(eval, ty, active),
            Type::Undeclared | Type::Anything => self.by_shape(eval, ty, &values, active),
            Type::Scalar => self.agree(eval, &active),
        }
    }

    /// Definitions of which all are `null`, or none.
    fn nullable(&self, eval: &mut Eval, inner: &Thunk, values: &[Val], active: Vec<Discharged>) -> Val {
        match values.iter().filter(|value| matches!(value.kind, Kind::Null)).count() {
            0 => {
                let inner = self.inner(eval, inner);
                self.sure(eval, &inner, active)
            }
            all if all == values.len() => values[0].clone(),
            _ => self.conflict(eval, &active),
        }
    }

    /// A definition of a type that is converted first.
    fn converted(&self, eval: &mut Eval, from: &Thunk, by: &Thunk, definition: Discharged) -> Discharged {
        let value = match Type::fits(eval, from, std::slice::from_ref(&definition.value)) {
            Truth::False => definition.value.clone(),
            Truth::True => {
                let function = eval.force_or_unknown(by);
                let result = eval.apply(&function, Thunk::done(definition.value.clone()), Origin::Default);
                result.unwrap_or_else(|failure| eval.failed(&failure))
            }
            Truth::Unknown(unknown) => eval.follows(&unknown, definition.value.origin),
        };
        Discharged { value, ..definition }
    }

    fn by_shape(&self, eval: &mut Eval, ty: &Type, values: &[Val], active: Vec<Discharged>) -> Val {
        if matches!(ty, Type::Undeclared) && values.iter().any(is_function) {
            // It may be a module, and the value the set of its options.
            let option = crate::resolve::module::show(self.path);
            let cause = Cause::NotRead(format!("no declaration of `{option}`, a function here, was read"));
            return eval.unknown(cause, values[0].origin);
        }
        let lists = values.iter().all(|value| matches!(value.kind, Kind::List(_)));
        if lists && matches!(ty, Type::Undeclared) {
            return self.list(eval, ty, &active);
        }
        let texts = values.iter().any(|value| matches!(&value.kind, Kind::Attrs(set) if is_text(set)));
        if texts && matches!(ty, Type::Anything) {
            return if values.len() == 1 { values[0].clone() } else { self.conflict(eval, &active) };
        }
        let sets = values.iter().all(|value| matches!(&value.kind, Kind::Attrs(set) if !eval.is_derivation_set(set)));
        if sets {
            return self.through_set(eval, ty, active);
        }
        if values.len() > 1 && values.iter().all(is_function) {
            return self.functions(ty, &active);
        }
        self.agree(eval, &active)
    }

    /// Definitions that do not go together, unless what nobody knows of them helps.
    fn disagree(&self, eval: &mut Eval, values: &[Val], active: &[Discharged]) -> Val {
        let holes = |value: &Val| match &value.kind {
            Kind::Unknown(unknown) => Some(unknown.clone()),
            Kind::OneOf(alternatives) => alternatives
                .first()
                .and_then(|(condition, _)| condition.literals().next().map(|(unknown, _)| unknown.clone())),
            _ => None,
        };
        match values.iter().find_map(holes) {
            Some(unknown) => eval.follows(&unknown, values[0].origin),
            None => self.conflict(eval, active),
        }
    }

    /// Calls the type's own `merge`.
    fn by_type(&self, eval: &mut Eval, ty: &Thunk, active: &[Discharged]) -> Val {
        let at = active.first().map_or(Origin::Default, |definition| definition.value.origin);
        let merge = match &eval.force_or_unknown(ty).kind {
            Kind::Attrs(set) => set.known.get("merge").map(|attribute| attribute.value.clone()),
            _ => None,
        };
        let Some(merge) = merge else {
            return eval.unknown(Cause::Unsupported("a type without `merge`".into()), at);
        };
        let path = self.path.iter().map(|name| Thunk::done(Val::str(name.clone(), Origin::Default))).collect();
        let file = Thunk::done(eval.unknown(Cause::Unsupported("the file of a definition".into()), at));
        let definition = |definition: &Discharged| {
            let value = Thunk::done(definition.value.clone());
            Thunk::done(Val::attrs([("file".into(), file.clone()), ("value".into(), value)], definition.value.origin))
        };
        let definitions = active.iter().map(definition).collect();
        let merge = eval.force_or_unknown(&merge);
        let arguments = [Thunk::done(Val::list(path, at)), Thunk::done(Val::list(definitions, at))];
        eval.apply_all(&merge, &arguments, at).unwrap_or_else(|failure| eval.failed(&failure))
    }

    fn through_set(&self, eval: &mut Eval, ty: &Type, active: Vec<Discharged>) -> Val {
        match self.shape(eval, ty, &active) {
            Some(set) => self.set(eval, &set, active, vec![]).value,
            None => {
                let values: Vec<Val> = active.iter().map(|definition| definition.value.clone()).collect();
                self.disagree(eval, &values, &active)
            }
        }
    }

    /// All definitions must say the same.
    fn agree(&self, eval: &mut Eval, active: &[Discharged]) -> Val {
        let is_known = |definition: &&Discharged| !matches!(definition.value.kind, Kind::Unknown(_));
        let Some(first) = active.iter().find(is_known).or(active.first()) else {
            return eval.unknown(Cause::Recursion, Origin::Default);
        };
        let mut doubt = None;
        for definition in active.iter().filter(|definition| !std::ptr::eq(*definition, first)) {
            let same = eval.equal(&first.value, &definition.value, definition.value.origin).unwrap_or(Truth::False);
            match same {
                Truth::True => (),
                Truth::False => return self.conflict(eval, &[first.clone(), definition.clone()]),
                // Either they do, or Nix refuses them. What hangs on this value is read as if it
                // did not: a configuration that is refused has nothing that could be wrong.
                Truth::Unknown(unknown) => drop(doubt.get_or_insert(unknown)),
            }
        }
        match doubt {
            Some(unknown) => eval.follows(&unknown, first.value.origin),
            None => first.value.clone(),
        }
    }
}
