//! Findings that somebody has seen and allowed.

use super::Finding;
use super::written::WrittenSpan;
use crate::source::Span;
use serde::{Deserialize, Serialize};

/// What allows a finding.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Means {
    /// The comment at this place.
    Comment(#[serde(with = "WrittenSpan")] Span),
    /// The project's baseline.
    Baseline,
}

/// A finding that is not reported.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Allowed {
    /// The finding.
    pub finding: Finding,
    /// What allows it.
    pub by: Means,
    /// Why, in somebody's own words; empty where nobody says so.
    pub reason: String,
}
