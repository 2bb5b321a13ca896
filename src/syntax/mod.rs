//! Text to an arena of expressions with spans; errors beside the tree, never instead of it.
//!
//! The only user of rnix and rowan. Reading never panics and never overflows the stack.

mod comment;
mod draft;
mod error;
mod expr;
mod lower;
mod node;
#[cfg(test)]
mod print;
mod scope;
mod string;
#[cfg(test)]
mod tests;

pub use comment::{Comment, comments};
pub use expr::*;

use crate::source::FileId;

/// Reads one file. Total: whatever the text, there is a tree, at worst a lone [`Expr::Error`].
pub fn parse(file: FileId, text: &str) -> Tree {
    let parsed = rnix::Root::parse(text);
    let mut tree = lower::lower(file, &parsed.syntax());
    error::add(&mut tree.errors, parsed.errors(), text);
    tree
}
