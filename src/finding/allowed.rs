//! Findings that somebody has seen and allowed.

use super::Finding;
use crate::source::Span;

/// What allows a finding.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Means {
    /// The comment at this place.
    Comment(Span),
    /// The project's baseline.
    Baseline,
}

/// A finding that is not reported.
#[derive(Clone, Debug)]
pub struct Allowed {
    /// The finding.
    pub finding: Finding,
    /// What allows it.
    pub by: Means,
    /// Why, in somebody's own words; empty where nobody says so.
    pub reason: String,
}
