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

/// The rule whose messages quote comments: a name that is none can be anything.
const UNKNOWN_SUPPRESSION: &str = "unknown-suppression";

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

/// The report without fixes that would repeat a secret: it stays where it is, and is sent to nobody. Nor is it
/// repeated by a message that quotes something else that is written like it.
fn without_secrets<'r>(report: &'r Report, sources: &Sources) -> Cow<'r, Report> {
    kept(report, sources, |finding, secrets| finding.fixes.retain(|fix| !repeats(fix, secrets)))
}

/// The report without the secrets of the files that it is about, for whoever keeps it: formats write the same of it.
pub fn to_keep<'r>(report: &'r Report, sources: &Sources) -> Cow<'r, Report> {
    kept(report, sources, |finding, secrets| {
        finding.fixes.iter_mut().filter(|fix| repeats(fix, secrets)).for_each(Fix::withhold);
    })
}

/// The report with texts in which secrets are masked, and with fixes as `mend` leaves them.
fn kept<'r>(report: &'r Report, sources: &Sources, mend: impl Fn(&mut Finding, &Secrets)) -> Cow<'r, Report> {
    let mut findings = report.findings.iter().chain(report.allowed.iter().map(|one| &one.finding));
    let has_secret = |finding: &Finding| {
        let mut labels = std::iter::once(&finding.primary).chain(&finding.related);
        labels.any(|label| label.redact) || finding.fixes.iter().any(Fix::is_withheld)
    };
    if !findings.any(has_secret) {
        return Cow::Borrowed(report);
    }
    let (secrets, mut kept) = (Secrets::new(report, sources), report.clone());
    let Report { findings, allowed, .. } = &mut kept;
    for one in findings.iter_mut().filter(|one| one.rule.as_str() == UNKNOWN_SUPPRESSION) {
        one.message = secrets.masked(&one.message, false);
    }
    allowed.iter_mut().for_each(|one| one.reason = secrets.masked(&one.reason, false));
    findings.iter_mut().chain(allowed.iter_mut().map(|one| &mut one.finding)).for_each(|one| mend(one, &secrets));
    kept.texts().for_each(|text| secrets.mask_odd(text));
    Cow::Owned(kept)
}

/// Whether a fix repeats one of `secrets`, or did before it was kept.
fn repeats(fix: &Fix, secrets: &Secrets) -> bool {
    fix.is_withheld() || fix.edits().iter().any(|edit| secrets.masked(&edit.text, true) != edit.text)
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
