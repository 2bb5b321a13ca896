//! The page beside this file says what is wrong and why.

use super::weakened::{allowed, weakened, whose};
use crate::lint::prelude::*;
use crate::rules::matrix::synapse_settings::{is_switched_off, setting};
use crate::rules::written::values;

pub(crate) fn check(cx: &mut Cx<'_>) {
    let previews = setting(cx, "url_preview_enabled");
    let off = Truth::any(values(&previews).iter().map(OptionView::is_false));
    // With a proxy Synapse does not look at the list.
    let proxy = ["http_proxy", "https_proxy"].iter().any(|key| !values(&setting(cx, key)).is_empty());
    if is_switched_off(cx) || proxy {
        return;
    }
    if let Some((list, open, fires)) = weakened(cx, &setting(cx, "url_preview_ip_range_blacklist")) {
        let is_empty = list.items().is_empty();
        cx.decide(!off.clone() & fires, |finding| {
            let finding = finding
                .message(format!("users can make Synapse read pages of {}, by sending a link to them", whose(&open)))
                .primary(&list, format!("it replaces NixOS' list, and lacks {}", open.join(", ")));
            if is_empty { finding.severity(Severity::Error) } else { finding }
        });
    }
    for network in allowed(cx, &setting(cx, "url_preview_ip_range_whitelist")) {
        cx.decide(!off.clone(), |finding| finding.primary(&network, "a whole network that is not the internet"));
    }
}
