//! The survey of a project for people.

use super::Survey;
use crate::cli::known::kind;
use crate::cli::rules::paint;
use crate::finding::{Problem, ProblemKind};
use crate::option::Configuration;
use crate::report::escaped;
use crate::source::Origin;
use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Write};

/// So many places of one cause are named.
const PLACES: usize = 3;

/// So many causes, and modules that nothing reaches, are named.
const MOST: usize = 20;

/// The imports with one cause, and the configurations they are in.
type Places<'a> = (BTreeSet<(Origin, String)>, BTreeSet<&'a str>);

/// Writes the survey; `all`: with every file and every place.
pub(super) fn write(survey: &Survey<'_>, all: bool, color: bool, out: &mut dyn Write) -> io::Result<()> {
    let bold = |text: &str| paint(color, "1", text);
    if survey.whole.is_empty() {
        writeln!(out, "No NixOS configuration was recognised.")?;
    }
    for (nth, one) in survey.whole.iter().enumerate() {
        let gap = if nth == 0 || !all { "" } else { "\n" };
        writeln!(out, "{gap}{}: {}", bold(&escaped(&one.name)), escaped(&one.recognised_by))?;
        configuration(survey, one, all, out)?;
    }
    let paragraph = |title: &str, lines: Vec<String>, out: &mut dyn Write| {
        if lines.is_empty() {
            return Ok(());
        }
        writeln!(out, "\n{}", bold(title))?;
        lines.iter().try_for_each(|line| writeln!(out, "  {line}"))
    };
    paragraph("Not followed", gaps(survey, all), out)?;
    let most = if all { usize::MAX } else { MOST };
    let mut modules: Vec<String> = survey.alone.iter().map(|one| escaped(&one.name)).collect();
    cut(&mut modules, most);
    paragraph("Modules that no configuration reaches, with options that rules read", modules, out)?;
    let of = |kind: ProblemKind| {
        let mut lines: Vec<String> =
            survey.problems.iter().filter(|one| one.kind == kind).map(|one| problem(survey, one)).collect();
        cut(&mut lines, most);
        lines
    };
    paragraph("Not understood", of(ProblemKind::NotUnderstood), out)?;
    paragraph("Not read", of(ProblemKind::NotRead), out)?;
    paragraph("Evaluation cut short", of(ProblemKind::CutShort), out)
}

fn configuration(survey: &Survey<'_>, one: &Configuration, all: bool, out: &mut dyn Write) -> io::Result<()> {
    let at = survey.place(one.entry);
    let at = if at.is_empty() { at } else { format!("{at}; ") };
    let files = survey.files(one);
    let gaps = match survey.gaps(one).len() {
        0 => "all imports followed".to_owned(),
        gaps => format!("{} not followed", counted(gaps, "import")),
    };
    writeln!(out, "  {at}{} read, {gaps}", counted(files.len(), "file"))?;
    if all {
        files.iter().try_for_each(|file| writeln!(out, "    {}", escaped(file)))?;
    }
    Ok(())
}

/// What could not be followed, by cause; what may matter and is missing most often comes first.
fn gaps(survey: &Survey<'_>, all: bool) -> Vec<String> {
    let mut causes: BTreeMap<(bool, String), Places<'_>> = BTreeMap::new();
    for one in &survey.whole {
        for gap in survey.gaps(one) {
            let cause = survey.missing(gap).with_url();
            // Each names another option, and the same has to be done about all of them.
            let group = match kind(&gap.unknown.cause) {
                "undefined" => "depends on options that are not defined in what was read".to_owned(),
                _ => cause.clone(),
            };
            let (places, configurations) = causes.entry((gap.matters, group)).or_default();
            places.insert((gap.at, cause));
            configurations.insert(&one.name);
        }
    }
    let mut causes: Vec<_> = causes.into_iter().collect();
    causes.sort_by_key(|((matters, _), (places, configurations))| {
        std::cmp::Reverse((*matters, configurations.len(), places.len()))
    });
    let left = if all { 0 } else { causes.len().saturating_sub(MOST) };
    causes.truncate(causes.len() - left);
    let mut lines = vec![];
    for ((matters, cause), (places, configurations)) in causes {
        let within = match (&configurations.iter().collect::<Vec<_>>()[..], survey.whole.len()) {
            (_, 1) => String::new(),
            ([one], _) => format!(", in {}", escaped(one)),
            (several, _) => format!(", in {} configurations", several.len()),
        };
        let note = if matters { "" } else { " (defines nothing that rules read)" };
        lines.push(format!("{}: {}{within}{note}", escaped(&cause), counted(places.len(), "import")));
        let mut places: Vec<String> = places.into_iter().map(|(at, _)| survey.place(at)).collect();
        places.retain(|place| !place.is_empty());
        places.sort();
        cut(&mut places, if all { usize::MAX } else { PLACES });
        lines.extend(places.into_iter().map(|place| format!("  {place}")));
    }
    if left > 0 {
        lines.push(format!("and {left} more causes (--files lists them)"));
    }
    lines
}

fn problem(survey: &Survey<'_>, problem: &Problem) -> String {
    let place = match survey.place(problem.at) {
        place if place.is_empty() => escaped(&crate::report::relative(&problem.path, survey.base)),
        place => place,
    };
    format!("{place}: {}", escaped(&problem.message))
}

/// Keeps the first `most` lines and says how many there were.
fn cut(lines: &mut Vec<String>, most: usize) {
    // A line that says there is one more takes as much room as that one.
    if lines.len() > most.saturating_add(1) {
        let left = lines.len() - most;
        lines.truncate(most);
        lines.push(format!("and {left} more (--files lists them)"));
    }
}

fn counted(number: usize, what: &str) -> String {
    format!("{number} {what}{}", if number == 1 { "" } else { "s" })
}
