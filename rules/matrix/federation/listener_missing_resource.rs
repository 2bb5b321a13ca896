//! Requests that come to a listener which does not answer them.

use crate::lint::prelude::*;
use crate::rules::matrix::homeserver::Homeserver;
use crate::rules::web::access::answers;
use crate::rules::web::vhost::vhosts;

/// Requests, and the resource of a listener that answers them.
const NEEDED: [(&str, &str); 2] =
    [("/_matrix/federation/v1/version", "federation"), ("/_matrix/client/versions", "client")];

pub(crate) fn check(cx: &mut Cx<'_>) {
    let enabled = cx.option("services.matrix-synapse.enable").is_true();
    if !cx.is_whole() || enabled.is_false() {
        return;
    }
    let homeserver = Homeserver::of(cx);
    let vhosts = vhosts(cx);
    // Requests of users and of other servers may come by virtual hosts of their own.
    let is_served = NEEDED.map(|(path, resource)| {
        let locations = vhosts.iter().flat_map(|vhost| vhost.parts());
        Truth::any(locations.map(|location| {
            let served = location.proxies().map(|(_, target)| homeserver.serves_at(resource, target));
            location.matcher.matches(path) & Truth::any(served)
        }))
    });
    for vhost in &vhosts {
        for location in vhost.parts() {
            let proxies: Vec<_> = location.proxies().collect();
            let [(statement, target)] = &proxies[..] else { continue };
            let [url] = &homeserver.targets(target)[..] else { continue };
            let Some(listener) = homeserver.listeners().iter().find(|listener| listener.is_at(url).is_true()) else {
                continue;
            };
            for ((path, resource), is_served) in NEEDED.iter().zip(&is_served) {
                // Where no listener answers them, they are not wanted.
                let wanted = homeserver.offers(resource);
                let fires = enabled.clone() & answers(vhost, location, path) & wanted & !is_served.clone();
                let fires = fires & !listener.serves(resource);
                cx.decide(fires, |finding| {
                    finding
                        .message(format!(
                            "requests for `{path}` come to {} of Synapse, which answers 404: its resources lack \
                             `{resource}`",
                            listener.title()
                        ))
                        .primary(&statement.view, "they are passed on here")
                        .related(&listener.view, format!("`{resource}` is not among the resources"))
                });
            }
        }
    }
}
