//! Total accessors over the concrete tree: rnix's own typed ones panic on text with errors.

use super::Range;
use rnix::SyntaxKind::{self, *};
use rnix::{NodeOrToken, SyntaxNode, SyntaxToken, TextRange};

/// Whether a node of this kind stands for an expression (`NODE_ERROR`: one that could not be read).
pub(super) fn is_expr(kind: SyntaxKind) -> bool {
    matches!(
        kind,
        NODE_APPLY
            | NODE_ASSERT
            | NODE_ERROR
            | NODE_IF_ELSE
            | NODE_SELECT
            | NODE_STRING
            | NODE_PATH_ABS
            | NODE_PATH_REL
            | NODE_PATH_HOME
            | NODE_PATH_SEARCH
            | NODE_LITERAL
            | NODE_LAMBDA
            | NODE_LEGACY_LET
            | NODE_LET_IN
            | NODE_LIST
            | NODE_BIN_OP
            | NODE_PAREN
            | NODE_ATTR_SET
            | NODE_UNARY_OP
            | NODE_IDENT
            | NODE_WITH
            | NODE_HAS_ATTR
            | NODE_CUR_POS
    )
}

/// The first expression directly below `node`.
pub(super) fn first_expr(node: &SyntaxNode) -> Option<SyntaxNode> {
    node.children().find(|child| is_expr(child.kind()))
}

/// The first expression directly below `node` after its own first token of kind `after`.
///
/// By token and not by number: error nodes in between would shift the count.
pub(super) fn expr_after(node: &SyntaxNode, after: SyntaxKind) -> Option<SyntaxNode> {
    node.children_with_tokens()
        .skip_while(|child| child.kind() != after)
        .filter_map(NodeOrToken::into_node)
        .find(|child| is_expr(child.kind()))
}

/// The first node of this kind directly below `node`.
pub(super) fn child(node: &SyntaxNode, kind: SyntaxKind) -> Option<SyntaxNode> {
    node.children().find(|child| child.kind() == kind)
}

/// The first token of this kind directly below `node`.
pub(super) fn token(node: &SyntaxNode, kind: SyntaxKind) -> Option<SyntaxToken> {
    tokens(node).find(|token| token.kind() == kind)
}

/// The tokens directly below `node`.
pub(super) fn tokens(node: &SyntaxNode) -> impl Iterator<Item = SyntaxToken> {
    node.children_with_tokens().filter_map(NodeOrToken::into_token)
}

/// What is inside all parentheses around an expression; the innermost pair if it is empty.
pub(super) fn without_parens(mut node: SyntaxNode) -> SyntaxNode {
    while node.kind() == NODE_PAREN {
        match first_expr(&node) {
            Some(inner) => node = inner,
            None => break,
        }
    }
    node
}

/// Where a node stands.
pub(super) fn range(node: &SyntaxNode) -> Range {
    from_text_range(node.text_range())
}

/// rnix's range as ours.
pub(super) fn from_text_range(range: TextRange) -> Range {
    Range { start: range.start().into(), end: range.end().into() }
}

/// The empty range at the end of a node: where something is missing.
pub(super) fn end_of(node: &SyntaxNode) -> Range {
    let end = range(node).end;
    Range { start: end, end }
}
