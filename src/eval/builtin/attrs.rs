//! Attribute sets: names, values, sets made from sets.

use super::Builtin;
use super::argument::{list, set};
use crate::eval::Eval;
use crate::eval::thunk::Thunk;
use crate::eval::val::{AttrSet, Attribute, Elem, Kind, R, Rest, Val};
use crate::source::{Origin, Span};
use crate::value::{Cause, Condition, Name, Str, Truth, Unknown};
use std::rc::Rc;

pub(super) const TABLE: &[Builtin] = &[
    ("attrNames", 1, attr_names),
    ("attrValues", 1, attr_values),
    ("getAttr", 2, get_attr),
    ("hasAttr", 2, has_attr),
    ("mapAttrs", 2, map_attrs),
    ("removeAttrs", 2, remove_attrs),
    ("intersectAttrs", 2, intersect_attrs),
    ("functionArgs", 1, function_args),
    ("unsafeGetAttrPos", 2, attr_pos),
];

/// The list of what a set holds. Names that are not known come before, after and between those that are: no
/// text made of the list begins with the first of them.
fn with_rest(eval: &mut Eval, items: Vec<Elem>, set: &AttrSet, by: &str, at: Origin) -> Val {
    let Some(unknown) = set.why_open().cloned() else { return list(items, at) };
    let gaps = (0..=items.len()).map(|gap| Elem::Rest(eval.derive(&unknown, &format!("{by} {gap}"))));
    let mut gaps: Vec<Elem> = gaps.rev().collect();
    let mut all: Vec<Elem> = gaps.pop().into_iter().collect();
    for item in items {
        all.push(item);
        all.extend(gaps.pop());
    }
    list(all, at)
}

/// What an attribute gives whose name has holes: nothing, if the name is `null`.
fn perhaps_null(eval: &mut Eval, set: &AttrSet, name: &Str, item: Thunk) -> Elem {
    match name.holes().next().filter(|_| set.nullable) {
        Some(unknown) => Elem::Maybe(Condition::when(eval.derive(unknown, "is null"), false), item),
        None => Elem::One(item),
    }
}

fn attr_names(eval: &mut Eval, args: &[Thunk], at: Origin) -> R {
    eval.each_set(&args[0], at, |eval, set| {
        let known = set.known.keys().map(|name| Elem::One(Thunk::done(Val::text(name, at))));
        let mut items: Vec<Elem> = known.collect();
        for (name, _) in &set.partly {
            items.push(perhaps_null(eval, set, name, Thunk::done(Val::str(name.clone(), at))));
        }
        Ok(with_rest(eval, items, set, "attrNames", at))
    })
}

fn attr_values(eval: &mut Eval, args: &[Thunk], at: Origin) -> R {
    eval.each_set(&args[0], at, |eval, set| {
        let known = set.known.values().map(|attribute| Elem::One(attribute.value.clone()));
        let mut items: Vec<Elem> = known.collect();
        for (name, attribute) in &set.partly {
            items.push(perhaps_null(eval, set, name, attribute.value.clone()));
        }
        Ok(with_rest(eval, items, set, "attrValues", at))
    })
}

fn get_attr(eval: &mut Eval, args: &[Thunk], at: Origin) -> R {
    named(eval, args, at, |eval, name, value| eval.select_steps(value, std::slice::from_ref(name), None, at, true))
}

fn has_attr(eval: &mut Eval, args: &[Thunk], at: Origin) -> R {
    named(eval, args, at, |eval, name, value| match &value.kind {
        Kind::Attrs(_) | Kind::Unknown(_) | Kind::OneOf(_) | Kind::Package(_) => {
            eval.has_path(value, std::slice::from_ref(name), at)
        }
        other => eval.fail(format!("value is {} while a set was expected", other.describe()), at),
    })
}

/// A function of a name and a value; an unknown name is a name with a hole.
fn named(eval: &mut Eval, args: &[Thunk], at: Origin, f: impl Fn(&mut Eval, &Str, &Val) -> R) -> R {
    let name = eval.force(&args[0])?;
    if let Kind::Unknown(unknown) = &name.kind {
        if eval.is_refused(&name) {
            return Ok(name);
        }
        let name = Str::hole(unknown.clone());
        let value = eval.force(&args[1])?;
        return f(eval, &name, &value);
    }
    eval.each_text(&args[0], "", at, |eval, name| {
        let value = eval.force(&args[1])?;
        f(eval, name, &value)
    })
}

