//! Strings with holes.

use super::{Context, Truth, Unknown};
use std::fmt;
use std::sync::Arc;

/// A string of which some pieces may be unknown. Never two texts in a row, none empty.
#[derive(Clone, Default)]
pub struct Str {
    parts: Parts,
    /// What the string drags into the store.
    pub context: Context,
}

/// Most strings are one piece, which takes no list.
#[derive(Clone, Default)]
enum Parts {
    #[default]
    None,
    One(Part),
    Several(Vec<Part>),
}

/// A piece of a [`Str`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Part {
    /// Known text.
    Text(Arc<str>),
    /// Unknown text, perhaps empty.
    Hole(Unknown),
}

impl Str {
    /// A wholly known string without context.
    pub fn new(text: impl Into<Arc<str>>) -> Self {
        let text = text.into();
        let parts = if text.is_empty() { Parts::None } else { Parts::One(Part::Text(text)) };
        Self { parts, context: Context::default() }
    }

    /// A string of which nothing is known.
    pub fn hole(unknown: Unknown) -> Self {
        Self { parts: Parts::One(Part::Hole(unknown)), context: Context::default() }
    }

    /// The same text with the context of `object`s added.
    pub fn with_context(mut self, context: Context) -> Self {
        self.context.extend(&context);
        self
    }

    /// Appends `other`, context included.
    pub fn push(&mut self, other: &Str) {
        for part in other.parts() {
            match part {
                Part::Text(text) => self.push_text(text),
                Part::Hole(_) => self.push_part(part.clone()),
            }
        }
        self.context.extend(&other.context);
    }

    /// Appends known text.
    pub fn push_text(&mut self, text: &str) {
        if text.is_empty() {
            return;
        }
        let last = match &mut self.parts {
            Parts::None => None,
            Parts::One(part) => Some(part),
            Parts::Several(parts) => parts.last_mut(),
        };
        match last {
            Some(Part::Text(last)) => *last = [&**last, text].concat().into(),
            _ => self.push_part(Part::Text(text.into())),
        }
    }

    fn push_part(&mut self, part: Part) {
        self.parts = match std::mem::take(&mut self.parts) {
            Parts::None => Parts::One(part),
            Parts::One(first) => Parts::Several(vec![first, part]),
            Parts::Several(mut parts) => {
                parts.push(part);
                Parts::Several(parts)
            }
        };
    }

    /// What this and `other` start and end with, the context of both, and `hole` for the rest.
    pub fn common(&self, other: &Str, hole: Unknown) -> Str {
        let (mut a, mut b) = (Pieces::new(self.parts()), Pieces::new(other.parts()));
        if a.parts == b.parts {
            return self.clone().with_context(other.context.clone());
        }
        let (mut start, mut end) = (Str::default(), vec![]);
        loop {
            let before = a.clone();
            if !a.cancel_first(&mut b) {
                break;
            }
            start.push(&before.gone_first(&a));
        }
        loop {
            let before = a.clone();
            if !a.cancel_last(&mut b) {
                break;
            }
            end.push(before.gone_last(&a));
        }
        start.push(&Str::hole(hole));
        end.iter().rev().for_each(|piece| start.push(piece));
        start.with_context(self.context.clone()).with_context(other.context.clone())
    }

    /// The pieces in order.
    pub fn parts(&self) -> &[Part] {
        match &self.parts {
            Parts::None => &[],
            Parts::One(part) => std::slice::from_ref(part),
            Parts::Several(parts) => parts,
        }
    }

    /// The text, if all of it is known.
    pub fn known(&self) -> Option<&str> {
        match self.parts() {
            [] => Some(""),
            [Part::Text(text)] => Some(text),
            _ => None,
        }
    }

    /// The unknown pieces.
    pub fn holes(&self) -> impl Iterator<Item = &Unknown> {
        self.parts().iter().filter_map(|part| match part {
            Part::Hole(unknown) => Some(unknown),
            Part::Text(_) => None,
        })
    }

    /// The known text before the first hole.
    pub fn known_prefix(&self) -> &str {
        match self.parts().first() {
            Some(Part::Text(text)) => text,
            _ => "",
        }
    }

