//! A listener behind a proxy that takes the proxy for the client.

use crate::lint::prelude::*;
use crate::rules::matrix::homeserver::Homeserver;
use crate::rules::web::vhost::vhosts;
use crate::rules::written::add_attribute;

pub(crate) fn check(cx: &mut Cx<'_>) {
    let homeserver = Homeserver::of(cx);
    let vhosts = vhosts(cx);
    for listener in homeserver.listeners() {
        let (proxied, proxy) = listener.is_proxied(&homeserver, &vhosts);
        let Some(proxy) = proxy else { continue };
        let forwarded = listener.view.at("x_forwarded");
        let fix = add_attribute(
            cx,
            listener.view.born(),
            "x_forwarded = true;",
            "believe what the proxy says of the client's address",
            Safety::Safe,
        );
        // A default has no place of its own, so the whole listener is pointed at.
        let is_written = cx.written(forwarded.place()) == "false";
        cx.decide(proxied & listener.serves_matrix() & listener.is_on_port() & !listener.trusts_proxy(), |finding| {
            let finding = finding
                .message(format!(
                    "Synapse takes the web server for the client on {}: all users share one address, and one limit on \
                     failed logins",
                    listener.title()
                ))
                .related(&proxy.view, "the web server passes requests on here");
            match is_written {
                true => finding.primary(&forwarded, "the header `X-Forwarded-For` is not believed"),
                false => finding.primary(&listener.view, "`x_forwarded` is not set here").fix(fix),
            }
        });
    }
}
