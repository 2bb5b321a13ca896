//! A baseline's file.

use super::Entry;
use serde_json::{Map, Value};
use std::collections::BTreeSet;

/// The version of the format.
const VERSION: u64 = 1;

pub(super) fn text(entries: &BTreeSet<Entry>) -> String {
    let quoted = |text: &str| Value::from(text).to_string();
    let line = |entry: &Entry| {
        let Entry { file, rule, option, fingerprint } = entry;
        let fields = [("file", file), ("rule", rule), ("option", option), ("fingerprint", fingerprint)];
        let fields = fields.map(|(name, value)| format!("{}: {}", quoted(name), quoted(value)));
        format!("    {{ {} }}", fields.join(", "))
    };
    let lines: Vec<String> = entries.iter().map(line).collect();
    let list = if lines.is_empty() { String::new() } else { format!("\n{}\n  ", lines.join(",\n")) };
    format!("{{\n  \"version\": {VERSION},\n  \"findings\": [{list}]\n}}\n")
}

pub(super) fn read(text: &str) -> Result<BTreeSet<Entry>, String> {
    let value: Value = serde_json::from_str(text).map_err(|error| error.to_string())?;
    match value["version"].as_u64() {
        Some(VERSION) => {}
        Some(other) => return Err(format!("it has version {other}, and this optlint reads {VERSION}")),
        None => return Err("it is no baseline: it says no `version`".to_owned()),
    }
    let entries = value["findings"].as_array().ok_or("it is no baseline: it has no list `findings`")?;
    let entry = |value: &Value| {
        let fields: &Map<String, Value> = value.as_object()?;
        let field = |name: &str| fields.get(name).and_then(Value::as_str).map(String::from);
        let (file, option) = (field("file").unwrap_or_default(), field("option").unwrap_or_default());
        Some(Entry { file, rule: field("rule")?, option, fingerprint: field("fingerprint")? })
    };
    let read =
        |(nth, value)| entry(value).ok_or_else(|| format!("entry {nth} of `findings` has no rule or fingerprint"));
    (1..).zip(entries).map(read).collect()
}

#[cfg(test)]
mod tests {
    use super::super::{Baseline, Entry};

    #[test]
    fn written_and_read() {
        let entry = |file: &str| Entry {
            file: file.into(),
            rule: "some-rule".into(),
            option: "a.\"b c\"".into(),
            fingerprint: "00".into(),
        };
        let baseline = Baseline { entries: [entry("b.nix"), entry("a.nix")].into() };
        let text = baseline.text();
        let expected = "{\n  \"version\": 1,\n  \"findings\": [\n    \
            { \"file\": \"a.nix\", \"rule\": \"some-rule\", \"option\": \"a.\\\"b c\\\"\", \"fingerprint\": \"00\" },\n    \
            { \"file\": \"b.nix\", \"rule\": \"some-rule\", \"option\": \"a.\\\"b c\\\"\", \"fingerprint\": \"00\" }\n  ]\n}\n";
        assert_eq!(text, expected);
        assert_eq!(Baseline::parse(&text), Ok(baseline));
        let none = Baseline::default();
        assert_eq!(Baseline::parse(&none.text()), Ok(none));
    }

    #[test]
    fn what_is_none() {
        let check = |text: &str, expected: &str| assert_eq!(Baseline::parse(text).unwrap_err(), expected);
        check("[]", "it is no baseline: it says no `version`");
        check("{ \"version\": 2 }", "it has version 2, and this optlint reads 1");
        check("{ \"version\": 1 }", "it is no baseline: it has no list `findings`");
        check("{ \"version\": 1, \"findings\": [ 1 ] }", "entry 1 of `findings` has no rule or fingerprint");
        assert!(Baseline::parse("{").is_err());
    }
}
