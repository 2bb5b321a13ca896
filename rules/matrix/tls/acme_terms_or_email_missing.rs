//! Certificates from ACME without what the authority wants to know.

use crate::lint::prelude::*;
use crate::rules::web::tls::acme;
use crate::rules::web::vhost::{Server, vhosts};

const ACME: &str = "security.acme";

pub(crate) fn check(cx: &mut Cx<'_>) {
    if !cx.is_whole() {
        return;
    }
    let Some((wanted, wants)) = certificate(cx) else { return };
    let terms = cx.option(&format!("{ACME}.acceptTerms"));
    cx.decide(wanted.clone() & terms.is_false(), |finding| {
        finding
            .message("nobody accepts the terms of the certificate authority: the configuration cannot be built")
            .primary(&wants, "this asks for a certificate")
            .help(format!("set `{ACME}.acceptTerms = true`"))
    });
    let default = cx.option(&format!("{ACME}.defaults.email"));
    let fires = wanted & default.is_null();
    if fires.is_false() {
        return;
    }
    let certs = cx.option(&format!("{ACME}.certs"));
    let without = Truth::any(certs.children().iter().map(|cert| cert.at("email").is_null()));
    cx.decide(fires & without, |finding| {
        finding
            .message("the certificate authority is told no email address: the configuration cannot be built")
            .primary(&wants, "this asks for a certificate")
            .help(format!("set `{ACME}.defaults.email`"))
    });
}

/// What asks for a certificate, and whether it does: an entry of the user's, or a virtual host.
fn certificate<'a>(cx: &Cx<'a>) -> Option<(Truth, OptionView<'a>)> {
    let certs = Some(cx.option(&format!("{ACME}.certs"))).filter(OptionView::is_written);
    let certs = certs.iter().flat_map(OptionView::children);
    if let Some(cert) = certs.into_iter().find(|cert| cx.is_users(cert.place())) {
        return Some((Truth::True, cert));
    }
    let enabled = cx.option("services.nginx.enable").is_true();
    let vhosts = vhosts(cx);
    let of_nginx = vhosts.iter().filter(|vhost| vhost.server == Server::Nginx);
    let own = of_nginx.filter(|vhost| vhost.view.at("useACMEHost").is_null().is_true());
    let mut asking = own.map(|vhost| acme(vhost)).filter(|(truth, _)| !truth.is_false());
    asking.next().map(|(truth, option)| (enabled & truth, option))
}
