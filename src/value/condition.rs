//! Conditions that nobody could decide.

use super::Unknown;
use std::cmp::Ordering;
use std::sync::Arc;

/// Sets of conditions are not looked through for more undecided values than this.
const MOST_UNDECIDED: u32 = 8;

/// A conjunction of undecided truth values, each wanted true or false.
/// The empty one always holds.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Condition {
    /// Sorted by their values, each of which is there once; `None` rather than an empty list. Copies share it.
    literals: Option<Arc<[(Unknown, bool)]>>,
}

impl Condition {
    /// The condition that always holds.
    pub fn always() -> Self {
        Self::default()
    }

    /// Holds when `unknown` turns out to be `wanted`.
    pub fn when(unknown: Unknown, wanted: bool) -> Self {
        Self { literals: Some([(unknown, wanted)].into()) }
    }

    /// Both; `None` when they contradict each other, so that it never holds.
    pub fn and(&self, other: &Condition) -> Option<Condition> {
        if other.is_always() {
            return Some(self.clone());
        }
        let (mut ours, mut theirs) = (self.sorted().iter().peekable(), other.sorted().iter().peekable());
        let mut both = Vec::with_capacity(ours.len() + theirs.len());
        while let (Some(our), Some(their)) = (ours.peek(), theirs.peek()) {
            match our.0.cmp(&their.0) {
                Ordering::Equal if our.1 != their.1 => return None,
                Ordering::Equal => drop(theirs.next()),
                Ordering::Less => both.extend(ours.next().cloned()),
                Ordering::Greater => both.extend(theirs.next().cloned()),
            }
        }
        both.extend(ours.chain(theirs).cloned());
        // Nothing new is no new list.
        Some(if both.len() == self.sorted().len() { self.clone() } else { Self::of(both) })
    }

    /// The condition with these literals, sorted.
    fn of(literals: Vec<(Unknown, bool)>) -> Self {
        Self { literals: Some(literals).filter(|literals| !literals.is_empty()).map(Arc::from) }
    }

    fn sorted(&self) -> &[(Unknown, bool)] {
        self.literals.as_deref().unwrap_or_default()
    }

    /// What `unknown` has to be, if it matters.
    fn wanted(&self, unknown: &Unknown) -> Option<bool> {
        let literals = self.sorted();
        let at = literals.binary_search_by(|(one, _)| one.cmp(unknown)).ok()?;
        Some(literals[at].1)
    }

    /// Whether it always holds.
    pub fn is_always(&self) -> bool {
        self.literals.is_none()
    }

    /// Whether this holds whenever `other` does.
    pub fn follows_from(&self, other: &Condition) -> bool {
        self.sorted().iter().all(|(unknown, wanted)| other.wanted(unknown) == Some(*wanted))
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
        let Some((unknown, _)) = conditions.iter().find_map(|condition| condition.sorted().first()) else {
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
        match self.wanted(unknown) {
            Some(other) if other != wanted => None,
            Some(_) => Some(Self::of(self.sorted().iter().filter(|(one, _)| one != unknown).cloned().collect())),
            None => Some(self.clone()),
        }
    }

    /// The undecided values and what each must turn out to be, in order of their places: their numbers hang on what
    /// else the thread at hand evaluated before.
    pub fn literals(&self) -> impl Iterator<Item = (&Unknown, bool)> {
        let mut all = vec![];
        // Most are only one, for which no list is made.
        if self.sorted().len() > 1 {
            all.extend(self.literals_by_number());
            all.sort_by(|(a, _), (b, _)| a.at.cmp(&b.at).then_with(|| a.cause.cmp(&b.cause)));
        }
        let single = self.literals_by_number().take(if all.is_empty() { 1 } else { 0 });
        single.chain(all)
    }

    /// The same in order of their numbers, for what tells conditions apart.
    pub fn literals_by_number(&self) -> impl Iterator<Item = (&Unknown, bool)> {
        self.sorted().iter().map(|(unknown, wanted)| (unknown, *wanted))
    }
}

#[cfg(test)]
mod tests {
    use super::Condition;
    use crate::source::{Origin, Span};
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
    fn both() {
        let check = |a: &str, b: &str, expected: Option<&str>| {
            let found = condition(a).and(&condition(b));
            assert_eq!(found, expected.map(condition), "{a} and {b}");
            assert_eq!(found, condition(b).and(&condition(a)), "{b} and {a}");
            if let Some(found) = found {
                assert!(condition(a).follows_from(&found) && condition(b).follows_from(&found));
                assert!(found.literals().map(|(unknown, _)| unknown).is_sorted());
            }
        };
        check("", "", Some(""));
        check("a", "", Some("a"));
        check("a !b", "a", Some("a !b"));
        check("b", "!a c", Some("!a b c"));
        check("a b", "b c", Some("a b c"));
        check("a b", "!b c", None);
        assert!(condition("").is_always() && !condition("a").is_always());
        assert!(!condition("a").follows_from(&condition("b")) && !condition("a").follows_from(&condition("!a")));
    }

    #[test]
    fn literals_in_order_of_places() {
        let at = |id: u64, byte: Option<u32>, cause: Cause| {
            let file = crate::source::FileId(0);
            let at = byte.map_or(Origin::Default, |byte| Origin::Written(Span::new(file, byte, byte + 1)));
            Condition::when(Unknown { id: UnknownId(id), cause: cause.into(), at }, true)
        };
        let causes = || [Cause::Argument("x".into()), Cause::Argument("y".into())];
        // The same values, met in one order and in the other.
        for [one, two, three, four] in [[1, 2, 3, 4], [4, 3, 2, 1]] {
            let [x, y] = causes();
            let all = [
                at(one, Some(7), Cause::Recursion),
                at(two, None, y),
                at(three, Some(3), Cause::Recursion),
                at(four, None, x),
            ];
            let all = all.into_iter().fold(Condition::always(), |all, one| all.and(&one).expect("no contradiction"));
            let ids: Vec<u64> = all.literals().map(|(unknown, _)| unknown.id.0).collect();
            assert_eq!(ids, [three, one, four, two]);
            assert_eq!(all.literals_by_number().map(|(unknown, _)| unknown.id.0).collect::<Vec<_>>(), [1, 2, 3, 4]);
        }
        assert_eq!((condition("a").literals().count(), condition("").literals().count()), (1, 0));
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
