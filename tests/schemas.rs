//! Output for programs against the schemas that describe it, on the configurations under `fixtures/`.
//!
//! With `SARIF_SCHEMA` set to the official schema's file, SARIF is held to that one, too.

#[path = "schemas/validate.rs"]
mod validate;
#[path = "schemas/xml.rs"]
mod xml;

use serde_json::Value;
use std::collections::BTreeSet;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::OnceLock;
use validate::validate;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn schema(path: &str) -> Value {
    let text = std::fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"));
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// What the program writes in `format` about everything in `folder`, with all rules and what is allowed.
fn written(format: &str, folder: &Path) -> String {
    let args = ["check", "--select", "all", "--quiet", "--exit-zero", "--allowed", "--format", format, "."];
    let mut command = Command::new(env!("CARGO_BIN_EXE_optlint"));
    let command = command.args(args).current_dir(folder).env_clear().stdin(Stdio::null());
    String::from_utf8(command.output().expect("optlint runs").stdout).expect("UTF-8")
}

/// What it writes about everything under `fixtures/`: all formats of one run, which takes a while.
fn about_fixtures(format: &str) -> String {
    static REPORTS: OnceLock<tempfile::TempDir> = OnceLock::new();
    let reports = REPORTS.get_or_init(|| {
        let reports = tempfile::tempdir().expect("a temporary folder");
        let mut command = Command::new(env!("CARGO_BIN_EXE_optlint"));
        command.args(["check", "--select", "all", "--quiet", "--exit-zero", "--allowed", "."]);
        for format in ["json", "sarif", "gitlab", "junit", "checkstyle"] {
            command.arg("--output").arg(format!("{format}={}", reports.path().join(format).display()));
        }
        let command = command.current_dir(root().join("fixtures")).env_clear().stdin(Stdio::null());
        assert!(command.output().expect("optlint runs").status.success());
        reports
    });
    std::fs::read_to_string(reports.path().join(format)).expect("a report")
}

fn checked(format: &str) -> Value {
    serde_json::from_str(&about_fixtures(format)).expect("JSON")
}

/// A project of which one finding is reported, one allowed by a comment, one by the baseline; with names
/// that XML and JSON have to escape, and a file that is not read.
fn allowing() -> tempfile::TempDir {
    let project = tempfile::tempdir().expect("a temporary folder");
    let write = |name: &str, text: &str| std::fs::write(project.path().join(name), text).expect("a file");
    std::fs::create_dir(project.path().join(".git")).expect(".git");
    let name = "'<&>\u{1b}.nix";
    let machine = format!("{{ imports = [ (./. + \"/{name}\") ]; services.matrix-synapse.enable = true; }}");
    write("configuration.nix", &machine);
    let settings = "services.matrix-synapse.settings";
    write(
        name,
        &format!(
            "{{\n  # optlint: allow inline-form-secret: \"<]]>\"\n  {settings}.form_secret = \"a-secret\";\n  \
            {settings}.macaroon_secret_key = \"b-secret\";\n  {settings}.\"]]>&\\t\" = 1;\n}}\n"
        ),
    );
    write("blob.nix", "\0GITCRYPT\0");
    let args = ["check", "--select", "inline-macaroon-secret-key", "--write-baseline", "known.json", "--exit-zero"];
    let mut command = Command::new(env!("CARGO_BIN_EXE_optlint"));
    let command = command.args(args).current_dir(project.path()).env_clear().stdin(Stdio::null());
    assert!(command.output().expect("optlint runs").status.success());
    write("optlint.toml", "baseline = \"known.json\"");
    project
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
    let report: Value = serde_json::from_str(&written("json", allowing().path())).expect("JSON");
    assert_valid(&schema("docs/schemas/report.json"), &report, true);
    let by: Vec<&Value> = report["allowed"].as_array().expect("a list").iter().map(|one| &one["by"]).collect();
    assert_eq!(by, ["comment", "baseline"]);
    assert_eq!(report["allowed"][0]["reason"], "\"<]]>\"");
}

#[test]
fn sarif() {
    let report = checked("sarif");
    assert!(report["runs"][0]["results"].as_array().is_some_and(|results| results.len() > 10));
    is_sarif(&report);
    let report: Value = serde_json::from_str(&written("sarif", allowing().path())).expect("JSON");
    is_sarif(&report);
    let results = report["runs"][0]["results"].as_array().expect("a list");
    let kinds: Vec<&Value> = results.iter().map(|one| &one["suppressions"][0]["kind"]).collect();
    assert!(
        kinds.contains(&&"inSource".into()) && kinds.contains(&&"external".into()) && kinds.contains(&&Value::Null)
    );
}

fn is_sarif(report: &Value) {
    let run = &report["runs"][0];
    assert_valid(&schema("tests/schemas/sarif.json"), report, false);
    for result in run["results"].as_array().into_iter().flatten() {
        let index = result["ruleIndex"].as_u64().expect("an index") as usize;
        assert_eq!(run["tool"]["driver"]["rules"][index]["id"], result["ruleId"]);
    }
    if let Some(official) = std::env::var_os("SARIF_SCHEMA") {
        let text = std::fs::read_to_string(&official).expect("the official schema");
        assert_valid(&serde_json::from_str(&text).expect("JSON"), report, false);
    }
}

/// Well-formed, of the elements and attributes that readers of these formats know, and the counts add up.
#[test]
fn xml() {
    let odd = allowing();
    let empty = tempfile::tempdir().expect("a temporary folder");
    std::fs::create_dir(empty.path().join(".git")).expect(".git");
    let failures = ["junit", "checkstyle"].map(|format| {
        let texts = [about_fixtures(format), written(format, odd.path()), written(format, empty.path())];
        texts.map(|text| if format == "junit" { xml::junit(&text) } else { xml::checkstyle(&text) })
    });
    let [junit, checkstyle] = failures;
    assert_eq!(junit, checkstyle);
    assert!(junit[0] > 10 && junit[1] > 0 && junit[2] == 0, "{junit:?}");
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
        let value = serde_json::json!({ *key: true });
        assert!(!validate(&schema, &value, true).is_empty(), "`{key}` is {wanted}, and the schema allows `true`");
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
