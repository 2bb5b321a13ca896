//! The shapes a value can have.

use super::{Attrs, Condition, Context, Str, Unknown};
use crate::source::Origin;
use std::collections::BTreeMap;
use std::sync::Arc;

/// A value and where it was born (its literal, not where it arrived).
#[derive(Clone, Debug)]
pub struct Value {
    /// What it is.
    pub shape: Shape,
    /// Where it was born.
    pub origin: Origin,
    /// The expression that stands for it where it is used: `key` in `[ key ]`, wherever it was born.
    pub place: Origin,
}

/// What a value is, as far as it is known.
#[derive(Clone, Debug)]
pub enum Shape {
    /// `null`.
    Null,
    /// A boolean.
    Bool(bool),
    /// An integer.
    Int(i64),
    /// A float.
    Float(f64),
    /// A string, perhaps with holes.
    Str(Str),
    /// A path (absolute), perhaps with holes.
    Path(Str),
    /// A list, perhaps with items that may be missing or unknown runs.
    List(Vec<Item>),
    /// An attribute set, perhaps with unknown names.
    Attrs(Arc<Attrs>),
    /// A function.
    Function,
    /// A package or another derivation.
    Package(Package),
    /// One of these, depending on conditions that nobody could decide.
    OneOf(Vec<(Condition, Value)>),
    /// Nobody knows.
    Unknown(Unknown),
}

/// A piece of a list.
#[derive(Clone, Debug)]
pub enum Item {
    /// One element.
    One(Value),
    /// One element that is there only under a condition nobody could decide.
    Maybe(Condition, Value),
    /// Any number of elements that nobody knows.
    Rest(Unknown),
}

/// A derivation, as far as rules ask about it.
#[derive(Clone, Debug)]
pub struct Package {
    /// The attribute path below `pkgs` (`["element-web"]`), empty when it is not one of those.
    pub path: Vec<String>,
    /// What `.override { … }` was given, later calls over earlier ones.
    pub overrides: BTreeMap<String, Value>,
    /// Something else was changed (`overrideAttrs`, an override that is a function of unknown result).
    pub altered: bool,
    /// Packages and texts this was made from, for derivations built in the configuration.
    pub made_of: Vec<Value>,
    /// The value that a generated file holds, whatever its format: `settings` of `format.generate name settings`.
    pub holds: Option<Arc<Value>>,
    /// The store object, with the text of a generated file.
    pub context: Context,
}

/// How much of a value is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Knowledge {
    /// Nothing.
    Unknown,
    /// Something.
    Partial,
    /// Everything.
    Known,
}

impl Value {
    /// A value that is used where it was born.
    pub fn new(shape: Shape, origin: Origin) -> Value {
        Value { shape, origin, place: origin }
    }

    /// An unknown as a value.
    pub fn unknown(unknown: Unknown) -> Value {
        let at = unknown.at;
        Value::new(Shape::Unknown(unknown), at)
    }

    /// How much is known, computed from holes, conditions and missing names.
    pub fn knowledge(&self) -> Knowledge {
        let all = |known: bool| if known { Knowledge::Known } else { Knowledge::Partial };
        match &self.shape {
            Shape::Null | Shape::Bool(_) | Shape::Int(_) | Shape::Float(_) => Knowledge::Known,
            Shape::Function | Shape::Package(_) => Knowledge::Known,
            Shape::Str(text) | Shape::Path(text) => all(text.known().is_some()),
            Shape::List(items) => {
                all(items.iter().all(|item| matches!(item, Item::One(value) if value.knowledge() == Knowledge::Known)))
            }
            Shape::Attrs(attrs) => {
                all(attrs.is_complete() && attrs.known.values().all(|value| value.knowledge() == Knowledge::Known))
            }
            Shape::OneOf(_) => Knowledge::Partial,
            Shape::Unknown(_) => Knowledge::Unknown,
        }
    }

    /// The first unknown inside, if any: what to name when asked why nothing was decided.
    pub fn first_unknown(&self) -> Option<&Unknown> {
        match &self.shape {
            Shape::Unknown(unknown) => Some(unknown),
            Shape::Str(text) | Shape::Path(text) => text.holes().next(),
            Shape::List(items) => items.iter().find_map(|item| match item {
                Item::One(value) => value.first_unknown(),
                Item::Maybe(condition, _) => condition.literals().next().map(|(unknown, _)| unknown),
                Item::Rest(unknown) => Some(unknown),
            }),
            Shape::Attrs(attrs) => attrs
                .known
                .values()
                .find_map(Value::first_unknown)
                .or_else(|| attrs.partly_named.iter().find_map(|(name, _)| name.holes().next()))
                .or(attrs.rest.as_ref()),
            Shape::OneOf(alternatives) => {
                alternatives.iter().find_map(|(condition, _)| condition.literals().next().map(|(unknown, _)| unknown))
            }
            _ => None,
        }
    }

    /// The text of a string that is wholly known.
    pub fn as_str(&self) -> Option<&str> {
        match &self.shape {
            Shape::Str(text) => text.known(),
            _ => None,
        }
    }

    /// A known boolean.
    pub fn as_bool(&self) -> Option<bool> {
        match self.shape {
            Shape::Bool(known) => Some(known),
            _ => None,
        }
    }

    /// The attributes of a set.
    pub fn as_attrs(&self) -> Option<&Attrs> {
        match &self.shape {
            Shape::Attrs(attrs) => Some(attrs),
            _ => None,
        }
    }
}
