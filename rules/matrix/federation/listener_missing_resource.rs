//! Requests that come to a listener which does not answer them.

use crate::lint::prelude::*;
use crate::rules::matrix::homeserver::Homeserver;
use crate::rules::web::access::answers;
use crate::rules::web::vhost::vhosts;

/// Requests, and the resources of a listener of which each answers them; of what is missing for the
/// same reason the first is named. Facts: `_configure_named_resource` in `synapse/app/homeserver.py`.
const NEEDED: [(&str, &[&str]); 5] = [
    ("/_matrix/federation/v1/version", &["federation"]),
    ("/_matrix/key/v2/server", &["federation", "keys"]),
    ("/_matrix/client/versions", &["client"]),
    ("/_synapse/client/pick_idp", &["client"]),
    ("/_matrix/media/v3/config", &["media", "client", "federation"]),
];

pub(crate) fn check(cx: &mut Cx<'_>) {
    let enabled = cx.option("services.matrix-synapse.enable").is_true();
    if !cx.is_whole() || enabled.is_false() {
        return;
    }
    let homeserver = Homeserver::of(cx);
    let vhosts = vhosts(cx);
    // Requests of users and of other servers may come by virtual hosts of their own.
    let is_served = NEEDED.map(|(path, resources)| {
        let locations = vhosts.iter().flat_map(|vhost| vhost.parts());
        Truth::any(locations.map(|location| {
            let served = location
                .proxies()
                .flat_map(|(_, target)| resources.iter().map(|resource| homeserver.serves_at(resource, target)));
            location.matcher.matches(path).and(|| Truth::any(served))
        }))
    });
    for vhost in vhosts.iter() {
        for location in vhost.parts() {
            let proxies: Vec<_> = location.proxies().collect();
            let [(statement, target)] = &proxies[..] else { continue };
            let [url] = &homeserver.targets(target)[..] else { continue };
            let Some(listener) = homeserver.listeners().iter().find(|listener| listener.is_at(url).is_true()) else {
                continue;
            };
            for ((path, resources), is_served) in NEEDED.iter().zip(&is_served) {
                // Synapse's own pages are asked for under the host of the clients only.
                if path.starts_with("/_synapse/") && !location.matcher.matches(NEEDED[0].0).is_false() {
                    continue;
                }
                // Where no listener answers them, they are not wanted.
                let wanted = || Truth::any(resources.iter().map(|resource| homeserver.offers(resource)));
                let missing = || !Truth::any(resources.iter().map(|resource| listener.serves(resource)));
                let asked = (enabled.clone() & !is_served.clone()).and(|| answers(vhost, location, path));
                let fires = asked.and(wanted).and(missing);
                let (is_sure, resource) = (fires.is_true(), resources[0]);
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
                if is_sure {
                    break;
                }
            }
        }
    }
    judge_calls(cx, &homeserver, &enabled);
}

/// The service for calls asks the homeserver of a user who that is, by the API for other servers.
fn judge_calls(cx: &mut Cx<'_>, homeserver: &Homeserver<'_>, enabled: &Truth) {
    let calls = cx.option("services.lk-jwt-service.enable");
    let answers = homeserver.offers("federation") | homeserver.offers("openid");
    cx.decide(enabled.clone() & calls.is_true() & !answers, |finding| {
        finding
            .message("nobody gets into a call: no listener of Synapse has the resource `openid`, by which lk-jwt-service asks who somebody is")
            .help("add `openid` to the resources of a listener, and pass `/_matrix/federation/v1/openid` on to it")
            .primary(&calls, "this asks Synapse")
    });
}
