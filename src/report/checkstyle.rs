//! Checkstyle's XML, which review bots and many editors read.

use super::Options;
use super::spot::{sentence, spot};
use super::xml::xml;
use crate::finding::Report;
use crate::source::Sources;
use std::io;

/// Writes a document with an element for each file that has findings.
pub fn write(report: &Report, sources: &Sources, options: &Options, out: &mut dyn io::Write) -> io::Result<()> {
    writeln!(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>")?;
    writeln!(out, "<checkstyle version=\"4.3\">")?;
    for (path, findings) in super::by_path(report, sources, options) {
        writeln!(out, "  <file name=\"{}\">", xml(&path))?;
        for finding in findings {
            let spot = spot(finding, sources, options);
            let (line, column, severity) = (spot.line(), spot.column(), finding.severity);
            let (message, rule) = (xml(&sentence(finding)), xml(finding.rule.as_str()));
            write!(out, "    <error line=\"{line}\" column=\"{column}\" severity=\"{severity}\"")?;
            writeln!(out, " message=\"{message}\" source=\"optlint.{rule}\"/>")?;
        }
        writeln!(out, "  </file>")?;
    }
    writeln!(out, "</checkstyle>")
}
