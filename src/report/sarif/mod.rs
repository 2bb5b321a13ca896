//! SARIF 2.1.0, for code scanning at GitHub and for editors.
//!
//! Holds places and never source text, so no secret can be in it. Within the limits of GitHub,
//! which refuses larger files: see [`RESULTS`] and [`RELATED`].

mod location;
mod rules;

use super::allowed::Reasons;
use super::spot::{is_users, sentences, shown, worst_first};
use super::{Options, write_list};
use crate::finding::{Allowed, Edit, Finding, Fix, Means, Problem, Report, Safety};
use crate::source::{Origin, Sources};
use location::Places;
use rules::{Rules, level};
use serde_json::{Map, Value, json};
use std::io;

/// So many results are written: GitHub refuses more in a run.
const RESULTS: usize = 25_000;

/// So many further places of a result are written: GitHub shows no more.
const RELATED: usize = 100;

/// Where the format is defined.
const SCHEMA: &str = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

/// Writes the object and a line end.
pub fn write(report: &Report, sources: &Sources, options: &Options, out: &mut dyn io::Write) -> io::Result<()> {
    let places = Places { sources, options };
    let findings: Vec<&Finding> = match report.findings.len() > RESULTS {
        true => worst_first(&report.findings).take(RESULTS).collect(),
        false => report.findings.iter().collect(),
    };
    // GitHub shows what is suppressed as open alerts: it is written only if somebody asks for it.
    let allowed = if options.allowed { &report.allowed[..] } else { &[] };
    let allowed = &allowed[..allowed.len().min(RESULTS - findings.len())];
    let named: Vec<&Finding> = findings.iter().copied().chain(allowed.iter().map(|one| &one.finding)).collect();
    let (rules, reasons) = (Rules::of(&named, &report.rules), Reasons::new(report, sources));
    let mut notes: Vec<Value> = report.problems.iter().map(|problem| notification(problem, &places)).collect();
    if let Some(more) = report.findings.len().checked_sub(RESULTS).filter(|more| *more > 0) {
        let text = format!("{more} more findings were left out: a run holds at most {RESULTS}");
        notes.push(json!({ "level": "warning", "message": { "text": text } }));
    }
    // In pieces: the whole of a large report would be many times its text.
    write!(out, "{{\"$schema\":\"{SCHEMA}\",\"version\":\"2.1.0\",\"runs\":[{{\"tool\":")?;
    serde_json::to_writer(&mut *out, &tool(&rules))?;
    write!(out, ",\"columnKind\":\"unicodeCodePoints\",\"originalUriBaseIds\":")?;
    serde_json::to_writer(&mut *out, &location::base_ids())?;
    write!(out, ",\"invocations\":")?;
    let invocation = json!({ "executionSuccessful": true, "toolExecutionNotifications": notes });
    serde_json::to_writer(&mut *out, &json!([invocation]))?;
    write!(out, ",\"results\":")?;
    let results = findings.iter().map(|finding| result(finding, &rules, &places));
    let suppressed = allowed.iter().map(|one| {
        let mut result = result(&one.finding, &rules, &places);
        result["suppressions"] = json!([suppression(one, reasons.of(one), &places)]);
        result
    });
    write_list(results.chain(suppressed), out)?;
    writeln!(out, "}}]}}")
}

fn tool(rules: &Rules<'_>) -> Value {
    let version = env!("CARGO_PKG_VERSION");
    json!({ "driver": { "name": "optlint", "semanticVersion": version, "rules": rules.described() } })
}

fn result(finding: &Finding, rules: &Rules<'_>, places: &Places<'_>) -> Value {
    let Finding { rule, certainty, option, configurations, reached, .. } = finding;
    let mut result = json!({
        "ruleId": rule.as_str(),
        "ruleIndex": rules.index(rule),
        "level": level(finding.severity),
        "message": { "text": plain(&sentences(finding)) },
        "locations": [location(finding, places)],
        "properties": {
            "certainty": certainty.as_str(),
            "configurations": configurations,
            "option": option,
            "reached": reached,
        },
    });
    let Some(object) = result.as_object_mut() else { return result };
    let mut set = |key: &str, value: Value| object.insert(key.to_owned(), value);
    if !finding.fingerprint.as_str().is_empty() {
        let fingerprint = finding.fingerprint.as_str();
        // The first is what GitHub goes by.
        set("partialFingerprints", json!({ "primaryLocationLineHash": fingerprint, "optlint/v1": fingerprint }));
    }
    let related = related(finding, places);
    if !related.is_empty() {
        set("relatedLocations", related.into());
    }
    let fixes: Vec<Value> = finding.fixes.iter().map(|fix| change(fix, places)).collect();
    if !fixes.is_empty() {
        set("fixes", fixes.into());
    }
    result
}

/// What allows a finding.
fn suppression(allowed: &Allowed, reason: String, places: &Places<'_>) -> Value {
    let mut suppression = match allowed.by {
        Means::Comment(at) => {
            let physical = places.physical(Origin::Written(at));
            json!({ "kind": "inSource", "location": { "physicalLocation": physical } })
        }
        Means::Baseline => json!({ "kind": "external" }),
    };
    if !reason.is_empty() {
        suppression["justification"] = reason.into();
    }
    suppression
}

fn location(finding: &Finding, places: &Places<'_>) -> Value {
    let mut location = Map::new();
    let at = shown(finding, places.sources).unwrap_or(Origin::Default);
    location.insert("physicalLocation".into(), places.physical(at));
    if !finding.option.is_empty() {
        location.insert("logicalLocations".into(), json!([{ "fullyQualifiedName": finding.option }]));
    }
    location.into()
}

fn related(finding: &Finding, places: &Places<'_>) -> Vec<Value> {
    let labels = finding.related.iter().filter(|label| is_users(label.at, places.sources)).take(RELATED);
    let related = labels.enumerate().map(|(nth, label)| {
        let physical = places.physical(label.at);
        match label.text.is_empty() {
            true => json!({ "id": nth + 1, "physicalLocation": physical }),
            false => json!({ "id": nth + 1, "physicalLocation": physical, "message": { "text": plain(&label.text) } }),
        }
    });
    related.collect()
}

fn change(fix: &Fix, places: &Places<'_>) -> Value {
    let replacement = |edit: &Edit| {
        let region = places.region(Origin::Written(edit.span));
        json!({ "deletedRegion": region, "insertedContent": { "text": edit.text } })
    };
    let replacements: Vec<Value> = fix.edits().iter().map(replacement).collect();
    let artifact = places.artifact(Origin::File(fix.file()));
    json!({
        "description": { "text": plain(&fix.title) },
        "artifactChanges": [{ "artifactLocation": artifact, "replacements": replacements }],
        "properties": { "safe": fix.safety == Safety::Safe },
    })
}

fn notification(problem: &Problem, places: &Places<'_>) -> Value {
    let physical = match problem.at.file() {
        Some(_) => places.physical(problem.at),
        None => json!({ "artifactLocation": places.artifact_of(&problem.path) }),
    };
    json!({
        "level": "warning",
        "descriptor": { "id": problem.kind.as_str() },
        "message": { "text": plain(&problem.message) },
        "locations": [{ "physicalLocation": physical }],
    })
}

/// `text` with nothing in it that a viewer would take for a link.
fn plain(text: &str) -> String {
    text.replace("](", "\\](")
}

#[cfg(test)]
mod tests {
    use super::plain;

    #[test]
    fn links_are_no_links() {
        assert_eq!(plain("see [this](1) and [a]"), "see [this\\](1) and [a]");
    }
}
