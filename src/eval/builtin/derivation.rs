//! `derivation`: what a derivation is made from is known, its store paths up to their hashes.

use super::Builtin;
use super::argument::set;
use crate::eval::Eval;
use crate::eval::thunk::Thunk;
use crate::eval::val::{AttrSet, Elem, Kind, R, Rest, Val};
use crate::source::Origin;
use crate::value::{Cause, Name, StoreKind, Str};
use std::rc::Rc;

pub(super) const TABLE: &[Builtin] = &[("derivation", 1, derivation), ("derivationStrict", 1, derivation_strict)];

/// What the outputs of a derivation have in common.
struct Outputs {
    given: Rc<AttrSet>,
    argument: Thunk,
    /// The name and path of each.
    each: Vec<(Name, Val)>,
    drv: Val,
    at: Origin,
}

/// The set that stands for one output; those of the others are in it.
fn output(outputs: &Rc<Outputs>, which: usize) -> Thunk {
    let (outputs, at) = (outputs.clone(), outputs.at);
    Thunk::native(at, move |_| {
        let mut whole = (*outputs.given).clone();
        let all: Vec<_> = (0..outputs.each.len()).map(|index| output(&outputs, index)).collect();
        for ((name, _), value) in outputs.each.iter().zip(&all) {
            whole.insert(name.clone(), value.clone(), at);
        }
        let (name, path) = &outputs.each[which];
        whole.insert("all", Thunk::done(Val::list(all, at)), at);
        whole.insert("drvAttrs", outputs.argument.clone(), at);
        whole.insert("outPath", made(outputs.given.clone(), path.clone(), at), at);
        whole.insert("drvPath", made(outputs.given.clone(), outputs.drv.clone(), at), at);
        whole.insert("type", Thunk::done(Val::text("derivation", at)), at);
        whole.insert("outputName", Thunk::done(Val::text(name.as_str(), at)), at);
        Ok(set(whole, at))
    })
}

/// A path, for which Nix looks at everything that the derivation is made from.
fn made(given: Rc<AttrSet>, path: Val, at: Origin) -> Thunk {
    Thunk::native(at, move |eval| {
        let refused = refused_input(eval, given.known.values().map(|attribute| attribute.value.clone()), at)?;
        Ok(refused.unwrap_or(path))
    })
}

/// What Nix refuses among these values and the elements of lists.
fn refused_input(eval: &mut Eval, values: impl Iterator<Item = Thunk>, at: Origin) -> R<Option<Val>> {
    for thunk in values {
        let value = eval.force(&thunk)?;
        let refused = match &value.kind {
            Kind::Unknown(_) if eval.is_refused(&value) => Some(value),
            Kind::List(items) => {
                let elements = items.iter().filter_map(|item| match item {
                    Elem::One(element) => Some(element.clone()),
                    _ => None,
                });
                let elements: Vec<Thunk> = elements.collect();
                let inside = eval.deeper(at, |eval| {
                    let refused = refused_input(eval, elements.into_iter(), at)?;
                    Ok(refused.unwrap_or_else(|| Val::new(Kind::Null, at)))
                })?;
                matches!(inside.kind, Kind::Unknown(_)).then_some(inside)
            }
            _ => None,
        };
        if refused.is_some() {
            return Ok(refused);
        }
    }
    Ok(None)
}

fn derivation(eval: &mut Eval, args: &[Thunk], at: Origin) -> R {
    eval.each(&args[0], "derivation", at, |eval, argument| {
        let name = eval.derivation_name(argument, at)?;
        let package = eval.derivation(name.clone(), vec![Thunk::done(argument.clone())], at);
        let Kind::Attrs(given) = &argument.kind else { return Ok(package) };
        let first = eval.select_from(&package, &[Str::new("outPath")], None, at)?;
        let drv = eval.unknown(Cause::Outside("the path of a derivation".into()), at);
        let argument = Thunk::done(argument.clone());
        let Some(names) = output_names(eval, given)? else {
            let more = eval.new_unknown(Cause::Unsupported("outputs of a derivation".into()), at);
            let mut whole = (**given).clone();
            whole.insert("type", Thunk::done(Val::text("derivation", at)), at);
            whole.insert("drvAttrs", argument, at);
            whole.insert("drvPath", Thunk::done(drv), at);
            whole.rest = Some(Rest::Unknown(more));
            return Ok(set(whole, at));
        };
        let each = names.into_iter().enumerate().map(|(index, output)| {
            let path = match (index, output.as_str()) {
                (0, "out") => first.clone(),
                (_, "out") => eval.store_text(name.clone(), StoreKind::Built, at),
                (_, other) => {
                    let mut name = name.clone();
                    name.push_text(&format!("-{other}"));
                    eval.store_text(name, StoreKind::Built, at)
                }
            };
            (output, path)
        });
        let each = each.collect();
        let outputs = Rc::new(Outputs { given: given.clone(), argument, each, drv, at });
        eval.force(&output(&outputs, 0))
    })
}

/// The names of the outputs, where all are known.
fn output_names(eval: &mut Eval, given: &AttrSet) -> R<Option<Vec<Name>>> {
    let Some(attribute) = given.known.get("outputs") else {
        return Ok(given.is_complete().then(|| vec!["out".into()]));
    };
    let value = eval.force(&attribute.value.clone())?;
    let Kind::List(items) = &value.kind else { return Ok(None) };
    let mut names: Vec<Name> = vec![];
    for item in items.iter() {
        let Elem::One(item) = item else { return Ok(None) };
        match &eval.force(item)?.kind {
            Kind::Str(text) => match text.known() {
                Some(known) => names.push(known.into()),
                None => return Ok(None),
            },
            _ => return Ok(None),
        }
    }
    Ok((!names.is_empty()).then_some(names))
}

fn derivation_strict(eval: &mut Eval, args: &[Thunk], at: Origin) -> R {
    eval.each(&args[0], "derivationStrict", at, |eval, argument| {
        let name = eval.derivation_name(argument, at)?;
        let package = eval.derivation(name, vec![Thunk::done(argument.clone())], at);
        if let Kind::Attrs(given) = &argument.kind {
            let values = given.known.values().map(|attribute| attribute.value.clone());
            if let Some(refused) = refused_input(eval, values, at)? {
                return Ok(refused);
            }
        }
        let path = |eval: &mut Eval| eval.select_from(&package, &[Str::new("outPath")], None, at);
        let (out, drv) = (path(eval)?, eval.unknown(Cause::Outside("the path of a derivation".into()), at));
        Ok(Val::attrs([("out".into(), Thunk::done(out)), ("drvPath".into(), Thunk::done(drv))], at))
    })
}

impl Eval {
    /// `name`, or `pname` and `version`, of what a derivation is made from, as far as it is known.
    pub(super) fn derivation_name(&mut self, argument: &Val, at: Origin) -> R<Str> {
        let mut part = |name: &str| {
            let null = Thunk::done(Val::new(Kind::Null, at));
            match self.select_from(argument, &[Str::new(name)], Some(&null), at) {
                Ok(Val { kind: Kind::Str(text), .. }) => Some((*text).clone()),
                Ok(Val { kind: Kind::Null, .. }) => None,
                _ => Some(Str::hole(self.new_unknown(Cause::Outside("the name of a derivation".into()), at))),
            }
        };
        if let Some(name) = part("name") {
            return Ok(name);
        }
        let (Some(mut name), version) = (part("pname"), part("version")) else { return Ok(Str::default()) };
        if let Some(version) = version {
            name.push_text("-");
            name.push(&version);
        }
        Ok(name)
    }
}
