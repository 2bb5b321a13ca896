//! Comments that allow findings: what they cover, and which of them are of no use.

mod comment;
mod unused;
mod writing;

pub use unused::Asked;
pub use writing::allowing;

use crate::finding::{Finding, RuleId};
use crate::source::{FileId, Origin, Sources, Span};
use crate::syntax::{Range, Subject, remarks};
use std::collections::BTreeMap;

/// A comment that allows findings.
#[derive(Clone, Debug)]
pub struct Suppression {
    /// Where the comment stands.
    pub at: Span,
    /// The rules it allows, each with its place.
    pub rules: Vec<(RuleId, Span)>,
    /// Why; empty where nobody says so.
    pub reason: String,
    covers: Subject,
}

/// The comments that allow findings in the files of a run.
#[derive(Clone, Debug, Default)]
pub struct Suppressions {
    by_file: BTreeMap<FileId, Vec<Suppression>>,
    not_understood: Vec<Span>,
}

impl Suppressions {
    /// Those of the user's `files`.
    pub fn read(sources: &Sources, files: impl IntoIterator<Item = FileId>) -> Self {
        let mut all = Self::default();
        for file in files {
            let source = sources.file(file);
            if source.embedded || !source.text.contains("optlint") {
                continue;
            }
            for remark in remarks(&source.text, |comment| comment::is_ours(&comment.text)) {
                let Range { start, end } = remark.comment.range;
                let at = Span::new(file, start, end);
                let Some(allow) = comment::read(&remark.comment.text) else {
                    all.not_understood.push(at);
                    continue;
                };
                let span = |at: std::ops::Range<usize>| Span::new(file, start + at.start as u32, start + at.end as u32);
                let rules = allow.rules.into_iter().map(|(rule, at)| (RuleId::new(rule), span(at))).collect();
                let suppression = Suppression { at, rules, reason: allow.reason, covers: remark.subject };
                all.by_file.entry(file).or_default().push(suppression);
            }
        }
        all
    }

    /// The names of the findings that are about comments.
    pub const RULES: [&str; 2] = [unused::UNKNOWN, unused::UNUSED];

    /// The files with such comments.
    pub fn files(&self) -> Vec<FileId> {
        self.by_file.keys().copied().collect()
    }

    /// The comment that allows `finding`: the last one, which stands nearest.
    pub fn of(&self, sources: &Sources, finding: &Finding) -> Option<&Suppression> {
        let here = self.by_file.get(&finding.primary.at.file()?)?;
        here.iter().rev().find(|one| one.allows(&finding.rule) && one.covers(sources, finding.primary.at))
    }
}

impl Suppression {
    fn allows(&self, rule: &RuleId) -> bool {
        self.rules.iter().any(|(allowed, _)| allowed == rule)
    }

    /// Whether something at `place` is covered: what begins in the binding or expression below the
    /// comment, and what begins or ends on the line in question.
    fn covers(&self, sources: &Sources, place: Origin) -> bool {
        let Some(place) = place.span() else { return self.covers == Subject::File };
        let line = |byte| sources.position(self.at.file, byte).line;
        let on_line = |number| line(place.start) == number || line(place.end) == number;
        match self.covers {
            Subject::File => true,
            Subject::Line => on_line(line(self.at.start)),
            Subject::Below(range) => (range.start..range.end).contains(&place.start) || on_line(line(range.start)),
            Subject::Nothing => false,
        }
    }
}
