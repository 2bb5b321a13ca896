//! The comments of a file.

use super::Range;
use rnix::SyntaxKind;

/// A comment, with its `#` or `/*` and `*/`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Comment {
    /// Where it stands.
    pub range: Range,
    /// The text as written, without the line end.
    pub text: String,
}

/// All comments of a text, in order.
pub fn comments(text: &str) -> Vec<Comment> {
    let mut found = Vec::new();
    let mut start = 0;
    for (kind, token) in rnix::tokenize(text) {
        if kind == SyntaxKind::TOKEN_COMMENT {
            let written = token.trim_end_matches('\r');
            let range = Range { start, end: start + written.len() as u32 };
            found.push(Comment { range, text: written.to_owned() });
        }
        start += token.len() as u32;
    }
    found
}
