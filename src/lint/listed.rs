//! Whether a rule reads only what its page lists.

use super::memo::Memo;
use crate::option::{OptionPath, OptionPattern, PatternStep, Segment};
use crate::value::{Str, Truth};
use std::cell::RefCell;
use std::collections::BTreeSet;
use std::rc::Rc;

/// The options a page lists, and those that were read without being listed.
///
/// The list drives lazy resolution: an option that no page lists may never have
/// been resolved, so reading one is a mistake in the rule. `verify` reports it.
#[derive(Debug, Default)]
pub struct Listed {
    /// `None`: no account is kept.
    patterns: Option<Vec<OptionPattern>>,
    unlisted: RefCell<BTreeSet<String>>,
    /// What was read out of texts before.
    pub(super) memo: Rc<Memo>,
}

impl Listed {
    /// Nothing read yet.
    pub fn new(patterns: &[OptionPattern]) -> Self {
        Self { patterns: Some(patterns.to_vec()), ..Self::default() }
    }

    /// No account at all, for rules that are known to read nothing else.
    pub(super) fn unnoted() -> Self {
        Self::default()
    }

    /// The same with what others read out of texts.
    pub(super) fn sharing(self, memo: &Rc<Memo>) -> Self {
        Self { memo: memo.clone(), ..self }
    }

    /// Takes note of a question about the value at `path`, which must be at or below a listed option.
    pub(super) fn read(&self, path: &OptionPath) {
        let Some(patterns) = &self.patterns else { return };
        if !patterns.iter().any(|pattern| pattern.0.len() <= path.0.len() && agree(pattern, path)) {
            self.unlisted.borrow_mut().insert(path.to_string());
        }
    }

    /// Takes note of a question about the names at `path`, which may also be above a listed option.
    pub(super) fn walk(&self, path: &OptionPath) {
        let Some(patterns) = &self.patterns else { return };
        if !patterns.iter().any(|pattern| agree(pattern, path)) {
            self.unlisted.borrow_mut().insert(path.to_string());
        }
    }

    /// The options that were read although the page does not list them, sorted.
    pub fn unlisted(&self) -> Vec<String> {
        self.unlisted.borrow().iter().cloned().collect()
    }
}

/// Whether pattern and path may name the same option as far as both go.
fn agree(pattern: &OptionPattern, path: &OptionPath) -> bool {
    pattern.0.iter().zip(&path.0).all(|(step, segment)| match (step, segment) {
        (PatternStep::Any, _) => true,
        (PatternStep::Name(name), Segment::Name(have)) => name == have,
        (PatternStep::Name(name), Segment::Partly(have)) => have.equals(&Str::new(name.as_str())) != Truth::False,
        (PatternStep::Name(_), Segment::Index(_)) => false,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(pattern: &str, path: &str, read: bool, walk: bool) {
        let outcome = |ask: fn(&Listed, &OptionPath)| {
            let listed = Listed::new(&[OptionPattern::parse(pattern)]);
            ask(&listed, &OptionPath::parse(path));
            listed.unlisted().is_empty()
        };
        assert_eq!((outcome(Listed::read), outcome(Listed::walk)), (read, walk), "{path} of {pattern}");
    }

    #[test]
    fn covered() {
        check("a.<name>.c", "a.x.c", true, true);
        check("a.<name>.c", "a.x.c.d", true, true);
        check("a.<name>.c", "a.x", false, true);
        check("a.<name>.c", "a.x.d", false, false);
        check("a.<name>.c", "b", false, false);
    }
}
