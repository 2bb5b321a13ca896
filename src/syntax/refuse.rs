//! What rnix takes and Nix does not, and what was left open.

use super::draft::Notes;
use super::node;
use rnix::SyntaxKind::*;
use rnix::SyntaxNode;

/// Notes what is wrong with `node` itself, not with what is inside.
pub(super) fn check(node: &SyntaxNode, notes: &mut Notes) {
    match node.kind() {
        NODE_ATTR_SET | NODE_LEGACY_LET => closed(node, TOKEN_L_BRACE, TOKEN_R_BRACE, notes),
        NODE_LIST => closed(node, TOKEN_L_BRACK, TOKEN_R_BRACK, notes),
        NODE_PAREN => closed(node, TOKEN_L_PAREN, TOKEN_R_PAREN, notes),
        NODE_STRING => closed(node, TOKEN_STRING_START, TOKEN_STRING_END, notes),
        NODE_LAMBDA => {
            let inside_operand = [NODE_APPLY, NODE_BIN_OP, NODE_UNARY_OP, NODE_LIST, NODE_SELECT, NODE_HAS_ATTR];
            if node.parent().is_some_and(|parent| inside_operand.contains(&parent.kind())) {
                notes.error(node::range(node), "a function needs parentheses here");
            }
        }
        NODE_HAS_ATTR if node::first_expr(node).is_some_and(|base| base.kind() == NODE_HAS_ATTR) => {
            notes.error(node::range(node), "`?` after `?` needs parentheses");
        }
        NODE_PATH_ABS | NODE_PATH_REL | NODE_PATH_HOME => {
            if let Some(space) = node::tokens(node).find(|token| token.kind().is_trivia()) {
                notes.error(node::from_text_range(space.text_range()), "a path cannot have a space before `${`");
            }
        }
        _ => {}
    }
}

fn closed(node: &SyntaxNode, open: rnix::SyntaxKind, close: rnix::SyntaxKind, notes: &mut Notes) {
    if let Some(open) = node::token(node, open)
        && node::token(node, close).is_none()
    {
        let what = if open.kind() == TOKEN_STRING_START { "string".to_owned() } else { format!("`{}`", open.text()) };
        notes.error(node::from_text_range(open.text_range()), format!("this {what} is never closed"));
    }
}
