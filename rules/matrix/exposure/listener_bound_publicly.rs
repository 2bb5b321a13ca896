//! A listener without TLS that other machines reach.

use crate::lint::prelude::*;
use crate::rules::matrix::homeserver::Homeserver;
use crate::rules::network::Firewall;
use crate::rules::web::vhost::vhosts;
use crate::rules::written::replace_list;

pub(crate) fn check(cx: &mut Cx<'_>) {
    let homeserver = Homeserver::of(cx);
    let vhosts = vhosts(cx);
    let firewall = Firewall::of(cx);
    for listener in homeserver.listeners() {
        let (exposed, address) = listener.is_exposed(cx);
        let Some(address) = address else { continue };
        let (open, opening) = firewall.lets_all_in(&listener.port);
        let (proxied, proxy) = listener.is_proxied(&homeserver, &vhosts);
        // Opened for some networks, it is meant for them.
        let needless = proxied & !firewall.lets_some_in(&listener.port);
        let fires = exposed & listener.serves_matrix() & !listener.has_tls() & (open.clone() | needless);
        let addresses = listener.view.at("bind_addresses");
        let fix = replace_list(cx, &addresses, "[ \"127.0.0.1\" \"::1\" ]", "listen for this machine only");
        cx.decide(fires, |finding| {
            let title = listener.title();
            let finding = match open.is_true() {
                true => finding.severity(Severity::Error).message(format!(
                    "Synapse speaks plain HTTP with everybody on {title}: whoever is on the way can read passwords and \
                     access tokens"
                )),
                false => finding.message(format!(
                    "Synapse speaks plain HTTP with other machines on {title}, although a web server on this machine \
                     passes requests on to it"
                )),
            };
            let finding = finding.primary(&address, "other machines reach this address").fix(fix);
            let finding = match &opening {
                Some(opening) => finding.related(opening, "the firewall lets everybody reach the port"),
                None => finding,
            };
            match proxy {
                Some(proxy) => finding.related(&proxy.view, "the web server needs no more than a loopback address"),
                None => finding,
            }
        });
    }
}
