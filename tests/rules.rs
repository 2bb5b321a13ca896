//! Every page under `rules/` is listed, loads, and keeps what its examples promise.

#![allow(clippy::unwrap_used)] // a test fails by panicking

use optlint::finding::Report;
use optlint::lint::markdown::Block;
use optlint::lint::{Category, Rule, Selection, Tier, load, run};
use optlint::option::PatternStep;
use optlint::report::{Format, Options, write};
use optlint::rules::{STAND_IN, shipped};
use optlint::value::Unknown;
use optlint::verify::expect::{Example, ExampleFile, Kind};
use optlint::verify::{Workbench, check};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// Stack of a thread that evaluates, in bytes.
const STACK: usize = 256 << 20;

/// The files below `rules/` whose name ends with `ending`, without it, relative and sorted.
fn files(ending: &str) -> BTreeSet<String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("rules");
    let mut found = BTreeSet::new();
    let mut folders: Vec<PathBuf> = vec![root.clone()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap().flatten() {
            let path = entry.path();
            let name = path.strip_prefix(&root).unwrap().to_string_lossy().replace('\\', "/");
            match name.strip_suffix(ending) {
                _ if path.is_dir() => folders.push(path),
                Some(name) => found.extend([name.to_owned()]),
                None => {}
            }
        }
    }
    found
}

fn rules() -> Vec<Rule> {
    let (rules, errors) = load(shipped());
    let errors: Vec<String> = errors.iter().map(|(name, error)| format!("rules/{name}.md:{error}")).collect();
    assert!(errors.is_empty(), "\n{}", errors.join("\n"));
    rules
}