fn map_attrs(eval: &mut Eval, args: &[Thunk], at: Origin) -> R {
    eval.each_set(&args[1], at, |eval, set| {
        let function = args[0].clone();
        let apply = move |name: Str, value: Thunk| {
            let (function, name) = (function.clone(), Thunk::done(Val::str(name, at)));
            Thunk::native(at, move |eval| {
                let function = eval.force(&function)?;
                eval.apply_all(&function, &[name, value], at)
            })
        };
        let map = |name: Str, attribute: &Attribute| Attribute {
            value: apply(name, attribute.value.clone()),
            site: attribute.site,
        };
        let known = set.known.iter().map(|(name, attribute)| (name.clone(), map(Str::new(name), attribute)));
        let known = known.collect();
        let partly = set.partly.iter().map(|(name, attribute)| (name.clone(), map(name.clone(), attribute)));
        let partly = partly.collect();
        let rest = match set.rest.clone() {
            Some(Rest::Named(get, unknown)) => {
                let apply = apply.clone();
                let get = move |eval: &mut Eval, name: &Name| {
                    let value = Thunk::done(get(eval, name));
                    eval.force_or_unknown(&apply(Str::new(name), value))
                };
                Some(Rest::Named(Rc::new(get), eval.after(&unknown)))
            }
            Some(Rest::Unknown(unknown)) => Some(Rest::Unknown(eval.after(&unknown))),
            None => None,
        };
        Ok(super::argument::set(AttrSet { known, partly, rest, nullable: set.nullable, ..AttrSet::default() }, at))
    })
}

/// The texts in a list of names, and why there may be more.
fn names(eval: &mut Eval, items: &[Elem], at: Origin) -> R<(Vec<Str>, Option<Unknown>)> {
    let (mut names, mut open) = (vec![], None);
    for item in items {
        let value = match item {
            Elem::One(thunk) => eval.force(thunk)?,
            Elem::Maybe(condition, thunk) => {
                open = condition.literals().next().map(|(unknown, _)| unknown.clone()).or(open);
                eval.force_or_unknown(thunk)
            }
            Elem::Rest(unknown) => {
                open = Some(unknown.clone());
                continue;
            }
        };
        match &value.kind {
            Kind::Str(text) if text.known().is_some() => names.push((**text).clone()),
            Kind::Str(text) => open = text.holes().next().cloned().or(open),
            Kind::Unknown(unknown) => open = Some(unknown.clone()),
            Kind::OneOf(_) | Kind::Package(_) => {
                open = Some(eval.new_unknown(Cause::Unsupported("a choice of names".into()), at));
            }
            other => return eval.fail(format!("value is {} while a string was expected", other.describe()), at),
        }
    }
    Ok((names, open))
}

fn remove_attrs(eval: &mut Eval, args: &[Thunk], at: Origin) -> R {
    eval.each_set(&args[0], at, |eval, old| {
        let old = old.clone();
        let value = eval.force(&args[1])?;
        let value = match &value.kind {
            Kind::List(items) => eval.decide(items, value.origin)?,
            _ => value,
        };
        eval.each_list(&Thunk::done(value), at, |eval, items| {
            let (names, open) = names(eval, items, at)?;
            if let Some(unknown) = open {
                // Any attribute may be gone.
                let unknown = eval.after(&unknown);
                return Ok(set(AttrSet { rest: Some(Rest::Unknown(unknown)), ..AttrSet::default() }, at));
            }
            let mut new = (*old).clone();
            for name in &names {
                if let Some(known) = name.known() {
                    new.known.remove(known);
                }
            }
            let perhaps = new.partly.iter().find_map(|(have, _)| {
                names.iter().find_map(|name| match have.equals(name) {
                    Truth::Unknown(unknown) => Some(unknown),
                    _ => None,
                })
            });
            if let Some(unknown) = perhaps {
                new.partly.retain(|(have, _)| names.iter().all(|name| have.equals(name).is_false()));
                new.rest.get_or_insert(Rest::Unknown(unknown));
            }
            new.rest = new.rest.map(|rest| without(rest, &names));
            Ok(set(new, at))
        })
    })
}

/// What is behind the names that are not listed, these excepted.
fn without(rest: Rest, names: &[Str]) -> Rest {
    let Rest::Named(get, unknown) = rest else { return rest };
    let names: Vec<Name> = names.iter().filter_map(Str::known).map(Name::from).collect();
    let why = unknown.clone();
    let get = move |eval: &mut Eval, name: &Name| match names.contains(name) {
        true => eval.follows(&why, why.at),
        false => get(eval, name),
    };
    Rest::Named(Rc::new(get), unknown)
}

fn intersect_attrs(eval: &mut Eval, args: &[Thunk], at: Origin) -> R {
    eval.each_set(&args[0], at, |eval, wanted| {
        let wanted = wanted.clone();
        eval.each_set(&args[1], at, |eval, given| Ok(set(intersection(eval, &wanted, given), at)))
    })
}

