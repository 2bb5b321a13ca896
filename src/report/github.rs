//! Workflow commands of GitHub Actions: annotations on the lines of a pull request.
//!
//! The runner takes every line of output that begins with `::` for a command. Linted text must not
//! begin one: line ends are escaped in it, and in properties what would end these.

use super::spot::{sentences, spot, worst_first};
use super::{Options, escaped};
use crate::finding::{Finding, Report, Severity};
use crate::source::Sources;
use std::io;

/// Writes a command for each finding, the worst first: GitHub shows ten of a kind for each step.
pub fn write(report: &Report, sources: &Sources, options: &Options, out: &mut dyn io::Write) -> io::Result<()> {
    for finding in worst_first(&report.findings) {
        writeln!(out, "{}", command(finding, sources, options))?;
    }
    Ok(())
}

fn command(finding: &Finding, sources: &Sources, options: &Options) -> String {
    let name = match finding.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Info => "notice",
    };
    let spot = spot(finding, sources, options);
    let mut properties = format!("file={}", property(&spot.path));
    if let Some((start, end)) = spot.range {
        properties += &format!(",line={},endLine={}", start.line, end.line);
        // Columns of places over several lines make GitHub drop the annotation.
        if start.line == end.line {
            properties += &format!(",col={},endColumn={}", start.column, end.column);
        }
    }
    let title = property(finding.rule.as_str());
    format!("::{name} {properties},title={title}::{}", data(&sentences(finding)))
}

/// The text of a command.
fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// The value of a property.
fn property(text: &str) -> String {
    data(&escaped(text)).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::{data, property};

    #[test]
    fn escapes() {
        assert_eq!(data("100 % a\r\n::stop-commands::x"), "100 %25 a%0D%0A::stop-commands::x");
        assert_eq!(property("a,b::c%\nd"), "a%2Cb%3A%3Ac%25\\nd");
    }
}
