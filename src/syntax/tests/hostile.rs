//! Text that is broken, huge or made to hurt: never a panic, always a tree.

use crate::source::FileId;
use crate::syntax::{Tree, comments, parse, print::show, with_big_stack};

fn first_error(input: &str) -> String {
    let tree = parse(FileId(0), input);
    tree.errors.first().map(|error| error.message.clone()).unwrap_or_default()
}

fn check_whole(tree: &Tree, text: &str) {
    for (id, range) in tree.ranges.iter().enumerate() {
        let covered = text.get(range.start as usize..range.end as usize);
        let exact = covered.is_some_and(|covered| covered.trim() == covered || !tree.errors.is_empty());
        assert!(exact, "expression {id} at {range:?} of {text:?}");
    }
    for error in &tree.errors {
        assert!(error.range.end as usize <= text.len(), "{error:?} of {text:?}");
    }
}

#[test]
fn nesting_is_bounded() {
    let too_deep = "nested deeper than 500 levels: not read";
    for (open, close) in [("(", ")"), ("[", "]"), ("{a=", ";}"), ("\"${", "}\""), ("f (", ")"), ("[{a=[", "];}]")] {
        let nested = |times| format!("{}1{}", open.repeat(times), close.repeat(times));
        assert_eq!(first_error(&nested(150)), "", "{open}");
        assert_eq!(first_error(&nested(100_000)), too_deep, "{open}");
        assert_eq!(first_error(&open.repeat(100_000)), too_deep, "{open}");
    }
    for repeated in ["!", "- ", "f ", "a.b or ", "a ? b ? ", "x: ", "let a = 1; in ", "with a; ", "if a then b else "] {
        assert_eq!(first_error(&format!("{}a", repeated.repeat(20_000))), too_deep, "{repeated}");
    }
    assert_eq!(first_error(&format!("a{}", ".a".repeat(100_000))), "too tangled: not read");
    assert_eq!(first_error(&" ".repeat(5_000_000)), "larger than 4 MB: not read");
}

#[test]
fn chains_are_not_bounded() {
    for operator in ["+", "++", "//", "->", "&&", "|>", "<|", "-"] {
        let times = if operator == "++" { 100_000 } else { 2_000 };
        assert_eq!(first_error(&format!("a{}", format!(" {operator} a").repeat(times))), "", "{operator}");
    }
    assert_eq!(first_error(&format!("[{}]", " a".repeat(100_000))), "");
    assert_eq!(first_error(&format!("\"{}\"", "${a}".repeat(2_000))), "");
}

#[test]
fn comments_are_found() {
    let found = comments("# a\r\n\"# no\" /* b\n */ #c\n''${d /* e */}''");
    let found: Vec<_> = found.iter().map(|comment| (comment.range.start, comment.text.as_str())).collect();
    assert_eq!(found, [(0, "# a"), (12, "/* b\n */"), (21, "#c"), (30, "/* e */")]);
}

/// A linear congruential generator: the same numbers on every machine.
struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
        (self.0 >> 33) as usize % limit
    }
}

const SEEDS: [&str; 6] = [
    "{ config, lib ? <nixpkgs/lib>, ... }@args: with lib; { services.a = { enable = true; b.\"c.d\" = 1.5e3; }; }",
    "let inherit (x) a b; c.d = [ ./a/${b}.nix ~/x /y ]; c.e = 2; in assert a ? b.c; a.b or c |> f",
    "''\n  a ${b \"c${d}\"} ''$ ''' ''\\n\n    e\n'' + \"f\\\"\\${g}$${h}\" + http://a.b/c",
    "rec { a = x: y: -x + !y -> (z // { ${a} = b; }); inherit a; } # comment\n/* another */",
    "if a then let { body = 1; } else { a, b, }: a == b && c != d || e >= f * 2 / 3 - 4 ++ [ ]",
    "{ a = ; b. = 1; c = 2 d = \"e; }",
];

const BITS: [&str; 24] = [
    "{", "}", "[", "]", "(", ")", "\"", "''", "${", ";", "=", ".", "/", "<", ">", "@", "\r", "\u{feff}", "\0", "ä",
    "let ", " in ", "#", "/*",
];

fn mutated(random: &mut Random) -> String {
    let mut text: Vec<char> = SEEDS[random.below(SEEDS.len())].chars().collect();
    for _ in 0..1 + random.below(4) {
        let at = random.below(text.len() + 1);
        let end = (at + random.below(6)).min(text.len());
        match random.below(4) {
            0 => drop(text.drain(at..end)),
            1 => text.truncate(at.max(1)),
            2 => text.splice(at..at, BITS[random.below(BITS.len())].chars()).for_each(drop),
            _ => {
                let copied = text[at..end].to_vec();
                let to = random.below(text.len() + 1);
                text.splice(to..to, copied).for_each(drop);
            }
        }
    }
    text.into_iter().collect()
}

#[test]
fn broken_text_never_panics() {
    let mut random = Random(1);
    for _ in 0..6_000 {
        let text = mutated(&mut random);
        let tree = parse(FileId(0), &text);
        check_whole(&tree, &text);
        show(&tree);
        comments(&text);
    }
}

#[test]
fn big_stacks_nest() {
    assert_eq!(with_big_stack(|| with_big_stack(|| 1) + 1), 2);
}