fn intersection(eval: &mut Eval, wanted: &Rc<AttrSet>, given: &Rc<AttrSet>) -> AttrSet {
    let mut result = AttrSet::default();
    let (few, many) = if wanted.known.len() < given.known.len() { (wanted, given) } else { (given, wanted) };
    for name in few.known.keys() {
        if let (true, Some(attribute)) = (many.known.contains_key(name), given.known.get(name)) {
            result.known.insert(name.clone(), attribute.clone());
        }
    }
    result.rest = match (wanted.why_open(), given.why_open(), &given.rest) {
        (None, None, _) => None,
        (None, Some(_), Some(Rest::Named(get, unknown))) if given.partly.is_empty() => {
            let (get, wanted, why) = (get.clone(), wanted.clone(), unknown.clone());
            let get = move |eval: &mut Eval, name: &Name| match wanted.known.contains_key(name) {
                true => get(eval, name),
                false => eval.follows(&why, why.at),
            };
            Some(Rest::Named(Rc::new(get), unknown.clone()))
        }
        (Some(why), _, _) | (None, Some(why), _) => Some(Rest::Unknown(eval.after(&why.clone()))),
    };
    result
}

fn function_args(eval: &mut Eval, args: &[Thunk], at: Origin) -> R {
    eval.each(&args[0], "functionArgs", at, |eval, function| match &function.kind {
        Kind::Lambda(closure) => {
            let file = closure.env.tree.clone();
            let mut formals = AttrSet::default();
            if let crate::syntax::Expr::Lambda { param, .. } = file.expr(closure.expr)
                && let crate::syntax::Param::Pattern { formals: written, .. } = &**param
            {
                for formal in written {
                    let has_default = super::argument::bool(formal.default.is_some(), at);
                    let site = Origin::Written(file.at(formal.range));
                    formals.insert(formal.name.clone(), Thunk::done(has_default), site);
                }
            }
            Ok(set(formals, at))
        }
        Kind::Native(_) => Ok(set(AttrSet::default(), at)),
        Kind::Package(_) => Ok(eval.unknown(Cause::Package("a function of a package".into()), at)),
        other => eval.fail(format!("'functionArgs' requires a function, not {}", other.describe()), at),
    })
}

fn attr_pos(eval: &mut Eval, args: &[Thunk], at: Origin) -> R {
    named(eval, args, at, |eval, name, value| {
        let name = name.clone();
        eval.each_set_of(value, at, &mut |eval, set| match eval.find(set, &name, at) {
            crate::eval::attrs::Found::Here(attribute) => match eval.public_origin(attribute.site) {
                // Not all functions that make sets say where an attribute comes from.
                Origin::Written(span) if !eval.is_written_at(&attribute.value, span) => {
                    Ok(eval.unknown(Cause::Unsupported("the position of an attribute".into()), at))
                }
                Origin::Written(span) => {
                    let position = eval.position_set(span, at);
                    Ok(if eval.is_inherited(span) { eval.without_column(position, at) } else { position })
                }
                _ => Ok(Val::new(Kind::Null, at)),
            },
            crate::eval::attrs::Found::Nowhere => Ok(Val::new(Kind::Null, at)),
            crate::eval::attrs::Found::Computed(_) => {
                let unknown = set.why_open().cloned();
                Ok(match unknown {
                    Some(unknown) => eval.follows(&unknown, at),
                    None => Val::new(Kind::Null, at),
                })
            }
            crate::eval::attrs::Found::Unknown(unknown) => Ok(eval.follows(&unknown, at)),
        })
    })
}

impl Eval {
    /// Whether the value of an attribute is what is written behind its name, or says of a parameter
    /// whether it has a default.
    fn is_written_at(&self, value: &Thunk, name: Span) -> bool {
        let text = &self.sources.file(name.file).text;
        let behind = text.get(name.end as usize..).unwrap_or_default().trim_start();
        if behind.starts_with([',', '?', '}']) {
            return value.peek().is_some_and(|value| matches!(value.kind, Kind::Bool(_)));
        }
        let between = value.origin().span().filter(|span| span.file == name.file && span.start >= name.end);
        let between = between.and_then(|span| text.get(name.end as usize..span.start as usize));
        between.is_some_and(|between| !between.contains(';'))
    }

    /// Whether a name stands in an `inherit`: no `=`, and nothing of a function's parameter behind it.
    fn is_inherited(&self, name: Span) -> bool {
        let text = &self.sources.file(name.file).text;
        let behind = text.get(name.end as usize..).unwrap_or_default().trim_start();
        // A comment may hide it, which costs no more than the column.
        !behind.starts_with(['=', '.', ',', '?', '}'])
    }

    /// Versions of Nix disagree where an inherited name stands.
    fn without_column(&mut self, position: Val, at: Origin) -> Val {
        let Kind::Attrs(position) = &position.kind else { return position };
        let mut position = (**position).clone();
        let column = self.unknown(Cause::Unsupported("the column of an inherited name".into()), at);
        position.insert("column", Thunk::done(column), at);
        set(position, at)
    }
}
