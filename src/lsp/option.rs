//! The option at a place: what is known of it, and where it is defined.

use super::cursor::{Candidate, named};
use super::diagnostics::Places;
use super::project::Ruled;
use crate::check::{Resolved, resolve_with};
use crate::finding::{Finding, Report};
use crate::option::{Configuration, Definition, OptionEntry, OptionPath, OptionPattern, PatternStep, Segment};
use crate::report::{masked, sentences, shown};
use crate::shown::{Page, lost};
use crate::source::{FileId, Origin, Span};
use crate::syntax;
use lsp_types::{Location, Position};
use serde_json::{Value, json};
use std::path::Path;

/// A hover of more characters is cut.
const LONGEST: usize = 8000;

/// So many configurations are named where they agree.
const NAMES: usize = 6;

/// So many places are told.
const PLACES: usize = 500;

/// An option that is named somewhere, and what was resolved of it.
struct Found {
    resolved: Resolved,
    path: OptionPath,
    /// The configurations that say something about it.
    configurations: Vec<usize>,
    /// Where it is named.
    span: Span,
}

/// What is known of the option at a position, and what was found there. Needs a big stack.
pub(super) fn hover(path: &Path, position: Position, places: &Places<'_>, (report, ruled): (&Report, &Ruled)) -> Value {
    let Some(file) = places.sources.find(path) else { return Value::Null };
    let byte = places.lines(file).byte(position) as u32;
    let option = find(file, byte, places, ruled);
    let mut parts = vec![];
    if let Some(found) = &option {
        // What rules know to be secret need not be in an option that sounds like it.
        parts.extend(found.told(places, ruled).iter().map(|part| masked(part, report, places.sources)));
    }
    parts.extend(report.findings.iter().filter(|it| is_at(it, file, byte, places)).map(|it| page(it, report)));
    if parts.is_empty() {
        return Value::Null;
    }
    let (kind, text) = match places.client.markdown {
        true => ("markdown", parts.join("\n\n---\n\n")),
        false => ("plaintext", parts.join("\n\n").replace("```text\n", "").replace("\n```", "")),
    };
    let mut hover = json!({ "contents": { "kind": kind, "value": cut(&text) } });
    if let (Some(found), Some(object)) = (&option, hover.as_object_mut()) {
        object.insert("range".into(), json!(places.lines(file).range(found.span.start, found.span.end)));
    }
    hover
}

/// Where the option at a position is defined. Needs a big stack.
pub(super) fn definition(path: &Path, position: Position, places: &Places<'_>, ruled: &Ruled) -> Value {
    let Some(file) = places.sources.find(path) else { return Value::Null };
    let byte = places.lines(file).byte(position) as u32;
    let Some(found) = find(file, byte, places, ruled) else { return Value::Null };
    let sources = &found.resolved.eval.sources;
    let places = Places { sources, ..*places };
    let mut locations: Vec<Location> = vec![];
    for entry in found.entries() {
        let definitions = entry.definitions_below().chain(lost(entry));
        let written = definitions.map(|one| [one.site, one.expression, one.value.origin]);
        let first = |origins: [Origin; 3]| origins.into_iter().find_map(|at| places.location(at));
        locations.extend(written.filter_map(first).take(PLACES));
        if locations.is_empty() {
            locations.extend(places.location(entry.site));
        }
    }
    locations.sort_by(|a, b| (&a.uri, a.range.start).cmp(&(&b.uri, b.range.start)));
    locations.dedup();
    json!(locations)
}

/// Resolves what is named at a byte of a file.
fn find(file: FileId, byte: u32, places: &Places<'_>, ruled: &Ruled) -> Option<Found> {
    let source = places.sources.file(file);
    let named = named(&syntax::parse(file, &source.text), &source.text, byte)?;
    let patterns: Vec<OptionPattern> = named.candidates.iter().filter_map(|one| pattern(&one.path)).collect();
    let buffers = places.documents.below(places.root);
    let resolved = resolve_with(&[places.root.to_path_buf()], &patterns, &ruled.wishes, (&buffers, Some(places.stop)));
    let file = resolved.eval.sources.find(&source.path);
    let holds = |one: &Configuration| file.is_some_and(|file| one.files.contains(&file));
    let all = || resolved.configurations.iter().enumerate();
    let mut pool: Vec<usize> = all().filter(|(_, one)| holds(one)).map(|(at, _)| at).collect();
    if pool.is_empty() {
        pool = all().filter(|(_, one)| one.whole).map(|(at, _)| at).collect();
    }
    let says = |candidate: &Candidate, at: &usize| {
        let entry = entry(&resolved.configurations[*at], &candidate.path);
        entry.is_some_and(|entry| !candidate.needs_definition || is_defined_in(entry, file))
    };
    let decided = named.candidates.iter().find_map(|candidate| {
        let hits: Vec<usize> = pool.iter().copied().filter(|at| says(candidate, at)).collect();
        (!hits.is_empty()).then(|| (candidate.path.clone(), hits))
    });
    // Who refers to an option wants to know that there is no definition, too.
    let undefined = || {
        let first = named.candidates.first().filter(|_| named.is_reference && !pool.is_empty())?;
        Some((first.path.clone(), pool.clone()))
    };
    let (path, configurations) = decided.or_else(undefined)?;
    Some(Found { resolved, path, configurations, span: named.span })
}