    /// The known text behind the last hole.
    pub fn known_suffix(&self) -> &str {
        match self.parts().last() {
            Some(Part::Text(text)) => text,
            _ => "",
        }
    }

    /// Whether both are the same text, whatever the holes turn out to be.
    /// Context does not count, as in Nix.
    #[inline]
    pub fn equals(&self, other: &Str) -> Truth {
        match (self.known(), other.known()) {
            (Some(a), Some(b)) => (a == b).into(),
            _ => self.equals_with_holes(other),
        }
    }

    fn equals_with_holes(&self, other: &Str) -> Truth {
        let (mut a, mut b) = (Pieces::new(self.parts()), Pieces::new(other.parts()));
        while a.cancel_first(&mut b) {}
        while a.cancel_last(&mut b) {}
        let differ = match (a.first(), b.first()) {
            (None, None) => return Truth::True,
            (Some(Part::Text(x)), Some(Part::Text(y))) => x.as_bytes().first() != y.as_bytes().first(),
            _ => false,
        };
        let end_apart = match (a.last(), b.last()) {
            (Some(Part::Text(x)), Some(Part::Text(y))) => x.as_bytes().last() != y.as_bytes().last(),
            _ => false,
        };
        if differ || end_apart || a.longer_than(&b) || b.longer_than(&a) {
            return Truth::False;
        }
        match self.holes().chain(other.holes()).next() {
            Some(unknown) => Truth::Unknown(unknown.clone()),
            None => Truth::False,
        }
    }

    /// Whether the text starts with `prefix`.
    pub fn starts_with(&self, prefix: &str) -> Truth {
        let known = self.known_prefix();
        if known.starts_with(prefix) {
            return Truth::True;
        }
        match self.holes().next() {
            Some(hole) if prefix.starts_with(known) => Truth::Unknown(hole.clone()),
            _ => Truth::False,
        }
    }

    /// Whether the known pieces alone contain `needle`; a hole might hide one.
    pub fn contains(&self, needle: &str) -> Truth {
        let in_text = self.parts().iter().any(|part| matches!(part, Part::Text(text) if text.contains(needle)));
        match self.holes().next() {
            _ if in_text => Truth::True,
            Some(hole) => Truth::Unknown(hole.clone()),
            None => Truth::False,
        }
    }
}

/// The texts and holes left of one side while equal ends are cancelled.
#[derive(Clone)]
struct Pieces {
    parts: std::collections::VecDeque<Part>,
}

impl Pieces {
    fn new(parts: &[Part]) -> Self {
        Self { parts: parts.iter().cloned().collect() }
    }

    fn first(&self) -> Option<&Part> {
        self.parts.front()
    }

    fn last(&self) -> Option<&Part> {
        self.parts.back()
    }

    /// What was dropped at the front of this to leave `rest`.
    fn gone_first(&self, rest: &Pieces) -> Str {
        match self.parts.front() {
            Some(Part::Text(text)) => Str::new(&text[..self.text_len() - rest.text_len()]),
            Some(Part::Hole(unknown)) => Str::hole(unknown.clone()),
            None => Str::default(),
        }
    }

    /// What was dropped at the end of this to leave `rest`.
    fn gone_last(&self, rest: &Pieces) -> Str {
        match self.parts.back() {
            Some(Part::Text(text)) => Str::new(&text[text.len() - (self.text_len() - rest.text_len())..]),
            Some(Part::Hole(unknown)) => Str::hole(unknown.clone()),
            None => Str::default(),
        }
    }

    /// Drops what both start with; false when there is nothing more to drop.
    fn cancel_first(&mut self, other: &mut Pieces) -> bool {
        match (self.parts.front(), other.parts.front()) {
            (Some(Part::Hole(a)), Some(Part::Hole(b))) if a == b => {
                self.parts.pop_front();
                other.parts.pop_front();
                true
            }
            (Some(Part::Text(a)), Some(Part::Text(b))) => {
                let same = a.chars().zip(b.chars()).take_while(|(x, y)| x == y).map(|(x, _)| x.len_utf8()).sum();
                if same == 0 {
                    return false;
                }
                let (a, b) = (a[same..].to_owned(), b[same..].to_owned());
                self.replace_first(&a);
                other.replace_first(&b);
                true
            }
            _ => false,
        }
    }

