//! `optlint check --fix` and `--diff`: what is mended, what is not, and what is left to find.

use super::args::CheckArgs;
use super::baseline;
use super::check::{conclude, options};
use super::prepared::Prepared;
use super::progress;
use super::summary::counted;
use super::{Cx, Exit, Failure};
use crate::finding::Safety;
use crate::fix::{self, Mention, Outcome};
use crate::report::{self, escaped, relative};
use std::path::Path;
use std::time::Instant;

pub(super) fn run(args: &CheckArgs, cx: &mut Cx<'_>) -> Result<Exit, Failure> {
    let started = Instant::now();
    let prepared = Prepared::new(args, &cx.surroundings)?;
    let safety = if args.fixes.suggested { Safety::Suggestion } else { Safety::Safe };
    let rules = prepared.rules();
    let request = prepared.request(&rules);
    let outcome = progress::during("checking", args.quiet, cx, || fix::run(&request, safety))?;
    prepared.are_read(&outcome.first.1)?;
    if args.fixes.diff {
        return diff(&outcome, args, cx);
    }
    let failed = fix::write(&outcome.changes);
    let folder = cx.surroundings.folder.clone();
    if !args.quiet {
        for mention in outcome.made.iter().filter(|made| !failed.iter().any(|(path, _)| *path == made.path)) {
            writeln!(cx.err, "fixed: {}", told(mention, &folder, None))?;
        }
        told_refusals(&outcome, cx)?;
    }
    if let Some((path, why)) = failed.first() {
        let more = if failed.len() > 1 { format!(" (and {} more)", failed.len() - 1) } else { String::new() };
        return Err(Failure(format!("`{}` is not written: {why}{more}", escaped(&relative(path, &folder)))));
    }
    if !args.quiet && !outcome.changes.is_empty() {
        writeln!(cx.err, "Fixed {}", amount(&outcome))?;
    }
    let (mut report, sources) = outcome.last;
    let said = baseline::apply(args, &mut report, &sources, &prepared.scope(), cx)?;
    conclude(&report, &sources, args, (started.elapsed(), said), cx)
}

/// Shows what would change. Exit status 1 if something would.
fn diff(outcome: &Outcome, args: &CheckArgs, cx: &mut Cx<'_>) -> Result<Exit, Failure> {
    let (report, sources) = &outcome.first;
    let changes: Vec<report::Change<'_>> = outcome
        .changes
        .iter()
        .map(|change| report::Change { path: &change.path, before: &change.before, after: &change.after })
        .collect();
    let hides = report::write_diff(&changes, report, sources, &options(args, &cx.surroundings), cx.out)?;
    cx.out.flush()?;
    if !args.quiet {
        told_refusals(outcome, cx)?;
        match outcome.changes.is_empty() {
            true => writeln!(cx.err, "Nothing to fix")?,
            false => writeln!(cx.err, "Would fix {}", amount(outcome))?,
        }
        if hides {
            writeln!(cx.err, "Secrets are masked: this diff is for reading, not for `git apply`")?;
        }
    }
    Ok(if outcome.changes.is_empty() { Exit::Clean } else { Exit::Found })
}

fn told_refusals(outcome: &Outcome, cx: &mut Cx<'_>) -> Result<(), Failure> {
    for (mention, why) in &outcome.refused {
        writeln!(cx.err, "not fixed: {}", told(mention, &cx.surroundings.folder, Some(why)))?;
    }
    Ok(())
}

/// `a.nix:3:5: put the path in quotes [rule]`
fn told(mention: &Mention, folder: &Path, why: Option<&str>) -> String {
    let Mention { path, at: (line, column), rule, title } = mention;
    let why = why.map(|why| format!(": {why}")).unwrap_or_default();
    let path = escaped(&relative(path, folder));
    format!("{path}:{line}:{column}: {}{} [{rule}]", escaped(title), escaped(&why))
}

fn amount(outcome: &Outcome) -> String {
    format!("{} in {}", counted(outcome.made.len(), "finding"), counted(outcome.changes.len(), "file"))
}
