//! One JSON object, for programs. Its shape is a promise; `version` changes with it.

use super::allowed::Reasons;
use super::{Options, relative};
use crate::finding::{Allowed, Edit, Finding, Fix, Label, Means, Problem, Report, Safety, Summary, Undecided};
use crate::source::{Origin, Position, Sources, Span};
use serde_json::{Value, json};
use std::io;
use std::path::Path;

/// A JSON schema of the object.
pub const SCHEMA: &str = include_str!("schema.json");

/// Writes the object and a line end.
pub fn write(report: &Report, sources: &Sources, options: &Options, out: &mut dyn io::Write) -> io::Result<()> {
    let (cx, reasons) = (Places { sources, options }, Reasons::new(report, sources));
    let object = json!({
        "version": 1,
        "findings": report.findings.iter().map(|finding| cx.finding(finding)).collect::<Vec<_>>(),
        "allowed": report.allowed.iter().map(|one| cx.allowed(one, &reasons.of(one))).collect::<Vec<_>>(),
        "undecided": report.undecided.iter().map(|undecided| cx.undecided(undecided)).collect::<Vec<_>>(),
        "problems": report.problems.iter().map(|problem| cx.problem(problem)).collect::<Vec<_>>(),
        "summary": summary(&report.summary),
    });
    serde_json::to_writer(&mut *out, &object)?;
    writeln!(out)
}

struct Places<'a> {
    sources: &'a Sources,
    options: &'a Options,
}

impl Places<'_> {
    fn finding(&self, finding: &Finding) -> Value {
        let Finding { rule, severity, certainty, message, help, url, option, configurations, reached, .. } = finding;
        json!({
            "rule": rule.as_str(),
            "severity": severity.as_str(),
            "certainty": certainty.as_str(),
            "message": message,
            "help": help,
            "url": url,
            "option": option,
            "configurations": configurations,
            "reached": reached,
            "fingerprint": finding.fingerprint.as_str(),
            "file": self.file(&finding.primary.at),
            "range": self.range(&finding.primary.at),
            "related": finding.related.iter().map(|label| self.related(label)).collect::<Vec<_>>(),
            "fixes": finding.fixes.iter().map(|fix| self.fix(fix)).collect::<Vec<_>>(),
        })
    }

    fn allowed(&self, allowed: &Allowed, reason: &str) -> Value {
        let (by, at) = match allowed.by {
            Means::Comment(at) => ("comment", Origin::Written(at)),
            Means::Baseline => ("baseline", Origin::Default),
        };
        json!({
            "finding": self.finding(&allowed.finding),
            "by": by,
            "reason": reason,
            "file": self.file(&at),
            "range": self.range(&at),
        })
    }

    fn related(&self, label: &Label) -> Value {
        json!({ "file": self.file(&label.at), "range": self.range(&label.at), "message": label.text })
    }

    fn undecided(&self, undecided: &Undecided) -> Value {
        let Undecided { rule, option, cause, at, asked, configurations, reached } = undecided;
        json!({
            "rule": rule.as_str(),
            "option": option,
            "cause": cause,
            "configurations": configurations,
            "reached": reached,
            "file": self.file(at),
            "range": self.range(at),
            "asked": { "file": self.file(asked), "range": self.range(asked) },
        })
    }

    fn problem(&self, one: &Problem) -> Value {
        problem(one, self.sources, &self.options.base)
    }

    fn fix(&self, fix: &Fix) -> Value {
        let edit = |edit: &Edit| json!({ "range": self.span(edit.span), "text": edit.text });
        json!({
            "title": fix.title,
            "safe": fix.safety == Safety::Safe,
            "file": self.file(&Origin::File(fix.file())),
            "edits": fix.edits().iter().map(edit).collect::<Vec<_>>(),
        })
    }

    fn file(&self, at: &Origin) -> Option<String> {
        file(at, self.sources, &self.options.base)
    }

    fn range(&self, at: &Origin) -> Option<Value> {
        range(at, self.sources)
    }

    fn span(&self, at: Span) -> Value {
        span(at, self.sources)
    }
}

/// The path as seen from `base`, or null for what is written nowhere.
pub fn file(at: &Origin, sources: &Sources, base: &Path) -> Option<String> {
    at.file().map(|file| relative(&sources.file(file).path, base))
}

/// The range, or null for what is written nowhere; a place that is not known more
/// exactly than its file is the empty range at the file's start.
pub fn range(at: &Origin, sources: &Sources) -> Option<Value> {
    at.file().map(|file| span(at.span().unwrap_or(Span::new(file, 0, 0)), sources))
}

fn span(span: Span, sources: &Sources) -> Value {
    let end = |byte| position(sources.position(span.file, byte));
    json!({ "start": end(span.start), "end": end(span.end) })
}

fn position(position: Position) -> Value {
    let Position { line, column, byte } = position;
    json!({ "line": line, "column": column, "byte": byte })
}

fn summary(summary: &Summary) -> Value {
    json!({
        "configurations": summary.configurations,
        "modules": summary.modules,
        "files_read": summary.files_read,
        "errors": summary.errors,
        "warnings": summary.warnings,
        "infos": summary.infos,
        "allowed": summary.allowed,
        "known": summary.known,
        "rules": summary.rules,
        "answers": { "decided": summary.decided, "undecided": summary.open, "unread": summary.hanging },
        "not_followed": summary.not_followed,
        "undecided": summary.undecided,
        "undecided_rules": summary.undecided_rules,
        "unread": summary.unread,
    })
}

/// Something that was not read, as an object.
pub fn problem(problem: &Problem, sources: &Sources, base: &Path) -> Value {
    json!({
        "kind": problem.kind.as_str(),
        "file": relative(&problem.path, base),
        "range": range(&problem.at, sources),
        "message": problem.message,
    })
}
