//! What is done with any bytes whatever: `tests/fuzz.rs` does it with plain Rust, `tests/fuzz/run` under libFuzzer.
//!
//! A target must come back, soon, without a panic; what it asserts on top of that holds for every input.

mod project;
mod text;

pub use project::{caddyfile, configuration, nginx, records};
pub use text::{comments, page, settings};

/// What is done with the bytes of one input; a panic is what it looks for.
pub type Target = fn(&[u8]);

/// Every target by its name.
pub const TARGETS: [(&str, Target); 7] = [
    ("configuration", configuration),
    ("nginx", nginx),
    ("caddyfile", caddyfile),
    ("comments", comments),
    ("settings", settings),
    ("page", page),
    ("records", records),
];
