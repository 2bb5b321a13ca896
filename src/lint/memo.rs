//! What rules have read out of texts, so that the next rule need not read them again.

use crate::source::Origin;
use crate::value::{Part, Str};
use std::any::{Any, TypeId};
use std::cell::RefCell;
use std::collections::HashMap;
use std::fmt;
use std::rc::Rc;
use std::sync::Arc;

type Key = (TypeId, Arc<str>, Origin);

/// Results of reading known texts, kept for all rules and configurations of a run.
#[derive(Default)]
pub(super) struct Memo(RefCell<HashMap<Key, Rc<dyn Any>>>);

impl Memo {
    /// What `read` makes of `text`, which stands at `at`; of a text with holes it is made anew each time.
    /// `read` must depend on nothing else.
    pub(super) fn of<T: 'static>(&self, text: &Str, at: Origin, read: impl FnOnce() -> T) -> Rc<T> {
        let [Part::Text(known)] = text.parts() else { return Rc::new(read()) };
        let key = (TypeId::of::<T>(), known.clone(), at);
        let found = self.0.borrow().get(&key).cloned().and_then(|found| found.downcast::<T>().ok());
        found.unwrap_or_else(|| {
            let made = Rc::new(read());
            self.0.borrow_mut().insert(key, made.clone());
            made
        })
    }
}

impl fmt::Debug for Memo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Memo({})", self.0.borrow().len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_read_once_for_each_kind_of_result() {
        let memo = Memo::default();
        let text = Str::new("a b");
        let first = memo.of(&text, Origin::Default, || 1_u32);
        assert_eq!(*memo.of(&text, Origin::Default, || 2_u32), *first);
        assert_eq!(*memo.of(&text, Origin::Default, || 3_u64), 3);
        assert_eq!(*memo.of(&Str::default(), Origin::Default, || 4_u32), 4);
        assert_eq!(*memo.of(&Str::default(), Origin::Default, || 5_u32), 5);
    }
}
