//! Findings written out: one file a format, all of them `fn write(…)`.
//!
//! Reporters know neither rules nor terminals: what they may assume about the
//! outside (width, colour, where paths start) stands in [`Options`]. Source text
//! reaches the output through [`mask`] alone, so that no secret does.

mod allowed;
mod around;
pub mod checkstyle;
pub mod compact;
mod diff;
pub mod github;
pub mod gitlab;
pub mod json;
pub mod junit;
mod mask;
mod place;
pub mod pretty;
pub mod sarif;
mod scan;
mod snippet;
mod spot;
mod undecided;
mod xml;

pub use diff::{Change, write as write_diff};
pub use mask::masked;
pub use place::{escaped, place, relative};
pub use spot::{sentences, shown};

use crate::finding::{Finding, Fix, Report};
use crate::source::Sources;
use mask::Secrets;
use serde_json::Value;
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::io;
use std::path::PathBuf;

/// The formats there are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// Snippets with labels, for people.
    Pretty,
    /// One line a finding, for editors and logs.
    Compact,
    /// One object, for programs.
    Json,
    /// SARIF 2.1.0, for code scanning.
    Sarif,
    /// Workflow commands, for annotations at GitHub.
    Github,
    /// A Code Quality report, for GitLab.
    Gitlab,
    /// A list of failed tests, for CI systems.
    Junit,
    /// Checkstyle's XML, for review bots.
    Checkstyle,
}

impl Format {
    /// All of them.
    pub const ALL: [Format; 8] = [
        Format::Pretty,
        Format::Compact,
        Format::Json,
        Format::Sarif,
        Format::Github,
        Format::Gitlab,
        Format::Junit,
        Format::Checkstyle,
    ];
}

/// What a reporter may assume about where its output goes.
#[derive(Clone, Debug)]
pub struct Options {
    /// Paths are written relative to this absolute folder.
    pub base: PathBuf,
    /// Columns of a terminal; texts are wrapped to fit.
    pub width: usize,
    /// Whether escape sequences may be written.
    pub color: bool,
    /// Whether paths may be links to the files: escape sequences, too.
    pub links: bool,
    /// Whether lines may be drawn with characters outside ASCII.
    pub unicode: bool,
    /// Whether to write what rules could not decide. JSON always holds it.
    pub undecided: bool,
    /// Whether to write what comments and the baseline allow. JSON always holds it.
    pub allowed: bool,
}

impl Options {
    /// Plain text of 80 columns, with paths relative to `base`.
    pub fn plain(base: impl Into<PathBuf>) -> Self {
        Self {
            base: base.into(),
            width: 80,
            color: false,
            links: false,
            unicode: true,
            undecided: false,
            allowed: false,
        }
    }
}

/// Writes `report` in `format`.
pub fn write(
    format: Format,
    report: &Report,
    sources: &Sources,
    options: &Options,
    out: &mut dyn io::Write,
) -> io::Result<()> {
    let report = &*without_secrets(report, sources);
    match format {
        Format::Pretty => pretty::write(report, sources, options, out),
        Format::Compact => compact::write(report, sources, options, out),
        Format::Json => json::write(report, sources, options, out),
        Format::Sarif => sarif::write(report, sources, options, out),
        Format::Github => github::write(report, sources, options, out),
        Format::Gitlab => gitlab::write(report, sources, options, out),
        Format::Junit => junit::write(report, sources, options, out),
        Format::Checkstyle => checkstyle::write(report, sources, options, out),
    }
}

/// The report without fixes that would repeat a secret: it stays where it is, and is sent to nobody.
fn without_secrets<'r>(report: &'r Report, sources: &Sources) -> Cow<'r, Report> {
    let mut report = Cow::Borrowed(report);
    let allowed = |report: &Report| report.allowed.iter().any(|one| !one.finding.fixes.is_empty());
    if report.findings.iter().all(|finding| finding.fixes.is_empty()) && !allowed(&report) {
        return report;
    }
    let secrets = Secrets::new(&report, sources);
    let repeats = |fix: &Fix| fix.edits().iter().any(|edit| secrets.masked(&edit.text, true) != edit.text);
    let findings = report.findings.iter().chain(report.allowed.iter().map(|one| &one.finding));
    if findings.flat_map(|finding| &finding.fixes).any(repeats) {
        let Report { findings, allowed, .. } = report.to_mut();
        let all = findings.iter_mut().chain(allowed.iter_mut().map(|one| &mut one.finding));
        all.for_each(|finding| finding.fixes.retain(|fix| !repeats(fix)));
    }
    report
}

/// Writes `items` as one JSON list, each as soon as it is there.
fn write_list(items: impl Iterator<Item = Value>, out: &mut dyn io::Write) -> io::Result<()> {
    write!(out, "[")?;
    for (nth, item) in items.enumerate() {
        if nth > 0 {
            write!(out, ",")?;
        }
        serde_json::to_writer(&mut *out, &item)?;
    }
    write!(out, "]")
}

/// The findings by the path that they are shown at, in order.
fn by_path<'a>(report: &'a Report, sources: &Sources, options: &Options) -> BTreeMap<String, Vec<&'a Finding>> {
    let mut files: BTreeMap<String, Vec<&Finding>> = BTreeMap::new();
    for finding in &report.findings {
        files.entry(spot::spot(finding, sources, options).path).or_default().push(finding);
    }
    files
}

/// `text` with the rendition `code` (as in `ESC [ code m`) where colour is allowed.
pub fn paint(color: bool, code: &str, text: &str) -> String {
    if color { format!("\u{1b}[{code}m{text}\u{1b}[0m") } else { text.to_owned() }
}

#[cfg(test)]
mod tests;
