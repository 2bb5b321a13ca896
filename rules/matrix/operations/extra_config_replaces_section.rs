//! The page beside this file says what is wrong and why.

use crate::lint::prelude::*;
use crate::rules::matrix::extra_content::extra_contents;
use crate::rules::matrix::synapse_settings::{is_switched_off, setting, texts, texts_of};
use crate::rules::secret::outline::Outline;

/// How many lost settings a message names.
const NAMED: usize = 4;

pub(crate) fn check(cx: &mut Cx<'_>) {
    if is_switched_off(cx) {
        return;
    }
    for file in extra_contents(cx) {
        for (key, section) in &file.keys {
            let written = setting(cx, key);
            let mut lost = vec![];
            // NixOS always writes the database.
            find_lost(&written, section, key, key == "database", &mut lost);
            lost.retain(|one| means_something(cx, one, &written, section));
            let fires = Truth::from(!lost.is_empty());
            let more = if lost.len() > NAMED { " and more" } else { "" };
            lost.truncate(NAMED);
            cx.decide(fires, |finding| {
                let finding = finding
                    .message(format!(
                        "`{key}` of this file takes the place of all that `settings.{key}` says: {}{more} no longer {}",
                        lost.iter().map(|one| format!("`{one}`")).collect::<Vec<_>>().join(", "),
                        if lost.len() == 1 && more.is_empty() { "counts" } else { "count" },
                    ))
                    .primary(&file.file, "Synapse reads this file after the settings");
                let finding = match written.is_defined().is_true() {
                    true => finding.related(&written, "these are replaced, not completed"),
                    false => finding,
                };
                match &file.content {
                    Some(content) => finding.related(content, "the section is written here"),
                    None => finding,
                }
            });
        }
    }
}

/// Whether Synapse would do otherwise with a setting that is lost: not if it reads no such key, nor if the
/// section in the file switches off what the setting is about.
fn means_something(cx: &Cx<'_>, lost: &str, written: &OptionView<'_>, section: &Outline) -> bool {
    let mut steps = lost.split('.');
    let (top, below) = (steps.next().unwrap_or_default(), steps.next());
    let Some(data) = cx.data().as_attrs() else { return true };
    let closed = data.get("closed").and_then(Value::as_attrs).and_then(|closed| closed.get(top)).map(texts);
    let is_read = texts_of(data, "known").contains(&top)
        && below.zip(closed).is_none_or(|(below, closed)| closed.contains(&below));
    let word = |key: &str| match section {
        Outline::Keys(keys) => match keys.get(key) {
            Some(Outline::Word(word)) => Some(word.as_str()),
            _ => None,
        },
        _ => None,
    };
    let is_off = word("enabled") == Some("false");
    // The arguments are those of the other kind of database.
    let is_other = top == "database"
        && below == Some("args")
        && word("name").is_some_and(|name| written.at("name").is_text(name).is_false());
    is_read && !is_off && !is_other
}

/// The settings in `written` for which `section` has no counterpart.
fn find_lost(written: &OptionView<'_>, section: &Outline, path: &str, defaults: bool, lost: &mut Vec<String>) {
    match section {
        Outline::Keys(keys) => {
            for child in written.children() {
                let name = child.name();
                let Some(name) = name.known() else { continue };
                let path = format!("{path}.{name}");
                match keys.get(name) {
                    Some(below) => find_lost(&child, below, &path, defaults, lost),
                    None if is_set(&child, defaults) => lost.push(path),
                    None => {}
                }
            }
        }
        Outline::List if !written.items().is_empty() && is_set(written, false) => lost.push(path.to_owned()),
        _ => {}
    }
}

/// Whether a setting says something; what NixOS says unasked counts where `defaults` do.
fn is_set(view: &OptionView<'_>, defaults: bool) -> bool {
    let is_empty = match &view.value().shape {
        Shape::Null => true,
        Shape::Attrs(_) => view.children().iter().all(|child| child.is_null().is_true()),
        _ => false,
    };
    !is_empty && (defaults || view.is_defined().is_true())
}
