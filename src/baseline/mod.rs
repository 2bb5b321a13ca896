//! The findings that a project had when it began to be checked: known by fingerprint, not reported.
//!
//! A baseline holds no lines and no texts: moved code stays known, and there is nothing to leak.

mod json;

use crate::finding::{Allowed, Finding, Means, Report};
use crate::source::Sources;
use std::collections::BTreeSet;
use std::path::{Component, Path, PathBuf};

/// A finding that is known. Only the fingerprint counts, the rest is for people.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Entry {
    /// The file it was in, from the baseline's own folder, with `/`; empty where there was none.
    pub file: String,
    /// The rule.
    pub rule: String,
    /// The option in question, as people write its path.
    pub option: String,
    /// What makes it the same finding.
    pub fingerprint: String,
}

/// The known findings of a project.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Baseline {
    entries: BTreeSet<Entry>,
}

impl Baseline {
    /// All findings of a report, for a file in `folder`.
    pub fn of(report: &Report, sources: &Sources, folder: &Path) -> Self {
        let entry = |finding: &Finding| Entry {
            file: finding.primary.at.file().map_or_else(String::new, |file| from(folder, &sources.file(file).path)),
            rule: finding.rule.to_string(),
            option: finding.option.clone(),
            fingerprint: finding.fingerprint.to_string(),
        };
        Self { entries: report.findings.iter().map(entry).collect() }
    }

    /// Reads what [`text`](Self::text) wrote. Errors: what is wrong with it, in one clause.
    pub fn parse(text: &str) -> Result<Self, String> {
        Ok(Self { entries: json::read(text)? })
    }

    /// The baseline as a file: one entry a line or so, sorted, the same bytes for the same findings.
    pub fn text(&self) -> String {
        json::text(&self.entries)
    }

    /// How many findings are known.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether none is known.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// Takes what is known out of the findings of `report`, and gives the entries that no finding has.
    pub fn apply(&self, report: &mut Report) -> Vec<&Entry> {
        let known: BTreeSet<&str> = self.entries.iter().map(|entry| &*entry.fingerprint).collect();
        let (mut left, mut met) = (vec![], BTreeSet::new());
        for finding in report.findings.drain(..) {
            let fingerprint = finding.fingerprint.to_string();
            if known.contains(&*fingerprint) {
                met.insert(fingerprint);
                report.allowed.push(Allowed { finding, by: Means::Baseline, reason: String::new() });
            } else {
                left.push(finding);
            }
        }
        report.findings = left;
        report.count();
        self.entries.iter().filter(|entry| !met.contains(&entry.fingerprint)).collect()
    }
}

/// `path` from `folder` on, with `..` where it lies elsewhere.
fn from(folder: &Path, path: &Path) -> String {
    let (ours, theirs): (Vec<_>, Vec<_>) = (folder.components().collect(), path.components().collect());
    let shared = ours.iter().zip(&theirs).take_while(|(a, b)| a == b).count();
    let up = ours[shared..].iter().map(|_| Component::ParentDir);
    let relative: PathBuf = up.chain(theirs[shared..].iter().copied()).collect();
    relative.components().map(|part| part.as_os_str().to_string_lossy().into_owned()).collect::<Vec<_>>().join("/")
}
