//! The page beside this file says what is wrong and why.

use crate::lint::prelude::*;
use crate::rules::matrix::homeserver::Homeserver;
use crate::rules::matrix::synapse_settings::is_switched_off;
use crate::rules::network::Reach;
use crate::rules::web::front::has_front;
use crate::rules::web::text::not_followed;
use crate::rules::web::url::Url;
use crate::rules::web::vhost::{Vhost, vhosts};

pub(crate) fn check(cx: &mut Cx<'_>) {
    if is_switched_off(cx) || !cx.is_whole() {
        return;
    }
    let homeserver = Homeserver::of(cx);
    let vhosts = vhosts(cx);
    // If no web server here passes requests on to Synapse, that happens elsewhere.
    let is_here = homeserver.listeners().iter().any(|listener| listener.is_proxied(&homeserver, &vhosts).0.is_true());
    if !is_here {
        return;
    }
    let others = has_front(cx) | leads_anywhere(&homeserver, &vhosts);
    for listener in homeserver.listeners().iter().filter(|listener| listener.of_worker) {
        let asked = Truth::any(["client", "federation", "media"].map(|resource| listener.serves(resource)));
        let (outside, _) = listener.is_bound(|reach| reach != Reach::Machine);
        let (routed, _) = listener.is_proxied(&homeserver, &vhosts);
        let fires = listener.is_type("http") & asked & !outside & !routed & !others.clone();
        cx.decide(fires, |finding| {
            finding
                .message(format!(
                    "this worker waits for requests on {}, but no web server passes any on to it",
                    listener.title()
                ))
                .primary(&listener.view, "nobody asks this listener")
        });
    }
}

/// Whether requests are passed on to a place that nobody knows.
fn leads_anywhere(homeserver: &Homeserver<'_>, vhosts: &[Vhost<'_>]) -> Truth {
    let mut unknown = None;
    for location in vhosts.iter().flat_map(Vhost::parts) {
        unknown = unknown.or_else(|| location.gaps.first().cloned());
        for (statement, target) in location.proxies() {
            for url in homeserver.targets(target).iter() {
                if is_opaque(url) {
                    let hole = not_followed("where requests are passed on to", statement.view.place());
                    unknown = unknown.or(Some(hole));
                }
            }
        }
    }
    unknown.map_or(Truth::False, Truth::Unknown)
}

/// Whether a variable or the name of a group of servers stands in place of an address.
fn is_opaque(url: &Url) -> bool {
    let is_variable = url.rest.known_prefix().starts_with('$')
        || url.port.as_ref().is_some_and(|port| port.known_prefix().starts_with('$'));
    let is_group = url.host.known().is_none_or(|host| !host.contains(['.', ':', '/']) && host != "localhost");
    is_variable || is_group
}
