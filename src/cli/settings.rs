//! `optlint settings`: what is in force, and where it comes from.

use super::args::{ListFormat, RuleSetArgs, SettingsArgs};
use super::rule_set::{self, relative};
use super::{Cx, Exit, Failure};
use crate::finding::Severity;
use crate::report::escaped;
use crate::settings::{KEYS, Settings};
use crate::source::load;
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// What one source says of one setting.
struct Row {
    key: &'static str,
    value: Value,
    /// The same for people.
    text: String,
    from: String,
    /// Whether something else speaks over it.
    idle: bool,
}

pub(super) fn run(args: &SettingsArgs, cx: &mut Cx<'_>) -> Result<Exit, Failure> {
    let folder = &cx.surroundings.folder;
    let path = load::normalize(&folder.join(&args.path));
    if !load::exists(&path) {
        let shown = escaped(&args.path.to_string_lossy());
        return Err(Failure(format!("`{shown}` does not exist; name the project's folder")));
    }
    let set = rule_set::load(&args.rule_set, std::slice::from_ref(&path), folder)?;
    let file = set.file.as_ref().map(|file| relative(file, folder));
    let rows = rows(&set.settings, file.as_deref(), &args.rule_set);
    let (on, all) = (set.rules.len(), set.names.len());
    if args.format == ListFormat::Json {
        let setting = |row: &Row| json!({ "key": row.key, "value": row.value, "from": row.from, "idle": row.idle });
        let settings: Vec<Value> = rows.iter().map(setting).collect();
        let rules = json!({ "on": on, "off": all - on });
        writeln!(cx.out, "{}", json!({ "version": 1, "file": file, "settings": settings, "rules": rules }))?;
        return Ok(Exit::Clean);
    }
    let width = |text: fn(&Row) -> &str| rows.iter().map(|row| text(row).chars().count()).max().unwrap_or(0);
    let (keys, values) = (width(|row| row.key), width(|row| &row.text).min(60));
    for Row { key, text, from, idle, .. } in &rows {
        let idle = if *idle { " (without effect: flags decide)" } else { "" };
        writeln!(cx.out, "{key:<keys$}  {text:<values$}  {from}{idle}")?;
    }
    writeln!(cx.out, "\n{on} of {all} rules are on (`optlint rules` lists them)")?;
    Ok(Exit::Clean)
}

/// Every setting, the file's before the flags'.
fn rows(settings: &Settings, file: Option<&str>, flags: &RuleSetArgs) -> Vec<Row> {
    let mut rows = vec![];
    for (key, _) in KEYS {
        let row = |value: Value, from: String, idle: bool| Row { key, text: text(&value), value, from, idle };
        let line = settings.keys.get(*key).map(|place| place.line);
        let from = |line: u32| format!("{}:{line}", file.unwrap_or_default());
        let idle = flags.select.is_some() && matches!(*key, "select" | "enable" | "disable");
        let count = rows.len();
        match (*key, line) {
            (_, None) => {}
            ("override", _) => rows.extend(settings.overrides.iter().map(|one| {
                let value =
                    json!({ "paths": one.paths, "disable": one.disable, "severity": severities(&one.severity) });
                row(value, from(one.line), false)
            })),
            (_, Some(line)) => rows.push(row(value(settings, key), from(line), idle)),
        }
        let of_flags = match *key {
            "rules" => flags.folders.iter().map(|folder| escaped(&folder.to_string_lossy())).collect(),
            "select" => flags.select.clone().unwrap_or_default(),
            "enable" => flags.enable.clone(),
            "disable" => flags.disable.clone(),
            _ => vec![],
        };
        if !of_flags.is_empty() {
            rows.push(row(of_flags.into(), format!("--{key}"), false));
        }
        if rows.len() == count {
            let default = if *key == "select" { json!(["default"]) } else { Value::Null };
            rows.push(row(default, "default".to_owned(), false));
        }
    }
    rows
}

fn value(settings: &Settings, key: &str) -> Value {
    let selection = &settings.selection;
    match key {
        "rules" => json!(settings.rules),
        "select" => json!(selection.select),
        "enable" => json!(selection.enable),
        "disable" => json!(selection.disable),
        "skip" => json!(settings.skip),
        "entry-points" => json!(settings.entry_points),
        "safe-prefixes" => json!(settings.safe_prefixes),
        "baseline" => json!(settings.baseline),
        "eval-file" => json!(settings.eval_file),
        "eval-timeout" => json!(settings.eval_timeout),
        _ => severities(&selection.severity),
    }
}

fn severities(severities: &BTreeMap<String, Severity>) -> Value {
    severities.iter().map(|(rule, severity)| (rule.clone(), Value::from(severity.as_str()))).collect()
}

/// A value on one line.
fn text(value: &Value) -> String {
    match value {
        Value::Null => "-".to_owned(),
        Value::Array(items) if items.is_empty() => "-".to_owned(),
        Value::Array(items) => items.iter().map(text).collect::<Vec<_>>().join(", "),
        Value::Object(fields) => {
            let fields = fields.iter().map(|(name, value)| (name, text(value))).filter(|(_, value)| value != "-");
            let fields: Vec<String> = fields.map(|(name, value)| format!("{} = {value}", escaped(name))).collect();
            if fields.is_empty() { "-".to_owned() } else { fields.join("; ") }
        }
        Value::String(text) => escaped(text),
        other => other.to_string(),
    }
}
