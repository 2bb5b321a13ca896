//! Conditions that nobody could decide.

use super::Unknown;
use std::collections::BTreeMap;

/// A conjunction of undecided truth values, each wanted true or false.
/// The empty one always holds.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Condition {
    literals: BTreeMap<Unknown, bool>,
}

impl Condition {
    /// The condition that always holds.
    pub fn always() -> Self {
        Self::default()
    }

    /// Holds when `unknown` turns out to be `wanted`.
    pub fn when(unknown: Unknown, wanted: bool) -> Self {
        Self { literals: BTreeMap::from([(unknown, wanted)]) }
    }

    /// Both; `None` when they contradict each other, so that it never holds.
    pub fn and(&self, other: &Condition) -> Option<Condition> {
        let mut literals = self.literals.clone();
        for (unknown, wanted) in &other.literals {
            if *literals.entry(unknown.clone()).or_insert(*wanted) != *wanted {
                return None;
            }
        }
        Some(Condition { literals })
    }

    /// Whether it always holds.
    pub fn is_always(&self) -> bool {
        self.literals.is_empty()
    }

    /// Whether this holds whenever `other` does.
    pub fn follows_from(&self, other: &Condition) -> bool {
        self.literals.iter().all(|(unknown, wanted)| other.literals.get(unknown) == Some(wanted))
    }

    /// The undecided values and what each must turn out to be.
    pub fn literals(&self) -> impl Iterator<Item = (&Unknown, bool)> {
        self.literals.iter().map(|(unknown, wanted)| (unknown, *wanted))
    }
}
