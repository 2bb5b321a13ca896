//! The page beside this file says what is wrong and why.

use crate::lint::prelude::*;
use crate::rules::secret::declared::template;
use crate::rules::secret::settings::settings;
use crate::rules::secret::text::flat;
use crate::rules::written::{items, leave_open};

const EXTRA: &str = "services.matrix-synapse.extraConfigFiles";

pub(crate) fn check(cx: &mut Cx<'_>) {
    let listed = cx.option(EXTRA);
    let (files, more) = items(&listed);
    leave_open(cx, &listed, more);
    for path in cx.listed() {
        let name = path.path().to_string();
        if !name.starts_with("services.matrix-synapse.settings") {
            continue;
        }
        // Two unknowns are one if nobody defines either.
        for path in path.alternatives().into_iter().filter(|path| path.is_defined().is_true()) {
            let Some(text) = path_of(&path) else { continue };
            judge_both(cx, &path, &text, &files);
            judge_content(cx, &path);
        }
    }
    for file in &files {
        let Some(content) = template(cx, file) else { continue };
        let text = content.text().map(flat).unwrap_or_default();
        // Whatever the secret is: it is the whole text.
        let alone = cx.written(content.place()).strip_prefix("config.sops.placeholder.");
        let alone = alone.is_some_and(|name| !name.contains(char::is_whitespace));
        let no_settings = alone || (!text.trim().is_empty() && !text.contains([':', '{']));
        cx.decide(no_settings.into(), |finding| {
            finding
                .message("Synapse reads this file as settings, but the template holds nothing but a text: Synapse does not start")
                .help("name the file in the setting's `_path` variant, or write `setting: value` into the template")
                .primary(file, "read as YAML")
                .related(&content, "this is no setting")
        });
    }
}

/// One file that is given both as a secret and as settings.
fn judge_both(cx: &mut Cx<'_>, path: &OptionView<'_>, text: &Str, files: &[OptionView<'_>]) {
    for file in files {
        let Some(other) = path_of(file) else { continue };
        // Two unknown paths may or may not be one: nobody is asked about that.
        let same = text.equals(&other).is_true();
        cx.decide(same.into(), |finding| {
            finding
                .primary(path, "the whole file is taken for the secret")
                .related(file, "the file is read as settings")
        });
    }
}

/// A template whose text is settings, given as a secret.
fn judge_content(cx: &mut Cx<'_>, path: &OptionView<'_>) {
    let name = path.name();
    let Some(key) = name.known().and_then(|name| name.strip_suffix("_path")) else { return };
    let Some(content) = template(cx, path) else { return };
    let is_settings = content.text().is_some_and(|text| settings(&flat(text)).iter().any(|one| one.key == key));
    cx.decide(is_settings.into(), |finding| {
        finding
            .message(format!("Synapse takes the whole file for the secret, with the words `{key}:` in it"))
            .help("leave nothing but the secret in the file, or list it in `extraConfigFiles` instead")
            .primary(path, "the whole file is taken for the secret")
            .related(&content, "the file holds settings")
    });
}

/// The path that a value is. An unknown one is still the same as itself.
fn path_of(view: &OptionView<'_>) -> Option<Str> {
    view.text().cloned().or_else(|| view.unknown().map(Str::hole))
}
