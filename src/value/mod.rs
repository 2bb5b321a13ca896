//! What is known of a value: plain, finite data.
//!
//! Thunks and functions stay inside the evaluator; a [`Value`] is what it hands out.

mod attrs;
mod condition;
mod context;
mod shape;
mod show;
mod str;
mod truth;
mod unknown;

pub use attrs::Attrs;
pub use condition::Condition;
pub use context::{Context, StoreKind, StoreObject};
pub use shape::{Item, Knowledge, Package, Shape, Value};
pub use str::{Part, Str};
pub use truth::Truth;
pub use unknown::{Cause, Unknown, UnknownId};

/// An attribute name, cheap to copy.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Name(std::sync::Arc<str>);

impl Name {
    /// The name as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<&str> for Name {
    fn from(text: &str) -> Self {
        Name(text.into())
    }
}

impl From<String> for Name {
    fn from(text: String) -> Self {
        Name(text.into())
    }
}

impl From<&Name> for std::sync::Arc<str> {
    fn from(name: &Name) -> Self {
        name.0.clone()
    }
}

impl std::borrow::Borrow<str> for Name {
    fn borrow(&self) -> &str {
        &self.0
    }
}

impl std::ops::Deref for Name {
    type Target = str;
    fn deref(&self) -> &str {
        &self.0
    }
}

impl PartialEq<str> for Name {
    fn eq(&self, other: &str) -> bool {
        &*self.0 == other
    }
}

impl PartialEq<&str> for Name {
    fn eq(&self, other: &&str) -> bool {
        &*self.0 == *other
    }
}

impl std::fmt::Debug for Name {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

impl std::fmt::Display for Name {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}
