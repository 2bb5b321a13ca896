//! Whether a value is a package, a path in it, or made from it.

use super::alternatives::{agreement, alternatives};
use super::part::derived;
use crate::source::Origin;
use crate::value::{
    Attrs, Cause, Condition, Item, Package, Part, Shape, StoreKind, StoreObject, Str, Truth, Unknown, UnknownId, Value,
};

/// How many packages deep a derivation is searched for what it is made of.
const DEPTH: u32 = 8;

/// Whether `value` is the package `name`, a path in it, or made from it, when `given` holds.
pub(super) fn made_from(value: &Value, name: &str, given: &Condition) -> Truth {
    let several = alternatives(value, given);
    let answers = several.into_iter().map(|(condition, value)| {
        let answer = match &value.shape {
            Shape::Package(package) => of_package(package, name, &condition, DEPTH, value.origin),
            Shape::Str(text) | Shape::Path(text) => from_store(text, name),
            // A set that stands for a path.
            Shape::Attrs(attrs) => match attrs.known.get("outPath") {
                Some(path) => made_from(path, name, &condition),
                None => Truth::False,
            },
            Shape::Unknown(unknown) => Truth::Unknown(unknown.clone()),
            _ => Truth::False,
        };
        (condition, answer)
    });
    agreement(given, answers)
}

fn of_package(package: &Package, name: &str, given: &Condition, depth: u32, at: Origin) -> Truth {
    if package.path.last().is_some_and(|last| last == name) {
        return Truth::True;
    }
    if package.context.iter().any(|object| object.kind == StoreKind::Generated) {
        // A file with a text, which may name the package, but is not made from it.
        return Truth::False;
    }
    let label = || package.path.join(".");
    if depth == 0 {
        return too_deep(&label(), at);
    }
    // What is given in place of an argument need not get into what is built; a setting with a hole
    // in it is no package.
    let perhaps = |value: &Value| match ingredient(value, name, given, depth - 1) {
        Truth::True => Truth::Unknown(unclear(&label(), at)),
        Truth::Unknown(unknown) if matches!(value.shape, Shape::Unknown(_) | Shape::OneOf(_) | Shape::Package(_)) => {
            Truth::Unknown(unknown)
        }
        _ => Truth::False,
    };
    let given_instead = package.overrides.values().map(perhaps);
    let made_of = package.made_of.iter().map(|value| ingredient(value, name, given, depth - 1));
    let hidden = package.altered && package.made_of.is_empty();
    let hidden = hidden.then(|| Truth::Unknown(unclear(&label(), at)));
    Truth::any(made_of.chain(given_instead).chain(hidden))
}

/// Whether one of the things that went into a package is `name`. What a derivation is made from
/// may stand in a list of sets, as that of `linkFarm`.
fn ingredient(value: &Value, name: &str, given: &Condition, depth: u32) -> Truth {
    let below = |part: &Value| match depth {
        0 => too_deep("", value.origin),
        _ => ingredient(part, name, given, depth - 1),
    };
    match &value.shape {
        Shape::OneOf(_) => {
            let several = alternatives(value, given);
            let answers = several.into_iter().map(|(condition, part)| {
                let answer = ingredient(part, name, &condition, depth.saturating_sub(1));
                (condition, answer)
            });
            agreement(given, answers)
        }
        Shape::Package(package) => of_package(package, name, given, depth, value.origin),
        Shape::Str(text) | Shape::Path(text) => from_store(text, name),
        Shape::List(items) => Truth::any(items.iter().map(|item| match item {
            Item::One(part) => below(part),
            Item::Maybe(condition, part) => match given.and(condition) {
                None => Truth::False,
                _ if condition.follows_from(given) => below(part),
                Some(both) => agreement(given, [(both, below(part)), (given.clone(), Truth::False)]),
            },
            Item::Rest(unknown) => Truth::Unknown(unknown.clone()),
        })),
        Shape::Attrs(attrs) => Truth::any(parts(attrs).map(below).chain(attrs.rest.clone().map(Truth::Unknown))),
        Shape::Unknown(unknown) => Truth::Unknown(unknown.clone()),
        // What a function gives nobody knows before it is called.
        Shape::Function => Truth::Unknown(unclear("", value.origin)),
        Shape::Null | Shape::Bool(_) | Shape::Int(_) | Shape::Float(_) => Truth::False,
    }
}

fn parts(attrs: &Attrs) -> impl Iterator<Item = &Value> {
    attrs.known.values().chain(attrs.partly_named.iter().map(|(_, value)| value))
}

/// Whether a text names a package in the store. The hash in a store path hides nothing; what was
/// built or changed in the configuration may have been made from anything.
fn from_store(text: &Str, name: &str) -> Truth {
    let objects = || text.context.iter();
    let is_there = |object: &StoreObject| match object.kind {
        StoreKind::Package => match object.package.get() {
            // Whether it was changed so that it is made from it.
            Some(package) => {
                is_named(&object.name, name) | of_package(package, name, &Condition::always(), DEPTH, object.origin)
            }
            None => is_named(&object.name, name),
        },
        _ => Truth::False,
    };
    let built = objects().any(|object| object.kind == StoreKind::Built);
    let hidden = hidden(text).or_else(|| text.holes().next().filter(|_| built));
    Truth::any(objects().map(|object| is_there(object)).chain(hidden.cloned().map(Truth::Unknown)))
}

/// The first hole that is not the hash of a store path, nor what a package is called there.
fn hidden(text: &Str) -> Option<&Unknown> {
    let mut before = "";
    for (at, part) in text.parts().iter().enumerate() {
        match part {
            Part::Text(text) => before = text,
            Part::Hole(hole) => {
                let next = text.parts().get(at + 1);
                let named = matches!(next, Some(Part::Text(name)) if name.starts_with('-'));
                let named = named || hole.cause.store_package().is_some();
                if !(named && before.ends_with("/nix/store/")) {
                    return Some(hole);
                }
                before = "";
            }
        }
    }
    None
}

/// Whether a store name is that of the package, with or without a version.
fn is_named(have: &Str, name: &str) -> Truth {
    match have.known() {
        Some(have) => match have.strip_prefix(name) {
            Some("") => Truth::True,
            Some(rest) => {
                rest.strip_prefix('-').is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit())).into()
            }
            None => Truth::False,
        },
        None => have.equals(&Str::new(name)) | have.starts_with(&format!("{name}-")),
    }
}

/// Why it is not known what a package, or a function's result, is made from.
fn unclear(package: &str, at: Origin) -> Unknown {
    let cause = match package {
        "" => Cause::Unsupported("what went into a derivation".into()),
        package => Cause::Package(package.to_owned()),
    };
    Unknown { id: derived(UnknownId(2), &format!("{package} {at:?}")), cause: cause.into(), at }
}

fn too_deep(package: &str, at: Origin) -> Truth {
    let id = derived(UnknownId(3), &format!("{package} {at:?}"));
    Truth::Unknown(Unknown { id, cause: Cause::Budget("too deep").into(), at })
}
