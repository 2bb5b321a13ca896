//! A secret that is written out, moved: the setting that names a file takes its place, and what writes the
//! file is the secret manager that the configuration uses already, sops-nix or agenix.
//!
//! Offered where one file says it all. The secret's text goes, it is known anyway; a new one has to be put
//! into the encrypted file by somebody who has the key.

use crate::lint::prelude::*;
use crate::rules::secret::manager::Manager;
use crate::rules::secret::section;
use crate::rules::secret::twins::{self, Reader, Twin};
use crate::rules::written::rename;
use std::sync::LazyLock;

/// Read once: each secret is compared with all of them.
static FOR_FIXES: LazyLock<Vec<OptionPattern>> =
    LazyLock::new(|| twins::for_fixes().chain(section::for_fixes()).collect());

/// Whether a page lists an option only so that a fix can ask for it.
pub(crate) fn is_for_fixes(view: &OptionView<'_>) -> bool {
    let path = view.path();
    let of_manager = matches!(path.0.first().and_then(Segment::as_name), Some("sops" | "age"));
    of_manager || FOR_FIXES.iter().any(|pattern| pattern.matches(path).is_true())
}

/// The fix for a secret that is written out.
pub(crate) fn moved(cx: &Cx<'_>, secret: &OptionView<'_>) -> Option<Fix> {
    let twin = Twin::of(secret)?;
    let literal = literal(cx, secret)?;
    let (old, _) = twin.steps();
    let (around, last) = last_step(cx.written(literal.path));
    if old.last() != Some(&last) || !twin.is_free(cx, secret) {
        return None;
    }
    let module = cx.module(literal.path, "services")?;
    let kept = twin.kept(secret)?;
    let manager = Manager::of(cx, &kept, &module)?;
    let file = format!("config.{}.{}.path", manager.option.join("."), kept.name);
    let mut edits = vec![];
    let (file, owner) = match twin.reader {
        Reader::User(user) => (file, Some(user)),
        Reader::Root => (file, None),
        Reader::Credentials(service) => {
            let credential = format!("credentials.{} = {file};", kept.name);
            edits.push(module.added(&["services", service], &credential)?);
            (format!("\"\\${{CREDENTIALS_DIRECTORY}}/{}\"", kept.name), None)
        }
    };
    let mut span = literal.path.span()?;
    span.end = literal.value.span()?.end;
    edits.push(Edit { span, text: format!("{around}{} = {file}", twin.twin) });
    edits.push(module.added(manager.option, &manager.declaration(&kept, owner))?);
    edits.extend(module.config);
    edits.extend(literal.binding);
    let title = format!("take it from {}, and put {} {}", manager.called, twin.what, manager.place);
    Fix::new(title, Safety::Suggestion, joined(edits))
}

/// A secret that is written as `path = "text";`, or as `path = name;` below a `let` that says what the name is.
pub(crate) struct Literal {
    pub(crate) path: Origin,
    value: Origin,
    /// The edit that takes the `let` away, where nothing else uses it.
    pub(crate) binding: Option<Edit>,
}

/// How a secret is written.
pub(crate) fn literal(cx: &Cx<'_>, secret: &OptionView<'_>) -> Option<Literal> {
    let (path, value) = cx.assignment(secret)?;
    let is_text = |at: Origin| cx.written(at).starts_with(['"', '\'']) && !cx.written(at).contains("${");
    let binding = match is_text(value) {
        true => None,
        false if is_text(secret.born()) => cx.binding(value, secret.born())?,
        false => return None,
    };
    Some(Literal { path, value, binding })
}

/// The fix where the path of a file was given in place of the secret.
pub(crate) fn renamed(cx: &Cx<'_>, secret: &OptionView<'_>) -> Option<Fix> {
    let twin = Twin::of(secret)?;
    let (path, value) = cx.assignment(secret)?;
    // A file of the project would still be copied to the store.
    let value = cx.written(value);
    let is_outside = value.starts_with("\"/") && !value.contains(['$', '\\']) && !value.contains("/nix/store")
        || value.starts_with("config.") && !value.contains(char::is_whitespace) && value.ends_with(".path");
    if !is_outside || !twin.takes_path() || !twin.is_free(cx, secret) {
        return None;
    }
    let (old, new) = twin.steps();
    rename(cx, path, (&old, &new), old.len() - 1, Safety::Suggestion)
}

/// An attribute path in front of its last step, and that step without quotes.
fn last_step(path: &str) -> (&str, &str) {
    let start = path.rfind('.').map_or(0, |dot| dot + 1);
    (&path[..start], path[start..].trim_matches('"'))
}

/// Insertions at one place made one, in their order, also with what is replaced there.
pub(crate) fn joined(edits: Vec<Edit>) -> Vec<Edit> {
    let mut joined: Vec<Edit> = vec![];
    for edit in edits {
        let is_insertion = |edit: &Edit| edit.span.start == edit.span.end;
        let at = edit.span.start;
        match joined.iter_mut().find(|other| other.span.start == at && (is_insertion(other) || is_insertion(&edit))) {
            Some(other) if is_insertion(&edit) && !is_insertion(other) => other.text.insert_str(0, &edit.text),
            Some(other) => {
                other.text.push_str(&edit.text);
                other.span.end = other.span.end.max(edit.span.end);
            }
            None => joined.push(edit),
        }
    }
    joined
}
