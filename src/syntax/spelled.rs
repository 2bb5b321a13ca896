//! What an expression spells out of a text, and where it puts something in.

use super::{BinaryOp, Expr, ExprId, StrPart, Tree};

/// Stands for what is put into a text.
pub const HOLE: char = '\u{0}';

/// The literal text of an expression, [`HOLE`] for everything else in it: `"a${b}" + c` spells `a`, and two
/// things are put in. `None` if nothing is spelled.
pub fn spelled(tree: &Tree, expr: ExprId) -> Option<String> {
    let mut text = String::new();
    add(tree, expr, &mut text);
    text.contains(|c| c != HOLE).then_some(text)
}

fn add(tree: &Tree, expr: ExprId, text: &mut String) {
    match tree.expr(expr) {
        Expr::Str(parts) | Expr::Path { parts, .. } => parts.iter().for_each(|part| match part {
            StrPart::Text(literal) => text.push_str(literal),
            StrPart::Interpolation(_) => text.push(HOLE),
        }),
        Expr::Binary { op: BinaryOp::Add, left, right } => {
            add(tree, *left, text);
            add(tree, *right, text);
        }
        _ => text.push(HOLE),
    }
}

#[cfg(test)]
mod tests {
    use super::{HOLE, spelled};
    use crate::source::FileId;
    use crate::syntax::parse;

    #[test]
    fn texts() {
        let check = |text: &str, expected: Option<&str>| {
            let tree = parse(FileId(0), text);
            let found = spelled(&tree, tree.root).map(|text| text.replace(HOLE, "…"));
            assert_eq!(found.as_deref(), expected, "{text}");
        };
        check("\"one\"", Some("one"));
        check("\"one ${two \"}\"} three\"", Some("one … three"));
        check("''\n  one\n  ${two}\n''", Some("one\n…\n"));
        check("(\"one\" + two) + \"${three}\"", Some("one……"));
        check("./one + \"/${two}\"", Some("./one/…"));
        check("\"${one}\"", None);
        check("one", None);
        check("if one then \"two\" else \"three\"", None);
        check("", None);
    }
}
