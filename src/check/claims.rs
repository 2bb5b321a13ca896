//! Assertions of NixOS that do not hold, and its warnings, as findings.

use crate::bridge::Claim;
use crate::eval::Eval;
use crate::finding::{Finding, Label, Severity};
use crate::lint::Rule;
use crate::option::{Configuration, OptionEntry, OptionPattern};
use crate::shown::is_secret;
use crate::source::Origin;
use crate::value::Shape;
use std::collections::BTreeSet;
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

/// Shorter texts are parts of too many words.
const SHORTEST: usize = 4;

/// Takes the values of options that hold secrets out of what modules say.
pub(super) fn hide(findings: &mut [Finding], configurations: &[Configuration], rules: &[&Rule]) {
    if findings.is_empty() {
        return;
    }
    let patterns: Vec<OptionPattern> = rules.iter().flat_map(|rule| rule.page.secrets.clone()).collect();
    let mut secrets = BTreeSet::new();
    configurations.iter().for_each(|one| collect(&one.root, &patterns, &mut secrets));
    for finding in findings {
        // The longest first: one may be a part of another.
        for secret in secrets.iter().rev() {
            finding.message = finding.message.replace(&secret.1, "…");
        }
    }
}

/// The secret texts in an option and below, with their lengths.
fn collect(entry: &OptionEntry, patterns: &[OptionPattern], secrets: &mut BTreeSet<(usize, String)>) {
    entry.children.values().for_each(|child| collect(child, patterns, secrets));
    if is_secret(&entry.path, patterns) {
        let values = entry.definitions.iter().chain(&entry.overridden).map(|one| &one.value).chain([&entry.value]);
        let texts = values.filter_map(|value| match &value.shape {
            Shape::Str(text) => text.known().map(|text| text.split_whitespace().collect::<Vec<_>>().join(" ")),
            _ => None,
        });
        secrets.extend(texts.filter(|text| text.len() >= SHORTEST).map(|text| (text.len(), text)));
    }
}
