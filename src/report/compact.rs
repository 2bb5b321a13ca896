//! `path:line:column: error: message [rule-id]`, one line a finding: the shape
//! that editors, problem matchers and `grep` parse by default.

use super::{Options, allowed, escaped, relative};
use crate::finding::{Certainty, Report};
use crate::source::{Origin, Sources};
use std::io;

/// Writes a line for each finding, and, if asked for, for each that is allowed and each undecided question.
pub fn write(report: &Report, sources: &Sources, options: &Options, out: &mut dyn io::Write) -> io::Result<()> {
    for finding in &report.findings {
        let place = place(sources, options, &finding.primary.at);
        let possible = if finding.certainty == Certainty::Possible { "possible: " } else { "" };
        let (severity, message, rule) = (finding.severity, escaped(&finding.message), &finding.rule);
        writeln!(out, "{place}{severity}: {possible}{message} [{rule}]")?;
    }
    if options.allowed {
        allowed::write(report, sources, options, str::to_owned, out)?;
    }
    if !options.undecided {
        return Ok(());
    }
    for undecided in &report.undecided {
        let place = place(sources, options, &undecided.at);
        let (option, cause) = (escaped(&undecided.option), escaped(&undecided.cause));
        writeln!(out, "{place}undecided: `{option}`: {cause} [{}]", undecided.rule)?;
    }
    Ok(())
}

/// `path:line:column: `; a place in a file that is not known more exactly is its
/// first byte, and what is written nowhere has no place.
pub(super) fn place(sources: &Sources, options: &Options, at: &Origin) -> String {
    let Some(file) = at.file() else { return String::new() };
    let start = sources.position(file, at.span().map_or(0, |span| span.start));
    let path = escaped(&relative(&sources.file(file).path, &options.base));
    format!("{path}:{}:{}: ", start.line, start.column)
}
