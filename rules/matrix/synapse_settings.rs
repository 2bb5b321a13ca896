//! What is written in `services.matrix-synapse.settings`, key by key.

use crate::lint::prelude::*;

/// A key of the settings.
pub(crate) fn setting<'a>(cx: &Cx<'a>, key: &str) -> OptionView<'a> {
    cx.option("services.matrix-synapse.settings").at(key)
}

/// Whether a key of the settings is known to be defined nowhere.
pub(crate) fn is_unwritten(cx: &Cx<'_>, key: &str) -> bool {
    cx.is_whole() && setting(cx, key).is_defined().is_false()
}

/// Whether Synapse is known to be switched off.
pub(crate) fn is_switched_off(cx: &Cx<'_>) -> bool {
    cx.option("services.matrix-synapse.enable").is_false().is_true()
}

/// The keys that somebody wrote at the top of the settings, each with its definitions.
/// `null` counts as not written, as the NixOS module drops it.
pub(crate) fn written_keys<'a>(cx: &Cx<'a>) -> Vec<(String, OptionView<'a>)> {
    let mut found = vec![];
    for setting in cx.option("services.matrix-synapse.settings").children() {
        let name = setting.name();
        let Some(key) = name.known() else { continue };
        for definition in setting.definitions() {
            if !definition.is_null().is_true() {
                found.push((key.to_owned(), definition));
            }
        }
    }
    found
}

/// The string at `name` of a set of data.
pub(crate) fn text_of<'v>(data: &'v Attrs, name: &str) -> Option<&'v str> {
    data.get(name).and_then(Value::as_str)
}

/// The strings in the list at `name` of a set of data.
pub(crate) fn texts_of<'v>(data: &'v Attrs, name: &str) -> Vec<&'v str> {
    data.get(name).map(texts).unwrap_or_default()
}

/// The strings in a list of data.
pub(crate) fn texts(data: &Value) -> Vec<&str> {
    let Shape::List(items) = &data.shape else { return vec![] };
    let known = items.iter().filter_map(|item| match item {
        Item::One(value) => value.as_str(),
        _ => None,
    });
    known.collect()
}
