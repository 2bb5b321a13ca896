//! The examples on the pages of rules, by Nix and without: no contradictions, and the same findings.
//!
//! Each example is a whole configuration here. A part of them is run by default; `EXAMPLES=all` runs
//! all, `EXAMPLES=rule-id` those of one page.

use super::fixtures::place;
use super::project::{modules, nix};
use optlint::bridge::Bridge;
use optlint::check::{Evaluation, Resolved, Wishes, evaluate, resolve};
use optlint::lint::{self, Outcome, Rule};
use optlint::syntax::with_big_stack;
use optlint::verify::expect::Example;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

/// By default one example of so many is run.
const SHARE: usize = 8;

/// An example on the disk.
struct Case<'r> {
    rule: &'r Rule,
    /// `rule:line`.
    name: String,
    example: Example,
}

/// `file:line:column message` and the certainty, for every finding of a rule, and whether it could not decide something.
fn answers(resolved: &mut Resolved, rule: &Rule) -> (BTreeMap<String, String>, bool) {
    let whole: Vec<_> = resolved.configurations.iter().filter(|one| one.whole).cloned().collect();
    let Outcome { findings, undecided, .. } = lint::run(&mut resolved.eval, &whole, &[rule]);
    let sources = &resolved.eval.sources;
    let shown = |finding: &optlint::finding::Finding| {
        let place = format!("{} {}", place(sources, finding), finding.message);
        (place, finding.certainty.to_string())
    };
    (findings.iter().map(shown).collect(), !undecided.is_empty())
}

/// What is wrong with one example.
fn examine(case: &Case<'_>, work: &Path, at: usize, bridge: &Bridge) -> Vec<String> {
    let folder = work.join(at.to_string());
    std::fs::create_dir_all(folder.join(".git")).expect("a folder");
    for file in &case.example.files {
        let path = folder.join(&file.path);
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        std::fs::write(path, &file.text).expect("a file");
    }
    let first = case.example.files.first().map_or("default.nix", |file| &file.path);
    let entry = folder.join(first);
    let file = work.join(format!("{at}.nix"));
    let tests = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests").display().to_string();
    // NixOS itself has a default for it.
    let version = "({ lib, ... }: { system.stateVersion = lib.mkOptionDefault \"24.05\"; })";
    let text = format!("import {tests}/options/evaluate.nix {{ {} }} [ {} {version} ]\n", modules(), entry.display());
    std::fs::write(&file, text).expect("a file");
    let patterns = case.rule.page.options();
    let wishes = Wishes { entry_points: vec![entry], ..Wishes::default() };
    let mut resolved = resolve(&[folder], patterns, &wishes);
    let name =
        resolved.configurations.iter().find(|one| one.whole && !one.guest).expect("a configuration").name.clone();
    let (before, undecided) = answers(&mut resolved, case.rule);
    let told = resolved.problems.len();
    let evaluation = Evaluation { bridge, file: Some(file), names: vec![name], jobs: 1, secrets: &[] };
    let differences = evaluate(&mut resolved, &evaluation, patterns, &mut |_, _, _| {}).expect("the configuration");
    let mut wrong: Vec<String> =
        differences.iter().map(|(_, one)| format!("{}: Nix {}, ours {}", one.path, one.nix, one.ours)).collect();
    let (after, _) = answers(&mut resolved, case.rule);
    // Examples name files that are not there: Nix cannot look at them.
    let absent = resolved.problems[told..].iter().any(|problem| problem.message.contains("getting status of"));
    for (place, certainty) in before.iter().filter(|_| !absent) {
        match after.get(place) {
            None if certainty == "certain" => wrong.push(format!("only without Nix: {place}")),
            Some(now) if certainty == "certain" && now != certainty => wrong.push(format!("less certain: {place}")),
            _ => {}
        }
    }
    let silent = |place: &&String| !before.contains_key(*place) && !undecided;
    wrong.extend(after.keys().filter(silent).map(|place| format!("only with Nix: {place}")));
    if !wrong.is_empty() {
        wrong.extend(resolved.problems[told..].iter().map(|problem| format!("({})", problem.message)));
    }
    wrong.into_iter().map(|line| format!("{}: {line}", case.name)).collect()
}

#[test]
fn examples_say_the_same_through_nix() {
    let only = std::env::var("EXAMPLES").unwrap_or_default();
    let rules: Vec<Rule> = optlint::rules::shipped().map(|one| Rule::shipped(one).expect("a page")).collect();
    let mut cases = vec![];
    for rule in &rules {
        for block in rule.page.blocks() {
            if ["nix", "nix fixed", "nix configuration"].contains(&block.info.as_str()) {
                let name = format!("{}:{}", rule.page.id.as_str(), block.line);
                cases.push(Case { rule, name, example: Example::parse(&block.text) });
            }
        }
    }
    let wanted = |(at, case): &(usize, Case<'_>)| match &*only {
        "" => at % SHARE == 0,
        "all" => true,
        id => case.rule.page.id.as_str() == id,
    };
    let cases: Vec<_> = cases.into_iter().enumerate().filter(wanted).collect();
    assert!(!cases.is_empty(), "no page is called {only}");
    let work = tempfile::tempdir().expect("a folder");
    let (bridge, next) = (nix(), AtomicUsize::new(0));
    let one_after_the_other = || {
        let mut wrong = vec![];
        while let Some((at, case)) = cases.get(next.fetch_add(1, Relaxed)) {
            wrong.extend(examine(case, work.path(), *at, &bridge));
        }
        wrong
    };
    let wrong: BTreeSet<String> = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..2).map(|_| scope.spawn(|| with_big_stack(one_after_the_other))).collect();
        threads.into_iter().flat_map(|thread| thread.join().expect("no panic")).collect()
    });
    assert!(wrong.is_empty(), "\n{}", wrong.into_iter().collect::<Vec<_>>().join("\n"));
}
