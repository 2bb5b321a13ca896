//! Kleene's three-valued logic, with the reason for the third value.

use super::Unknown;
use std::ops::{BitAnd, BitOr, Not};

/// The answer to a question about a configuration. Deliberately not a `bool`:
/// no rule can forget the third case.
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use]
pub enum Truth {
    /// No.
    False,
    /// Yes.
    True,
    /// Nobody knows, and why.
    Unknown(Unknown),
}

impl Truth {
    /// True if any is; false if all are. Asks no further than the first that is true.
    pub fn any(items: impl IntoIterator<Item = Truth>) -> Truth {
        let mut any = Truth::False;
        for item in items {
            any = any | item;
            if any.is_true() {
                break;
            }
        }
        any
    }

    /// False if any is; true if all are. Asks no further than the first that is false.
    pub fn all(items: impl IntoIterator<Item = Truth>) -> Truth {
        !Truth::any(items.into_iter().map(Not::not))
    }

    /// `self & other()`, where the other need not be asked if this is false.
    pub fn and(self, other: impl FnOnce() -> Truth) -> Truth {
        if self.is_false() { self } else { self & other() }
    }

    /// Known to be true.
    pub fn is_true(&self) -> bool {
        matches!(self, Truth::True)
    }

    /// Known to be false.
    pub fn is_false(&self) -> bool {
        matches!(self, Truth::False)
    }
}

impl From<bool> for Truth {
    fn from(known: bool) -> Self {
        if known { Truth::True } else { Truth::False }
    }
}

impl Not for Truth {
    type Output = Truth;
    fn not(self) -> Truth {
        match self {
            Truth::False => Truth::True,
            Truth::True => Truth::False,
            unknown => unknown,
        }
    }
}

impl BitAnd for Truth {
    type Output = Truth;
    fn bitand(self, other: Truth) -> Truth {
        match (self, other) {
            (Truth::False, _) | (_, Truth::False) => Truth::False,
            (Truth::True, other) => other,
            (unknown, _) => unknown,
        }
    }
}

impl BitOr for Truth {
    type Output = Truth;
    fn bitor(self, other: Truth) -> Truth {
        !(!self & !other)
    }
}

#[cfg(test)]
mod tests {
    use super::Truth::{self, False, True};
    use crate::source::Origin;
    use crate::value::{Cause, Unknown, UnknownId};

    #[test]
    fn kleene() {
        let unknown = Truth::Unknown(Unknown { id: UnknownId(1), cause: Cause::Recursion.into(), at: Origin::Default });
        let check = |got: Truth, expected: &Truth| assert_eq!(&got, expected);
        check(unknown.clone() & False, &False);
        check(True & unknown.clone(), &unknown);
        check(unknown.clone() | True, &True);
        check(False | unknown.clone(), &unknown);
        check(!unknown.clone(), &unknown);
        check(Truth::any([False, unknown.clone(), True]), &True);
        check(Truth::all([True, unknown.clone()]), &unknown);
        check(Truth::all([unknown.clone(), False]), &False);
        check(unknown.clone().and(|| False), &False);
        check(False.and(|| unreachable!("decided")), &False);
        check(Truth::any([True].into_iter().chain(std::iter::from_fn(|| unreachable!("decided")))), &True);
    }
}
