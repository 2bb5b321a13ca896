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
mod refuse;
mod scan;
mod scope;
mod stack;
mod string;
#[cfg(test)]
mod tests;

pub use comment::{Comment, comments};
pub use expr::*;
pub use stack::with_big_stack;

use crate::source::FileId;

/// Reads one file. Total: whatever the text, there is a tree, at worst a lone [`Expr::Error`].
///
/// A tree is at most a few thousand levels deep, save chains of binary operators,
/// which are as deep as they are long.
pub fn parse(file: FileId, text: &str) -> Tree {
    match scan::scan(text) {
        Ok(size) if size.deep => with_big_stack(|| read(file, text, size.errors)),
        Ok(size) => read(file, text, size.errors),
        Err(error) => unread(file, error),
    }
}

fn read(file: FileId, text: &str, odd: Vec<SyntaxError>) -> Tree {
    let parsed = rnix::Root::parse(text);
    let mut tree = lower::lower(file, &parsed.syntax());
    tree.errors.extend(odd);
    error::add(&mut tree.errors, parsed.errors(), text);
    tree
}

/// The tree of a text that is not read at all.
fn unread(file: FileId, error: SyntaxError) -> Tree {
    Tree { file, root: ExprId(0), exprs: vec![Expr::Error], ranges: vec![error.range], errors: vec![error] }
}
