//! What modules that Nix was not given may define all the same.

use super::tree::of_children;
use crate::option::{Configuration, Gap, OptionEntry};
use crate::value::{Knowledge, Shape, Unknown, Value};

/// The gaps that stay open when Nix has evaluated a configuration: Nix gets a machine's file alone, and
/// whoever else names that file may add modules.
pub fn open_gaps(ours: &Configuration) -> Vec<Gap> {
    // A gap inside, an import, stands where the import does.
    ours.gaps.iter().filter(|gap| gap.at == ours.entry).cloned().collect()
}

/// Leaves open in Nix's `entry` what modules besides may define: `ours` says as much as is known of it.
pub fn keep_open(entry: &mut OptionEntry, ours: Option<&OptionEntry>, why: &Unknown) {
    for (name, child) in &mut entry.children {
        keep_open(child, ours.and_then(|ours| ours.child(name)), why);
    }
    let unsure = |value: &Value| value.knowledge() != Knowledge::Known;
    if entry.children.is_empty() {
        let list = matches!(entry.value.shape, Shape::List(_) | Shape::Attrs(_));
        match ours {
            Some(ours) if !unsure(&ours.value) => {}
            // What is defined here counts; a list may get more.
            _ if !entry.definitions.is_empty() && !list => {}
            Some(ours) => entry.value = ours.value.clone(),
            None => entry.value = Value::unknown(why.clone()),
        }
    }
    entry.others = match ours {
        Some(ours) => ours.others.clone(),
        None => Some(why.clone()),
    };
    for (name, child) in ours.iter().flat_map(|ours| &ours.children) {
        entry.children.entry(name.clone()).or_insert_with(|| child.clone());
    }
    if !entry.children.is_empty() && !matches!(entry.value.shape, Shape::Unknown(_)) {
        entry.value = of_children(entry);
    }
}
