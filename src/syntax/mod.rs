//! Text to an arena of expressions with spans; errors beside the tree, never instead of it.
//!
//! The only user of rnix and rowan. Reading never panics and never overflows the stack.

mod comment;
mod desugar;
mod draft;
mod error;
mod expr;
mod lasting;
mod literal;
mod lower;
mod node;
pub mod prepared;
#[cfg(test)]
mod print;
mod refuse;
mod remark;
mod repair;
mod scan;
mod scope;
mod shift;
mod spelled;
mod stack;
mod stored;
mod string;
#[cfg(test)]
mod tests;

pub use comment::{Comment, comments};
pub use expr::*;
pub use lasting::lasting;
pub use literal::{PathLiteral, path_literals};
pub use remark::{Remark, Subject, remarks};
pub use spelled::{HOLE, spelled};
pub use stack::{deepest, spawn_with_big_stack, with_big_stack};

use crate::source::FileId;

/// How often a text is repaired and read again.
const MAX_REPAIRS: u32 = 4;

const BYTE_ORDER_MARK: char = '\u{feff}';

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
    let mut tree = match text.strip_prefix(BYTE_ORDER_MARK) {
        Some(rest) => {
            let mut tree = read_repairing(file, &format!("   {rest}"), MAX_REPAIRS);
            let range = Range { start: 0, end: BYTE_ORDER_MARK.len_utf8() as u32 };
            tree.errors.push(SyntaxError { range, message: "Nix refuses this byte order mark".to_owned() });
            tree
        }
        None => read_repairing(file, text, MAX_REPAIRS),
    };
    tree.errors.extend(odd);
    error::tidy(&mut tree.errors);
    match tree.errors[..] {
        [] => error::tidy(&mut tree.unbound),
        _ => tree.unbound.clear(),
    }
    tree
}

/// Reads a text; if rnix finds errors, again with what seems to be missing put in.
fn read_repairing(file: FileId, text: &str, repairs: u32) -> Tree {
    let parsed = rnix::Root::parse(text);
    if repairs > 0 && !parsed.errors().is_empty() {
        for repair in [repair::close_string, repair::complete] {
            if let Some(repaired) = repair(text)
                && rnix::Root::parse(&repaired.text).errors().len() < parsed.errors().len()
            {
                let mut tree = read_repairing(file, &repaired.text, repairs - 1);
                shift::shift(&mut tree, |range| repaired.original(range));
                tree.errors.extend(repaired.errors);
                return tree;
            }
        }
    }
    let mut tree = lower::lower(file, &parsed.syntax());
    error::add(&mut tree.errors, parsed.errors(), text);
    tree
}

/// The tree of a text that is not read at all.
fn unread(file: FileId, error: SyntaxError) -> Tree {
    Tree {
        file,
        root: ExprId(0),
        exprs: vec![Expr::Error],
        ranges: vec![error.range],
        errors: vec![error],
        unbound: vec![],
    }
}
