//! Options of `services.matrix-synapse` that NixOS no longer has.

use crate::lint::prelude::*;
use crate::rules::matrix::synapse_settings::{text_of, texts};
use crate::rules::written::{rename, values};
use std::collections::BTreeMap;

pub(crate) fn check(cx: &mut Cx<'_>) {
    let mut one_by_one = vec![];
    let mut together: BTreeMap<_, Vec<Removed<'_>>> = BTreeMap::new();
    for removed in removed(cx) {
        match removed.at.file().filter(|_| removed.fires.is_true()) {
            Some(file) => together.entry((file, removed.since.clone())).or_default().push(removed),
            None => one_by_one.push(removed),
        }
    }
    for mut of_one_cause in together.into_values() {
        of_one_cause.sort_by_key(|removed| removed.at.span());
        report(cx, of_one_cause);
    }
    for removed in one_by_one {
        report(cx, vec![removed]);
    }
}

/// A definition of an option that is gone.
struct Removed<'a> {
    definition: OptionView<'a>,
    /// Where the option is named.
    at: Origin,
    fires: Truth,
    /// The option, and what takes its place.
    old: String,
    new: Option<String>,
    /// The NixOS that has it no longer.
    since: String,
    /// What to do, in the words of the table.
    note: String,
    fix: Option<Fix>,
}

impl Removed<'_> {
    /// What a label beside its name says.
    fn label(&self) -> String {
        let note = &self.note;
        self.new.as_ref().map_or_else(|| format!("gone, too: {note}"), |new| format!("gone, too: its place is `{new}`"))
    }
}

fn removed<'a>(cx: &Cx<'a>) -> Vec<Removed<'a>> {
    let mut found = vec![];
    let Shape::List(removed) = &cx.data().shape else { return found };
    for item in removed {
        let Item::One(Value { shape: Shape::Attrs(option), .. }) = item else { continue };
        let Some(old) = option.get("old").map(path) else { continue };
        let new = option.get("new").map(path).filter(|new| !new.is_empty());
        let note = text_of(option, "note").unwrap_or_default().trim_end_matches('.');
        found.extend(values(&cx.option(&old)).into_iter().map(|definition| Removed {
            at: definition.site(),
            fires: definition.is_defined(),
            old: old.clone(),
            new: new.clone(),
            since: text_of(option, "since").unwrap_or("22.05").to_owned(),
            note: note.to_owned(),
            fix: renamed(cx, option, definition.site()),
            definition,
        }));
    }
    found
}

/// One finding for options that are gone for one cause: whoever wrote them has one thing to do.
fn report(cx: &mut Cx<'_>, removed: Vec<Removed<'_>>) {
    let Some((first, others)) = removed.split_first() else { return };
    let more = match others.len() {
        0 => String::new(),
        1 => "and one more option of this file".to_owned(),
        more => format!("and {more} more options of this file"),
    };
    let place = first.new.as_ref().map(|new| format!("its place is `{new}`")).unwrap_or_default();
    let gone = [format!("`{}`", first.old), place, more];
    let gone = gone.iter().filter(|part| !part.is_empty()).map(String::as_str).collect::<Vec<_>>().join(", ");
    let message = format!("NixOS has removed {gone}: since NixOS {} the system no longer builds", first.since);
    cx.decide(first.fires.clone(), |finding| {
        let finding = finding
            .about(&first.definition)
            .primary_at(first.at, "this option is gone")
            .message(message)
            .help(&first.note)
            .fix(together(&removed));
        others.iter().fold(finding, |finding, other| finding.related_at(other.at, other.label()))
    });
}

/// The fixes of several options as one. Of two that have become the same option, neither is written anew:
/// it cannot be defined twice.
fn together(removed: &[Removed<'_>]) -> Option<Fix> {
    let same = |one: &Removed<'_>| removed.iter().filter(|other| other.new == one.new).count() > 1;
    let fixes = removed.iter().filter(|one| one.new.is_none() || !same(one));
    let fixes: Vec<&Fix> = fixes.filter_map(|removed| removed.fix.as_ref()).collect();
    if let [fix] = fixes[..] {
        return Some(fix.clone());
    }
    let edits = fixes.iter().flat_map(|fix| fix.edits().iter().cloned()).collect();
    Fix::new("write the options that kept their values under their new names", Safety::Suggestion, edits)
}

/// The new name, where the value may stay as it is.
fn renamed(cx: &Cx<'_>, option: &Attrs, site: Origin) -> Option<Fix> {
    let (old, new) = (texts(option.get("old")?), texts(option.get("new")?));
    let common = old.iter().zip(&new).take_while(|(a, b)| a == b).count();
    let may_move = option.get("oneToOne").and_then(Value::as_bool) == Some(true);
    if may_move { rename(cx, site, (&old, &new), common, Safety::Safe) } else { None }
}

/// An option path given as a list of names.
fn path(names: &Value) -> String {
    let segments = texts(names).into_iter().map(|name| Segment::Name(name.into())).collect();
    OptionPath(segments).to_string()
}