/// Runs `f` for every rule, on threads that may evaluate; what it says is what is wrong.
fn for_every_rule(f: impl Fn(&mut Workbench, &Rule) -> Vec<String> + Copy + Send + Sync) {
    let rules = rules();
    let half = rules.len().div_ceil(2).max(1);
    let wrong: Vec<String> = std::thread::scope(|scope| {
        let threads: Vec<_> = rules
            .chunks(half)
            .map(|part| {
                let work = move || {
                    let mut bench = Workbench::new(STAND_IN);
                    part.iter().flat_map(|rule| f(&mut bench, rule)).collect::<Vec<String>>()
                };
                std::thread::Builder::new().stack_size(STACK).spawn_scoped(scope, work).unwrap()
            })
            .collect();
        threads.into_iter().flat_map(|thread| thread.join().unwrap()).collect()
    });
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn every_page_is_listed() {
    let listed: BTreeSet<String> = shipped().map(|rule| rule.name.to_owned()).collect();
    assert_eq!(listed.len(), shipped().count(), "a page is listed twice");
    assert_eq!(files(".md"), listed, "pages (left) and the lists beside them (right)");
    for (name, rule) in shipped().map(|rule| (rule.name, Rule::shipped(rule).unwrap())) {
        let folder = name.rsplit('/').nth(1).unwrap();
        assert!(!name.starts_with("matrix/") || folder == rule.page.category.as_str(), "{name} is in the wrong folder");
    }
    let ids: BTreeSet<_> = rules().into_iter().map(|rule| rule.page.id).collect();
    assert_eq!(ids.len(), shipped().count(), "two rules have one id");
}

/// What a page has to say besides its header, in this order.
const SECTIONS: [&str; 5] =
    ["Why it matters", "How to mend it", "When it is fine", "Examples that are found", "Examples that are fine"];

/// What is wrong, why, what to do about it, what is not wrong, and where all that is written.
#[test]
fn every_page_is_complete() {
    let mut wrong = vec![];
    for (name, text) in shipped().map(|rule| (rule.name, rule.text)) {
        let headings: Vec<&str> = text.lines().filter_map(|line| line.strip_prefix("## ")).collect();
        let (sections, rest) = headings.split_at(SECTIONS.len().min(headings.len()));
        if sections != SECTIONS || !(rest.is_empty() || rest == ["Sources"]) {
            wrong.push(format!("{name} has the sections {headings:?}"));
            continue;
        }
        for section in text.split("\n## ").skip(1) {
            if section.lines().skip(1).all(|line| line.trim().is_empty()) {
                wrong.push(format!("{name} says nothing in {:?}", section.lines().next()));
            }
        }
        let mend = text.split("\n## ").find(|section| section.starts_with("How to mend it")).unwrap_or_default();
        if !mend.contains("```") {
            wrong.push(format!("{name} shows nothing that can be pasted"));
        }
        if rest.is_empty() && !text.contains("  sources = [") {
            wrong.push(format!("{name} names no source"));
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

/// The words by which rules are switched: names, categories and tiers.
#[test]
fn every_word_selects_its_rules() {
    let rules = rules();
    let ids = |holds: &dyn Fn(&Rule) -> bool| -> BTreeSet<&str> {
        rules.iter().filter(|rule| holds(rule)).map(|rule| rule.page.id.as_str()).collect()
    };
    let selected = |word: &str| {
        let only = Selection { select: Some(vec![word.to_owned()]), ..Selection::default() };
        ids(&|rule| only.decides(&rule.page, rule.page.tier == Tier::Default))
    };
    for category in Category::ALL {
        let expected = ids(&|rule| rule.page.category == category);
        assert!(!expected.is_empty(), "{}", category.as_str());
        assert_eq!(selected(category.as_str()), expected, "{}", category.as_str());
    }
    for tier in [Tier::Default, Tier::Pedantic] {
        let expected = ids(&|rule| rule.page.tier == tier);
        assert!(!expected.is_empty(), "{}", tier.as_str());
        assert_eq!(selected(tier.as_str()), expected, "{}", tier.as_str());
    }
    for id in ids(&|_| true) {
        assert_eq!(selected(id), BTreeSet::from([id]));
    }
}

#[test]
fn every_declaration_is_listed() {
    let listed: BTreeSet<String> =
        STAND_IN.declarations.iter().map(|(name, _)| name.trim_matches(['<', '>']).to_owned()).collect();
    let modules: BTreeSet<String> = files(".nix").into_iter().filter(|name| name.contains("/options/")).collect();
    assert_eq!(modules, listed, "modules (left) and the list in rules/mod.rs (right)");
}

/// In a configuration that defines nothing, an option that is declared is known not to be
/// defined; one that nobody declares might be anything.
#[test]
fn every_listed_option_is_declared() {
    for_every_rule(|bench, rule| {
        let example = Example::parse("{ }");
        let project = bench.open(&example);
        let configurations = bench.resolve(&project, true, rule.page.options());
        let undeclared = rule.page.options().iter().filter(|pattern| {
            let names = pattern.0.iter().map_while(|step| match step {
                PatternStep::Name(name) => Some(name.as_str()),
                PatternStep::Any => None,
            });
            let names: Vec<&str> = names.collect();
            let undeclared = |unknown: &Unknown| !unknown.cause.is_elsewhere();
            configurations.iter().any(|configuration| configuration.may_exist(&names).is_some_and(undeclared))
        });
        undeclared.map(|pattern| format!("{} reads `{pattern}`, which no module declares", rule.page.id)).collect()
    });
}

/// `RULE=id cargo test --test rules` checks one page.
#[test]
fn examples_hold() {
    let only = std::env::var("RULE").ok();
    let only = only.as_deref();
    for_every_rule(|bench, rule| {
        let id = rule.page.id.as_str();
        if only.is_some_and(|only| only != id) {
            return vec![];
        }
        let name = rule.page.url.clone().unwrap_or_default();
        check(bench, rule, &name).iter().map(ToString::to_string).collect()
    });
}

#[test]
fn reports_show_no_secret() {
    for_every_rule(|bench, rule| {
        let blocks = rule.page.blocks().filter(|block| block.info.starts_with("nix") && rule.page.sensitive);
        blocks.flat_map(|block| shown_secrets(bench, rule, block)).collect()
    });
}

/// The secrets of an example that some format shows.
fn shown_secrets(bench: &mut Workbench, rule: &Rule, block: &Block) -> Vec<String> {
    let example = Example::parse(&block.text);
    let secrets = secrets(&example);
    if secrets.is_empty() {
        return vec![];
    }
    let project = bench.open(&example);
    let configurations = bench.resolve(&project, block.info.ends_with("configuration"), rule.page.options());
    let outcome = run(&mut bench.eval, &configurations, &[rule]);
    let mut report = Report { findings: outcome.findings, undecided: outcome.undecided, ..Report::default() };
    report.sort_and_merge(&bench.eval.sources);
    let mut shown = Vec::new();
    for format in Format::ALL {
        let mut out = Vec::new();
        let options = Options { undecided: true, ..Options::plain("/example") };
        write(format, &report, &bench.eval.sources, &options, &mut out).unwrap();
        let out = String::from_utf8(out).unwrap();
        for secret in secrets.iter().filter(|secret| out.contains(*secret)) {
            shown.push(format!("{}:{} {format:?} shows {secret}", rule.page.id, block.line));
        }
    }
    shown
}

/// What the literals under carets hold, and files that are not Nix. Short words may be part of
/// an option's name.
fn secrets(example: &Example) -> Vec<String> {
    let is_finding = |kind: &Kind| matches!(kind, Kind::Finding { .. });
    let marked = example.annotations.iter().filter(|annotation| is_finding(&annotation.kind) && !annotation.todo);
    let literals = marked.map(|it| example.files[it.file].columns(it.line, it.start, it.end));
    let literals = literals.filter_map(|text| Some(text.strip_prefix('"')?.strip_suffix('"')?.to_owned()));
    let data = |file: &&ExampleFile| !file.path.ends_with(".nix");
    let files = example.files.iter().filter(data).map(|file| file.text.trim().to_owned());
    literals.chain(files).filter(|secret| secret.len() >= 8 && !secret.contains("${")).collect()
}
