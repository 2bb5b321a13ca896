//! What rules have made of a configuration, so that the next rule need not make it again.

use better_any::{Tid, TidExt};
use std::any::TypeId;
use std::cell::RefCell;
use std::collections::HashMap;
use std::fmt;
use std::rc::Rc;

/// One thing of each type, which may borrow from the configuration.
#[derive(Default)]
pub(super) struct Shelf<'a>(RefCell<HashMap<TypeId, Rc<dyn Tid<'a> + 'a>>>);

impl<'a> Shelf<'a> {
    /// What there is of this type; the first time what `make` makes.
    pub(super) fn of<T: Tid<'a>>(&self, make: impl FnOnce() -> T) -> Rc<T> {
        let found = self.0.borrow().get(&T::id()).cloned().and_then(|found| found.downcast_rc::<T>().ok());
        found.unwrap_or_else(|| {
            // It may ask for other things on the way.
            let made = Rc::new(make());
            self.0.borrow_mut().insert(T::id(), made.clone());
            made
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
    use super::Shelf;
    use better_any::tid;

    struct Word<'a>(&'a str);
    tid! { Word<'a> }
    struct Words<'a>(Vec<&'a str>);
    tid! { Words<'a> }

    #[test]
    fn each_thing_is_made_once() {
        let text = String::from("a b");
        let shelf = Shelf::default();
        let first = shelf.of(|| Word(&text));
        assert_eq!(shelf.of(|| Word("c")).0, first.0);
        let words = shelf.of(|| Words(vec![shelf.of(|| Word("d")).0, "e"]));
        assert_eq!(words.0, ["a b", "e"]);
        assert_eq!(shelf.of(|| Words(vec![])).0.len(), 2);
    }
}
