//! The configurations under `fixtures/`, by Nix and without: no contradictions, and the same findings.

use super::project::{both, modules};
use optlint::check::Resolved;
use optlint::lint::{self, Rule};
use optlint::source::load;
use optlint::syntax::with_big_stack;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// `file:line:column` of a finding's primary label.
pub(crate) fn place(sources: &optlint::source::Sources, finding: &optlint::finding::Finding) -> String {
    let at = finding.primary.at;
    let Some((file, span)) = at.file().zip(at.span()) else { return "nowhere".to_owned() };
    let position = sources.position(file, span.start);
    let path = sources.file(file).path.file_name().unwrap_or_default().to_string_lossy();
    format!("{path}:{}:{}", position.line, position.column)
}

/// `rule file:line:column`, for every finding in a configuration.
fn findings(resolved: &mut Resolved, rules: &[&Rule]) -> BTreeSet<String> {
    let whole: Vec<_> = resolved.configurations.iter().filter(|one| one.whole).cloned().collect();
    let outcome = lint::run(&mut resolved.eval, &whole, rules);
    let sources = &resolved.eval.sources;
    let shown = |finding: &optlint::finding::Finding| {
        let place = place(sources, finding);
        format!("{} {place} {}", finding.rule, finding.certainty)
    };
    outcome.findings.iter().map(shown).collect()
}

/// What is wrong with one fixture.
fn examine(folder: &Path, file: PathBuf, rules: &[&Rule]) -> Vec<String> {
    let mut patterns = lint::patterns(rules);
    patterns.push(optlint::option::OptionPattern::parse("my"));
    let name = {
        let found = optlint::check::resolve(&[folder.to_path_buf()], &patterns, &optlint::check::Wishes::default())
            .configurations;
        found.into_iter().find(|one| one.whole && !one.guest).expect("a configuration").name
    };
    let (mut without, mut with, differences) = both(folder, file, &name, &patterns);
    let mut wrong: Vec<String> =
        differences.iter().map(|(_, one)| format!("{}: Nix {}, ours {}", one.path, one.nix, one.ours)).collect();
    let told = |resolved: &Resolved| -> Vec<String> {
        resolved.problems.iter().map(|problem| problem.message.clone()).collect()
    };
    wrong.extend(told(&with).into_iter().filter(|one| !told(&without).contains(one)));
    let (before, after) = (findings(&mut without, rules), findings(&mut with, rules));
    wrong.extend(before.difference(&after).map(|one| format!("only without Nix: {one}")));
    wrong.extend(after.difference(&before).map(|one| format!("only with Nix: {one}")));
    wrong
}

/// A project to evaluate.
pub(crate) struct ProjectOf {
    pub(crate) name: String,
    pub(crate) folder: PathBuf,
    /// What gives it to Nix.
    pub(crate) file: PathBuf,
}

/// Where projects are that both sides are asked about, or the one folder that `PROJECTS` names.
fn folders() -> Vec<PathBuf> {
    let ours = || ["fixtures/configurations", "tests/bridge/systems"].map(|folder| root().join(folder)).to_vec();
    std::env::var("PROJECTS").map_or_else(|_| ours(), |folder| vec![folder.into()])
}

/// The projects, copied to `work`: what is around them is not read.
pub(crate) fn projects(work: &Path) -> Vec<ProjectOf> {
    let tests = root().join("tests").display().to_string();
    let one = |all: &Path, name: String| {
        let folder = work.join(&name);
        copy(&all.join(&name), &folder);
        std::fs::create_dir_all(folder.join(".git")).expect("a folder");
        let file = work.join(format!("{name}.nix"));
        let arguments = format!("{} folder = {};", modules(), work.display());
        let text = format!("import {tests}/options/fixture.nix {{ {arguments} }} \"{name}\"\n");
        std::fs::write(&file, text).expect("a file");
        ProjectOf { name, folder, file }
    };
    let of = |all: &PathBuf| {
        load::read_dir(all)
            .expect("a folder of projects")
            .into_iter()
            .map(|(name, _)| one(all, name))
            .collect::<Vec<_>>()
    };
    folders().iter().flat_map(of).collect()
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).expect("a folder");
    for entry in std::fs::read_dir(from).expect("a folder").flatten() {
        let to = to.join(entry.file_name());
        match entry.file_type().expect("a file").is_dir() {
            true => copy(&entry.path(), &to),
            false => drop(std::fs::copy(entry.path(), to).expect("a copy")),
        }
    }
}

/// What is expected to differ, and why: each line of the list is `fixture: text`.
fn expected() -> BTreeSet<String> {
    let text = std::fs::read_to_string(root().join("tests/bridge/differences.txt")).expect("differences.txt");
    text.lines().filter(|line| !line.starts_with('#') && !line.is_empty()).map(String::from).collect()
}

#[test]
fn nix_and_the_static_side_agree() {
    let shipped: Vec<Rule> = optlint::rules::shipped().map(|one| Rule::shipped(one).expect("a page")).collect();
    let rules: Vec<&Rule> = shipped.iter().collect();
    let work = tempfile::tempdir().expect("a folder");
    let mut found = BTreeSet::new();
    for ProjectOf { name, folder, file } in projects(work.path()) {
        let wrong = with_big_stack(|| examine(&folder, file, &rules));
        found.extend(wrong.into_iter().map(|line| format!("{name}: {line}")));
    }
    let expected = expected();
    let new: Vec<_> = found.difference(&expected).cloned().collect();
    let gone: Vec<_> = expected.difference(&found).cloned().collect();
    assert!(new.is_empty(), "\n{}", new.join("\n"));
    assert!(gone.is_empty(), "no longer so; strike from differences.txt:\n{}", gone.join("\n"));
}
