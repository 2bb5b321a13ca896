//! Output for programs against the schemas that describe it, on the configurations under `fixtures/`.
//!
//! With `SARIF_SCHEMA` set to the official schema's file, SARIF is held to that one, too.

#[path = "schemas/validate.rs"]
mod validate;

use serde_json::Value;
use std::collections::BTreeSet;
use std::path::Path;
use std::process::{Command, Stdio};
use validate::validate;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn schema(path: &str) -> Value {
    let text = std::fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"));
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// What the program writes about everything under `fixtures/`, in `format`, with all rules.
fn checked(format: &str) -> Value {
    let args = ["check", "--select", "all", "--quiet", "--exit-zero", "--format", format, "fixtures"];
    let mut command = Command::new(env!("CARGO_BIN_EXE_optlint"));
    let command = command.args(args).current_dir(root()).env_clear().stdin(Stdio::null());
    serde_json::from_slice(&command.output().expect("optlint runs").stdout).expect("JSON")
}

fn assert_valid(schema: &Value, value: &Value, closed: bool) {
    let wrong = validate(schema, value, closed);
    assert!(wrong.is_empty(), "{} mistakes, such as\n  {}", wrong.len(), wrong[..wrong.len().min(10)].join("\n  "));
}

#[test]
fn json() {
    let report = checked("json");
    assert!(report["findings"].as_array().is_some_and(|findings| findings.len() > 10));
    assert_valid(&schema("docs/schemas/report.json"), &report, true);
}

#[test]
fn sarif() {
    let report = checked("sarif");
    let run = &report["runs"][0];
    assert!(run["results"].as_array().is_some_and(|results| results.len() > 10));
    assert_valid(&schema("tests/schemas/sarif.json"), &report, false);
    for result in run["results"].as_array().into_iter().flatten() {
        let index = result["ruleIndex"].as_u64().expect("an index") as usize;
        assert_eq!(run["tool"]["driver"]["rules"][index]["id"], result["ruleId"]);
    }
    if let Some(official) = std::env::var_os("SARIF_SCHEMA") {
        let text = std::fs::read_to_string(&official).expect("the official schema");
        assert_valid(&serde_json::from_str(&text).expect("JSON"), &report, false);
    }
}

#[test]
fn gitlab() {
    let report = checked("gitlab");
    assert_valid(&schema("tests/schemas/gitlab.json"), &report, false);
    let list = report.as_array().expect("a list");
    let fingerprints: BTreeSet<_> = list.iter().map(|issue| issue["fingerprint"].to_string()).collect();
    assert_eq!(fingerprints.len(), list.len(), "GitLab drops those with the same fingerprint");
}

/// Settings in documents are settings, by the program's reckoning and by the schema's.
#[test]
fn settings() {
    let schema = schema("docs/schemas/settings.json");
    let page = std::fs::read_to_string(root().join("docs/settings.md")).expect("docs/settings.md");
    let blocks: Vec<&str> = page.split("```toml\n").skip(1).filter_map(|rest| rest.split("```").next()).collect();
    assert!(!blocks.is_empty());
    for block in blocks {
        optlint::settings::Settings::parse(block).unwrap_or_else(|error| panic!("docs/settings.md: {error}"));
        let value: toml::Value = toml::from_str(block).expect("TOML");
        assert_valid(&schema, &serde_json::to_value(value).expect("JSON"), true);
    }
    for (key, wanted) in optlint::settings::KEYS {
        let value = serde_json::json!({ *key: 1 });
        assert!(!validate(&schema, &value, true).is_empty(), "`{key}` is {wanted}, and the schema allows a number");
    }
}

#[test]
fn the_validator_sees_mistakes() {
    let schema = schema("docs/schemas/report.json");
    let value: Value = serde_json::from_str(r#"{ "version": 2, "findings": [{ "rule": 1 }], "more": 1 }"#).unwrap();
    let wrong = validate(&schema, &value, true).join("\n");
    for expected in
        ["/version: is not 1", "/findings/0/rule: is not \"string\"", "has no `summary`", "/more: is not described"]
    {
        assert!(wrong.contains(expected), "{expected} is not in\n{wrong}");
    }
}
