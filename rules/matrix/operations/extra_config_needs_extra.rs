//! The page beside this file says what is wrong and why.

use crate::lint::prelude::*;
use crate::rules::matrix::extra_content::extra_contents;
use crate::rules::matrix::synapse_settings::{is_switched_off, is_unwritten};
use crate::rules::written::{add_to, values};

/// Sections of the settings, and the extra that NixOS adds to Synapse where it sees them.
const SECTIONS: &[(&str, &str)] = &[
    ("jwt_config", "jwt"),
    ("oidc_config", "oidc"),
    ("oidc_providers", "oidc"),
    ("saml2_config", "saml2"),
    ("sentry", "sentry"),
];

pub(crate) fn check(cx: &mut Cx<'_>) {
    if is_switched_off(cx) {
        return;
    }
    let extras = cx.option("services.matrix-synapse.extras");
    let synapse = cx.option("services.matrix-synapse");
    for file in extra_contents(cx) {
        for (key, extra) in SECTIONS.iter().filter(|(key, _)| file.keys.contains_key(*key)) {
            // The module looks for `oidc_providers` alone.
            if *key != "oidc_config" && !is_unwritten(cx, key) || !cx.is_whole() {
                continue;
            }
            let has = extras.items().into_iter().map(|item| item.is_text(extra) | item.is_text("all"));
            let has = Truth::any(has.chain(extras.has_unknown_items().map(Truth::Unknown)));
            let has = has | Truth::from(*extra == "oidc" && !is_unwritten(cx, "oidc_providers"));
            let is_written = values(&extras).iter().any(|value| cx.is_users(value.place()));
            let attribute = format!("extras = [ \"{extra}\" ];");
            let fix = add_to(cx, &synapse, &attribute, format!("add the extra `{extra}`"), Safety::Safe);
            let fix = fix.filter(|_| !is_written);
            cx.decide(!has, |finding| {
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
