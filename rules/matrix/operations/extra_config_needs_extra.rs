//! The page beside this file says what is wrong and why.

use crate::lint::prelude::*;
use crate::rules::matrix::extra_content::extra_contents;
use crate::rules::matrix::synapse_settings::{is_switched_off, is_unwritten};
use crate::rules::secret::outline::Outline;
use crate::rules::written::{add_to, values};
use std::collections::BTreeMap;

/// Settings, and the extra that they need.
const SECTIONS: &[(&str, &str)] = &[
    ("experimental_features.msc3861", "oidc"),
    ("jwt_config", "jwt"),
    ("oidc_config", "oidc"),
    ("oidc_providers", "oidc"),
    ("saml2_config", "saml2"),
    ("sentry", "sentry"),
];

/// Those among them for which NixOS adds the extra where it sees them in the settings.
const SEEN: &[&str] = &["jwt_config", "oidc_providers", "saml2_config", "sentry"];

pub(crate) fn check(cx: &mut Cx<'_>) {
    if is_switched_off(cx) {
        return;
    }
    let extras = cx.option("services.matrix-synapse.extras");
    let synapse = cx.option("services.matrix-synapse");
    for file in extra_contents(cx) {
        for (key, extra) in SECTIONS.iter().filter(|(key, _)| has(&file.keys, key)) {
            if SEEN.contains(key) && !is_unwritten(cx, key) || !cx.is_whole() {
                continue;
            }
            let given = extras.items().into_iter().map(|item| item.is_text(extra) | item.is_text("all"));
            let given = Truth::any(given.chain(extras.has_unknown_items().map(Truth::Unknown)));
            let given = given | Truth::from(*extra == "oidc" && !is_unwritten(cx, "oidc_providers"));
            let is_written = values(&extras).iter().any(|value| cx.is_users(value.place()));
            let attribute = format!("extras = [ \"{extra}\" ];");
            let fix = add_to(cx, &synapse, &attribute, format!("add the extra `{extra}`"), Safety::Safe);
            let fix = fix.filter(|_| !is_written);
            cx.decide(!given, |finding| {
                let finding = finding
                    .message(format!(
                        "Synapse does not start: `{key}` in this file needs Python packages that NixOS leaves out"
                    ))
                    .help(format!("set `services.matrix-synapse.extras = [ \"{extra}\" ];`"))
                    .primary(&file.file, "NixOS does not look into this file")
                    .fix(fix);
                match &file.content {
                    Some(content) => finding.related(content, "the section is written here"),
                    None => finding,
                }
            });
        }
    }
}

/// Whether there is a key at a path such as `a.b`.
fn has(keys: &BTreeMap<String, Outline>, path: &str) -> bool {
    match path.split_once('.') {
        Some((key, rest)) => matches!(keys.get(key), Some(Outline::Keys(below)) if has(below, rest)),
        None => keys.contains_key(path),
    }
}
