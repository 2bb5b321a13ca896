//! A web server for Matrix that the firewall lets nobody reach.

use crate::lint::prelude::*;
use crate::rules::matrix::homeserver::Homeserver;
use crate::rules::matrix::public_hosts::role;
use crate::rules::network::{Firewall, Protocol};
use crate::rules::web::access::{is_public, is_public_name};
use crate::rules::web::front::{has_front, has_tunnel};
use crate::rules::web::tls::speaks;
use crate::rules::web::vhost::{Door, Server, Vhost, vhosts};
use crate::rules::written::{items, users_values, values};

const HTTP: i64 = 80;
const HTTPS: i64 = 443;

pub(crate) fn check(cx: &mut Cx<'_>) {
    // In a guest the host decides who comes in; rules of one's own may say anything.
    let by_hand = !values(&cx.option("networking.nftables.ruleset")).is_empty();
    if !cx.is_whole() || cx.is_guest() || by_hand || has_tunnel(cx) {
        return;
    }
    let firewall = Firewall::of(cx);
    let keeps_out = |port| firewall.keeps_out(Protocol::Tcp, (port, port)) & !has_front(cx);
    let closed = [HTTP, HTTPS].map(keeps_out);
    if closed.iter().all(Truth::is_false) {
        return;
    }
    let [no_http, no_https] = closed;
    let homeserver = Homeserver::of(cx);
    for vhost in vhosts(cx).iter() {
        let Some(role) = role(&homeserver, vhost) else { continue };
        let there = role.truth.clone() & listens(cx, vhost) & is_public(cx, vhost);
        let fires = there.clone() & no_https.clone();
        let title = vhost.title();
        if !fires.is_false() {
            cx.decide(fires, |finding| {
                finding
                    .message(format!("nobody gets to {title}: the firewall keeps everybody out of TCP port {HTTPS}"))
                    .primary(&vhost.view, "NixOS does not open the firewall for a web server")
                    .related(&role.view, role.what)
            });
            // One is enough: what opens the port opens it for all.
            return;
        }
        let fires = (there & no_http.clone()).and(|| asks_by_http(cx, vhost));
        cx.decide(fires, |finding| {
            finding
                .message(format!(
                    "{title} gets no certificate: Let's Encrypt asks on TCP port {HTTP}, which the firewall keeps closed"
                ))
                .primary(&vhost.view.at("enableACME"), "this proves by HTTP whose name it is")
        });
    }
}

/// Whether it waits on port 443, under a name that everybody may look up.
fn listens(cx: &Cx<'_>, vhost: &Vhost<'_>) -> Truth {
    let named = vhost.names.iter().any(|name| is_public_name(&name.text) && name.door == Door::Usual);
    let port = |option: &str| cx.option(option).is_int(HTTPS);
    let usual = match vhost.server {
        Server::Nginx => {
            let listen = vhost.ports.as_ref().map(|ports| Truth::from(ports.contains(&HTTPS)));
            let usual = listen.unwrap_or_else(|| {
                let elsewhere = !items(&cx.option("services.nginx.defaultListen")).0.is_empty();
                port("services.nginx.defaultSSLListenPort") & Truth::from(!elsewhere)
            });
            usual & speaks(vhost)
        }
        Server::Caddy => port("services.caddy.httpsPort"),
        Server::Httpd => Truth::False,
    };
    vhost.server.is_enabled(cx) & usual & Truth::from(named)
}

/// Whether its certificate is asked for by HTTP-01, at Let's Encrypt.
fn asks_by_http(cx: &Cx<'_>, vhost: &Vhost<'_>) -> Truth {
    let acme = cx.option("security.acme");
    let name = vhost.names.first().map(|name| &name.text);
    let certs = acme.at("certs").children();
    let cert = certs.iter().find(|cert| name.is_some_and(|name| cert.name().equals(name).is_true()));
    let mut places = vec![acme.at("defaults")];
    places.extend(cert.cloned());
    let other_ways = ["dnsProvider", "server", "listenHTTP", "s3Bucket"].iter();
    let other_ways = other_ways.flat_map(|key| places.iter().map(|place| users_values(cx, &place.at(key)).len()));
    let own = vhost.view.at("acmeFallbackHost").is_null() & !vhost.view.at("acmeRoot").is_null();
    vhost.view.at("enableACME").is_true() & own & Truth::from(other_ways.sum::<usize>() == 0)
}
