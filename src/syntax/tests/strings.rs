//! String literals; every expected value is what `nix-instantiate --eval` says.

use crate::source::FileId;
use crate::syntax::{Expr, StrPart, Tree, parse};

/// The text of a string literal, with `@` for each interpolation.
fn text(tree: &Tree) -> String {
    let Expr::Str(parts) = tree.expr(tree.root) else { return "not a string".to_owned() };
    let parts = parts.iter().map(|part| match part {
        StrPart::Text(text) => text,
        StrPart::Interpolation(_) => "@",
    });
    parts.collect()
}

fn check(literal: &str, expected: &str) {
    let tree = parse(FileId(0), literal);
    assert_eq!((text(&tree).as_str(), tree.errors.len()), (expected, 0), "{literal:?}");
}

#[test]
fn quoted() {
    check(r#""""#, "");
    check(r#""a\nb\rc\td\\e\"f\$g\qh""#, "a\nb\rc\td\\e\"f$gqh");
    check(r#""\${a} $${a} $$${a} $a $""#, "${a} $${a} $$@ $a $");
    check(r#""${a}${b}""#, "@@");
    check("\"a\r\nb\rc\n  d\"", "a\nb\nc\n  d");
    check("\"a\\\r\nb\"", "a\r\nb");
    check("\"a\\\nb\"", "a\nb");
}

#[test]
fn indentation() {
    check("''''", "");
    check("'' a ''", "a ");
    check("''\n  a\n    b\n  ''", "a\n  b\n");
    check("''\n  a\n\n b\n''", " a\n\nb\n");
    check("''  \n  a''", "a");
    check("''x\n  a\n  ''", "x\n  a\n");
    check("''\n   \n  a\n     \n  ''", " \na\n   \n");
    check("''\n\ta\n\t  b''", "\ta\n\t  b");
    check("''\n  \ta\n  b''", "\ta\nb");
    check("''\n  a\r\n  b\r\n''", "a\r\nb\r\n");
    check("''\r\n  a\r\n  ''", "\r\n  a\r\n");
    check("''\n    ${a}\n  b''", "  @\nb");
    check("''\n  ${a}\n    b''", "@\n  b");
    check("''\n  a ${b}\n  ''", "a @\n");
    check("''${a}\n  b\n''", "@\n  b\n");
}

#[test]
fn indented_escapes() {
    check("''a''\\nb''\\tc''\\\\d''\\e''\\'f''", "a\nb\tc\\de'f");
    check("''''${a} ''$''", "${a} $");
    check("''a'''b''", "a''b");
    check("''a' '${b}''", "a' '@");
    check("''$${a} $$''", "$${a} $$");
    check("''\n  ''\\n  a\n  b''", "\na\nb");
    check("''\n    ''\\x\n  b''", "  x\nb");
    check("''\\n \\ ''", "\\n \\ ");
}
