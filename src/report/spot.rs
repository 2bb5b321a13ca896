//! What formats with one place and one text a finding write of it.

use super::{Options, escaped, relative};
use crate::finding::{Certainty, Finding, Severity};
use crate::source::{Origin, Position, Sources};

/// The path of a place that nobody knows: the folder that was checked.
const NOWHERE: &str = ".";

/// Where a finding is shown.
pub(super) struct Spot {
    /// The path, relative to the base.
    pub(super) path: String,
    /// Start and end (exclusive); `None` if no more than the file is known.
    pub(super) range: Option<(Position, Position)>,
}

impl Spot {
    /// The line, the first one if none is known.
    pub(super) fn line(&self) -> u32 {
        self.range.map_or(1, |(start, _)| start.line)
    }

    /// The column, the first one if none is known.
    pub(super) fn column(&self) -> u32 {
        self.range.map_or(1, |(start, _)| start.column)
    }
}

/// Where `finding` is; if it is nowhere, where the first place lies that belongs to it.
pub(super) fn spot(finding: &Finding, sources: &Sources, options: &Options) -> Spot {
    match shown(finding, sources) {
        Some(at) => Spot { path: path(at, sources, options), range: range(at, sources) },
        None => Spot { path: NOWHERE.to_owned(), range: None },
    }
}

/// The place of `finding` that can be shown.
pub fn shown(finding: &Finding, sources: &Sources) -> Option<Origin> {
    let places = std::iter::once(&finding.primary).chain(&finding.related).map(|label| label.at);
    places.into_iter().find(|at| is_users(*at, sources))
}

/// Whether a place is in a file of the user's.
pub(super) fn is_users(at: Origin, sources: &Sources) -> bool {
    at.file().is_some_and(|file| !sources.file(file).embedded)
}

fn path(at: Origin, sources: &Sources, options: &Options) -> String {
    at.file().map_or_else(String::new, |file| relative(&sources.file(file).path, &options.base))
}

/// First position and the one behind the last.
pub(super) fn range(at: Origin, sources: &Sources) -> Option<(Position, Position)> {
    let span = at.span()?;
    Some((sources.position(span.file, span.start), sources.position(span.file, span.end.max(span.start))))
}

/// What is wrong, on one line.
pub(super) fn sentence(finding: &Finding) -> String {
    let possible = if finding.certainty == Certainty::Possible { "possible: " } else { "" };
    format!("{possible}{}", escaped(&finding.message))
}

/// What is wrong and what to do about it, on a line each.
pub fn sentences(finding: &Finding) -> String {
    match &finding.help {
        Some(help) => format!("{}\nhelp: {}", sentence(finding), escaped(help)),
        None => sentence(finding),
    }
}

/// The findings, the worst first; of equally bad ones in their order.
pub(super) fn worst_first(findings: &[Finding]) -> impl Iterator<Item = &Finding> {
    Severity::ALL.into_iter().flat_map(|severity| findings.iter().filter(move |finding| finding.severity == severity))
}
