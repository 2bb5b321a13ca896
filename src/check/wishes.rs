//! What a project wishes besides which rules are asked: files to pass over, exceptions, machines
//! that nobody would recognise.

use crate::finding::{Finding, Label, Report};
use crate::lint::{Rule, Selection};
use crate::source::load::Patterns;
use crate::source::{Origin, Sources};
use std::path::PathBuf;

/// The wishes of one project; by default there are none.
#[derive(Clone, Debug, Default)]
pub struct Wishes {
    /// Files in which nothing is reported, and which are not looked at on their own.
    pub skip: Patterns,
    /// Files that configure a machine, absolute.
    pub entry_points: Vec<PathBuf>,
    /// Nix files outside the project are read, too.
    pub outside: bool,
    /// How texts begin that name a secret and are none.
    pub safe_prefixes: Vec<String>,
    /// What differs for some paths; later ones speak over earlier ones.
    pub exceptions: Vec<Exception>,
}

/// What differs for some paths.
#[derive(Clone, Debug, Default)]
pub struct Exception {
    /// The files.
    pub paths: Patterns,
    /// What is disabled there, and how severe findings are.
    pub selection: Selection,
}

impl Wishes {
    /// Takes what is not wished for out of `report`, and sets severities.
    pub(super) fn apply(&self, rules: &[&Rule], sources: &Sources, report: &mut Report) {
        report.findings.retain_mut(|finding| {
            let rule = rules.iter().find(|rule| rule.page.id == finding.rule).copied();
            !self.is_skipped(finding.primary.at, sources)
                && !self.is_safe(finding, sources)
                && self.except(finding, rule, sources)
        });
        report.allowed.retain(|allowed| !self.is_skipped(allowed.finding.primary.at, sources));
        report.undecided.retain(|undecided| !self.is_skipped(undecided.asked, sources));
        report.problems.retain(|problem| !self.skip.match_file(&problem.path));
    }

    fn is_skipped(&self, at: Origin, sources: &Sources) -> bool {
        at.file().is_some_and(|file| self.skip.match_file(&sources.file(file).path))
    }

    /// Whether a finding is left after the exceptions for its file, whose severities it takes.
    fn except(&self, finding: &mut Finding, rule: Option<&Rule>, sources: &Sources) -> bool {
        let Some(file) = finding.primary.at.file() else { return true };
        let path = &sources.file(file).path;
        for exception in self.exceptions.iter().filter(|exception| exception.paths.match_file(path)) {
            if rule.is_some_and(|rule| !exception.selection.decides(&rule.page, true)) {
                return false;
            }
            if let Some(severity) = exception.selection.severity.get(finding.rule.as_str()) {
                finding.severity = *severity;
            }
        }
        true
    }

    /// Whether the secret that a finding is about is one in name only.
    fn is_safe(&self, finding: &Finding, sources: &Sources) -> bool {
        let begins = |label: &Label| {
            let text = label.at.span().map_or("", |span| sources.text(span));
            let text = text.trim_start_matches("''").trim_start_matches('"').trim_start();
            // More lines than one may hold more than one text.
            !text.trim_end_matches(['"', '\'', '\n', ' ']).contains('\n')
                && self.safe_prefixes.iter().any(|prefix| !prefix.is_empty() && text.starts_with(prefix.as_str()))
        };
        std::iter::once(&finding.primary).chain(&finding.related).any(|label| label.redact && begins(label))
    }
}
