//! What a rule may ask of an option.

use super::alternatives::{agreement, alternatives, exhaust};
use super::ingredient::made_from;
use super::view::{Node, OptionView, written};
use crate::option::{Definition, OptionEntry, OptionPath};
use crate::source::Origin;
use crate::value::{Condition, Shape, Str, Truth, Unknown, Value};

impl OptionView<'_> {
    /// The last step of the path, perhaps with holes.
    pub fn name(&self) -> Str {
        self.path.last().map(crate::option::Segment::to_str).unwrap_or_default()
    }

    /// Where it is in the configuration; `Display` writes it as the manual does.
    pub fn path(&self) -> &OptionPath {
        &self.path
    }

    /// The merged value; of a definition, its own.
    pub fn value(&self) -> &Value {
        self.listed.read(&self.path);
        self.ask_below();
        self.held()
    }

    /// What must hold for this view's answers to count, as far as nobody could decide
    /// it. Not always: a finding about it is `possible`.
    pub fn condition(&self) -> &Condition {
        &self.condition
    }

    /// The definition this is a view of.
    pub fn definition(&self) -> Option<&Definition> {
        match self.node {
            Node::Part { definition, .. } => definition,
            Node::Entry(_) => None,
        }
    }

    /// Why the value is unknown, if it is.
    pub fn unknown(&self) -> Option<Unknown> {
        match &self.value().shape {
            Shape::Unknown(unknown) => Some(unknown.clone()),
            _ => None,
        }
    }

    /// A string value, perhaps with holes.
    pub fn text(&self) -> Option<&Str> {
        match &self.value().shape {
            Shape::Str(text) => Some(text),
            _ => None,
        }
    }

    /// A known integer.
    pub fn int(&self) -> Option<i64> {
        match self.value().shape {
            Shape::Int(number) => Some(number),
            _ => None,
        }
    }

    /// Whether somebody defines it or anything in it (a default is no definition);
    /// of a part of a value, whether it is there.
    pub fn is_defined(&self) -> Truth {
        self.listed.read(&self.path);
        self.presence()
    }

    /// Whether the value is `true`.
    pub fn is_true(&self) -> Truth {
        self.test(|value| matches!(value.shape, Shape::Bool(true)).into())
    }

    /// Whether the value is `false`.
    pub fn is_false(&self) -> Truth {
        self.test(|value| matches!(value.shape, Shape::Bool(false)).into())
    }

    /// Whether the value is `null`.
    pub fn is_null(&self) -> Truth {
        self.test(|value| matches!(value.shape, Shape::Null).into())
    }

    /// Whether the value is the string `text`.
    pub fn is_text(&self, text: &str) -> Truth {
        let wanted = Str::new(text);
        self.is_string_where(|have| have.equals(&wanted))
    }

    /// Whether the value is a string that passes a test.
    pub fn is_string_where(&self, test: impl Fn(&Str) -> Truth) -> Truth {
        self.test(|value| match &value.shape {
            Shape::Str(text) => test(text),
            _ => Truth::False,
        })
    }

    /// Whether the value is the integer `number`.
    pub fn is_int(&self, number: i64) -> Truth {
        self.test(|value| matches!(value.shape, Shape::Int(have) if have == number).into())
    }

    /// Whether the value is the package `pkgs.<name>`, a path in it, or something built from it.
    pub fn is_package(&self, name: &str) -> Truth {
        made_from(self.value(), name, &self.condition)
    }

    /// Asks something of the value. `test` never sees an unknown value, nor one that is
    /// one of several: for those it answers only if it says the same of all of them.
    pub fn test(&self, test: impl Fn(&Value) -> Truth) -> Truth {
        let several = alternatives(self.value(), &self.condition);
        let answers = several.into_iter().map(|(condition, value)| match &value.shape {
            Shape::Unknown(unknown) => (condition, Truth::Unknown(unknown.clone())),
            _ => (condition, test(value)),
        });
        agreement(&self.condition, answers)
    }

    /// Where its name is written: the attribute path of the definition, or of the first one.
    /// Falls back to [`place`](Self::place).
    pub fn site(&self) -> Origin {
        let site = match self.node {
            Node::Part { definition: Some(definition), .. } => definition.site,
            Node::Part { .. } => Origin::Default,
            Node::Entry(entry) => entry.site,
        };
        written(&[site, self.place()])
    }

    /// The expression written for the value; falls back to the attribute path, then to
    /// where the value was born, then to what is around it.
    pub fn place(&self) -> Origin {
        match self.node {
            Node::Part { place, .. } => place,
            Node::Entry(entry) => {
                let counts = |definition: &&Definition| self.condition.and(&definition.condition).is_some();
                let own = entry.definitions.iter().find(counts);
                let own = own.map(|definition| written(&[definition.expression, definition.site]));
                let nearest = [own.unwrap_or(Origin::Default), entry.value.origin];
                // What is below is looked through only if it can matter.
                if nearest.iter().any(|place| matches!(place, Origin::Written(_))) {
                    return written(&nearest);
                }
                let below = entry.definitions_below().find(counts).map(|definition| definition.site);
                written(&[nearest[0], nearest[1], below.unwrap_or(Origin::Default)])
            }
        }
    }

    /// Where the value itself was written; where nobody wrote it, its place.
    pub fn born(&self) -> Origin {
        written(&[self.held().origin, self.place()])
    }

    /// Whether there is anything to ask about: a definition, a default, or an unknown in place of them.
    pub(super) fn exists(&self) -> bool {
        matches!(self.node, Node::Entry(_)) || !self.presence().is_false()
    }

    /// Asks for all that makes up the value.
    pub(super) fn ask_below(&self) {
        if let Node::Entry(entry) = self.node {
            entry.ask_below();
        }
    }

    pub(super) fn presence(&self) -> Truth {
        match &self.node {
            Node::Part { presence: Truth::Unknown(unknown), .. } if self.whole && unknown.cause.is_elsewhere() => {
                Truth::False
            }
            Node::Part { presence, .. } => presence.clone(),
            Node::Entry(entry) => defined(entry, &self.condition, self.whole),
        }
    }
}

