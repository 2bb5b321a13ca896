//! The rules that ship: one line each. What a rule says stands in its page.

use crate::lint::Shipped;

/// A page, and the function beside it where the rule is a search.
#[allow(unused_macros)]
macro_rules! page {
    ($name:literal) => {
        Shipped { name: $name, text: include_str!(concat!($name, ".md")), check: None }
    };
    ($name:literal, $check:path) => {
        Shipped { name: $name, text: include_str!(concat!($name, ".md")), check: Some($check) }
    };
}

/// Every rule that ships, by domain and name.
pub const RULES: &[Shipped] = &[];