    fn cancel_last(&mut self, other: &mut Pieces) -> bool {
        match (self.parts.back(), other.parts.back()) {
            (Some(Part::Hole(a)), Some(Part::Hole(b))) if a == b => {
                self.parts.pop_back();
                other.parts.pop_back();
                true
            }
            (Some(Part::Text(a)), Some(Part::Text(b))) => {
                let same: usize =
                    a.chars().rev().zip(b.chars().rev()).take_while(|(x, y)| x == y).map(|(x, _)| x.len_utf8()).sum();
                if same == 0 {
                    return false;
                }
                let (a, b) = (a[..a.len() - same].to_owned(), b[..b.len() - same].to_owned());
                self.replace_last(&a);
                other.replace_last(&b);
                true
            }
            _ => false,
        }
    }

    fn replace_first(&mut self, text: &str) {
        self.parts.pop_front();
        if !text.is_empty() {
            self.parts.push_front(Part::Text(text.into()));
        }
    }

    fn replace_last(&mut self, text: &str) {
        self.parts.pop_back();
        if !text.is_empty() {
            self.parts.push_back(Part::Text(text.into()));
        }
    }

    /// Whether this is longer than `other` whatever the holes are: it has every
    /// hole of `other` and more known bytes.
    fn longer_than(&self, other: &Pieces) -> bool {
        let mut holes: Vec<_> = self.parts.iter().filter(|part| matches!(part, Part::Hole(_))).collect();
        let covered = other
            .parts
            .iter()
            .filter(|part| matches!(part, Part::Hole(_)))
            .all(|hole| holes.iter().position(|have| *have == hole).map(|at| holes.swap_remove(at)).is_some());
        covered && self.text_len() > other.text_len()
    }

    fn text_len(&self) -> usize {
        self.parts.iter().map(|part| if let Part::Text(text) = part { text.len() } else { 0 }).sum()
    }
}

impl fmt::Debug for Str {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// Holes are written `${…}`.
impl fmt::Display for Str {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.parts().iter().try_for_each(|part| match part {
            Part::Text(text) => f.write_str(text),
            Part::Hole(_) => f.write_str("${…}"),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::Origin;
    use crate::value::{Cause, UnknownId};

    /// `a<1>b`: text, hole 1, text.
    fn parse(text: &str) -> Str {
        let mut out = Str::default();
        for piece in text.split_inclusive(['<', '>']) {
            match piece.strip_suffix('>') {
                Some(id) => out.push(&Str::hole(Unknown {
                    id: UnknownId(id.parse().unwrap()),
                    cause: Cause::Recursion.into(),
                    at: Origin::Default,
                })),
                None => out.push_text(piece.strip_suffix('<').unwrap_or(piece)),
            }
        }
        out
    }

    fn check(a: &str, b: &str, expected: &str) {
        for (a, b) in [(a, b), (b, a)] {
            let got = match parse(a).equals(&parse(b)) {
                Truth::True => "equal",
                Truth::False => "different",
                Truth::Unknown(_) => "?",
            };
            assert_eq!(got, expected, "{a} == {b}");
        }
    }

    #[test]
    fn equality() {
        check("", "", "equal");
        check("a", "a", "equal");
        check("a", "b", "different");
        check("<1>", "<1>", "equal");
        check("element.<1>", "<1>", "different");
        check("element.<1>", "matrix.<1>", "different");
        check("element.<1>", "element.<2>", "?");
        check("<1>.<2>", "<2>.<1>", "?");
        check("<1>.org", "example.com", "different");
        check("<1>.org", "example.org", "?");
        check("<1>", "", "?");
        check("a<1>", "", "different");
        check("<1><2>a", "<2><1>", "different");
        check("ab<1>", "ac<1>", "different");
        check("ä<1>", "ö<1>", "different");
    }
}
