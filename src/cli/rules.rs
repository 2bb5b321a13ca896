//! `optlint rules`: the rules there are.

use super::args::{ListFormat, RulesArgs};
use super::{Cx, Exit, Failure, rule_set};
use crate::finding::Severity;
use crate::lint::{Category, Rule, Tier};
pub(super) use crate::report::paint;
use serde_json::json;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// A rule as lists and pages show it.
#[derive(Clone, Debug)]
pub(super) struct Entry {
    /// The rule's name.
    pub(super) rule: String,
    /// How bad its findings are.
    severity: Severity,
    /// What it protects.
    category: Category,
    /// Whether it is on unless asked for.
    tier: Tier,
    /// What is wrong, in a sentence or two.
    summary: String,
    /// Where its page can be read.
    pub(super) url: Option<String>,
    /// The page itself, in Markdown.
    pub(super) text: String,
}

impl Entry {
    fn new(rule: &Rule) -> Self {
        let page = &rule.page;
        Self {
            rule: page.id.to_string(),
            severity: rule.severity.unwrap_or(page.severity),
            category: page.category,
            tier: page.tier,
            summary: page.summary().split_whitespace().collect::<Vec<_>>().join(" "),
            url: page.url.clone(),
            text: rule.page.text.to_string(),
        }
    }
}

/// Every rule that the project around the current folder knows, by name.
pub(super) fn entries(folders: &[PathBuf], folder: &Path) -> Result<Vec<Entry>, Failure> {
    let known = rule_set::known(folders, &[folder.to_path_buf()], folder)?;
    Ok(known.rules.iter().map(Entry::new).collect())
}

/// The rules that ship.
pub(super) fn loaded() -> Result<Vec<Rule>, Failure> {
    let (rules, errors) = crate::lint::load(crate::rules::shipped());
    match errors.first() {
        None => Ok(rules),
        Some((name, error)) => Err(Failure(format!("rules/{name}.md:{error}"))),
    }
}

pub(super) fn run(args: &RulesArgs, cx: &mut Cx<'_>) -> Result<Exit, Failure> {
    let folder = cx.surroundings.folder.clone();
    let wanted = &args.rule_set;
    let entries = match wanted.select.is_none() && wanted.enable.is_empty() && wanted.disable.is_empty() {
        true => entries(&wanted.folders, &folder)?,
        false => {
            let set = rule_set::load(wanted, std::slice::from_ref(&folder), &folder)?;
            set.rules.iter().map(Entry::new).collect()
        }
    };
    match args.format {
        ListFormat::Json => json(&entries, cx.out)?,
        // Cut to the terminal only: whoever pipes wants all of it.
        ListFormat::Text => {
            let width = cx.surroundings.terminal.then_some(cx.surroundings.width);
            table(&entries, width, cx.surroundings.color, cx.out)?;
        }
    }
    Ok(Exit::Clean)
}

/// A line a rule, grouped by category: severity, name, summary cut to `width` columns.
fn table(entries: &[Entry], width: Option<usize>, color: bool, out: &mut dyn Write) -> io::Result<()> {
    let mut entries: Vec<&Entry> = entries.iter().collect();
    entries.sort_by(|a, b| (a.category, a.severity, &a.rule).cmp(&(b.category, b.severity, &b.rule)));
    let names = entries.iter().map(|entry| entry.rule.chars().count()).max().unwrap_or(0);
    let mut category = None;
    for entry in entries {
        if category != Some(entry.category) {
            let gap = if category.is_some() { "\n" } else { "" };
            writeln!(out, "{gap}{}", paint(color, "1", entry.category.as_str()))?;
            category = Some(entry.category);
        }
        let code = match entry.severity {
            Severity::Error => "31",
            Severity::Warning => "33",
            Severity::Info => "36",
        };
        let severity = paint(color, code, &format!("{:<7}", entry.severity.as_str()));
        let off = if entry.tier == Tier::Default { "" } else { "(only when asked for) " };
        let summary = cut(&format!("{off}{}", entry.summary), width.map(|width| width.saturating_sub(names + 13)));
        writeln!(out, "  {severity}  {:<names$}  {summary}", entry.rule)?;
    }
    Ok(())
}

fn json(entries: &[Entry], out: &mut dyn Write) -> io::Result<()> {
    let rule = |entry: &Entry| {
        json!({
            "rule": entry.rule,
            "severity": entry.severity.as_str(),
            "category": entry.category.as_str(),
            "tier": entry.tier.as_str(),
            "summary": entry.summary,
            "url": entry.url,
        })
    };
    let object = json!({ "version": 1, "rules": entries.iter().map(rule).collect::<Vec<_>>() });
    serde_json::to_writer(&mut *out, &object)?;
    writeln!(out)
}

/// `text` in at most `width` columns; what is cut off is marked.
fn cut(text: &str, width: Option<usize>) -> String {
    match width {
        Some(width) if text.chars().count() > width => {
            let kept: String = text.chars().take(width.saturating_sub(1)).collect();
            format!("{}…", kept.trim_end())
        }
        _ => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::{Entry, json, table};
    use crate::finding::Severity;
    use crate::lint::{Category, Tier};

    fn entries() -> Vec<Entry> {
        let entry = |rule: &str, severity, category, tier| Entry {
            rule: rule.into(),
            severity,
            category,
            tier,
            summary: "It is copied into the Nix store.".into(),
            url: None,
            text: String::new(),
        };
        vec![
            entry("b-rule", Severity::Warning, Category::Secrets, Tier::Default),
            entry("a-longer-rule", Severity::Warning, Category::Secrets, Tier::Pedantic),
            entry("z-rule", Severity::Error, Category::Secrets, Tier::Default),
            entry("c-rule", Severity::Info, Category::Element, Tier::Default),
        ]
    }

    fn check(width: Option<usize>, color: bool, expected: &str) {
        let mut out = Vec::new();
        table(&entries(), width, color, &mut out).unwrap();
        assert_eq!(String::from_utf8(out).unwrap(), expected);
    }

    #[test]
    fn tables() {
        let whole = "\
secrets
  error    z-rule         It is copied into the Nix store.
  warning  a-longer-rule  (only when asked for) It is copied into the Nix store.
  warning  b-rule         It is copied into the Nix store.

element
  info     c-rule         It is copied into the Nix store.
";
        check(None, false, whole);
        let narrow = "\
secrets
  error    z-rule         It is copied…
  warning  a-longer-rule  (only when as…
  warning  b-rule         It is copied…

element
  info     c-rule         It is copied…
";
        check(Some(40), false, narrow);
    }

    #[test]
    fn objects() {
        let mut out = Vec::new();
        json(&entries()[..1], &mut out).unwrap();
        let expected = "{\"rules\":[{\"category\":\"secrets\",\"rule\":\"b-rule\",\"severity\":\"warning\",\
            \"summary\":\"It is copied into the Nix store.\",\"tier\":\"default\",\"url\":null}],\"version\":1}\n";
        assert_eq!(String::from_utf8(out).unwrap(), expected);
    }
}
