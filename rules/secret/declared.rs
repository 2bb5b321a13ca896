//! Files that a secret manager writes when the machine starts, found by their path.

use crate::lint::prelude::*;

/// Where sops-nix, agenix and the tools that deploy declare such files.
const SETS: &[&str] = &["sops.secrets", "sops.templates", "age.secrets", "deployment.keys"];

/// The declaration of the file whose path a value is.
pub(crate) fn declared<'a>(cx: &Cx<'a>, path: &OptionView<'_>) -> Option<OptionView<'a>> {
    SETS.iter().find_map(|set| declared_in(cx, set, path))
}

/// The content of the template of sops-nix whose path a value is.
pub(crate) fn template<'a>(cx: &Cx<'a>, path: &OptionView<'_>) -> Option<OptionView<'a>> {
    declared_in(cx, "sops.templates", path).map(|template| template.at("content"))
}

fn declared_in<'a>(cx: &Cx<'a>, set: &str, path: &OptionView<'_>) -> Option<OptionView<'a>> {
    // Where the module of sops-nix may be another one, nobody knows the path, but its name says whose it is.
    let written = cx.written(path.place());
    let named = written.strip_prefix(&format!("config.{set}.")).and_then(|rest| rest.strip_suffix(".path"));
    let named = named.map(|name| name.trim_matches('"'));
    let is_it = |file: &&OptionView<'a>| {
        let same = path.text().map(|path| file.at("path").is_string_where(|have| have.equals(path)));
        same.is_some_and(|same| same.is_true()) || named.is_some_and(|name| file.name().known() == Some(name))
    };
    cx.option(set).children().iter().find(is_it).cloned()
}
