//! The rules that a SARIF file describes: those that found something.

use crate::finding::{Finding, RuleFacts, RuleId, Severity};
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// The rules of a run, by name.
pub(super) struct Rules<'a> {
    /// Their places in the list, and what is known of them.
    rules: BTreeMap<&'a RuleId, (usize, Option<&'a RuleFacts>)>,
}

impl<'a> Rules<'a> {
    /// The rules of `findings`, described by `known`.
    pub(super) fn of(findings: &[&'a Finding], known: &'a [RuleFacts]) -> Self {
        let known: BTreeMap<&RuleId, &RuleFacts> = known.iter().map(|facts| (&facts.id, facts)).collect();
        let mut rules: BTreeMap<&RuleId, _> =
            findings.iter().map(|finding| (&finding.rule, (0, known.get(&finding.rule).copied()))).collect();
        for (nth, (index, _)) in rules.values_mut().enumerate() {
            *index = nth;
        }
        Self { rules }
    }

    /// Where the rule stands in the list.
    pub(super) fn index(&self, rule: &RuleId) -> usize {
        self.rules.get(rule).map_or(0, |(index, _)| *index)
    }

    /// The list.
    pub(super) fn described(&self) -> Vec<Value> {
        self.rules
            .iter()
            .map(|(id, (_, facts))| facts.map_or_else(|| json!({ "id": id.as_str() }), described))
            .collect()
    }
}

/// `InlineSmtpPassword` of `inline-smtp-password`: a name has to be more than the id once again.
fn in_one_word(id: &str) -> String {
    let word = |word: &str| {
        let (first, rest) = word.split_at(word.chars().next().map_or(0, char::len_utf8));
        first.to_uppercase() + rest
    };
    id.split('-').map(word).collect()
}

fn described(facts: &RuleFacts) -> Value {
    let RuleFacts { id, summary, help, severity, category, security, possible, url } = facts;
    let mut tags = vec![category.as_str()];
    if *security {
        tags.push("security");
    }
    let mut rule = json!({
        "id": id.as_str(),
        "name": in_one_word(id.as_str()),
        "shortDescription": { "text": summary },
        "fullDescription": { "text": summary },
        "help": { "text": help, "markdown": help },
        "defaultConfiguration": { "level": level(*severity) },
        "properties": {
            "tags": tags,
            "precision": if *possible { "medium" } else { "high" },
            "problem.severity": match severity {
                Severity::Error => "error",
                Severity::Warning => "warning",
                Severity::Info => "recommendation",
            },
        },
    });
    if *security {
        // A string: GitHub makes high, medium and low of it.
        let score = match severity {
            Severity::Error => "8.0",
            Severity::Warning => "5.5",
            Severity::Info => "2.0",
        };
        rule["properties"]["security-severity"] = score.into();
    }
    // A page in the repository has no address of its own.
    if let Some(url) = url.as_ref().filter(|url| url.starts_with("https://")) {
        rule["helpUri"] = url.as_str().into();
    }
    rule
}

/// SARIF's word for a severity.
pub(super) fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Info => "note",
    }
}
