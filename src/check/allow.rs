//! Comments that allow findings, against what a whole run has found.

use super::{claims, syntax};
use crate::finding::{Allowed, Finding, Means, Report, Undecided};
use crate::lint::{Asked, Rule, Suppressions, bears_on};
use crate::option::Configuration;
use crate::source::Sources;
use std::collections::BTreeSet;

/// The comments of a run, and what was asked where there are some.
#[derive(Default)]
pub(super) struct Comments {
    suppressions: Suppressions,
    asked: Asked,
}

impl Comments {
    pub(super) fn new(suppressions: Suppressions) -> Self {
        Self { suppressions, ..Self::default() }
    }

    /// Whether there are comments in the files of a configuration.
    pub(super) fn concern(&self, configuration: &Configuration) -> bool {
        self.suppressions.files().into_iter().any(|file| configuration.files.contains(&file))
    }

    /// Notes what was asked about `configurations`, and what stayed open.
    pub(super) fn note(&mut self, configurations: &[Configuration], rules: &[&Rule], undecided: &[Undecided]) {
        for file in self.suppressions.files() {
            for configuration in configurations.iter().filter(|one| one.files.contains(&file)) {
                let asked = rules.iter().filter(|rule| bears_on(rule, configuration));
                self.asked.rules.entry(file).or_default().extend(asked.map(|rule| rule.page.id.clone()));
                let open = undecided.iter().filter(|one| one.configurations.contains(&configuration.name));
                self.asked.undecided.entry(file).or_default().extend(open.map(|one| one.rule.clone()));
            }
        }
    }

    /// What is to be said about the comments; `found` is everything that was found. `names` are those
    /// of all rules, asked or not.
    pub(super) fn findings(&mut self, sources: &Sources, found: &[Finding], names: &BTreeSet<&str>) -> Vec<Finding> {
        let broken = found.iter().filter(|finding| finding.rule.as_str() == syntax::SYNTAX_ERROR);
        self.asked.broken = broken.filter_map(|finding| finding.primary.at.file()).collect();
        self.suppressions.findings(sources, found, names, &self.asked)
    }

    /// Takes what comments allow out of the findings.
    pub(super) fn apply(&self, sources: &Sources, report: &mut Report) {
        let mut left = vec![];
        for finding in report.findings.drain(..) {
            match self.suppressions.of(sources, &finding) {
                Some(one) => {
                    report.allowed.push(Allowed { by: Means::Comment(one.at), reason: one.reason.clone(), finding })
                }
                None => left.push(finding),
            }
        }
        report.findings = left;
    }
}

/// The findings that are about comments, or about a file as a whole: they have no page.
pub(super) fn without_pages() -> impl Iterator<Item = &'static str> {
    [syntax::SYNTAX_ERROR, claims::ASSERTION, claims::WARNING].into_iter().chain(Suppressions::RULES)
}
