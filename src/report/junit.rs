//! JUnit's XML, which every CI system shows as a list of tests: a finding is one that failed.

use super::spot::{sentence, sentences, spot};
use super::xml::xml;
use super::{Options, escaped, relative};
use crate::finding::{Finding, Report};
use crate::source::Sources;
use std::io;

/// Writes a document with a suite for each file that has findings. Without findings it holds one
/// test that passed: systems complain about empty reports. What was not read is no failure and
/// stands in the last suite's standard error.
pub fn write(report: &Report, sources: &Sources, options: &Options, out: &mut dyn io::Write) -> io::Result<()> {
    let count = report.findings.len();
    writeln!(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>")?;
    writeln!(out, "<testsuites name=\"optlint\" tests=\"{}\" failures=\"{count}\" errors=\"0\">", count.max(1))?;
    for (path, findings) in super::by_path(report, sources, options) {
        let (name, count) = (xml(&path), findings.len());
        writeln!(out, "  <testsuite name=\"{name}\" tests=\"{count}\" failures=\"{count}\" errors=\"0\">")?;
        for finding in findings {
            case(finding, &path, sources, options, out)?;
        }
        writeln!(out, "  </testsuite>")?;
    }
    if count == 0 || !report.problems.is_empty() {
        let tests = u8::from(count == 0);
        writeln!(out, "  <testsuite name=\"optlint\" tests=\"{tests}\" failures=\"0\" errors=\"0\">")?;
        if count == 0 {
            writeln!(out, "    <testcase name=\"check\" classname=\"optlint\"/>")?;
        }
        for problem in &report.problems {
            let line = format!("{}: {}", relative(&problem.path, &options.base), problem.message);
            writeln!(out, "    <system-err>{}</system-err>", xml(&escaped(&line)))?;
        }
        writeln!(out, "  </testsuite>")?;
    }
    writeln!(out, "</testsuites>")
}

fn case(
    finding: &Finding,
    path: &str,
    sources: &Sources,
    options: &Options,
    out: &mut dyn io::Write,
) -> io::Result<()> {
    let spot = spot(finding, sources, options);
    let place = format!("{path}:{}:{}", spot.line(), spot.column());
    let (name, class) = (xml(&format!("{} at {place}", finding.rule)), xml(path));
    let (severity, message) = (finding.severity, xml(&sentence(finding)));
    let text = xml(&format!("{place}: {severity}: {} [{}]", sentences(finding), finding.rule));
    writeln!(out, "    <testcase name=\"{name}\" classname=\"{class}\" file=\"{class}\" line=\"{}\">", spot.line())?;
    writeln!(out, "      <failure type=\"{severity}\" message=\"{message}\">{text}</failure>")?;
    writeln!(out, "    </testcase>")
}
