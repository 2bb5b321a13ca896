//! Where definitions are written: Nix's side alone, without what the static side knows, against the static side.
//!
//! With `NIXPKGS_LIB` and `NIXOS_MODULES` (see `project.rs`) on nixpkgs' own module system and modules;
//! with `PROJECTS`, folders that hold a `configuration.nix` each, on these instead of the fixtures.

use super::fixtures::{ProjectOf, projects};
use super::project::nix;
use optlint::check::{Evaluation, Wishes, evaluate, resolve};
use optlint::lint::{self, Rule};
use optlint::option::{Configuration, Definition, OptionEntry, OptionPattern};
use optlint::shown::lost;
use optlint::source::Sources;
use optlint::syntax::with_big_stack;
use optlint::value::Shape;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// `file:line:column` of the definitions of each option, and of each part of its value.
#[derive(Default)]
struct Places {
    known: BTreeMap<String, BTreeSet<String>>,
    /// Options of which it is not known which definitions count.
    open: BTreeSet<String>,
}

impl Places {
    fn of(configuration: &Configuration, sources: &Sources, folder: &Path) -> Places {
        let mut found = Places::default();
        found.failing(&configuration.root);
        for one in configuration.root.definitions_below().chain(lost(&configuration.root)) {
            let sure = one.condition.is_always() && !matches!(one.value.shape, Shape::Unknown(_));
            match (sure, place(one, sources, folder)) {
                (true, Some(place)) => drop(found.known.entry(one.path.to_string()).or_default().insert(place)),
                _ => drop(found.open.insert(one.path.to_string())),
            }
        }
        found
    }

    /// Options that fail: a refused definition is none to one side and one to the other.
    fn failing(&mut self, entry: &OptionEntry) {
        if matches!(entry.value.shape, Shape::Unknown(_)) {
            self.open.insert(entry.path.to_string());
        }
        entry.children.values().for_each(|child| self.failing(child));
    }

    /// The files that define something inside an option.
    fn below(&self, path: &str) -> BTreeSet<&str> {
        let inside = self.known.iter().filter(|(other, _)| is_inside(other, path));
        inside.flat_map(|(_, places)| places).filter_map(|place| place.split(':').next()).collect()
    }
}

fn is_inside(inner: &str, outer: &str) -> bool {
    inner.strip_prefix(outer).is_some_and(|rest| rest.starts_with(['.', '[']))
}

fn place(definition: &Definition, sources: &Sources, folder: &Path) -> Option<String> {
    let (file, span) = definition.site.file().zip(definition.site.span())?;
    let path = sources.file(file).path.strip_prefix(folder).ok()?;
    let position = sources.position(file, span.start);
    Some(format!("{}:{}:{}", path.display(), position.line, position.column))
}

/// How many definitions stand at the same place for both sides, and what differs.
fn compared(project: &ProjectOf, patterns: &[OptionPattern]) -> (usize, Vec<String>) {
    let ProjectOf { folder, file, .. } = project;
    let mut resolved = resolve(std::slice::from_ref(folder), patterns, &Wishes::default());
    let evaluation = Evaluation { bridge: &nix(), file: Some(file.clone()), names: vec![], jobs: 1, secrets: &[] };
    evaluate(&mut resolved, &evaluation, patterns, &mut |_, _, _| {}).expect("the configuration");
    let is_nix = |one: &&Configuration| file.ends_with(&one.name);
    let sources = &resolved.eval.sources;
    let Some(nix) = resolved.configurations.iter().find(is_nix) else {
        return (0, resolved.problems.iter().map(|problem| problem.message.clone()).collect());
    };
    let ours = resolved.configurations.iter().find(|one| one.whole && !one.guest && !is_nix(one));
    let [ours, nix] = [ours.expect("a configuration"), nix].map(|one| Places::of(one, sources, folder));
    let (none, mut same, mut differing) = (BTreeSet::new(), 0, vec![]);
    for (path, places) in ours.known.iter().filter(|(path, _)| !nix.open.contains(*path)) {
        let told = nix.known.get(path).unwrap_or(&none);
        same += places.intersection(told).count();
        let open = ours.open.contains(path);
        let elsewhere: Vec<_> = if open { vec![] } else { told.difference(places).collect() };
        // One side may see one definition of a set where the other sees one of each attribute.
        let below = nix.below(path);
        let is_finer = |place: &&String| place.split(':').next().is_some_and(|file| below.contains(file));
        let missing: Vec<_> = places.difference(told).filter(|place| !is_finer(place)).collect();
        if !missing.is_empty() || !elsewhere.is_empty() {
            differing.push(format!("{path}: {missing:?}, Nix {elsewhere:?}"));
        }
    }
    let is_new = |path: &&String| {
        let known = ours.known.keys().chain(&ours.open);
        !known.into_iter().any(|own| own == *path || is_inside(path, own))
    };
    differing.extend(nix.known.keys().filter(is_new).map(|path| format!("{path}: only Nix {:?}", nix.known[path])));
    (same, differing)
}

/// What is known to differ; lines with `lib:` are about nixpkgs' library alone.
fn expected() -> BTreeSet<String> {
    let nixpkgs = std::env::var("NIXPKGS_LIB").is_ok();
    let lines = include_str!("places.txt").lines().filter(|line| !line.starts_with('#') && !line.is_empty());
    let here = lines.filter_map(|line| match line.strip_prefix("lib: ") {
        Some(line) => nixpkgs.then_some(line),
        None => Some(line),
    });
    here.map(String::from).collect()
}

#[test]
fn definitions_stand_where_the_static_side_knows_them_to_stand() {
    let shipped: Vec<Rule> = optlint::rules::shipped().map(|one| Rule::shipped(one).expect("a page")).collect();
    let mut patterns = lint::patterns(&shipped.iter().collect::<Vec<_>>());
    patterns.push(OptionPattern::parse("my"));
    let work = tempfile::tempdir().expect("a folder");
    let (mut same, mut differing) = (0, BTreeSet::new());
    for project in projects(work.path()) {
        let (found, wrong) = with_big_stack(|| compared(&project, &patterns));
        same += found;
        differing.extend(wrong.into_iter().map(|line| format!("{}: {line}", project.name)));
    }
    println!("{same} definitions at the same place");
    let expected = if std::env::var("PROJECTS").is_ok() { BTreeSet::new() } else { expected() };
    let new: Vec<_> = differing.difference(&expected).cloned().collect();
    let gone: Vec<_> = expected.difference(&differing).cloned().collect();
    assert!(new.is_empty(), "\n{}", new.join("\n"));
    assert!(gone.is_empty(), "no longer so; strike from places.txt:\n{}", gone.join("\n"));
    assert!(same > 0, "nothing was compared");
}
