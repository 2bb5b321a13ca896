//! A certificate that nobody gets to see.

use crate::lint::prelude::*;
use crate::rules::matrix::homeserver::Homeserver;
use crate::rules::matrix::public_hosts::role;
use crate::rules::web::access::is_public;
use crate::rules::web::front::has_front;
use crate::rules::web::tls::{acme, speaks};
use crate::rules::web::vhost::{Server, vhosts};
use crate::rules::written::add_to;

pub(crate) fn check(cx: &mut Cx<'_>) {
    let enabled = cx.option("services.nginx.enable").is_true();
    if !cx.is_whole() || enabled.is_false() {
        return;
    }
    let homeserver = Homeserver::of(cx);
    for vhost in vhosts(cx).iter().filter(|vhost| vhost.server == Server::Nginx) {
        let (certificate, option) = acme(vhost);
        if certificate.is_false() {
            continue;
        }
        let Some(role) = role(&homeserver, vhost) else { continue };
        let title = "answer with TLS, and send plain HTTP there";
        let fix = add_to(cx, &vhost.view, "forceSSL = true;", title, Safety::Suggestion);
        let open = is_public(cx, vhost) & !has_front(cx);
        let fires = enabled.clone() & certificate & role.truth.clone() & !speaks(vhost) & open;
        cx.decide(fires, |finding| {
            finding
                .message(format!(
                    "{} gets a certificate but no TLS: nothing answers on port 443, where clients and other servers ask",
                    vhost.title()
                ))
                .primary(&option, "the certificate is not used without `forceSSL`, `addSSL` or `onlySSL`")
                .related(&role.view, role.what)
                .fix(fix)
        });
    }
}
