//! The page beside this file says what is wrong and why.

use crate::lint::prelude::*;
use crate::rules::matrix::homeserver::Homeserver;
use crate::rules::matrix::synapse_settings::{is_switched_off, setting};
use crate::rules::web::access::answers;
use crate::rules::web::vhost::{Server, vhosts};
use crate::rules::written::values;

/// One of the requests that are the service's.
const PATH: &str = "/_matrix/client/v3/login";

pub(crate) fn check(cx: &mut Cx<'_>) {
    if is_switched_off(cx) || !cx.is_whole() {
        return;
    }
    let enabled = values(&setting(cx, "matrix_authentication_service.enabled"));
    let Some(enabled) = enabled.into_iter().find(|view| !view.is_true().is_false()) else { return };
    let homeserver = Homeserver::of(cx);
    for vhost in vhosts(cx).iter() {
        for location in vhost.parts() {
            let reached = answers(vhost, location, PATH);
            if reached.is_false() {
                continue;
            }
            let Some((statement, target)) = location.proxies().next() else { continue };
            // Any of the directives that nobody knows may send the request elsewhere.
            let known = !Truth::any(location.gaps.iter().chain(&vhost.own.gaps).cloned().map(Truth::Unknown));
            // Caddy asks the handlers in the order in which they are written.
            let others = vhost.parts().filter(|other| !std::ptr::eq(*other, location));
            let mut others = others.filter(|other| other.proxies().next().is_some());
            if vhost.server == Server::Caddy && others.any(|other| !other.matcher.matches(PATH).is_false()) {
                continue;
            }
            cx.decide(enabled.is_true() & reached & known & homeserver.listens_at(target), |finding| {
                finding
                    .primary(&statement.view, format!("requests for `{PATH}` come to Synapse here"))
                    .related(&enabled, "Synapse leaves logging in to Matrix Authentication Service")
            });
        }
    }
}
