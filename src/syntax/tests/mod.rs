//! What is read from what.

mod hostile;
mod lasting;
mod names;
mod prepared;
mod strings;

use super::{parse, print::show};
use crate::source::FileId;

fn check(input: &str, expected: &str) {
    assert_eq!(show(&parse(FileId(0), input)), expected, "{input}");
}

#[test]
fn literals() {
    check("1", "1");
    check("1.50", "1.5");
    check(".5e3", "500.0");
    check("\"a\"", "\"a\"");
    check("http://a.org/?x=1", "\"http://a.org/?x=1\"");
    check("x:y", "\"x:y\"");
    check("[ 1 \"b\" [ ] ]", "[1 \"b\" []]");
    check("9223372036854775807", "9223372036854775807");
    check("9223372036854775808", "ERROR\n0..19 this integer does not fit into 64 bits");
}

#[test]
fn paths() {
    check("./a.nix", "(Relative ./a.nix)");
    check("../a", "(Relative ../a)");
    check("a/b", "(Relative a/b)");
    check("/a/b", "(Absolute /a/b)");
    check("~/a", "(Home ~/a)");
    check("x: ./a/${x}.nix", "(fn x (Relative ./a/${0:0}.nix))");
    check("x: /${x}/b", "(fn x (Absolute /${0:0}/b))");
    check("x: ~/${x}-c/b", "(fn x (Home ~/${0:0}-c/b))");
    check("<nixpkgs/nixos>", "<nixpkgs/nixos>");
    check("a: a./b", "(fn a (Relative a./b))");
}

#[test]
fn operators() {
    check("a: b: a + b * 2", "(fn a (fn b (Add 1:0 (Mul 0:0 2))))");
    check("[] ++ [] ++ []", "(Concat [] (Concat [] []))");
    check("1 - 2 - 3", "(Sub (Sub 1 2) 3)");
    check("{} // {} // {}", "(Update {} (Update {} {}))");
    check("!a ? b.\"c d\"", "(! (? a \"b\" \"c d\"))");
    check("-1 + -2", "(Add (- 1) (- 2))");
    check("a -> b || c && d == e", "(Implication a (Or b (And c (Equal d e))))");
    check("1 < 2 != (3 >= 4)", "(NotEqual (Less 1 2) (MoreOrEqual 3 4))");
    check("f x y", "((f x) y)");
    check("f x.y z", "((f (. x \"y\")) z)");
    check("x |> f |> g", "(g (f x))");
    check("g <| f <| x", "(g (f x))");
    check("f or", "(f or)");
    check("f a or b", "((f (a or)) b)");
    check("a.b or c d", "((. a \"b\" or c) d)");
    check("a.b.${c}.\"d${e}\" or f.g or h", "(. a \"b\" ${c} ${\"d${e}\"} or (. f \"g\" or h))");
    check("a.or", "(. a \"or\")");
    check("__curPos.file", "(. __curPos \"file\")");
    check("if a then b else if c then d else e", "(if a b (if c d e))");
    check("assert a; b", "(assert a b)");
}

#[test]
fn scopes() {
    check("x: y: x y z", "(fn x (fn y ((1:0 0:0) z)))");
    check("{ a, b ? a, ... }@all: all b", "(fn (a b=0:0 ... @all) (0:2 0:1))");
    check("all@{ a }: all a", "(fn (a @all) (0:1 0:0))");
    check("{ }: a", "(fn () a)");
    check("x: { a = x; }", "(fn x {a=0:0})");
    check("x: rec { a = x; b = a; x = 1; }", "(fn x rec {a=0:2 b=0:0 x=1})");
    check("x: rec { inherit x; y = x; }", "(fn x rec {x<-0:0 y=0:0})");
    check("x: { inherit (x) a b; inherit ({}) c; }", "(fn x {a<-from 0 b<-from 0 c<-from 1 from 0:0 from {}})");
    check("let a = 1; inherit (a) b; in b", "(let {a=1 b<-from 0 from 0:0} 0:1)");
    check("with a; b c", "(with a (b? c?))");
    check("x: with x; y: x y z", "(fn x (with 0:0 (fn y ((1:0 0:0) z?))))");
    check("(with a; b) b", "((with a b?) b)");
    check("let { a = 1; body = a; }", "(. rec {a=1 body=0:0} \"body\")");
    check("x: rec { ${x} = x; x = y: x; }", "(fn x rec {x=(fn y 1:0) ${0:0}=0:0})");
}

