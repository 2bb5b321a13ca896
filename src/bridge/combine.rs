//! Both resolvers together: where Nix answered, Nix counts; where it could not, the static side fills
//! in. Where both know and differ, one of them is wrong, and it is not Nix.

use super::tree::of_children;
use crate::option::{Definition, OptionEntry, OptionPath, Segment};
use crate::source::Origin;
use crate::value::{Attrs, Cause, Item, Knowledge, Shape, Str, Truth, Unknown, Value};
use std::sync::Arc;

/// The cause of what Nix was not asked for, beside what it was.
pub(super) const NOT_ASKED: &str = "what was not asked for";

/// A value that both know, and not the same.
#[derive(Clone, Debug)]
pub struct Difference {
    /// The option, or the part of one.
    pub path: OptionPath,
    /// What Nix says.
    pub nix: Value,
    /// What the static side says.
    pub ours: Value,
}

/// The entry of Nix's, with what only the static side knows.
pub fn combine(mut nix: OptionEntry, ours: &OptionEntry, differences: &mut Vec<Difference>) -> OptionEntry {
    if failed(&nix.value) && nix.children.is_empty() {
        return filled_in(nix, ours);
    }
    let is_set = !nix.children.is_empty();
    for (name, child) in &mut nix.children {
        if let Some(other) = ours.children.get(name) {
            *child = combine(child.clone(), other, differences);
        }
    }
    if failed(&nix.value) {
        for (name, child) in &ours.children {
            nix.children.entry(name.clone()).or_insert_with(|| child.clone());
        }
    }
    nix.expressions.clone_from(&ours.expressions);
    if nix.site.span().is_none() {
        nix.site = ours.site;
    }
    known_better(&mut nix.definitions, &ours.definitions);
    known_better(&mut nix.overridden, &ours.overridden);
    nix.value = match is_set {
        true if failed(&nix.value) => nix.value,
        true => of_children(&nix),
        false => join(&nix.path, &nix.value, &ours.value, differences),
    };
    nix
}

/// Takes out what nobody asked for: of what was asked for it is known whether it is there.
pub fn close(entry: &mut OptionEntry) {
    close_value(&mut entry.value);
    entry.definitions.iter_mut().chain(&mut entry.overridden).for_each(|one| close_value(&mut one.value));
    entry.children.values_mut().for_each(close);
}

fn close_value(value: &mut Value) {
    match &mut value.shape {
        Shape::Attrs(attrs) => {
            let attrs = Arc::make_mut(attrs);
            let not_asked = |unknown: &Unknown| matches!(&*unknown.cause, Cause::Unsupported(why) if *why == NOT_ASKED);
            if attrs.rest.as_ref().is_some_and(not_asked) {
                attrs.rest = None;
            }
            attrs.known.values_mut().for_each(close_value);
        }
        Shape::List(items) => items.iter_mut().for_each(|item| {
            if let Item::One(value) = item {
                close_value(value);
            }
        }),
        _ => {}
    }
}

/// Whether a value is known to fail, and where: Nix often cannot tell the place.
fn fails_somewhere(value: &Value) -> bool {
    matches!(&value.shape, Shape::Unknown(unknown) if unknown.cause.is_failure() && unknown.at.span().is_some())
}

/// Where Nix fails, the static side's definitions are as good as any; a value that Nix refuses is none.
fn filled_in(nix: OptionEntry, ours: &OptionEntry) -> OptionEntry {
    let undefined =
        matches!(&nix.value.shape, Shape::Unknown(unknown) if matches!(&*unknown.cause, Cause::Undefined(_)));
    if undefined {
        return nix;
    }
    let definitions = if nix.definitions.is_empty() { ours.definitions.clone() } else { nix.definitions };
    let ours_counts = ours.value.knowledge() != Knowledge::Unknown || fails_somewhere(&ours.value);
    let value = if ours_counts { ours.value.clone() } else { nix.value };
    OptionEntry { definitions, value, declared: true, ..ours.clone() }
}

/// Whether Nix has no value.
fn failed(value: &Value) -> bool {
    matches!(value.shape, Shape::Unknown(_))
}

/// Definitions with what the static side knows of the same ones: where they stand, and where values come from.
fn known_better(nix: &mut [Definition], ours: &[Definition]) {
    let starts = |one: &Definition| one.site.span().map(|span| (span.file, span.start));
    let same_place = |nix: &Definition, one: &Definition| nix.site.span().is_some() && starts(one) == starts(nix);
    let agrees = |nix: &Definition, one: &Definition| {
        let mut differences = vec![];
        join(&nix.path, &nix.value, &one.value, &mut differences);
        differences.is_empty()
    };
    // Nix may have but a place around a definition: then it is one that stands where none of Nix's does.
    let mut left: Vec<&Definition> = ours.iter().filter(|one| !nix.iter().any(|nix| same_place(nix, one))).collect();
    for definition in nix {
        let mut at_place = ours.iter().filter(|one| same_place(definition, one)).peekable();
        let is_exact = at_place.peek().is_some();
        let is_it = |one: &&Definition| {
            let alike = one.value.knowledge() == Knowledge::Known && one.priority == definition.priority;
            !is_exact && alike && agrees(definition, one)
        };
        let elsewhere = left.iter().position(is_it);
        let same = at_place.find(|one| agrees(definition, one)).or_else(|| elsewhere.map(|at| left.remove(at)));
        if let Some(one) = same {
            definition.value = join(&definition.path, &definition.value, &one.value, &mut vec![]);
            (definition.site, definition.expression) = (one.site, one.expression);
        }
    }
}

