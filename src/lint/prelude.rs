//! What a rule written in Rust needs, and nothing else.

pub use super::{Cx, FindingBuilder, Module, OptionView, likeness};
pub use crate::finding::{Edit, Fix, Label, Safety, Severity};
pub use crate::option::{OptionPath, OptionPattern, Segment};
pub use crate::source::{Origin, Span};
pub use crate::value::{
    Attrs, Cause, Condition, Item, Name, Package, Part, Shape, StoreKind, StoreObject, Str, Truth, Unknown, UnknownId,
    Value,
};
