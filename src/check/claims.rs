//! Assertions of NixOS that do not hold, and its warnings, as findings.

use crate::bridge::Claim;
use crate::eval::Eval;
use crate::finding::{Finding, Label, Severity};
use crate::option::{Configuration, OptionEntry, OptionPath, OptionPattern, Segment};
use crate::shown::is_secret;
use crate::source::Origin;
use crate::value::{Item, Shape, Value};
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

/// Longer messages are cut, once nothing in them is secret any more.
const LONGEST: usize = 600;

/// Takes the values of options that hold secrets out of what modules say; `secrets` are those of all rules.
pub(super) fn hide(findings: &mut [Finding], configurations: &[Configuration], secrets: &[OptionPattern]) {
    if findings.is_empty() {
        return;
    }
    let mut words = Words { secrets, found: BTreeSet::new() };
    configurations.iter().for_each(|one| words.entry(&one.root));
    for finding in findings {
        // The longest first: one may be a part of another.
        for secret in words.found.iter().rev() {
            finding.message = finding.message.replace(&secret.1, "…");
        }
        if let Some((end, _)) = finding.message.char_indices().nth(LONGEST) {
            finding.message.truncate(end);
        }
    }
}

/// Texts that are secret, with their lengths.
struct Words<'a> {
    secrets: &'a [OptionPattern],
    found: BTreeSet<(usize, String)>,
}

impl Words<'_> {
    /// Those of an option and below.
    fn entry(&mut self, entry: &OptionEntry) {
        entry.children.values().for_each(|child| self.entry(child));
        let values = entry.definitions.iter().chain(&entry.overridden).map(|one| &one.value).chain([&entry.value]);
        values.for_each(|value| self.value(&entry.path, value, is_secret(&entry.path, self.secrets)));
    }

    /// Those of a value; `secret`: it is one, and all of it.
    fn value(&mut self, path: &OptionPath, value: &Value, secret: bool) {
        match &value.shape {
            Shape::Str(text) if secret => {
                let words: Vec<&str> = text.known().unwrap_or_default().split_whitespace().collect();
                let line: String = words.join(" ").chars().filter(|c| !c.is_control()).collect();
                if line.len() >= SHORTEST {
                    self.found.insert((line.len(), line));
                }
            }
            Shape::Attrs(attrs) => {
                for (name, inner) in &attrs.known {
                    let path = path.child(Segment::Name(name.clone()));
                    let is_secret = secret || is_secret(&path, self.secrets);
                    self.value(&path, inner, is_secret);
                }
            }
            Shape::List(items) => items.iter().for_each(|item| {
                if let Item::One(inner) | Item::Maybe(_, inner) = item {
                    self.value(path, inner, secret);
                }
            }),
            Shape::OneOf(alternatives) => alternatives.iter().for_each(|(_, one)| self.value(path, one, secret)),
            _ => {}
        }
    }
}
