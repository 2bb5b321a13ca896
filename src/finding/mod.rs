//! What rules report: findings, what they could not decide, what was not read.
//!
//! All of it is plain text and places. Messages never hold a value that a
//! label marks as secret; hiding the source text under such a label is the
//! reporters' part (`report::mask`).

mod allowed;
mod fingerprint;
mod fix;
mod report;
mod rule_facts;
mod written;

pub use allowed::{Allowed, Means};
pub use fingerprint::Fingerprint;
pub use fix::{Edit, Fix, Safety};
pub use report::{Report, Summary};
pub use rule_facts::RuleFacts;
pub use written::WrittenFile;
use written::WrittenOrigin;

use crate::source::Origin;
use serde::{Deserialize, Serialize};
use std::borrow::Borrow;
use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;

/// How bad a finding is. The order is that of reading: errors come first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Severity {
    /// Broken, or a leak.
    Error,
    /// Risky.
    Warning,
    /// Worth knowing.
    Info,
}

impl Severity {
    /// All of them, the worst first.
    pub const ALL: [Severity; 3] = [Severity::Error, Severity::Warning, Severity::Info];

    /// `error`, `warning` or `info`.
    pub fn as_str(self) -> &'static str {
        match self {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Info => "info",
        }
    }

    /// The severity that [`as_str`](Self::as_str) writes like this.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|severity| severity.as_str() == name)
    }

    /// One less bad; `info` stays what it is.
    pub fn lowered(self) -> Self {
        match self {
            Severity::Error => Severity::Warning,
            Severity::Warning | Severity::Info => Severity::Info,
        }
    }

    /// Whether this is as bad as `other`, or worse.
    pub fn at_least(self, other: Severity) -> bool {
        self <= other
    }
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Whether a finding holds in any case.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Certainty {
    /// Nothing that is unknown could make it untrue.
    Certain,
    /// Holds only if a condition that could not be decided comes out true.
    Possible,
}

impl Certainty {
    /// `certain` or `possible`.
    pub fn as_str(self) -> &'static str {
        match self {
            Certainty::Certain => "certain",
            Certainty::Possible => "possible",
        }
    }
}

impl fmt::Display for Certainty {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A rule's name, for example `inline-registration-shared-secret`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(from = "String", into = "String")]
pub struct RuleId(Arc<str>);

impl RuleId {
    /// The rule with this name; whether there is such a rule is not asked.
    pub fn new(name: impl Into<Arc<str>>) -> Self {
        Self(name.into())
    }

    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<String> for RuleId {
    fn from(name: String) -> Self {
        Self::new(name)
    }
}

impl From<RuleId> for String {
    fn from(id: RuleId) -> Self {
        id.as_str().to_owned()
    }
}

impl From<&str> for RuleId {
    fn from(name: &str) -> Self {
        Self::new(name)
    }
}

impl Borrow<str> for RuleId {
    fn borrow(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for RuleId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A place and what is to be said about it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Label {
    /// The place.
    #[serde(with = "WrittenOrigin")]
    pub at: Origin,
    /// A few words for people; may be empty.
    pub text: String,
    /// What is written there is a secret: no reporter may show it.
    pub redact: bool,
}

impl Label {
    /// A label on a place that may be shown.
    pub fn new(at: Origin, text: impl Into<String>) -> Self {
        Self { at, text: text.into(), redact: false }
    }

    /// A label on a place that holds a secret.
    pub fn secret(at: Origin, text: impl Into<String>) -> Self {
        Self { at, text: text.into(), redact: true }
    }
}

/// Something that a rule found.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Finding {
    /// The rule.
    pub rule: RuleId,
    /// How bad it is.
    pub severity: Severity,
    /// Whether it holds in any case.
    pub certainty: Certainty,
    /// What is wrong, in one sentence without a full stop.
    pub message: String,
    /// What to do about it.
    pub help: Option<String>,
    /// The rule's page.
    pub url: Option<String>,
    /// The option in question, as people write its path; empty when there is none.
    pub option: String,
    /// The names of the configurations in which it holds, sorted.
    pub configurations: Vec<String>,
    /// Whether some configuration reaches the place; otherwise it is in a module on its own.
    pub reached: bool,
    /// Where it is: the definition to change.
    pub primary: Label,
    /// Other places that belong to it: where the value comes from, what it clashes with.
    pub related: Vec<Label>,
    /// What could be written instead.
    pub fixes: Vec<Fix>,
    /// Its name across runs; [`Report::fingerprint`] assigns it.
    pub fingerprint: Fingerprint,
}

impl Finding {
    /// A certain finding without help, options, configurations, other places and fixes.
    pub fn new(rule: impl Into<RuleId>, severity: Severity, message: impl Into<String>, primary: Label) -> Self {
        Self {
            rule: rule.into(),
            severity,
            certainty: Certainty::Certain,
            message: message.into(),
            help: None,
            url: None,
            option: String::new(),
            configurations: Vec::new(),
            reached: true,
            primary,
            related: Vec::new(),
            fixes: Vec::new(),
            fingerprint: Fingerprint::default(),
        }
    }
}

/// A question of a rule that could not be answered.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Undecided {
    /// The rule.
    pub rule: RuleId,
    /// The option it asked for, as people write its path.
    pub option: String,
    /// Why it got no answer: a clause without a full stop.
    pub cause: String,
    /// Where knowledge ended; the definition in question where that has no place.
    #[serde(with = "WrittenOrigin")]
    pub at: Origin,
    /// The definition in question.
    #[serde(with = "WrittenOrigin")]
    pub asked: Origin,
    /// The names of the configurations in which it is undecided, sorted.
    pub configurations: Vec<String>,
    /// Whether some configuration reaches the definition.
    pub reached: bool,
}

/// What kept something from being read or followed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum ProblemKind {
    /// A file or folder is there and could not be read.
    NotRead,
    /// An import names a file that is not there, or not part of the project.
    MissingImport,
    /// Something that should be a configuration was seen and not understood.
    NotUnderstood,
    /// Evaluation reached a limit.
    CutShort,
    /// The user's own Nix was asked and gave no answer.
    NotEvaluated,
}

impl ProblemKind {
    /// Its name in JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            ProblemKind::NotRead => "not-read",
            ProblemKind::MissingImport => "missing-import",
            ProblemKind::NotUnderstood => "not-understood",
            ProblemKind::CutShort => "cut-short",
            ProblemKind::NotEvaluated => "not-evaluated",
        }
    }
}

/// Something that was not read or not followed.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Problem {
    /// What sort of thing happened.
    pub kind: ProblemKind,
    /// The file or folder, as an absolute path.
    pub path: PathBuf,
    /// The place in it, as far as there is one.
    #[serde(with = "WrittenOrigin")]
    pub at: Origin,
    /// What is wrong: a clause without a full stop.
    pub message: String,
}

impl Problem {
    /// A file or folder that could not be read.
    pub fn not_read(path: impl Into<PathBuf>, message: impl Into<String>) -> Self {
        Self { kind: ProblemKind::NotRead, path: path.into(), at: Origin::Default, message: message.into() }
    }
}
