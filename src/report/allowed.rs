//! What comments and the baseline allow, one line each, for people and for scripts.

use super::compact::place;
use super::mask::Secrets;
use super::{Options, escaped};
use crate::finding::{Allowed, Means, Report};
use crate::source::Sources;
use std::io;

/// Writes `path:line:column: allowed by a comment (reason): message [rule-id]` for each of them.
/// `heading` renders what says by what.
pub(super) fn write(
    report: &Report,
    sources: &Sources,
    options: &Options,
    heading: impl Fn(&str) -> String,
    out: &mut dyn io::Write,
) -> io::Result<()> {
    let reasons = Reasons::new(report, sources);
    for allowed in &report.allowed {
        let place = place(sources, options, &allowed.finding.primary.at);
        let by = match (allowed.by, escaped(&reasons.of(allowed))) {
            (Means::Baseline, _) => "allowed by the baseline:".to_owned(),
            (Means::Comment(_), reason) if reason.is_empty() => "allowed by a comment:".to_owned(),
            (Means::Comment(_), reason) => format!("allowed by a comment ({reason}):"),
        };
        let (message, rule) = (escaped(&allowed.finding.message), &allowed.finding.rule);
        writeln!(out, "{place}{} {message} [{rule}]", heading(&by))?;
    }
    Ok(())
}

/// Why findings are allowed, as it may be shown: somebody may have written a secret there.
pub(super) struct Reasons(Option<Secrets>);

impl Reasons {
    pub(super) fn new(report: &Report, sources: &Sources) -> Self {
        let any = report.allowed.iter().any(|allowed| !allowed.reason.is_empty());
        Self(any.then(|| Secrets::new(report, sources)))
    }

    /// The reason of one of them, empty if there is none.
    pub(super) fn of(&self, allowed: &Allowed) -> String {
        self.0.as_ref().map_or_else(String::new, |secrets| secrets.masked(&allowed.reason, false))
    }
}
