//! What stands at a path inside a value, such as a configuration file's.

use crate::lint::prelude::*;

/// A part of a value.
#[derive(Clone, Debug)]
pub(crate) enum Field<'v> {
    /// Known not to be there.
    Absent,
    There(&'v Value),
    /// Nobody knows whether it is there, or what it is.
    Unknown(Unknown),
}

/// The part of `value` at a path of attribute names.
pub(crate) fn field<'v>(value: &'v Value, path: &[&str]) -> Field<'v> {
    if let Some(unknown) = undecided(value) {
        return Field::Unknown(unknown);
    }
    let Some((name, rest)) = path.split_first() else { return Field::There(value) };
    let Shape::Attrs(attrs) = &value.shape else { return Field::Absent };
    match attrs.get(name) {
        Some(value) => field(value, rest),
        None => match hidden(attrs, name) {
            Some(unknown) => Field::Unknown(unknown),
            None => Field::Absent,
        },
    }
}

impl<'v> Field<'v> {
    /// Asks something of the value; `absent` is the answer if there is none.
    pub(crate) fn test(&self, absent: bool, test: impl FnOnce(&'v Value) -> Truth) -> Truth {
        match self {
            Field::Absent => absent.into(),
            Field::There(value) => test(value),
            Field::Unknown(unknown) => Truth::Unknown(unknown.clone()),
        }
    }

    /// Whether there is such a part.
    pub(crate) fn is_there(&self) -> Truth {
        self.test(false, |_| Truth::True)
    }

    /// The text, if it is one.
    pub(crate) fn text(&self) -> Option<&'v Str> {
        match self {
            Field::There(Value { shape: Shape::Str(text), .. }) => Some(text),
            _ => None,
        }
    }
}

/// Why nobody knows what a value is.
pub(crate) fn undecided(value: &Value) -> Option<Unknown> {
    match &value.shape {
        Shape::Unknown(unknown) => Some(unknown.clone()),
        Shape::OneOf(several) => {
            several.iter().find_map(|(condition, _)| condition.literals().next().map(|(unknown, _)| unknown.clone()))
        }
        _ => None,
    }
}

/// Why an attribute that does not show may be there all the same.
fn hidden(attrs: &Attrs, name: &str) -> Option<Unknown> {
    let name = Str::new(name);
    let partly = attrs.partly_named.iter().find_map(|(have, _)| match have.equals(&name) {
        Truth::Unknown(hole) => Some(hole),
        _ => None,
    });
    partly.or_else(|| attrs.rest.clone())
}
