//! How long each stage of a run takes, by itself: `cargo bench` (a name behind `--` picks some of them).
//!
//! For whoever works on one of them. What whole runs cost is measured by `measure.py`, and what main paths may cost
//! at most is held by `instructions.py`.

use divan::{Bencher, black_box};
use optlint::check;
use optlint::eval::Eval;
use optlint::finding::Report;
use optlint::lint::{self, Rule};
use optlint::report::{self, Format, Options};
use optlint::rules;
use optlint::source::files::Memory;
use optlint::source::{FileId, Sources, load};
use optlint::syntax;
use std::path::{Path, PathBuf};

fn main() {
    syntax::with_big_stack(divan::main);
}

fn folder(below: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(below)
}

fn sample() -> PathBuf {
    folder("fixtures/configurations/sample")
}

fn all_rules() -> Vec<Rule> {
    lint::load(rules::shipped()).0
}

/// The files below a folder.
#[divan::bench]
fn walk() -> usize {
    load::walk(black_box(&folder("fixtures"))).files.len()
}

/// A file's text to its tree, as evaluation takes it.
#[divan::bench(args = ["synapse.nix", "element.nix"])]
fn parse(bencher: Bencher<'_, '_>, name: &str) {
    let mut sources = Sources::default();
    let text = load::read_text(&sample().join(name)).expect("a fixture");
    let file: FileId = sources.add(name.into(), text.as_str());
    bencher.bench_local(|| syntax::parse(file, black_box(&text)));
}

/// Closed expressions, by an evaluator that has read nothing yet.
#[divan::bench(args = [
    "builtins.foldl' (a: b: a + b) 0 (builtins.genList (n: n * n) 5000)",
    "builtins.concatStringsSep \",\" (map toString (builtins.sort builtins.lessThan (builtins.genList (n: 5000 - n) 2000)))",
    "let f = n: if n < 2 then n else f (n - 1) + f (n - 2); in f 16",
])]
fn evaluate(expression: &str) -> String {
    let mut eval = Eval::new(Box::new(Memory::default()));
    let thunk = eval.text_as("/expression.nix".into(), expression);
    eval.freeze(&thunk).to_string()
}

/// The pages of all rules, as they ship.
#[divan::bench]
fn pages() -> usize {
    all_rules().len()
}

/// Everything from paths to a report, with all rules.
#[divan::bench(args = ["sample", "manual-flake", "generated-vhosts"])]
fn check(bencher: Bencher<'_, '_>, name: &str) {
    let (rules, path) = (all_rules(), folder("fixtures/configurations").join(name));
    let rules: Vec<&Rule> = rules.iter().collect();
    bencher.bench_local(|| check::check(std::slice::from_ref(&path), &rules));
}

/// A report in each format.
#[divan::bench(args = Format::ALL)]
fn write(bencher: Bencher<'_, '_>, format: Format) {
    let rules = all_rules();
    let rules: Vec<&Rule> = rules.iter().collect();
    let (report, sources): (Report, Sources) = check::check(&[sample()], &rules);
    let options = Options::plain(sample());
    bencher.bench_local(|| {
        let mut out = vec![];
        report::write(format, &report, &sources, &options, &mut out).expect("there is room");
        out
    });
}