#[test]
fn dotted_keys() {
    check("{ a.b = 1; a.c.d = 2; }", "{a={b=1 c={d=2}}}");
    check("{ a = { x = 1; }; a.y = 2; }", "{a={x=1 y=2}}");
    check("{ a.y = 2; a = { x = 1; }; }", "{a={y=2 x=1}}");
    check("{ a = ({ x = 1; }); a.y = 2; }", "{a={x=1 y=2}}");
    check("{ a = rec { x = 1; }; a.y = x; }", "{a=rec {x=1 y=0:0}}");
    check("{ a.y = x; a = rec { x = 1; }; }", "{a={y=x x=1}}");
    check("{ \"a.b\".c = 1; \"a.b\".d = 2; }", "{a.b={c=1 d=2}}");
    check("{ ${\"a\"}.c = 1; a.d = 2; }", "{a={c=1 d=2}}");
    check("let a.b = 1; a.c = a.b; in a", "(let {a={b=1 c=(. 0:0 \"b\")}} 0:0)");
    check("x: { a.${x}.b = 1; a.${x}.c = 2; }", "(fn x {a={${0:0}={b=1} ${0:0}={c=2}}})");
    check(
        "x: { a = { inherit (x) b; }; a = { inherit (x) c; }; }",
        "(fn x {a={b<-from 0 c<-from 1 from 0:0 from 0:0}})",
    );
    check("{ a = { b.c = 1; }; a = { b.d = 2; b.e.f = 3; }; }", "{a={b={c=1 d=2 e={f=3}}}}");
    check("{ a.b = { c = 1; }; a = { b = { d = 2; }; }; }", "{a={b={c=1 d=2}}}");
    check(
        "x: { a = { b = { inherit (x) c; }; }; a = { b = { inherit (x) d; }; }; }",
        "(fn x {a={b={c<-from 0 d<-from 1 from 0:0 from 0:0}}})",
    );
    check("rec { x = 1; a.b = x; a.c = rec { x = 2; y = x; }; }", "rec {x=1 a={b=0:0 c=rec {x=2 y=0:0}}}");
}

#[test]
fn what_nix_refuses() {
    let twice = "is defined a second time in the same set";
    check("{ a = 1; a = 2; }", &format!("{{a=1}}\n9..10 `a` {twice}"));
    check("{ a = 1; a.b = 2; }", &format!("{{a=1}}\n9..12 `a` {twice}"));
    check("{ a.b = 1; a = { b = 2; c = 3; }; }", &format!("{{a={{b=1 c=3}}}}\n17..18 `b` {twice}"));
    check("{ a = { b.c = 1; }; a = { b.c = 2; }; }", &format!("{{a={{b={{c=1}}}}}}\n26..29 `c` {twice}"));
    check("x: { inherit x; x.y = 1; }", &format!("(fn x {{x<-0:0}})\n16..19 `x` {twice}"));
    check("{ a, a }: a", "(fn (a) 0:0)\n5..6 the argument `a` is named a second time");
    check("a@{ a }: a", "(fn (a) 0:0)\n0..1 the argument `a` is named a second time");
    check("let ${x} = 1; in 2", "(let {} 2)\n4..8 `let` takes written names only, not computed ones");
}

#[test]
fn half_typed() {
    check("{ a = ; b = 2; }", "{a=ERROR b=2}\n4..5 a value is missing after this");
    check("{ a = 1 b = 2; }", "{a=1 b=2}\n6..7 `;` is missing after this");
    check("{ a.b = x.y\n c.d = 2; }", "{a={b=(. x \"y\")} c={d=2}}\n10..11 `;` is missing after this");
    check("{ a = x.\n b = 2; }", "{a=ERROR b=2}\n7..8 a value is missing after this");
    check("{ a = x.; b = 2; }", "{a=ERROR b=2}\n7..8 a value is missing after this");
    check("{ a. = 1; b = 2; }", "{b=2}\n3..4 a value is missing after this");
    check("{ a = 1; b = 2 }", "{a=1 b=2}\n13..14 `;` is missing after this");
    check("{ a = 1\n inherit (b) c; }", "{a=1 c<-from 0 from b}\n6..7 `;` is missing after this");
    check("let a = 1 in a", "(let {a=1} 0:0)\n8..9 `;` is missing after this");
    check("let a = in a", "(let {a=ERROR} 0:0)\n6..7 a value is missing after this");
    check("{ a = [ 1 2; b = 3; }", "{a=[1 2] b=3}\n10..11 `]` is missing after this");
    check("{ a = f (x; b = 3; }", "{a=(f x) b=3}\n9..10 `)` is missing after this");
    check("{ a = [ (f x ]; b = 3; }", "{a=[(f x)] b=3}\n11..12 `)` is missing after this");
    check("{ a = b ++ ; c = 1; }", "{a=(Concat b ERROR) c=1}\n8..10 a value is missing after this");
    check("{ a = if x then y else; c = 1; }", "{a=(if x y ERROR) c=1}\n18..22 a value is missing after this");
    check("{ x }: services = { a = 1; };\n}", "(fn (x) {services={a=1}})\n5..6 `{` is missing after this");
    check("let in a.b = 1; c = 2; }", "(let {} {a={b=1} c=2})\n4..6 `{` is missing after this");
    check("{ a = \"x;\n b = \"y\"; c = 1; }", "{a=\"x\" b=\"y\" c=1}\n6..7 this string is never closed");
    check("{ a = 1; b = { c = 2;", "{a=1 b={c=2}}\n0..1 this `{` is never closed\n13..14 this `{` is never closed");
    check("{ a = x: with y; z; b = (with y; z); }", "{a=(fn x (with y z?)) b=(with y z?)}");
}

#[test]
fn errors_have_ranges() {
    check("\u{feff}{ a = b; }", "{a=b}\n0..3 Nix refuses this byte order mark");
    check("1 # a\rb", "1\n5..6 this carriage return ends the comment");
    check("[ 1\u{a0}2 ]", "[1 2]\n3..5 Nix does not know this kind of space");
    check("[ x: x ]", "[(fn x 0:0)]\n2..6 a function needs parentheses here");
    check("", "ERROR\n0..0 the file ends too early");
    check("{ } }", "{}\n4..5 this does not belong here");
    check("\"a", "ERROR\n0..1 this string is never closed");
}
