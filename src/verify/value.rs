//! Compares values with what annotations say they are.
//!
//! Documents that do so hold ```` ```nix expression ```` blocks, in which carets mark the
//! expression of an attribute or list element, and ```` ```nix ```` or ```` ```nix configuration ````
//! blocks, in which they mark the expression of a definition (the value of that definition)
//! or its attribute path (the merged value of the option).

use super::expect::{Annotation, Example, Kind};
use super::failure::{Failure, Miss};
use super::place::Place;
use super::project::{Project, Workbench};
use crate::eval::{Elem, Kind as Val, Thunk};
use crate::lint::markdown::{Block, Document};
use crate::option::{OptionEntry, OptionPattern, PatternStep};
use crate::source::{Origin, Sources};
use crate::value::{Item, Shape, Value};

/// How deep values are searched for what is marked.
const DEPTH: u32 = 16;

/// What is wrong with the values in a document; `path` names it in the answer.
pub fn check_values(bench: &mut Workbench, path: &str, text: &str) -> Vec<Failure> {
    let document = Document::parse(text);
    let mut failures = Vec::new();
    for block in document.blocks.iter().filter(|block| block.info.split(' ').next() == Some("nix")) {
        let before = block.line - 1;
        failures.extend(examine(bench, block).into_iter().map(|failure| failure.inside(path, before)));
    }
    failures
}

fn examine(bench: &mut Workbench, block: &Block) -> Vec<Failure> {
    let example = Example::parse(&block.text);
    let broken = |line: u32, text: String| Failure { page: String::new(), line, column: 1, miss: Miss::Broken, text };
    let mut failures: Vec<_> = example.mistakes.iter().map(|(line, text)| broken(*line, text.clone())).collect();
    let project = bench.open(&example);
    let found = match block.info.as_str() {
        "nix expression" => of_expression(bench, &project),
        "nix" | "nix configuration" => of_modules(bench, &project, block.info != "nix"),
        other => return vec![broken(1, format!("`{other}` is no kind of block"))],
    };
    failures.extend(example.annotations.iter().filter_map(|annotation| compare(&project, annotation, &found)));
    failures
}

/// A value, with its place in the example.
type Found = Vec<(Place, Value)>;

/// The values of everything in the first file's value.
fn of_expression(bench: &mut Workbench, project: &Project<'_>) -> Found {
    let mut found = Vec::new();
    let mut waiting = vec![(bench.value(project), DEPTH)];
    while let Some((thunk, depth)) = waiting.pop() {
        if let Some(place) = project.place(&bench.eval.sources, thunk.origin()) {
            bench.eval.refill();
            found.push((place, bench.eval.freeze(&thunk)));
        }
        if depth > 0 {
            waiting.extend(inside(bench, &thunk).into_iter().map(|thunk| (thunk, depth - 1)));
        }
    }
    found
}

/// The attributes or elements of a value.
fn inside(bench: &mut Workbench, thunk: &Thunk) -> Vec<Thunk> {
    match bench.eval.force_or_unknown(thunk).kind {
        Val::Attrs(set) => {
            let known = set.known.values().map(|attribute| attribute.value.clone());
            known.chain(set.partly.iter().map(|(_, attribute)| attribute.value.clone())).collect()
        }
        Val::List(items) => {
            let thunks = items.iter().filter_map(|item| match item {
                Elem::One(thunk) | Elem::Maybe(_, thunk) => Some(thunk.clone()),
                Elem::Rest(_) => None,
            });
            thunks.collect()
        }
        _ => vec![],
    }
}

/// The values of all definitions and options of the first file as a module.
fn of_modules(bench: &mut Workbench, project: &Project<'_>, whole: bool) -> Found {
    let everything = [OptionPattern(vec![PatternStep::Any])];
    let configurations = bench.resolve(project, whole, &everything);
    let mut found = Vec::new();
    let mut waiting: Vec<&OptionEntry> = configurations.iter().map(|configuration| &configuration.root).collect();
    while let Some(entry) = waiting.pop() {
        waiting.extend(entry.children.values().chain(&entry.partly_named));
        for definition in entry.definitions.iter().chain(&entry.overridden) {
            put(project, &bench.eval.sources, definition.expression, &definition.value, &mut found);
            put(project, &bench.eval.sources, definition.site, &entry.value, &mut found);
            elements(project, &bench.eval.sources, &definition.value, DEPTH, &mut found);
        }
    }
    found
}

/// List elements have no definitions: they are found where they were born.
fn elements(project: &Project<'_>, sources: &Sources, value: &Value, depth: u32, found: &mut Found) {
    let Some(depth) = depth.checked_sub(1) else { return };
    let parts: Vec<&Value> = match &value.shape {
        Shape::List(items) => items
            .iter()
            .filter_map(|item| match item {
                Item::One(value) | Item::Maybe(_, value) => Some(value),
                Item::Rest(_) => None,
            })
            .collect(),
        Shape::Attrs(attrs) => attrs.known.values().collect(),
        _ => return,
    };
    for part in parts {
        put(project, sources, part.origin, part, found);
        elements(project, sources, part, depth, found);
    }
}

fn put(project: &Project<'_>, sources: &Sources, origin: Origin, value: &Value, found: &mut Found) {
    if let Some(place) = project.place(sources, origin) {
        found.push((place, value.clone()));
    }
}

fn compare(project: &Project<'_>, annotation: &Annotation, found: &Found) -> Option<Failure> {
    let failure = |miss, text| {
        let (line, column) = (annotation.block_line, annotation.start);
        Some(Failure { page: String::new(), line, column, miss, text })
    };
    let here: Vec<&Value> =
        found.iter().filter(|(place, _)| *place == annotation.place()).map(|(_, value)| value).collect();
    if here.is_empty() {
        let marked = annotation.place().text(project.example);
        return failure(Miss::Missing, format!("`{marked}` is neither a definition nor an attribute's value"));
    }
    let wrong = here.into_iter().map(|value| (value, difference(project, &annotation.kind, value)));
    let wrong = wrong.filter_map(|(_, difference)| difference).next();
    match (wrong, annotation.todo) {
        (Some(difference), false) => failure(Miss::Wrong, difference),
        (None, true) => failure(Miss::Wrong, "this is so by now: take the `todo` away".into()),
        _ => None,
    }
}

/// How a value differs from what is expected.
fn difference(project: &Project<'_>, expected: &Kind, value: &Value) -> Option<String> {
    let shown = project.relative(&value.to_string());
    match expected {
        Kind::Value(expected) => (shown != *expected).then(|| {
            let why = value.first_unknown().map(|unknown| format!(" ({})", unknown.cause)).unwrap_or_default();
            format!("expected {expected}, found {shown}{why}")
        }),
        Kind::Unknown(cause) => match value.first_unknown() {
            Some(unknown) => {
                let found = project.relative(&unknown.cause.to_string());
                (!found.contains(cause)).then(|| format!("expected the cause {cause}, found {found}"))
            }
            None => Some(format!("expected an unknown ({cause}), found {shown}")),
        },
        Kind::Finding { .. } | Kind::Note(_) => Some("this document checks values, not findings".into()),
    }
}
