//! What can be done about findings: fixes, and comments that allow them.

use super::diagnostics::Places;
use super::edits::{difference, workspace_edit};
use super::project::Ruled;
use crate::finding::{Finding, Fix, Report, Safety};
use crate::fix;
use crate::lint::{Rule, allowing};
use crate::report::{masked, shown};
use crate::source::Origin;
use lsp_types::{CodeActionContext, CodeActionKind, Diagnostic, Range};
use serde_json::{Value, json};
use std::path::Path;

/// All safe fixes of a file at once.
pub(super) const FIX_ALL: &str = "source.fixAll.optlint";

/// What is asked for: where, and of which kinds.
pub(super) struct Wanted<'a> {
    pub(super) path: &'a Path,
    pub(super) range: Range,
    pub(super) context: &'a CodeActionContext,
}

impl Wanted<'_> {
    fn is_wanted(&self, kind: &str) -> bool {
        let below = |only: &CodeActionKind| {
            let only = only.as_str();
            only.is_empty() || kind.strip_prefix(only).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
        };
        self.context.only.as_ref().is_none_or(|only| only.iter().any(below))
    }

    /// Whether somebody asks for this kind and not for whatever there is.
    fn is_named(&self, kind: &str) -> bool {
        self.context.only.is_some() && self.is_wanted(kind)
    }

    fn is_at(&self, range: Range) -> bool {
        range.start <= self.range.end && self.range.start <= range.end
    }
}

/// The actions for what was found in a file. Needs a big stack.
pub(super) fn actions(wanted: &Wanted<'_>, places: &Places<'_>, (report, ruled): (&Report, &Ruled)) -> Vec<Value> {
    let mut found: Vec<Value> = vec![];
    let here = report.findings.iter().filter_map(|finding| {
        let at = shown(finding, places.sources)?;
        (places.sources.file(at.file()?).path == wanted.path).then_some((finding, at))
    });
    let here: Vec<(&Finding, Origin)> = here.collect();
    if wanted.is_wanted(CodeActionKind::QUICKFIX.as_str()) {
        let at_place: Vec<_> = here.iter().filter(|(_, at)| wanted.is_at(places.range(*at))).collect();
        let mut add = |action: Value| {
            if !found.iter().any(|other| other["edit"] == action["edit"]) {
                found.push(action);
            }
        };
        for (finding, at) in &at_place {
            let diagnostic = places.diagnostic(finding, *at, &report.rules);
            let mut fixes: Vec<&Fix> = finding.fixes.iter().collect();
            fixes.sort_by_key(|fix| fix.safety);
            fixes.into_iter().filter_map(|fix| places.quick_fix(fix, report, &diagnostic)).for_each(&mut add);
        }
        for (finding, at) in &at_place {
            let diagnostic = places.diagnostic(finding, *at, &report.rules);
            places.allow(finding, *at, &diagnostic).into_iter().for_each(&mut add);
        }
    }
    let is_safe = |(finding, _): &(&Finding, Origin)| finding.fixes.iter().any(|fix| fix.safety == Safety::Safe);
    if wanted.is_named(FIX_ALL) || wanted.is_wanted(FIX_ALL) && here.iter().any(is_safe) {
        found.extend(places.fix_all(wanted.path, (report, ruled)));
    }
    found
}

impl Places<'_> {
    fn quick_fix(&self, fix: &Fix, report: &Report, diagnostic: &Diagnostic) -> Option<Value> {
        let file = self.sources.file(fix.file());
        let is_shown = |text: &str| masked(text, report, self.sources) == text;
        let is_ours = !file.embedded && file.path.starts_with(self.root) && fix::holds(fix, &file.text);
        // What is secret stays where it is: nobody is sent it.
        if !is_ours || !fix.edits().iter().all(|edit| is_shown(&edit.text)) {
            return None;
        }
        let is_safe = fix.safety == Safety::Safe;
        let title = if is_safe { fix.title.clone() } else { format!("{} (suggestion)", fix.title) };
        let edit = workspace_edit(&file.path, &self.text_edits(fix.edits()), self.documents, self.client)?;
        Some(json!({
            "title": title, "kind": "quickfix", "isPreferred": is_safe, "edit": edit, "diagnostics": [diagnostic],
        }))
    }

    fn allow(&self, finding: &Finding, at: Origin, diagnostic: &Diagnostic) -> Option<Value> {
        // What comments are about is where the finding is, which need not be where it is shown.
        let span =
            at.span().filter(|_| finding.primary.at == at && !finding.rule.as_str().ends_with("-suppression"))?;
        let file = self.sources.file(span.file);
        let edit = allowing(&file.text, span, &finding.rule)?;
        let edit = workspace_edit(&file.path, &self.text_edits(&[edit]), self.documents, self.client)?;
        let title = format!("allow `{}` here", finding.rule);
        Some(json!({ "title": title, "kind": "quickfix", "edit": edit, "diagnostics": [diagnostic] }))
    }

    fn fix_all(&self, path: &Path, (report, ruled): (&Report, &Ruled)) -> Option<Value> {
        let rules: Vec<&Rule> = ruled.rules.iter().collect();
        let root = [self.root.to_path_buf()];
        let paths = [path.to_path_buf()];
        let request =
            crate::check::Request { paths: &paths, ..ruled.request(&rules, &root, (self.documents, self.stop)) };
        let outcome = fix::run(&request, Safety::Safe);
        let change = outcome.changes.into_iter().find(|change| change.path == path)?;
        let edits = difference(&change.before, &change.after, self.client);
        if edits.iter().any(|edit| masked(&edit.new_text, report, self.sources) != edit.new_text) {
            return None;
        }
        let edit = workspace_edit(path, &edits, self.documents, self.client)?;
        Some(json!({ "title": "fix what is safe to fix in this file", "kind": FIX_ALL, "edit": edit }))
    }
}
