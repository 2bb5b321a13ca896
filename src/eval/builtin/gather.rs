//! Sets made from lists, and lists picked out of lists of sets.

use super::Builtin;
use super::argument::{list, set};
use crate::eval::Eval;
use crate::eval::attrs::Found;
use crate::eval::thunk::Thunk;
use crate::eval::val::{AttrSet, Attribute, Elem, Kind, R, Rest, Val};
use crate::source::Origin;
use crate::value::{Condition, Name, Str, Truth, Unknown};
use std::collections::BTreeMap;

pub(super) const TABLE: &[Builtin] = &[
    ("listToAttrs", 1, list_to_attrs),
    ("catAttrs", 2, cat_attrs),
    ("zipAttrsWith", 2, zip_attrs_with),
    ("groupBy", 2, group_by),
];

fn first_literal(eval: &mut Eval, condition: &Condition, at: Origin) -> Unknown {
    let first = condition.literals().next().map(|(unknown, _)| unknown.clone());
    first.unwrap_or_else(|| eval.new_unknown(crate::value::Cause::Recursion, at))
}

/// Lists with few conditions become a choice of lists; the rest is up to `f`.
fn each_decided(eval: &mut Eval, arg: &Thunk, at: Origin, f: impl FnMut(&mut Eval, &std::rc::Rc<Vec<Elem>>) -> R) -> R {
    let value = eval.force(arg)?;
    let value = match &value.kind {
        Kind::List(items) => eval.decide(items, value.origin)?,
        _ => value,
    };
    eval.each_list(&Thunk::done(value), at, f)
}

fn list_to_attrs(eval: &mut Eval, args: &[Thunk], at: Origin) -> R {
    each_decided(eval, &args[0], at, |eval, items| {
        let mut result = AttrSet::default();
        for item in items.iter() {
            match item {
                Elem::One(thunk) => add_pair(eval, &mut result, thunk, at)?,
                Elem::Rest(unknown) => {
                    let unknown = eval.after(unknown);
                    result.rest.get_or_insert(Rest::Unknown(unknown));
                }
                Elem::Maybe(condition, _) => {
                    let unknown = first_literal(eval, condition, at);
                    let unknown = eval.after(&unknown);
                    result.rest.get_or_insert(Rest::Unknown(unknown));
                }
            }
        }
        result.note_same_names();
        Ok(set(result, at))
    })
}

/// Adds one `{ name; value; }`; the first of a name wins.
fn add_pair(eval: &mut Eval, result: &mut AttrSet, thunk: &Thunk, at: Origin) -> R<()> {
    let pair = eval.force(thunk)?;
    let name = eval.select_from(&pair, &[Str::new("name")], None, at)?;
    let name = match &name.kind {
        Kind::Str(text) => (**text).clone(),
        Kind::Unknown(unknown) => Str::hole(unknown.clone()),
        Kind::OneOf(_) | Kind::Package(_) => {
            Str::hole(eval.new_unknown(crate::value::Cause::Unsupported("a choice of names".into()), at))
        }
        other => return eval.fail(format!("value is {} while a string was expected", other.describe()), at),
    };
    let attribute = match &pair.kind {
        Kind::Attrs(pair) => match eval.find(pair, &Str::new("value"), at) {
            Found::Here(attribute) => attribute,
            Found::Computed(value) => Attribute { value: Thunk::done(value), site: at },
            Found::Nowhere => return eval.fail("attribute 'value' missing", at),
            Found::Unknown(unknown) => Attribute { value: unknown_thunk(eval, &unknown, ".value", at), site: at },
        },
        _ => {
            let value = eval.select_from(&pair, &[Str::new("value")], None, at)?;
            Attribute { value: Thunk::done(value), site: at }
        }
    };
    let Some(known) = name.known() else {
        let before = result.known.keys().map(Str::new);
        let before: Vec<Truth> =
            before.chain(result.partly.iter().map(|(have, _)| have.clone())).map(|have| have.equals(&name)).collect();
        if before.iter().any(Truth::is_true) {
            return Ok(());
        }
        let why =
            before.into_iter().find_map(|same| if let Truth::Unknown(unknown) = same { Some(unknown) } else { None });
        let value = match why {
            Some(why) => {
                let by = format!("{name} {}", eval.fresh_id()).as_str().into();
                eval.unless_overridden(&why, &by, attribute.value, at)
            }
            None => attribute.value,
        };
        result.partly.push((name, Attribute { value, site: attribute.site }));
        return Ok(());
    };
    if result.known.contains_key(known) {
        return Ok(());
    }
    let before = result.partly.iter().find_map(|(have, _)| match have.equals(&name) {
        Truth::Unknown(unknown) => Some(unknown),
        _ => None,
    });
    let before = before.or_else(|| result.rest.as_ref().map(|rest| rest.unknown().clone()));
    let value = match before {
        Some(why) => eval.unless_overridden(&why, &known.into(), attribute.value, at),
        None => attribute.value,
    };
    result.known.insert(known.into(), Attribute { value, site: attribute.site });
    Ok(())
}

fn unknown_thunk(eval: &mut Eval, unknown: &Unknown, by: &str, at: Origin) -> Thunk {
    Thunk::done(Val::new(Kind::Unknown(eval.derive(unknown, by)), at))
}

fn cat_attrs(eval: &mut Eval, args: &[Thunk], at: Origin) -> R {
    eval.each_text(&args[0], "", at, |eval, name| {
        let name = name.clone();
        eval.each_list(&args[1], at, |eval, items| {
            let mut found = vec![];
            for item in items.iter() {
                let (condition, value) = match item {
                    Elem::One(thunk) => (Condition::always(), eval.force(thunk)?),
                    Elem::Maybe(condition, thunk) => (condition.clone(), eval.force_or_unknown(thunk)),
                    Elem::Rest(unknown) => {
                        found.push(Elem::Rest(eval.derive(unknown, &format!("catAttrs {name}"))));
                        continue;
                    }
                };
                cat_one(eval, &mut found, &condition, &value, &name, at)?;
            }
            Ok(list(found, at))
        })
    })
}

