//! A virtual host with TLS and no certificate.

use crate::lint::prelude::*;
use crate::rules::matrix::homeserver::Homeserver;
use crate::rules::matrix::public_hosts::role;
use crate::rules::web::tls::{acme, asked};
use crate::rules::web::vhost::{Server, vhosts};
use crate::rules::written::add_to;

pub(crate) fn check(cx: &mut Cx<'_>) {
    let enabled = cx.option("services.nginx.enable").is_true();
    if !cx.is_whole() || enabled.is_false() {
        return;
    }
    let homeserver = Homeserver::of(cx);
    for vhost in vhosts(cx).iter().filter(|vhost| vhost.server == Server::Nginx) {
        // Modules of NixOS complete virtual hosts of their own, but not those of Matrix.
        let (truth, Some(flag)) = asked(vhost) else { continue };
        let Some(role) = role(&homeserver, vhost) else { continue };
        let missing: Vec<_> = ["sslCertificate", "sslCertificateKey"]
            .into_iter()
            .filter(|option| !vhost.view.at(option).is_defined().is_true())
            .collect();
        let undefined = Truth::any(missing.iter().map(|option| !vhost.view.at(option).is_defined()));
        let title = "get a certificate with ACME";
        let fix = add_to(cx, &vhost.view, "enableACME = true;", title, Safety::Suggestion);
        // Half a certificate is there: the other half is what is meant.
        let fix = fix.filter(|_| missing.len() == 2);
        let fires = enabled.clone() & truth & role.truth.clone() & !acme(vhost).0 & undefined;
        cx.decide(fires, |finding| {
            finding
                .message(format!(
                    "{} is to be served with TLS but has no certificate: the configuration cannot be built",
                    vhost.title()
                ))
                .primary(&flag, format!("this needs `enableACME`, `useACMEHost` or `{}`", missing.join("` and `")))
                .related(&role.view, role.what)
                .fix(fix)
        });
    }
}
