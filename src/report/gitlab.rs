//! GitLab's Code Quality report: one list, with fingerprints that survive moved lines.

use super::Options;
use super::spot::{sentences, spot};
use crate::finding::{Finding, Report, Severity};
use crate::source::Sources;
use serde_json::{Value, json};
use std::io;

/// Writes the list and a line end.
pub fn write(report: &Report, sources: &Sources, options: &Options, out: &mut dyn io::Write) -> io::Result<()> {
    let list = report.findings.iter().map(|finding| issue(finding, sources, options));
    super::write_list(list, out)?;
    writeln!(out)
}

fn issue(finding: &Finding, sources: &Sources, options: &Options) -> Value {
    let severity = match finding.severity {
        Severity::Error => "critical",
        Severity::Warning => "major",
        Severity::Info => "info",
    };
    let spot = spot(finding, sources, options);
    json!({
        "description": sentences(finding),
        "check_name": finding.rule.as_str(),
        "fingerprint": finding.fingerprint.as_str(),
        "severity": severity,
        "location": { "path": spot.path, "lines": { "begin": spot.line() } },
    })
}
