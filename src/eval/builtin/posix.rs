//! POSIX extended regular expressions, matched as Nix's C++ library does: on bytes, the longest
//! match at the leftmost place, every part as greedy as that allows.
//!
//! The matcher walks alternatives in order and never tries the same instruction at the same place
//! twice, so its time is bounded by their product.

use super::pattern::{Inst, Program, compile};

/// Longest times widest problem that is tried.
const MOST_STATES: usize = 64 << 20;

/// A compiled pattern.
pub(in crate::eval) struct Regex {
    /// As written.
    pub(super) pattern: String,
    program: Vec<Inst>,
    groups: usize,
    /// Whether what a group holds is not certain: see [`Program::odd`].
    pub(super) odd: bool,
}

/// What a search gave: the whole match and the groups as byte ranges.
pub(super) enum Search {
    /// Group 0 is the whole match; a group that took no part is `None`.
    Found(Vec<Option<(usize, usize)>>),
    /// There is none.
    Nothing,
    /// It was not tried.
    TooLong,
}

impl Regex {
    /// `None` when the pattern is not valid.
    pub(super) fn new(pattern: &str) -> Option<Regex> {
        let Program { steps, groups, odd } = compile(pattern.as_bytes())?;
        Some(Regex { pattern: pattern.to_owned(), program: steps, groups, odd })
    }

    /// Matches all of `text`.
    pub(super) fn whole(&self, text: &str) -> Search {
        self.search(text.as_bytes(), 0, true)
    }

    /// The first match that starts at byte `from` or later.
    pub(super) fn find(&self, text: &str, from: usize) -> Search {
        for start in from..=text.len() {
            match self.search(text.as_bytes(), start, false) {
                Search::Nothing => (),
                other => return other,
            }
        }
        Search::Nothing
    }

    /// Whether a text that starts with `prefix` may match as a whole.
    pub(super) fn may_start(&self, prefix: &str) -> bool {
        let mut alive = vec![false; self.program.len()];
        self.follow(0, 0, &mut alive);
        for (index, byte) in prefix.bytes().enumerate() {
            let mut next = vec![false; self.program.len()];
            for at in (0..alive.len()).filter(|at| alive[*at]) {
                if let Inst::Byte(set) = &self.program[at]
                    && set.has(byte)
                {
                    self.follow(at + 1, index + 1, &mut next);
                }
            }
            alive = next;
        }
        alive.contains(&true)
    }

    /// Marks what can be reached without reading; the text may end anywhere.
    fn follow(&self, from: usize, position: usize, alive: &mut [bool]) {
        let mut work = vec![from];
        while let Some(at) = work.pop() {
            if std::mem::replace(&mut alive[at], true) {
                continue;
            }
            match &self.program[at] {
                Inst::Split(first, second) => work.extend([*second, *first]),
                Inst::Jump(to) => work.push(*to),
                Inst::Save(_) | Inst::AtEnd => work.push(at + 1),
                Inst::AtStart if position == 0 => work.push(at + 1),
                Inst::AtStart | Inst::Byte(_) | Inst::Done => (),
            }
        }
    }

    fn search(&self, text: &[u8], start: usize, whole: bool) -> Search {
        let width = text.len() - start + 1;
        if self.program.len().saturating_mul(width) > MOST_STATES {
            return Search::TooLong;
        }
        match self.walk(text, start, whole, &mut Seen::new(self.program.len() * width)) {
            None => Search::Nothing,
            Some(slots) => {
                let pair = |pair: &[Option<usize>]| Some((pair[0]?, pair[1]?));
                Search::Found(slots.chunks(2).map(pair).collect())
            }
        }
    }

    /// The slots of the longest match at `start`.
    fn walk(&self, text: &[u8], start: usize, whole: bool, seen: &mut Seen) -> Option<Vec<Option<usize>>> {
        let width = text.len() - start + 1;
        let mut slots: Vec<Option<usize>> = vec![None; self.groups * 2];
        let mut best: Option<Vec<Option<usize>>> = None;
        let mut work = vec![Job::Go(0, start)];
        while let Some(job) = work.pop() {
            let (mut at, mut position) = match job {
                Job::Go(at, position) => (at, position),
                Job::Restore(slot, value) => {
                    slots[slot] = value;
                    continue;
                }
            };
            while seen.first(at * width + position - start) {
                match &self.program[at] {
                    Inst::Byte(set) => match text.get(position) {
                        Some(byte) if set.has(*byte) => position += 1,
                        _ => break,
                    },
                    Inst::Split(first, second) => {
                        work.push(Job::Go(*second, position));
                        at = *first;
                        continue;
                    }
                    Inst::Jump(to) => {
                        at = *to;
                        continue;
                    }
                    Inst::Save(slot) => {
                        work.push(Job::Restore(*slot, slots[*slot]));
                        slots[*slot] = Some(position);
                    }
                    Inst::AtStart if position != 0 => break,
                    Inst::AtEnd if position != text.len() => break,
                    Inst::AtStart | Inst::AtEnd => (),
                    Inst::Done => {
                        let longer = best.as_ref().is_none_or(|best| best[1] < Some(position));
                        if longer && (!whole || position == text.len()) {
                            let mut found = slots.clone();
                            (found[0], found[1]) = (Some(start), Some(position));
                            best = Some(found);
                        }
                        break;
                    }
                }
                at += 1;
            }
            if whole && best.is_some() {
                break;
            }
        }
        best
    }
}

enum Job {
    Go(usize, usize),
    Restore(usize, Option<usize>),
}

/// Which instruction was tried at which place.
struct Seen(Vec<u64>);

impl Seen {
    fn new(states: usize) -> Self {
        Seen(vec![0; states / 64 + 1])
    }

    /// Marks a state; true the first time.
    fn first(&mut self, state: usize) -> bool {
        let (word, bit) = (&mut self.0[state / 64], 1 << (state % 64));
        let first = *word & bit == 0;
        *word |= bit;
        first
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn longest() {
        let check = |pattern: &str, text: &str, expected: Option<(usize, usize)>| {
            let got = match Regex::new(pattern).map(|regex| regex.find(text, 0)) {
                Some(Search::Found(found)) => found[0],
                _ => None,
            };
            assert_eq!(got, expected, "{pattern} in {text}");
        };
        check("a|ab", "xab", Some((1, 3)));
        check("[[:space:]]+", "a \t b", Some((1, 4)));
        check("a{2,3}", "aaaa", Some((0, 3)));
        check("a{2}", "a", None);
        check("[]a]+", "b]a", Some((1, 3)));
        check("[^a-c]", "abcd", Some((3, 4)));
        check("(a*)*", "b", Some((0, 0)));
        check(r"\.", "a.b", Some((1, 2)));
        check("(", "(", None);
        check("a**", "aa", Some((0, 2)));
        check("*", "*", None);
    }

    #[test]
    fn prefixes() {
        let check = |pattern: &str, prefix: &str, expected: bool| {
            assert_eq!(Regex::new(pattern).unwrap().may_start(prefix), expected, "{pattern} {prefix}");
        };
        check("[a-z]+", "ab", true);
        check("[a-z]+", "a/", false);
        check("ab", "abc", false);
        check("ab|.*c", "abx", true);
    }
}
