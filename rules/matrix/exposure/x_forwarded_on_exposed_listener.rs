//! A listener that believes anybody who claims to be somebody else.

use crate::lint::prelude::*;
use crate::rules::matrix::homeserver::Homeserver;

pub(crate) fn check(cx: &mut Cx<'_>) {
    for listener in Homeserver::of(cx).listeners() {
        let (exposed, address) = listener.is_exposed(cx);
        let Some(address) = address else { continue };
        cx.decide(exposed & listener.serves_matrix() & listener.trusts_proxy(), |finding| {
            finding
                .message(format!(
                    "whoever reaches Synapse on {} without going through the proxy can pretend to have any address, \
                     and so escape limits and bans",
                    listener.title()
                ))
                .primary(&listener.view.at("x_forwarded"), "the header `X-Forwarded-For` is believed")
                .related(&address, "other machines reach this address")
        });
    }
}
