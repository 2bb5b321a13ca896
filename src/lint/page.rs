//! A rule's page: its documentation, its header, its examples.

use crate::finding::{RuleId, Severity};
use crate::option::OptionPattern;

/// What a rule protects.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[allow(missing_docs)]
pub enum Category {
    Secrets,
    Exposure,
    Delegation,
    Tls,
    Database,
    Federation,
    Workers,
    Element,
    Registration,
    Deprecation,
    Operations,
    Performance,
}

/// Whether a rule is on unless asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Tier {
    /// On.
    Default,
    /// On only when asked for.
    Pedantic,
}

/// A loaded page.
#[derive(Clone, Debug)]
pub struct Page {
    /// The rule's name: the page's title and file name.
    pub id: RuleId,
    /// The first paragraph: what is wrong.
    pub summary: String,
    /// How bad a finding is unless the rule says otherwise.
    pub severity: Severity,
    /// What it protects.
    pub category: Category,
    /// Whether it is on by default.
    pub tier: Tier,
    /// Whether values are secrets, which no report may show.
    pub sensitive: bool,
    /// Findings are never more than possible.
    pub possible: bool,
    /// The options it reads.
    pub options: Vec<OptionPattern>,
    /// The message of its findings, where it is always the same.
    pub message: Option<String>,
    /// What to do about a finding.
    pub help: Option<String>,
    /// Where the page can be read.
    pub url: Option<String>,
}
