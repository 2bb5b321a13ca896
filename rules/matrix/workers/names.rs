//! What the workers of Synapse are called, and who is known under which name.

use crate::lint::prelude::*;
use crate::rules::matrix::extra_files::extra_files;
use crate::rules::matrix::synapse_settings::is_switched_off;

/// The names of the main process.
pub(super) const MAIN: &[&str] = &["main", "master"];

/// The names of all workers; `None` if there may be others, or if Synapse is switched off.
pub(super) fn workers(cx: &Cx<'_>) -> Option<Vec<Str>> {
    if is_switched_off(cx) || !cx.is_whole() || extra_files(cx).is_some() {
        return None;
    }
    let workers = cx.option("services.matrix-synapse.workers");
    names(&workers)
}

/// The names of the attributes of a set, if all of them are known.
pub(super) fn names(set: &OptionView<'_>) -> Option<Vec<Str>> {
    let names: Vec<Str> = set.children().iter().map(OptionView::name).collect();
    if set.others().is_some() || names.iter().any(|name| name.known().is_none()) { None } else { Some(names) }
}

/// The names in a value: one, or a list of them.
pub(super) fn named<'a>(value: &OptionView<'a>) -> Vec<OptionView<'a>> {
    if value.text().is_some() { vec![value.clone()] } else { value.items() }
}
