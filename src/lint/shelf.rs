//! What rules have made of a configuration, so that the next rule need not make it again.

use crate::option::{Ask, Asked};
use better_any::{Tid, TidExt};
use std::any::TypeId;
use std::cell::RefCell;
use std::collections::HashMap;
use std::fmt;
use std::rc::Rc;

/// One thing of each type, which may borrow from the configuration.
#[derive(Default)]
pub(super) struct Shelf<'a>(RefCell<HashMap<TypeId, Made<'a>>>);

struct Made<'a> {
    thing: Rc<dyn Tid<'a> + 'a>,
    /// What making it asked for: whoever uses it asks for the same.
    asks: Vec<Ask>,
}

impl<'a> Shelf<'a> {
    /// What there is of this type; the first time what `make` makes. What that asks of the configuration
    /// `asked` is told each time.
    pub(super) fn of<T: Tid<'a>>(&self, asked: &Asked, make: impl FnOnce() -> T) -> Rc<T> {
        let found = self.0.borrow().get(&T::id()).and_then(|made| {
            asked.again(&made.asks);
            made.thing.clone().downcast_rc::<T>().ok()
        });
        found.unwrap_or_else(|| {
            let before = asked.take();
            // It may make use of other things here.
            let thing = Rc::new(make());
            let asks = asked.take();
            [&before, &asks].iter().for_each(|asks| asked.again(asks));
            self.0.borrow_mut().insert(T::id(), Made { thing: thing.clone(), asks });
            thing
        })
    }
}

impl fmt::Debug for Shelf<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Shelf({})", self.0.borrow().len())
    }
}

#[cfg(test)]
mod tests {
    use super::{Ask, Asked, Shelf};
    use crate::option::Wish;
    use better_any::tid;

    struct Word<'a>(&'a str);
    tid! { Word<'a> }
    struct Words<'a>(Vec<&'a str>);
    tid! { Words<'a> }

    #[test]
    fn each_thing_is_made_once() {
        let text = String::from("a b");
        let (shelf, asked) = (Shelf::default(), Asked::default());
        let first = shelf.of(&asked, || Word(&text));
        assert_eq!(shelf.of(&asked, || Word("c")).0, first.0);
        let words = shelf.of(&asked, || Words(vec![shelf.of(&asked, || Word("d")).0, "e"]));
        assert_eq!(words.0, ["a b", "e"]);
        assert_eq!(shelf.of(&asked, || Words(vec![])).0.len(), 2);
    }

    #[test]
    fn what_is_asked_for_is_asked_for_by_all() {
        let (shelf, asked) = (Shelf::default(), Asked::default());
        let ask = |name: &str| Ask { path: vec![name.into()], what: Wish::All };
        let word = |name| {
            asked.again(&[ask(name)]);
            Word("a")
        };
        asked.again(&[ask("before")]);
        shelf.of(&asked, || Words(vec![shelf.of(&asked, || word("word")).0]));
        assert_eq!(asked.take(), [ask("before"), ask("word")]);
        shelf.of(&asked, || word("never"));
        assert_eq!(asked.take(), [ask("word")]);
        shelf.of(&asked, || Words(vec![]));
        assert_eq!(asked.take(), [ask("word")]);
    }
}
