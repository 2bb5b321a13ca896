//! Parts of values, looked up by name.

use super::alternatives::{agreement, alternatives};
use crate::option::OptionPath;
use crate::source::Origin;
use crate::value::{Cause, Condition, Shape, Str, Truth, Unknown, UnknownId, Value};
use std::sync::Arc;

/// A part of a value: what it is, and whether it is there at all.
pub(super) struct Part {
    pub(super) presence: Truth,
    pub(super) value: Value,
}

impl Part {
    /// A part that is there.
    pub(super) fn there(value: &Value) -> Self {
        Self { presence: Truth::True, value: value.clone() }
    }

    /// A part of something unknown.
    pub(super) fn perhaps(whole: &Unknown, name: &str) -> Self {
        let cause = match &*whole.cause {
            Cause::Derived(_) => whole.cause.clone(),
            _ => Arc::new(Cause::Derived(whole.cause.clone())),
        };
        let unknown = Unknown { id: derived(whole.id, name), cause, at: whole.at };
        Self { presence: Truth::Unknown(whole.clone()), value: Value::unknown(unknown) }
    }

    /// A part that is not there. What it then counts as, nobody knows.
    pub(super) fn absent(path: &OptionPath) -> Self {
        let path = path.to_string();
        let id = derived(UnknownId(0), &path);
        let unknown = Unknown { id, cause: Cause::Undefined(path).into(), at: Origin::Default };
        Self { presence: Truth::False, value: Value::unknown(unknown) }
    }

    /// The attribute `name` of `whole`, which is at `path` minus its last step, given a condition.
    pub(super) fn attribute(whole: &Value, name: &str, path: &OptionPath, given: &Condition) -> Self {
        let mut parts: Vec<(Condition, Part)> = alternatives(whole, given)
            .into_iter()
            .map(|(condition, value)| (condition, Self::of_one(value, name, path)))
            .collect();
        if parts.len() == 1 {
            return parts.swap_remove(0).1;
        }
        let presence =
            agreement(given, parts.iter().map(|(condition, part)| (condition.clone(), part.presence.clone())));
        let several = parts.into_iter().map(|(condition, part)| (condition, part.value)).collect();
        Self { presence, value: Value::new(Shape::OneOf(several), whole.origin) }
    }

    /// The attribute of a value that is not one of several.
    fn of_one(value: &Value, name: &str, path: &OptionPath) -> Self {
        match &value.shape {
            Shape::Attrs(attrs) => match attrs.get(name) {
                Some(value) => Self::there(value),
                None => {
                    let other = Str::new(name);
                    let partly = attrs.partly_named.iter().find_map(|(name, _)| match name.equals(&other) {
                        Truth::Unknown(hole) => Some(hole),
                        _ => None,
                    });
                    match partly.as_ref().or(attrs.rest.as_ref()) {
                        Some(unknown) => Self::perhaps(unknown, name),
                        None => Self::absent(path),
                    }
                }
            },
            Shape::Unknown(unknown) => Self::perhaps(unknown, name),
            Shape::Package(package) => {
                let cause = Cause::Package(package.path.join("."));
                let id = derived(UnknownId(1), &path.to_string());
                Self::perhaps(&Unknown { id, cause: cause.into(), at: value.origin }, name)
            }
            _ => Self::absent(path),
        }
    }
}

/// The identity of a part of something that has one. The evaluator counts its
/// unknowns from 0, so the uppermost bit keeps these apart.
pub(super) fn derived(whole: UnknownId, name: &str) -> UnknownId {
    // FNV-1a: the same on every machine and in every run, which `Hasher` does not promise.
    let bytes = whole.0.to_le_bytes().into_iter().chain(name.bytes());
    let hash =
        bytes.fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3));
    UnknownId(hash | 1 << 63)
}
