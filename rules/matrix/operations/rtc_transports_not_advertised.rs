//! The page beside this file says what is wrong and why.

use crate::lint::prelude::*;
use crate::rules::matrix::extra_files::extra_files;
use crate::rules::matrix::synapse_settings::{is_unwritten, setting};
use crate::rules::written::values;

const SWITCH: &str = "experimental_features.msc4143_enabled";
const TRANSPORTS: &str = "matrix_rtc.transports";

pub(crate) fn check(cx: &mut Cx<'_>) {
    let here = cx.option("services.matrix-synapse.enable").is_true();
    if here.is_false() || !cx.is_whole() || extra_files(cx).is_some() {
        return;
    }
    let calls = cx.option("services.lk-jwt-service.enable").is_true();
    let (switch, transports) = (setting(cx, SWITCH), setting(cx, TRANSPORTS));
    let nothing = here.clone() & calls & switch.is_true() & Truth::from(is_unwritten(cx, TRANSPORTS));
    cx.decide(nothing, |finding| {
        finding
            .message("Synapse tells clients that there is no server for calls: `matrix_rtc.transports` is not set")
            .primary(&switch, "with this, clients ask Synapse and not the well-known file")
    });
    let off = Truth::from(is_unwritten(cx, SWITCH)) | Truth::any(values(&switch).iter().map(OptionView::is_false));
    let ignored = here & transports.is_defined() & !transports.is_null() & off;
    cx.decide(ignored, |finding| {
        finding
            .message("no client hears of these transports: `experimental_features.msc4143_enabled` is not set")
            .primary(&transports, "Synapse keeps this to itself")
    });
}
