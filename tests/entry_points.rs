//! What is recognised as a configuration, and as what: each folder under `fixtures/entry-points/`
//! is a project, and `recognised.txt` in it says what is found there.
//!
//! `UPDATE=1` writes the files again.

use optlint::check::check;
use optlint::eval::Eval;
use optlint::finding::Finding;
use optlint::lint::{Category, load as load_rules};
use optlint::option::{Configuration, OptionEntry, OptionPattern, Purpose};
use optlint::resolve::{Request, Resolver};
use optlint::rules::{STAND_IN, shipped};
use optlint::source::files::Disk;
use optlint::source::load;
use optlint::syntax::with_big_stack;
use std::path::{Path, PathBuf};

/// The options that are shown, as far as somebody defines them.
const SHOWN: [&str; 4] = ["networking.hostName", "networking.domain", "services.nginx.enable", "my"];

fn cases() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/entry-points");
    let mut cases: Vec<_> =
        std::fs::read_dir(folder).expect("the fixtures").flatten().map(|entry| entry.path()).collect();
    cases.sort();
    cases
}

/// One configuration as lines: what it is, what was not followed, and values.
fn shown(configuration: &Configuration) -> String {
    let mut text = format!("{}: {}", configuration.name, configuration.recognised_by);
    if !configuration.whole {
        text.push_str(" (not whole)");
    }
    if configuration.purpose == Purpose::Test {
        text.push_str(" (for a test)");
    }
    text.push('\n');
    for gap in &configuration.gaps {
        text.push_str(&format!("  not followed: {}\n", gap.unknown.cause));
    }
    values(&configuration.root, &mut text);
    text
}

fn values(entry: &OptionEntry, text: &mut String) {
    if !entry.definitions.is_empty() {
        text.push_str(&format!("  {} = {}\n", entry.path, entry.value));
    }
    for child in entry.children.values() {
        values(child, text);
    }
}

fn recognised(folder: &Path) -> String {
    let patterns: Vec<OptionPattern> = SHOWN.iter().map(|option| OptionPattern::parse(option)).collect();
    let mut eval = Eval::new(Box::new(Disk::new(vec![folder.to_path_buf()])));
    let resolver = Resolver::new(&mut eval, STAND_IN);
    let files = load::walk(folder).files;
    let found = resolver.project(&mut eval, folder, &files, &mut Request::all(&patterns));
    let problems = eval.problems.iter().map(|(path, message)| format!("{}: {message}\n", path.display()));
    let texts: Vec<String> = found.iter().map(shown).chain(problems).collect();
    texts.join("\n")
}

#[test]
fn projects_are_recognised() {
    let mut wrong = vec![];
    for case in cases() {
        let found = with_big_stack(|| recognised(&case));
        let file = case.join("recognised.txt");
        if std::env::var_os("UPDATE").is_some() {
            std::fs::write(&file, &found).expect("written");
        } else if std::fs::read_to_string(&file).ok().as_ref() != Some(&found) {
            wrong.push(format!("{} should be:\n{found}", file.display()));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// The places of findings about secrets: `path:line`.
fn secrets(folder: &Path) -> Vec<String> {
    let (rules, errors) = load_rules(shipped());
    assert!(errors.is_empty());
    let rules: Vec<_> = rules.iter().filter(|rule| rule.page.category == Category::Secrets).collect();
    let (report, sources) = check(&[folder.to_path_buf()], &rules);
    let place = |finding: &Finding| {
        let span = finding.primary.at.span().expect("a place");
        let path = &sources.file(span.file).path;
        let path = path.strip_prefix(folder).unwrap_or(path);
        format!("{}:{}", path.display(), sources.position(span.file, span.start).line)
    };
    report.findings.iter().map(place).collect()
}

#[test]
fn secrets_of_tests_are_dummies() {
    let case = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/entry-points/tests");
    let found = with_big_stack(|| secrets(&case));
    assert_eq!(found, ["tests/hosts/machine.nix:8", "unused.nix:4"]);
}

#[test]
fn what_specialisations_inherit_is_reported_once() {
    let case = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/entry-points/specialisation");
    let found = with_big_stack(|| secrets(&case));
    assert_eq!(found, ["configuration.nix:8", "configuration.nix:12"]);
}
