//! What a comment is about: the line it ends, or the expression or binding it stands above.

use super::Range;
use super::comment::{Comment, comments};
use super::node;
use super::scan;
use super::stack::with_big_stack;
use rnix::{SyntaxKind, SyntaxNode, SyntaxToken, TextSize};

/// A comment and what it is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Remark {
    /// The comment.
    pub comment: Comment,
    /// What it is about.
    pub subject: Subject,
}

/// What a comment is about, going by where it stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Subject {
    /// It stands above all code.
    File,
    /// It stands behind code: what is on this line.
    Line,
    /// It stands above this binding, list element or other expression.
    Below(Range),
    /// It stands above nothing: a blank line, or the end of the file.
    Nothing,
}

/// The comments of a text that are `wanted`, in order, with what each is about. Other comments may
/// stand in between, a blank line may not, save between a file's head and its code.
pub fn remarks(text: &str, wanted: impl Fn(&Comment) -> bool + Send) -> Vec<Remark> {
    let found: Vec<Comment> = comments(text).into_iter().filter(wanted).collect();
    if found.is_empty() {
        return vec![];
    }
    match scan::scan(text) {
        Ok(size) if size.deep => with_big_stack(|| placed(text, found)),
        Ok(_) => placed(text, found),
        Err(_) => vec![],
    }
}

fn placed(text: &str, found: Vec<Comment>) -> Vec<Remark> {
    let tree = rnix::Root::parse(text).syntax();
    found.into_iter().map(|comment| Remark { subject: subject(text, &tree, &comment), comment }).collect()
}

fn subject(text: &str, tree: &SyntaxNode, comment: &Comment) -> Subject {
    let start = comment.range.start as usize;
    let line = text[..start].rfind('\n').map_or(0, |end| end + 1);
    if !text[line..start].trim().is_empty() {
        return Subject::Line;
    }
    let Some(own) = tree.token_at_offset(TextSize::new(comment.range.start)).right_biased() else {
        return Subject::Nothing;
    };
    let is_code = |token: &SyntaxToken| !token.kind().is_trivia();
    if !std::iter::successors(own.prev_token(), SyntaxToken::prev_token).any(|token| is_code(&token)) {
        return Subject::File;
    }
    for token in std::iter::successors(own.next_token(), SyntaxToken::next_token) {
        if is_code(&token) {
            return Subject::Below(outermost(&token));
        }
        let is_blank = token.kind() == SyntaxKind::TOKEN_WHITESPACE;
        if is_blank && token.text().bytes().filter(|byte| *byte == b'\n').count() > 1 {
            break;
        }
    }
    Subject::Nothing
}

/// The largest node that begins with this token; the token itself where none does.
fn outermost(token: &SyntaxToken) -> Range {
    let start = token.text_range().start();
    let nodes = token.parent_ancestors().take_while(|node| node.text_range().start() == start);
    nodes.last().map_or(node::from_text_range(token.text_range()), |largest| node::range(&largest))
}

#[cfg(test)]
mod tests {
    use super::{Subject, remarks};

    /// What the comments of `text` that begin with `#!` are about.
    fn check(text: &str, expected: &[&str]) {
        let found = remarks(text, |comment| comment.text.starts_with("#!"));
        let shown = found.iter().map(|remark| match remark.subject {
            Subject::File => "file",
            Subject::Line => "line",
            Subject::Nothing => "nothing",
            Subject::Below(range) => &text[range.start as usize..range.end as usize],
        });
        assert_eq!(shown.collect::<Vec<_>>(), expected, "{text}");
    }

    #[test]
    fn what_stands_below() {
        check("{\n  #! a\n  a.b = {\n    c = 1;\n  };\n  d = 2;\n}", &["a.b = {\n    c = 1;\n  };"]);
        check("{ x =\n  #! a\n  f { a = 1; }; y = 1; }", &["f { a = 1; }"]);
        check("[\n #! a\n { a = 1; }\n { }\n]", &["{ a = 1; }"]);
        check("let\n #! a\n # b\n a = 1;\n #! c\nin\n #! d\n a", &["a = 1;", "in", "a"]);
        check("{ a }:\n#! a\n{\n  inherit a;\n}\n", &["{\n  inherit a;\n}"]);
        check("{\n #! a\n inherit (x) y; z = 1; }", &["inherit (x) y;"]);
        check("{\n #! a\n ${x} = 1;\n #! b\n \"q\".r = 2;\n}", &["${x} = 1;", "\"q\".r = 2;"]);
        check("a\n#! b\n++ c", &["++"]);
    }

    #[test]
    fn elsewhere() {
        check("#! a\n\n{ }: { }", &["file"]);
        check("/* licence */ #! a\n{ }", &["line"]);
        check("{ a = 1; #! a\n b = 2; }\n#! b\n", &["line", "nothing"]);
        check("{\n  #! a\n\n  b = 2; }", &["nothing"]);
        check("{ a = ''\n  #! a\n''; b = \"#! b\"; }", &[]);
        check("{\n  #! a\n  a = ", &["a ="]);
        check("", &[]);
    }
}
