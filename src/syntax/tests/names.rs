//! Names that nothing binds.

use crate::source::FileId;
use crate::syntax::parse;

fn check(input: &str, expected: &[(u32, &str)]) {
    let tree = parse(FileId(0), input);
    let found: Vec<(u32, String)> =
        tree.unbound.iter().map(|error| (error.range.start, error.message.clone())).collect();
    let expected: Vec<(u32, String)> =
        expected.iter().map(|(at, name)| (*at, format!("undefined variable `{name}`"))).collect();
    assert_eq!(found, expected, "{input}");
}

#[test]
fn names_that_nothing_binds() {
    check("a", &[(0, "a")]);
    check("{ lib, ... }: { x = pkgs.hello; y = pkgs.b; }", &[(20, "pkgs")]);
    check("let inherit lib; in lib", &[(12, "lib")]);
    check("{ inherit lib; }", &[(10, "lib")]);
    check("{ inherit (a) b; }", &[(11, "a")]);
    check("{ a = 1; b = a; }", &[(13, "a")]);
    check("with a; b", &[(5, "a")]);
    check("{ a ? b }: a", &[(6, "b")]);
    check("if false then a else \"${b} ${./${c}}\"", &[(14, "a"), (24, "b"), (33, "c")]);
    check("{ ${a} = 1; }.${b} or c", &[(4, "a"), (16, "b"), (22, "c")]);
}

#[test]
fn names_that_something_may_bind() {
    for fine in [
        "{ a, b ? a, c ? d, d ? 1 } @ all: [ a b c d all ]",
        "rec { a = b; b = 1; inherit (a) c; d = c; e.f = a; }",
        "let a = b; b = 1; inherit (b) c; in [ a c ]",
        "let { body = a; a = 1; }",
        "with { }; [ a ({ b }: c) (let inherit d; in d) { inherit e; } ]",
        "with { }; with a; b",
        "x: { inherit x; inherit (x) y; }",
        "[ true false null builtins import map toString throw abort fetchTarball fetchTree break placeholder ]",
        "[ __curPos __nixPath __somethingNew scopedImport derivationStrict fromTOML ]",
        // What is missing may be what binds it.
        "{ lib, ... : lib.a b",
        "{ a = ; b = c; }",
    ] {
        check(fine, &[]);
    }
}
