//! How much may be evaluated: for one question, for one configuration, and for a question that was
//! too much before.

use super::Eval;
use std::collections::BTreeSet;

/// How far an evaluation may go before it is cut short.
///
/// Of 64 users' repositories no configuration takes more than 430,000 steps for everything that rules
/// ask, and no single question more than 380,000, unless it has no end at all.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Nested evaluations; each takes at most a few KiB of stack.
    pub depth: u32,
    /// Expressions evaluated for one question.
    pub steps: u64,
    /// Expressions evaluated for one configuration.
    pub total: u64,
    /// Branches of undecided conditions inside each other.
    pub undecided: u32,
    /// Longest string built, in bytes.
    pub text: usize,
    /// Values handed out of one configuration, those inside others counted.
    pub values: u32,
}

impl Default for Limits {
    fn default() -> Self {
        Self { depth: 10_000, steps: 1_000_000, total: 3_000_000, undecided: 12, text: 4 << 20, values: 100_000 }
    }
}

/// A question that was too much for one configuration gets this part of a question's steps in others.
const AGAIN: u64 = 32;

/// The steps that are left.
#[derive(Debug, Default)]
pub(super) struct Budget {
    /// Those that were taken.
    pub steps: u64,
    /// Where this question began.
    begun: u64,
    /// Where it ends.
    pub stop: u64,
    /// Where this configuration ends.
    end: u64,
    /// The questions that were not answered in time.
    too_much: BTreeSet<String>,
}

impl Eval {
    /// Starts a new budget, for the next question about the same configuration.
    pub fn refill(&mut self) {
        self.refill_to(self.limits.steps);
    }

    /// The same for a question that may be asked of several configurations: what shared modules made
    /// too much of in one of them is not tried at the same length in each. Gives its name to
    /// [`Eval::note_if_too_much`].
    pub fn refill_for(&mut self, question: impl FnOnce() -> String) {
        let budget = &self.budget;
        let again = !budget.too_much.is_empty() && budget.too_much.contains(&question());
        self.refill_to(if again { self.limits.steps / AGAIN } else { self.limits.steps });
    }

    /// Takes note of a question if it took all the steps that it may.
    pub fn note_if_too_much(&mut self, question: impl FnOnce() -> String) {
        let Budget { steps, begun, stop, .. } = self.budget;
        // Where nothing is left for a configuration, the question is not to blame.
        if steps >= stop && steps - begun >= self.limits.steps / AGAIN {
            self.budget.too_much.insert(question());
        }
    }

    fn refill_to(&mut self, steps: u64) {
        self.budget.begun = self.budget.steps;
        self.budget.stop = self.budget.end.min(self.budget.steps + steps);
    }

    /// Starts a new budget, for the next configuration.
    pub fn refill_all(&mut self) {
        self.budget.end = self.budget.steps + self.limits.total;
        self.freezable = self.limits.values;
        self.refill();
    }

    /// Takes `count` steps off the budget at once; false when there are not that many left.
    pub(in crate::eval) fn spend(&mut self, count: u64) -> bool {
        if self.budget.stop.saturating_sub(self.budget.steps) < count {
            return false;
        }
        self.budget.steps += count;
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::files::Memory;

    #[test]
    fn what_was_too_much_once_is_given_less() {
        let limits = Limits { steps: 3_200, total: 100_000, ..Limits::default() };
        let mut eval = Eval::with_limits(Box::new(Memory::default()), limits);
        let endless = eval.text_as("/endless.nix".into(), "let f = n: f (n + 1); in f 0");
        let short = eval.text_as("/short.nix".into(), "1 + 1");
        for (name, thunk) in [("short", short), ("endless", endless)] {
            eval.refill_for(|| name.to_owned());
            eval.force_or_unknown(&thunk);
            eval.note_if_too_much(|| name.to_owned());
        }
        let mut given = |name: &str| {
            eval.refill_for(|| name.to_owned());
            eval.budget.stop - eval.budget.begun
        };
        assert_eq!((given("short"), given("endless"), given("short")), (3_200, 3_200 / AGAIN, 3_200));
    }

    #[test]
    fn a_question_that_comes_last_is_not_to_blame() {
        let limits = Limits { steps: 3_200, total: 3_250, ..Limits::default() };
        let mut eval = Eval::with_limits(Box::new(Memory::default()), limits);
        for name in ["first", "last"] {
            let endless = eval.text_as(format!("/{name}.nix").into(), "let f = n: f (n + 1); in f 0");
            eval.refill_for(|| name.to_owned());
            eval.force_or_unknown(&endless);
            eval.note_if_too_much(|| name.to_owned());
        }
        assert_eq!(eval.budget.too_much, BTreeSet::from(["first".to_owned()]));
    }
}