/// What Nix knows, with places and contexts of ours where both agree.
fn join(path: &OptionPath, nix: &Value, ours: &Value, differences: &mut Vec<Difference>) -> Value {
    let mut differ = || {
        differences.push(Difference { path: path.clone(), nix: nix.clone(), ours: ours.clone() });
        nix.clone()
    };
    match (&nix.shape, &ours.shape) {
        (Shape::Unknown(_), Shape::Unknown(_)) if !fails_somewhere(ours) => nix.clone(),
        (Shape::Unknown(_), _) => ours.clone(),
        (_, Shape::Unknown(_)) => placed(nix.clone(), ours),
        (_, Shape::OneOf(alternatives)) => {
            let fits = alternatives.iter().map(|(_, one)| {
                let mut differences = vec![];
                (join(path, nix, one, &mut differences), differences.is_empty())
            });
            let found = fits.filter(|(_, fits)| *fits).map(|(value, _)| value).next();
            found.unwrap_or_else(differ)
        }
        (Shape::Null, Shape::Null) | (Shape::Function, Shape::Function) => ours.clone(),
        (Shape::Bool(a), Shape::Bool(b)) if a == b => ours.clone(),
        (Shape::Int(a), Shape::Int(b)) if a == b => ours.clone(),
        (Shape::Float(a), Shape::Float(b)) if a == b => ours.clone(),
        (Shape::Str(a), Shape::Str(b)) => match b.equals(a) {
            Truth::False => differ(),
            _ => Value { shape: Shape::Str(with_context(a, b)), ..placed(nix.clone(), ours) },
        },
        (Shape::Path(a), Shape::Path(b)) if !b.equals(a).is_false() => {
            Value { shape: Shape::Path(with_context(a, b)), ..placed(nix.clone(), ours) }
        }
        // What a package is made of only the static side tells.
        (Shape::Package(_), Shape::Package(_)) => ours.clone(),
        // A set that can be called is a function to Nix's side of the bridge.
        (Shape::Function, Shape::Attrs(b)) if b.get("__functor").is_some() => ours.clone(),
        (Shape::Attrs(a), Shape::Attrs(b)) => attributes(path, nix, (a, b), ours, differences),
        (Shape::List(a), Shape::List(b)) => items(path, nix, (a, b), ours, differences),
        _ => differ(),
    }
}

/// The text is Nix's; what it brings into the store the static side knows better, if it knows any.
fn with_context(nix: &Str, ours: &Str) -> Str {
    let context = if ours.context.is_empty() { &nix.context } else { &ours.context };
    let mut text = Str::default();
    nix.parts().iter().for_each(|part| match part {
        crate::value::Part::Text(known) => text.push_text(known),
        crate::value::Part::Hole(unknown) => text.push(&Str::hole(unknown.clone())),
    });
    text.with_context(context.clone())
}

fn attributes(
    path: &OptionPath,
    nix: &Value,
    (a, b): (&Attrs, &Attrs),
    ours: &Value,
    differences: &mut Vec<Difference>,
) -> Value {
    let mut known = a.known.clone();
    for (name, value) in &mut known {
        let path = path.child(Segment::Name(name.clone()));
        match b.get(name) {
            Some(other) => *value = join(&path, value, other, differences),
            None if b.is_complete() && a.rest.is_none() => {
                let ours = Value::new(Shape::Null, ours.origin);
                differences.push(Difference { path, nix: value.clone(), ours });
            }
            None => {}
        }
    }
    if a.rest.is_none()
        && let Some((name, other)) = b.known.iter().find(|(name, _)| a.get(name).is_none())
    {
        let path = path.child(Segment::Name(name.clone()));
        differences.push(Difference { path, nix: Value::new(Shape::Null, nix.origin), ours: other.clone() });
    }
    let shape = Shape::Attrs(Attrs { known, partly_named: vec![], rest: a.rest.clone() }.into());
    Value { shape, ..placed(nix.clone(), ours) }
}

fn items(
    path: &OptionPath,
    nix: &Value,
    (a, b): (&[Item], &[Item]),
    ours: &Value,
    differences: &mut Vec<Difference>,
) -> Value {
    let all_one = b.iter().all(|item| matches!(item, Item::One(_)));
    if all_one && a.len() != b.len() {
        differences.push(Difference { path: path.clone(), nix: nix.clone(), ours: ours.clone() });
        return nix.clone();
    }
    let mut found = vec![];
    for (at, item) in a.iter().enumerate() {
        found.push(match (item, b.get(at)) {
            (Item::One(one), Some(Item::One(other))) if all_one => {
                Item::One(join(&path.child(Segment::Index(at)), one, other, differences))
            }
            _ => item.clone(),
        });
    }
    Value { shape: Shape::List(found), ..placed(nix.clone(), ours) }
}

/// With our places where Nix has none.
fn placed(value: Value, ours: &Value) -> Value {
    let better = |nix: Origin, ours: Origin| if ours.span().is_some() { ours } else { nix };
    Value { origin: better(value.origin, ours.origin), place: better(value.place, ours.place), ..value }
}
