//! Comments that allow nothing: findings of their own, since they look as if they did.

use super::{Suppression, Suppressions};
use crate::finding::{Edit, Finding, Fix, Label, RuleId, Safety, Severity};
use crate::lint::meant;
use crate::source::{FileId, Origin, Sources, Span};
use std::collections::{BTreeMap, BTreeSet};

/// The finding for a comment that names no rule, or that cannot be understood.
pub(super) const UNKNOWN: &str = "unknown-suppression";
/// The finding for a comment that allows what nobody found.
pub(super) const UNUSED: &str = "unused-suppression";

/// What rules were asked: without having been asked, a rule cannot be said to find nothing.
#[derive(Clone, Debug, Default)]
pub struct Asked {
    /// The rules that were asked of each file's configurations.
    pub rules: BTreeMap<FileId, BTreeSet<RuleId>>,
    /// Those that could not decide something in a configuration of the file.
    pub undecided: BTreeMap<FileId, BTreeSet<RuleId>>,
    /// Files that are broken, so that not all of them was seen.
    pub broken: BTreeSet<FileId>,
}

impl Suppressions {
    /// What is to be said about the comments themselves. `findings` is everything that was found,
    /// `names` are all rules there are, asked or not.
    pub fn findings(
        &self,
        sources: &Sources,
        findings: &[Finding],
        names: &BTreeSet<&str>,
        asked: &Asked,
    ) -> Vec<Finding> {
        let mut found: Vec<Finding> = self.not_understood.iter().map(|at| not_understood(*at)).collect();
        let mut used: BTreeSet<(Span, &RuleId)> = BTreeSet::new();
        for finding in findings {
            let here = finding.primary.at.file().and_then(|file| self.by_file.get(&file));
            let covering = here.into_iter().flatten().filter(|one| one.covers(sources, finding.primary.at));
            used.extend(covering.map(|one| (one.at, &finding.rule)));
        }
        for one in self.by_file.values().flatten() {
            for (nth, (rule, at)) in one.rules.iter().enumerate() {
                if !names.contains(rule.as_str()) {
                    found.push(unknown(rule, *at, names));
                } else if one.rules[..nth].iter().any(|(other, _)| other == rule) {
                    found.push(unused(sources, one, rule, *at, "is allowed twice here"));
                } else if asked.knows_nothing_of(one.at.file, rule) && !used.contains(&(one.at, rule)) {
                    found.push(unused(sources, one, rule, *at, "finds nothing here"));
                }
            }
        }
        found
    }
}

impl Asked {
    /// Whether `rule` was asked about `file`, and decided all of it.
    fn knows_nothing_of(&self, file: FileId, rule: &RuleId) -> bool {
        let holds = |of: &BTreeMap<FileId, BTreeSet<RuleId>>| of.get(&file).is_some_and(|rules| rules.contains(rule));
        holds(&self.rules) && !holds(&self.undecided) && !self.broken.contains(&file)
    }
}

fn not_understood(at: Span) -> Finding {
    let message = "this comment is not understood, and allows nothing";
    let help = "write `# optlint: allow RULE: reason`";
    Finding { help: Some(help.into()), ..finding(UNKNOWN, at, message.into()) }
}

fn unknown(rule: &RuleId, at: Span, names: &BTreeSet<&str>) -> Finding {
    let shown: String = rule.as_str().chars().flat_map(char::escape_debug).collect();
    match meant(rule.as_str(), names.iter().copied()) {
        Some(meant) => {
            let edit = Edit { span: at, text: meant.to_owned() };
            let fix = Fix::new(format!("write `{meant}`"), Safety::Suggestion, vec![edit]);
            let message = format!("there is no rule `{shown}` to allow; did you mean `{meant}`?");
            Finding { fixes: fix.into_iter().collect(), ..finding(UNKNOWN, at, message) }
        }
        None => {
            let help = "`optlint rules` lists the rules";
            let message = format!("there is no rule `{shown}` to allow");
            Finding { help: Some(help.into()), ..finding(UNKNOWN, at, message) }
        }
    }
}

fn unused(sources: &Sources, one: &Suppression, rule: &RuleId, at: Span, why: &str) -> Finding {
    let (span, title) = match one.rules.len() {
        1 => (whole_comment(&sources.file(one.at.file).text, one.at), "delete the comment"),
        _ => (with_its_comma(&sources.file(one.at.file).text, one, at), "take the rule off the list"),
    };
    let fix = Fix::new(title, Safety::Safe, vec![Edit { span, text: String::new() }]);
    let help = "delete it: the day the rule finds something here, it would go unnoticed";
    Finding {
        help: Some(help.into()),
        fixes: fix.into_iter().collect(),
        ..finding(UNUSED, at, format!("`{rule}` {why}"))
    }
}

fn finding(rule: &str, at: Span, message: String) -> Finding {
    let url = Some("docs/suppressing.md".to_owned());
    Finding { url, ..Finding::new(rule, Severity::Warning, message, Label::new(Origin::Written(at), "")) }
}

/// A comment with its line, or with the blanks before it where it ends a line of code.
fn whole_comment(text: &str, at: Span) -> Span {
    let (before, after) = (&text[..at.start as usize], &text[at.end as usize..]);
    let line_start = before.rfind('\n').map_or(0, |end| end + 1);
    let blank_before = before[line_start..].trim().is_empty();
    let line_end = after.find('\n').map_or(after.len(), |end| end + 1);
    if blank_before && after[..line_end].trim().is_empty() {
        return Span::new(at.file, line_start as u32, at.end + line_end as u32);
    }
    let kept = if blank_before { before.len() } else { before.trim_end_matches([' ', '\t']).len() };
    Span::new(at.file, kept as u32, at.end)
}

/// One rule of several, with what stands between it and the next or, for the last, the one before.
fn with_its_comma(text: &str, one: &Suppression, at: Span) -> Span {
    let following = one.rules.iter().map(|(_, span)| *span).find(|span| span.start >= at.end);
    let before = one.rules.iter().rev().map(|(_, span)| *span).find(|span| span.end <= at.start);
    match (following, before) {
        (Some(next), _) => Span::new(at.file, at.start, next.start),
        (None, Some(last)) if text.is_char_boundary(last.end as usize) => Span::new(at.file, last.end, at.end),
        _ => at,
    }
}
