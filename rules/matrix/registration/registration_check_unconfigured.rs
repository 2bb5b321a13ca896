//! The page beside this file says what is wrong and why.

use crate::lint::prelude::*;
use crate::rules::matrix::extra_files::extra_files;
use crate::rules::matrix::synapse_settings::{is_switched_off, is_unwritten, setting};
use crate::rules::written::{items, values};

pub(crate) fn check(cx: &mut Cx<'_>) {
    // The keys may stand in a file that nobody sees.
    if is_switched_off(cx) || !cx.is_whole() || extra_files(cx).is_some() {
        return;
    }
    let enabled = Truth::any(values(&setting(cx, "enable_registration")).iter().map(OptionView::is_true));
    if is_unwritten(cx, "email") {
        for required in items(&setting(cx, "registrations_require_3pid")).0 {
            cx.decide(enabled.clone() & required.is_text("email"), |finding| {
                finding
                    .message("nobody can register: an e-mail address is required, but Synapse cannot send e-mail")
                    .primary(&required, "the setting `email` is missing")
            });
        }
    }
    let missing = ["recaptcha_public_key", "recaptcha_private_key"]
        .into_iter()
        .find(|key| is_unwritten(cx, key) && is_unwritten(cx, &format!("{key}_path")));
    let Some(missing) = missing else { return };
    for captcha in values(&setting(cx, "enable_registration_captcha")) {
        cx.decide(enabled.clone() & captcha.is_true(), |finding| {
            finding
                .message("nobody can register: a captcha is required, but Synapse has no keys for it")
                .primary(&captcha, format!("`{missing}` is missing"))
        });
    }
}