/// Whether the entry or anything in it is defined when `given` holds.
fn defined(entry: &OptionEntry, given: &Condition, whole: bool) -> Truth {
    if entry.definitions_below().any(|definition| definition.condition.follows_from(given)) {
        return Truth::True;
    }
    let conditions: Vec<&Condition> = entry.definitions_below().map(|definition| &definition.condition).collect();
    if exhaust(&conditions, given) {
        return Truth::True;
    }
    let possible = conditions.iter().filter(|condition| given.and(condition).is_some());
    let maybe = possible.flat_map(|condition| condition.literals()).map(|(unknown, _)| unknown.clone()).next();
    let others = entry.others.clone().filter(|unknown| !(whole && unknown.cause.is_elsewhere()));
    others.or(maybe).or_else(|| hidden_below(entry, whole)).map_or(Truth::False, Truth::Unknown)
}

/// Why there may be a definition here or below that was not read. That an option is
/// undefined says nothing in a module on its own: another module may define it.
fn hidden_below(entry: &OptionEntry, whole: bool) -> Option<Unknown> {
    let mut below: Vec<&OptionEntry> = vec![entry];
    while let Some(entry) = below.pop() {
        entry.ask([]);
        if let Some(unknown) = entry.others.as_ref().filter(|unknown| !(whole && unknown.cause.is_elsewhere())) {
            return Some(unknown.clone());
        }
        if let Shape::Unknown(unknown) = &entry.value.shape
            && !(whole && unknown.cause.is_unsaid())
        {
            return Some(unknown.clone());
        }
        below.extend(entry.partly_named.iter().rev().chain(entry.children.values().rev()));
    }
    None
}