fn pattern(path: &OptionPath) -> Option<OptionPattern> {
    let step = |segment: &Segment| segment.as_name().map(|name| PatternStep::Name(name.into()));
    path.0.iter().map(step).collect::<Option<Vec<_>>>().map(OptionPattern)
}

fn entry<'a>(configuration: &'a Configuration, path: &OptionPath) -> Option<&'a OptionEntry> {
    let names: Vec<&str> = path.0.iter().filter_map(Segment::as_name).collect();
    configuration.entry(&names)
}

fn is_defined_in(entry: &OptionEntry, file: Option<FileId>) -> bool {
    let here = |one: &Definition| file.is_some() && (one.site.file() == file || one.expression.file() == file);
    entry.definitions_below().chain(lost(entry)).any(here)
}

impl Found {
    fn entries(&self) -> impl Iterator<Item = &OptionEntry> {
        self.configurations.iter().filter_map(|at| entry(&self.resolved.configurations[*at], &self.path))
    }

    /// What the configurations say, those together that agree.
    fn told(&self, places: &Places<'_>, ruled: &Ruled) -> Vec<String> {
        let page = Page { sources: &self.resolved.eval.sources, base: places.root, secrets: &ruled.secrets };
        let mut told: Vec<(String, Vec<&str>)> = vec![];
        for at in &self.configurations {
            let configuration = &self.resolved.configurations[*at];
            let mut lines = vec![];
            // Writing to memory does not fail.
            let _ = page.option(configuration, &self.path, &mut lines);
            let lines = String::from_utf8_lossy(&lines).into_owned();
            let lines: Vec<&str> = lines.lines().map(|line| line.strip_prefix("  ").unwrap_or(line)).collect();
            let text = lines.join("\n");
            match told.iter_mut().find(|(other, _)| *other == text) {
                Some((_, names)) => names.push(&configuration.name),
                None => told.push((text, vec![&configuration.name])),
            }
        }
        let alone = told.len() == 1;
        let part = |(text, names): (String, Vec<&str>)| match alone {
            true => fenced(&text),
            false => format!("{}:\n\n{}", listed(&names), fenced(&text)),
        };
        told.into_iter().map(part).collect()
    }
}

fn listed(names: &[&str]) -> String {
    let shown: Vec<String> = names.iter().take(NAMES).map(|name| format!("`{}`", name.replace('`', "'"))).collect();
    match names.len().checked_sub(NAMES) {
        Some(more @ 1..) => format!("{} and {more} more", shown.join(", ")),
        _ => shown.join(", "),
    }
}

/// `text` as a block, out of which nothing in it leads.
fn fenced(text: &str) -> String {
    format!("```text\n{}\n```", cut(text).replace("```", "'''"))
}

fn is_at(finding: &Finding, file: FileId, byte: u32, places: &Places<'_>) -> bool {
    let span = shown(finding, places.sources).and_then(|at| at.span());
    span.is_some_and(|span| span.file == file && span.start <= byte && byte <= span.end)
}

/// A finding with the first words of its rule's page.
fn page(finding: &Finding, report: &Report) -> String {
    let summary = report.rules.iter().find(|facts| facts.id == finding.rule).map_or("", |facts| &facts.summary);
    let summary = summary.split_whitespace().collect::<Vec<_>>().join(" ");
    let head = format!("**{}** ({})", finding.rule, finding.severity);
    let parts = [head, plain(&sentences(finding)).replace('\n', "\n\n"), summary];
    parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("\n\n")
}

/// `text` with nothing in it outside of backticks that Markdown would take for a link or a tag.
fn plain(text: &str) -> String {
    let escape = |(nth, piece): (usize, &str)| match nth % 2 {
        0 => piece.replace('[', "\\[").replace('<', "\\<"),
        _ => piece.to_owned(),
    };
    text.split('`').enumerate().map(escape).collect::<Vec<_>>().join("`")
}

fn cut(text: &str) -> String {
    match text.char_indices().nth(LONGEST) {
        Some((at, _)) => format!("{}…", &text[..at]),
        None => text.to_owned(),
    }
}
