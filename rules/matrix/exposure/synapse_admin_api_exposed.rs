//! Synapse's admin API within everybody's reach.

use crate::lint::prelude::*;
use crate::rules::matrix::homeserver::Homeserver;
use crate::rules::web::access::{answers, is_guarded, is_public};
use crate::rules::web::vhost::vhosts;
use crate::rules::written::quoted;

/// One request to the admin API.
const PATH: &str = "/_synapse/admin/v2/users/@someone:example.org";

pub(crate) fn check(cx: &mut Cx<'_>) {
    let homeserver = Homeserver::of(cx);
    for vhost in &vhosts(cx) {
        for location in vhost.parts() {
            let reached = answers(vhost, location, PATH);
            if reached.is_false() {
                continue;
            }
            let (behind, statement) = homeserver.behind_for(location, &[PATH], Some("client"));
            let Some(statement) = statement else { continue };
            let open = !is_guarded(cx, vhost, location);
            cx.decide(reached & behind & open & is_public(cx, vhost), |finding| {
                let name = vhost.names_of(location).first().map_or("this host".into(), |name| quoted(name, "this host"));
                finding
                    .message(format!(
                        "Synapse's admin API is open to the internet on {name}: a stolen admin token is all it takes to \
                         take over every account"
                    ))
                    .primary(&statement.view, "requests for `/_synapse/admin` are passed on here")
            });
        }
    }
}
