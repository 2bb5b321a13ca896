//! A server name that does not tell clients where its homeserver is.

use super::well_known_server_missing::federates;
use crate::lint::prelude::*;
use crate::rules::matrix::homeserver::Homeserver;
use crate::rules::matrix::own_names::server_names;
use crate::rules::matrix::unanswered::unanswered;
use crate::rules::matrix::well_known::{CLIENT, answers};
use crate::rules::web::vhost::vhosts;
use crate::rules::written::quoted;

pub(crate) fn check(cx: &mut Cx<'_>) {
    if !cx.is_whole() || server_names(cx).is_empty() {
        return;
    }
    let homeserver = Homeserver::of(cx);
    let vhosts = vhosts(cx);
    if !answers(&vhosts, CLIENT).is_empty() {
        return;
    }
    for silent in unanswered(cx, &homeserver, &vhosts, CLIENT) {
        let Some(name) = silent.server_name.text().cloned() else { continue };
        // A server that talks to no other is often used by clients that know its address.
        let fires = silent.truth & federates(cx, &homeserver, &name) & homeserver.offers("client");
        cx.decide(fires, |finding| {
            finding
                .message(format!(
                    "clients do not find the homeserver of accounts at {}: nothing answers `{CLIENT}` on that host",
                    quoted(&name, "the server name"),
                ))
                .primary(&silent.vhost.view, "this host has no answer for it")
                .related(&silent.server_name, "clients ask the host of this name")
        });
    }
}
