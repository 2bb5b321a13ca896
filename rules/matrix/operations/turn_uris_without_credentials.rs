//! The page beside this file says what is wrong and why.

use crate::lint::prelude::*;
use crate::rules::matrix::extra_files::extra_files;
use crate::rules::matrix::synapse_settings::{is_switched_off, is_unwritten, setting};
use crate::rules::written::{items, values};

const CREDENTIALS: &[&str] = &["turn_shared_secret_path", "turn_username"];

pub(crate) fn check(cx: &mut Cx<'_>) {
    // The secret may stand in a file that nobody sees.
    if is_switched_off(cx) || !cx.is_whole() || extra_files(cx).is_some() {
        return;
    }
    let secret = Truth::any(values(&setting(cx, "turn_shared_secret")).iter().map(|view| !view.is_text("")));
    let none = !secret & Truth::from(CREDENTIALS.iter().all(|key| is_unwritten(cx, key)));
    let uris = items(&setting(cx, "turn_uris")).0;
    // STUN needs none.
    let relay = uris.into_iter().find(|uri| uri.text().is_some_and(|text| text.known_prefix().starts_with("turn")));
    if let Some(uri) = relay {
        cx.decide(none, |finding| finding.primary(&uri, "Synapse has no credentials to go with it"));
    }
}
