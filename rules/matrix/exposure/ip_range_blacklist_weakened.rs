//! The page beside this file says what is wrong and why.

use super::weakened::{allowed, weakened};
use crate::lint::prelude::*;
use crate::rules::matrix::synapse_settings::{is_switched_off, setting};

pub(crate) fn check(cx: &mut Cx<'_>) {
    if is_switched_off(cx) {
        return;
    }
    let old = setting(cx, "federation_ip_range_blacklist");
    for key in ["ip_range_blacklist", "federation_ip_range_blacklist"] {
        let Some((list, open, fires)) = weakened(cx, &setting(cx, key)) else { continue };
        cx.decide(fires, |finding| {
            finding.primary(&list, format!("it replaces Synapse's own list, and lacks {}", open.join(", ")))
        });
    }
    let allowed_list = setting(cx, "ip_range_whitelist");
    for network in allowed(cx, &allowed_list) {
        cx.decide(Truth::True, |finding| finding.primary(&network, "a whole network that is not the internet"));
    }
    let ignored = Truth::from(!allowed_list.items().is_empty()) & old.is_defined() & !old.is_null();
    cx.decide(ignored, |finding| {
        finding
            .message(
                "federation does not ask `ip_range_whitelist`, because the old `federation_ip_range_blacklist` is set",
            )
            .help("call it `ip_range_blacklist`")
            .severity(Severity::Info)
            .primary(&allowed_list, "counts for push and identity servers only")
            .related(&old, "this list stands alone")
    });
}
