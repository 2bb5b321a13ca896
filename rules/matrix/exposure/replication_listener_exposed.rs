//! Replication between Synapse's processes that other machines can join.

use crate::lint::prelude::*;
use crate::rules::matrix::homeserver::Homeserver;
use crate::rules::network::Firewall;

pub(crate) fn check(cx: &mut Cx<'_>) {
    let firewall = Firewall::of(cx);
    for listener in Homeserver::of(cx).listeners() {
        let (exposed, address) = listener.is_exposed(cx);
        let Some(address) = address else { continue };
        let (open, opening) = firewall.lets_all_in(&listener.port);
        // Opened for some networks, it is meant for them.
        let reached = open | !firewall.lets_some_in(&listener.port);
        cx.decide(exposed & listener.serves("replication") & reached, |finding| {
            let finding = finding
                .message(format!(
                    "other machines reach Synapse's replication on {}: it is neither encrypted nor, without \
                     `worker_replication_secret_path`, asks who they are",
                    listener.title()
                ))
                .primary(&address, "other machines reach this address");
            match &opening {
                Some(opening) => finding.related(opening, "the firewall lets everybody reach the port"),
                None => finding,
            }
        });
    }
}
