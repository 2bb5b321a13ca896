//! Assertions of NixOS that do not hold, and its warnings, as findings.

use crate::bridge::Claim;
use crate::eval::Eval;
use crate::finding::{Finding, Label, Severity};
use crate::source::Origin;
use std::path::Path;

/// The name that failing assertions have for a rule.
pub(super) const ASSERTION: &str = "nixos-assertion";
/// The name that warnings have for a rule.
pub(super) const WARNING: &str = "nixos-warning";

/// A claim of a configuration as a finding; `path` is the file that gives the configuration.
pub(super) fn finding(claim: &Claim, configuration: &str, path: &Path, eval: &Eval) -> Finding {
    let (rule, severity, what) = match claim.is_assertion {
        true => (ASSERTION, Severity::Error, "an assertion does not hold"),
        false => (WARNING, Severity::Warning, "NixOS warns"),
    };
    let entry = || eval.sources.find(path).map_or(Origin::Default, Origin::File);
    let at = if claim.at == Origin::Default { entry() } else { claim.at };
    let message = claim.message.clone().unwrap_or_else(|| "its message cannot be evaluated".to_owned());
    Finding {
        option: claim.option.as_ref().map(ToString::to_string).unwrap_or_default(),
        configurations: vec![configuration.to_owned()],
        reached: true,
        ..Finding::new(rule, severity, format!("{what}: {message}"), Label::new(at, ""))
    }
}