fn cat_one(
    eval: &mut Eval,
    found: &mut Vec<Elem>,
    condition: &Condition,
    value: &Val,
    name: &Str,
    at: Origin,
) -> R<()> {
    if let Kind::OneOf(alternatives) = &value.kind {
        for (inner, thunk) in alternatives.iter() {
            if let Some(both) = condition.and(inner) {
                let value = eval.force_or_unknown(thunk);
                // Nix fails, if this alternative is the one.
                if let Err(failure) = cat_one(eval, found, &both, &value, name, at) {
                    let unknown = eval.fails(&failure);
                    found.push(Elem::Rest(unknown));
                }
            }
        }
        return Ok(());
    }
    let set = eval.as_set(value, at)?;
    let (thunk, also) = match eval.find(&set, name, at) {
        Found::Here(attribute) => (attribute.value, Condition::always()),
        Found::Nowhere => return Ok(()),
        Found::Computed(value) => {
            let why = set.why_open().cloned();
            let why = why.unwrap_or_else(|| eval.new_unknown(crate::value::Cause::Recursion, at));
            (Thunk::done(value), Condition::when(eval.derive(&why, &format!("?{name}")), true))
        }
        Found::Unknown(why) => {
            let there = eval.derive(&why, &format!("?{name}"));
            (unknown_thunk(eval, &why, &format!(".{name}"), at), Condition::when(there, true))
        }
    };
    if let Some(both) = condition.and(&also) {
        found.push(if both.is_always() { Elem::One(thunk) } else { Elem::Maybe(both, thunk) });
    }
    Ok(())
}

fn zip_attrs_with(eval: &mut Eval, args: &[Thunk], at: Origin) -> R {
    eval.function(&args[0], at)?;
    each_decided(eval, &args[1], at, |eval, items| {
        let mut sets = vec![];
        for item in items.iter() {
            sets.push(match item {
                Elem::One(thunk) => {
                    let value = eval.force(thunk)?;
                    if let Kind::OneOf(_) = value.kind {
                        let unknown = eval.new_unknown(crate::value::Cause::Unsupported("a choice of sets".into()), at);
                        Err(unknown)
                    } else {
                        Ok(eval.as_set(&value, at)?)
                    }
                }
                Elem::Rest(unknown) => Err(unknown.clone()),
                Elem::Maybe(condition, _) => Err(first_literal(eval, condition, at)),
            });
        }
        let mut zipped: BTreeMap<Name, Vec<Elem>> = BTreeMap::new();
        for set in sets.iter().flatten() {
            for name in set.known.keys() {
                zipped.entry(name.clone()).or_default();
            }
        }
        let mut rest = None;
        for set in &sets {
            let why = match set {
                Ok(set) => {
                    for (name, attribute) in &set.known {
                        zipped.entry(name.clone()).or_default().push(Elem::One(attribute.value.clone()));
                    }
                    set.why_open().cloned()
                }
                Err(why) => Some(why.clone()),
            };
            let Some(why) = why else { continue };
            // This set may have any name that it is not known to have.
            for (name, values) in &mut zipped {
                if !set.as_ref().is_ok_and(|set| set.known.contains_key(name)) {
                    values.push(Elem::Rest(eval.derive(&why, &format!("zip {name}"))));
                }
            }
            rest.get_or_insert(Rest::Unknown(eval.after(&why)));
        }
        let mut result = AttrSet { rest, ..AttrSet::default() };
        for (name, values) in zipped {
            let (function, values) = (args[0].clone(), Thunk::done(list(values, at)));
            let argument = Thunk::done(Val::text(&name, at));
            let value = eval.delay_apply(function, vec![argument, values], at);
            result.insert(name, value, at);
        }
        Ok(set(result, at))
    })
}

fn group_by(eval: &mut Eval, args: &[Thunk], at: Origin) -> R {
    let function = eval.function(&args[0], at)?;
    each_decided(eval, &args[1], at, |eval, items| {
        let mut groups: BTreeMap<Name, Vec<Elem>> = BTreeMap::new();
        let mut open: Option<Unknown> = None;
        for item in items.iter() {
            let thunk = match item {
                Elem::One(thunk) => thunk,
                Elem::Rest(unknown) => {
                    open = Some(unknown.clone());
                    continue;
                }
                Elem::Maybe(condition, _) => {
                    open = Some(first_literal(eval, condition, at));
                    continue;
                }
            };
            let name = eval.apply(&function, thunk.clone(), at)?;
            match &name.kind {
                Kind::Str(text) => match text.known() {
                    Some(known) => groups.entry(known.into()).or_default().push(Elem::One(thunk.clone())),
                    None => open = text.holes().next().cloned().or(open),
                },
                Kind::Unknown(unknown) => open = Some(unknown.clone()),
                Kind::OneOf(_) | Kind::Package(_) => {
                    open = Some(eval.new_unknown(crate::value::Cause::Unsupported("a choice of groups".into()), at));
                }
                other => return eval.fail(format!("value is {} while a string was expected", other.describe()), at),
            }
        }
        let mut result = AttrSet::default();
        for (name, mut items) in groups {
            items.extend(open.clone().map(|unknown| Elem::Rest(eval.after(&unknown))));
            result.insert(name, Thunk::done(list(items, at)), at);
        }
        result.rest = open.map(Rest::Unknown);
        Ok(set(result, at))
    })
}
