//! A homeserver that is announced as an identity server.

use crate::lint::prelude::*;
use crate::rules::field::field;
use crate::rules::matrix::own_names::base_urls;
use crate::rules::matrix::well_known::{CLIENT, answers};
use crate::rules::web::url::Url;
use crate::rules::web::vhost::{Vhost, same_host, vhosts};
use crate::rules::written::quoted;

/// What only an identity server answers, and what only a homeserver does.
const IDENTITY: &str = "/_matrix/identity/v2";
const OTHER: &str = "/_matrix/client/versions";

pub(crate) fn check(cx: &mut Cx<'_>) {
    let vhosts = vhosts(cx);
    let own: Vec<_> = base_urls(cx).iter().filter_map(|url| url.text().map(Url::parse)).collect();
    for answer in answers(&vhosts, CLIENT) {
        let body = answer.json();
        let (homeserver, identity) =
            (field(&body, &["m.homeserver", "base_url"]), field(&body, &["m.identity_server", "base_url"]));
        let Some(identity) = identity.text() else { continue };
        let url = Url::parse(identity);
        let homeservers = homeserver.text().map(Url::parse).into_iter().chain(own.iter().cloned());
        let same = Truth::any(homeservers.map(|homeserver| url.same_as(&homeserver)));
        if same.is_false() {
            continue;
        }
        let (is_here, served) = identity_server(&vhosts, &url.host);
        let known = cx.is_whole() && is_here;
        cx.decide(answer.used.clone() & same & !served, |finding| {
            let finding = finding
                .message(format!(
                    "`{CLIENT}` names {} as identity server, which it is not: Element says that it cannot reach the \
                     identity server",
                    quoted(identity, "the homeserver"),
                ))
                .primary(&answer.statement.view, "`m.identity_server` is the homeserver itself");
            if known { finding } else { finding.possible() }
        });
    }
}

/// Whether a virtual host has this name, and whether one of them has a location for an identity server.
fn identity_server(vhosts: &[Vhost<'_>], host: &Str) -> (bool, Truth) {
    let mut is_here = false;
    let mut served = Truth::False;
    for vhost in vhosts {
        for location in vhost.parts() {
            let named = Truth::any(vhost.names_of(location).into_iter().map(|name| same_host(name, host)));
            is_here |= named.is_true();
            let gaps = location.gaps.iter().cloned().map(Truth::Unknown);
            let own = location.matcher.matches(IDENTITY) & !location.matcher.matches(OTHER);
            served = served | named & (own | Truth::any(gaps));
        }
    }
    (is_here, served)
}
