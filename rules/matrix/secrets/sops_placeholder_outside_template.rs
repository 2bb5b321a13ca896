//! The page beside this file says what is wrong and why.

use crate::lint::prelude::*;
use crate::rules::secret::store_file::store_file;
use crate::rules::secret::text::flat;

/// How deep settings are searched.
const DEPTH: u32 = 10;
/// A placeholder in the middle of a text.
const INTERPOLATED: &str = "${config.sops.placeholder.";

pub(crate) fn check(cx: &mut Cx<'_>) {
    // Whoever renders the settings in a template of their own has the placeholders filled in.
    let is_rendered = cx.each("sops.templates.<name>.content").iter().any(|content| {
        let written = cx.written(content.place());
        ["settings", "configFile", "extraConfig"].iter().any(|name| written.contains(&format!(".{name}")))
    });
    if is_rendered {
        return;
    }
    for settings in cx.listed() {
        if settings.path().to_string().starts_with("sops.") {
            continue;
        }
        let mut found = Vec::new();
        search(cx, &settings, DEPTH, &mut found);
        for view in found {
            cx.decide(Truth::True, |finding| finding.primary(&view, "nothing replaces this placeholder"));
        }
    }
}

/// Collects the values at and below `view` that hold a placeholder.
fn search<'a>(cx: &Cx<'a>, view: &OptionView<'a>, depth: u32, found: &mut Vec<OptionView<'a>>) {
    let Some(depth) = depth.checked_sub(1) else { return };
    for view in view.alternatives() {
        let holds = match &view.value().shape {
            Shape::Attrs(_) | Shape::List(_) => {
                let parts = view.children().into_iter().chain(view.items());
                parts.for_each(|part| search(cx, &part, depth, found));
                false
            }
            Shape::Str(text) => holds_placeholder(cx, &view, text) || in_store_file(cx, &view),
            Shape::Unknown(unknown) => {
                is_placeholder(cx.written(view.born())) || is_placeholder(cx.written(unknown.at))
            }
            _ => in_store_file(cx, &view),
        };
        if holds {
            found.push(view);
        }
    }
}

/// A generated file in the store, listed where sops-nix does not look.
fn in_store_file(cx: &Cx<'_>, view: &OptionView<'_>) -> bool {
    let text = store_file(view.value()).and_then(|file| file.text);
    text.is_some_and(|text| holds_placeholder(cx, view, &text))
}

/// Whether a text that `view` is, or stands for, has a placeholder in it.
fn holds_placeholder(cx: &Cx<'_>, view: &OptionView<'_>, text: &Str) -> bool {
    let is_interpolated = || [view.place(), view.born()].iter().any(|at| cx.written(*at).contains(INTERPOLATED));
    flat(text).contains("<SOPS:")
        || text.holes().any(|hole| is_placeholder(cx.written(hole.at)))
        || (text.holes().next().is_some() && is_interpolated())
}

/// Whether an expression is nothing but a placeholder.
fn is_placeholder(expression: &str) -> bool {
    expression.contains("sops.placeholder.") && !expression.contains(char::is_whitespace)
}
