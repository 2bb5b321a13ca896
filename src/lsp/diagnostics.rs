//! Findings as diagnostics.

use super::client::Client;
use super::documents::Documents;
use super::position::Lines;
use super::uri;
use crate::finding::{Finding, Label, Report, RuleFacts, Severity};
use crate::report::{sentences, shown};
use crate::source::{FileId, Origin, Sources, load};
use lsp_types::{
    CodeDescription, Diagnostic, DiagnosticRelatedInformation, DiagnosticSeverity, DiagnosticTag, Location,
    NumberOrString, Range, Uri,
};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

/// The category of rules about what is on its way out, and about names that never were.
const DEPRECATION: &str = "deprecation";

/// What the names of the former say.
const ON_ITS_WAY_OUT: [&str; 3] = ["obsolete", "removed", "renamed"];

/// The finding that a comment allows nothing.
const UNUSED: &str = "unused-suppression";

/// So many further places of a finding are told.
const RELATED: usize = 20;

/// What diagnostics are written with.
pub(super) struct Places<'a> {
    pub(super) root: &'a Path,
    pub(super) sources: &'a Sources,
    pub(super) documents: &'a Documents,
    pub(super) client: &'a Client,
    /// Set when nobody waits for an answer any more.
    pub(super) stop: &'a Arc<AtomicBool>,
}

impl Places<'_> {
    /// The diagnostics of each file. What has no place in a file of the user's is none.
    pub(super) fn diagnostics(&self, report: &Report) -> BTreeMap<PathBuf, Vec<Diagnostic>> {
        let mut found: BTreeMap<PathBuf, Vec<Diagnostic>> = BTreeMap::new();
        for finding in &report.findings {
            if let Some(at) = shown(finding, self.sources)
                && let Some(file) = at.file()
            {
                let path = self.sources.file(file).path.clone();
                found.entry(path).or_default().push(self.diagnostic(finding, at, &report.rules));
            }
        }
        found
    }

    /// A finding at the place where it is shown.
    pub(super) fn diagnostic(&self, finding: &Finding, at: Origin, rules: &[RuleFacts]) -> Diagnostic {
        let facts = rules.iter().find(|facts| facts.id == finding.rule);
        let related: Vec<_> = finding.related.iter().take(RELATED).filter_map(|label| self.related(label)).collect();
        Diagnostic {
            range: self.range(at),
            severity: Some(match finding.severity {
                Severity::Error => DiagnosticSeverity::ERROR,
                Severity::Warning => DiagnosticSeverity::WARNING,
                Severity::Info => DiagnosticSeverity::INFORMATION,
            }),
            code: Some(NumberOrString::String(finding.rule.to_string())),
            code_description: self.page(finding).map(|href| CodeDescription { href }),
            source: Some("optlint".to_owned()),
            message: sentences(finding),
            related_information: Some(related).filter(|related| self.client.related && !related.is_empty()),
            tags: self.tag(finding, facts).map(|tag| vec![tag]),
            data: None,
        }
    }

    fn tag(&self, finding: &Finding, facts: Option<&RuleFacts>) -> Option<DiagnosticTag> {
        let says = |rule: &str| ON_ITS_WAY_OUT.iter().any(|word| rule.contains(word));
        let tag = match finding.rule.as_str() {
            UNUSED => DiagnosticTag::UNNECESSARY,
            rule if facts.is_some_and(|facts| facts.category == DEPRECATION) && says(rule) => DiagnosticTag::DEPRECATED,
            _ => return None,
        };
        self.client.tags.contains(&tag).then_some(tag)
    }

    /// The address of the rule's page: on the web, or in the project.
    fn page(&self, finding: &Finding) -> Option<Uri> {
        let url = finding.url.as_deref().filter(|_| self.client.code_description)?;
        if url.starts_with("https://") || url.starts_with("http://") {
            return url.parse().ok();
        }
        let path = load::normalize(&self.root.join(url));
        (path.starts_with(self.root) && load::exists(&path)).then(|| uri::of(&path)).flatten()
    }

    fn related(&self, label: &Label) -> Option<DiagnosticRelatedInformation> {
        let location = self.location(label.at)?;
        let message = if label.text.is_empty() { "this belongs to it" } else { &label.text };
        Some(DiagnosticRelatedInformation { location, message: crate::report::escaped(message) })
    }

    /// A place in a file of the user's.
    pub(super) fn location(&self, at: Origin) -> Option<Location> {
        let file = at.file().filter(|file| !self.sources.file(*file).embedded)?;
        Some(Location { uri: self.uri(&self.sources.file(file).path)?, range: self.range(at) })
    }

    /// The address of a file: that of the client, where it is open.
    pub(super) fn uri(&self, path: &Path) -> Option<Uri> {
        address(self.documents, path)
    }

    /// Where a place is; a place that is not known more exactly than its file is the file's start.
    pub(super) fn range(&self, at: Origin) -> Range {
        match at.span() {
            Some(span) => self.lines(span.file).range(span.start, span.end),
            None => Range::default(),
        }
    }

    /// The lines of a file.
    pub(super) fn lines(&self, file: FileId) -> Lines<'_> {
        Lines::new(&self.sources.file(file).text, self.client.encoding)
    }
}

/// The address of a file: that of the client, where it is open.
pub(super) fn address(documents: &Documents, path: &Path) -> Option<Uri> {
    documents.get(path).map(|document| document.uri.clone()).or_else(|| uri::of(path))
}
