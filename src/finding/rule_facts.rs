//! What formats may tell of a rule besides its findings.

use super::{RuleId, Severity};
use serde::{Deserialize, Serialize};

/// A rule as SARIF describes it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RuleFacts {
    /// The rule.
    pub id: RuleId,
    /// What is wrong, in a sentence or two.
    pub summary: String,
    /// Why it matters and how to mend it, in Markdown.
    pub help: String,
    /// How bad a finding is unless it says otherwise.
    pub severity: Severity,
    /// What it protects: a word.
    pub category: String,
    /// Whether what it finds lets somebody in, or something out.
    pub security: bool,
    /// Whether its findings are never more than possible.
    pub possible: bool,
    /// Where its page can be read.
    pub url: Option<String>,
}
