//! The page beside this file says what is wrong and why.

use crate::lint::prelude::*;
use crate::rules::matrix::extra_files::extra_files;
use crate::rules::matrix::synapse_settings::{is_switched_off, is_unwritten, setting};
use crate::rules::written::values;

const STATE: &str = "experimental_features.msc4222_enabled";
const DELAY: &str = "max_event_delay_duration";

pub(crate) fn check(cx: &mut Cx<'_>) {
    let enable = cx.option("services.lk-jwt-service.enable");
    if is_switched_off(cx) || !cx.is_whole() || extra_files(cx).is_some() {
        return;
    }
    let here = cx.option("services.matrix-synapse.enable").is_true();
    let state = values(&setting(cx, STATE));
    let missing = Truth::from(is_unwritten(cx, STATE)) | Truth::any(state.iter().map(OptionView::is_false));
    for (key, missing) in [(STATE, missing), (DELAY, Truth::from(is_unwritten(cx, DELAY)))] {
        cx.decide(enable.is_true() & here.clone() & missing, |finding| {
            finding
                .message(format!("calls get stuck, or show people who have left: Synapse's `{key}` is not set"))
                .primary(&enable, "the service for calls is switched on here")
        });
    }
}
