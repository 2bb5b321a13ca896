//! `optlint rules`: the rules there are.

use super::args::{ListFormat, RulesArgs};
use super::{Cx, Exit, Failure};
use crate::finding::Severity;
use crate::lint::{Page, Tier};
use serde_json::json;
use std::io::{self, Write};

/// A rule as lists and pages show it.
#[derive(Clone, Debug)]
pub(super) struct Entry {
    /// The rule's name.
    pub(super) rule: String,
    /// How bad its findings are.
    pub(super) severity: Severity,
    /// What it protects, in lower case.
    pub(super) category: String,
    /// Whether it is on unless asked for.
    pub(super) by_default: bool,
    /// What is wrong, in a sentence or two.
    pub(super) summary: String,
    /// Where its page can be read.
    pub(super) url: Option<String>,
    /// The page itself, in Markdown.
    pub(super) text: String,
}

impl Entry {
    /// The entry of a loaded page with this Markdown text.
    pub(super) fn new(page: &Page, text: &str) -> Self {
        Self {
            rule: page.id.to_string(),
            severity: page.severity,
            category: format!("{:?}", page.category).to_lowercase(),
            by_default: page.tier == Tier::Default,
            summary: page.summary.split_whitespace().collect::<Vec<_>>().join(" "),
            url: page.url.clone(),
            text: text.to_owned(),
        }
    }
}

/// The rules that ship, by name.
pub(super) fn shipped() -> Vec<Entry> {
    let pages: Vec<(Page, &str)> = Vec::new();
    let mut entries: Vec<Entry> = pages.iter().map(|(page, text)| Entry::new(page, text)).collect();
    entries.sort_by(|a, b| a.rule.cmp(&b.rule));
    entries
}

pub(super) fn run(args: &RulesArgs, cx: &mut Cx<'_>) -> Result<Exit, Failure> {
    let entries = shipped();
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
    entries.sort_by(|a, b| (&a.category, a.severity, &a.rule).cmp(&(&b.category, b.severity, &b.rule)));
    let names = entries.iter().map(|entry| entry.rule.chars().count()).max().unwrap_or(0);
    let mut category = None;
    for entry in entries {
        if category != Some(&entry.category) {
            let gap = if category.is_some() { "\n" } else { "" };
            writeln!(out, "{gap}{}", paint(color, "1", &entry.category))?;
            category = Some(&entry.category);
        }
        let code = match entry.severity {
            Severity::Error => "31",
            Severity::Warning => "33",
            Severity::Info => "36",
        };
        let severity = paint(color, code, &format!("{:<7}", entry.severity.as_str()));
        let off = if entry.by_default { "" } else { "(only when asked for) " };
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
            "category": entry.category,
            "default": entry.by_default,
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

/// `text` with the rendition `code` (as in `ESC [ code m`) where colour is allowed.
pub(super) fn paint(color: bool, code: &str, text: &str) -> String {
    if color { format!("\u{1b}[{code}m{text}\u{1b}[0m") } else { text.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::{Entry, json, table};
    use crate::finding::Severity;

    fn entries() -> Vec<Entry> {
        let entry = |rule: &str, severity, category: &str, by_default| Entry {
            rule: rule.into(),
            severity,
            category: category.into(),
            by_default,
            summary: "It is copied into the Nix store.".into(),
            url: None,
            text: String::new(),
        };
        vec![
            entry("b-rule", Severity::Warning, "secrets", true),
            entry("a-longer-rule", Severity::Warning, "secrets", false),
            entry("z-rule", Severity::Error, "secrets", true),
            entry("c-rule", Severity::Info, "element", true),
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
element
  info     c-rule         It is copied into the Nix store.

secrets
  error    z-rule         It is copied into the Nix store.
  warning  a-longer-rule  (only when asked for) It is copied into the Nix store.
  warning  b-rule         It is copied into the Nix store.
";
        check(None, false, whole);
        let narrow = "\
element
  info     c-rule         It is copied…

secrets
  error    z-rule         It is copied…
  warning  a-longer-rule  (only when as…
  warning  b-rule         It is copied…
";
        check(Some(40), false, narrow);
    }

    #[test]
    fn objects() {
        let mut out = Vec::new();
        json(&entries()[..1], &mut out).unwrap();
        let expected = "{\"rules\":[{\"category\":\"secrets\",\"default\":true,\"rule\":\"b-rule\",\
            \"severity\":\"warning\",\"summary\":\"It is copied into the Nix store.\",\"url\":null}],\"version\":1}\n";
        assert_eq!(String::from_utf8(out).unwrap(), expected);
    }
}
