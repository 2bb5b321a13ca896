//! Conditions that nobody could decide.

use super::Unknown;
use std::collections::BTreeMap;

/// Sets of conditions are not looked through for more undecided values than this.
const MOST_UNDECIDED: u32 = 8;

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

    /// Whether one of these holds however the undecided values turn out; `false` where there are too
    /// many of them to tell.
    pub fn one_holds(conditions: &[&Condition]) -> bool {
        Self::one_of_those_left(conditions, MOST_UNDECIDED)
    }

    /// The same, where each literal that was decided is left out; `most` may still be decided.
    fn one_of_those_left(conditions: &[&Condition], most: u32) -> bool {
        if conditions.iter().any(|condition| condition.is_always()) {
            return true;
        }
        let Some((unknown, _)) = conditions.iter().find_map(|condition| condition.literals.first_key_value()) else {
            return false;
        };
        most > 0
            && [true, false].into_iter().all(|wanted| {
                let left: Vec<Condition> =
                    conditions.iter().filter_map(|condition| condition.without(unknown, wanted)).collect();
                Self::one_of_those_left(&left.iter().collect::<Vec<_>>(), most - 1)
            })
    }

    /// What is left of it once `unknown` has turned out `wanted`; `None`: it does not hold.
    fn without(&self, unknown: &Unknown, wanted: bool) -> Option<Condition> {
        let mut literals = self.literals.clone();
        match literals.remove(unknown) {
            Some(other) if other != wanted => None,
            _ => Some(Condition { literals }),
        }
    }

    /// The undecided values and what each must turn out to be.
    pub fn literals(&self) -> impl Iterator<Item = (&Unknown, bool)> {
        self.literals.iter().map(|(unknown, wanted)| (unknown, *wanted))
    }
}

#[cfg(test)]
mod tests {
    use super::Condition;
    use crate::source::Origin;
    use crate::value::{Cause, Unknown, UnknownId};

    /// `"a !b"`: the condition that `a` is true and `b` false.
    fn condition(text: &str) -> Condition {
        let literal = |word: &str| {
            let (wanted, name) = (!word.starts_with('!'), word.trim_start_matches('!'));
            let id = UnknownId(u64::from(name.as_bytes()[0]));
            Condition::when(Unknown { id, cause: Cause::Recursion.into(), at: Origin::Default }, wanted)
        };
        let all = text.split_whitespace().map(literal);
        all.fold(Condition::always(), |all, one| all.and(&one).expect("no contradiction"))
    }

    #[test]
    fn one_holds() {
        let check = |texts: &[&str], expected: bool| {
            let conditions: Vec<Condition> = texts.iter().map(|text| condition(text)).collect();
            assert_eq!(Condition::one_holds(&conditions.iter().collect::<Vec<_>>()), expected, "{texts:?}");
        };
        check(&[], false);
        check(&[""], true);
        check(&["a"], false);
        check(&["a", "!a"], true);
        check(&["a b", "!a"], false);
        check(&["a b", "!a", "a !b"], true);
        check(&["a b", "!a b", "a !b"], false);
        check(&["a c", "b !c", "!a", "!b"], true);
    }
}
