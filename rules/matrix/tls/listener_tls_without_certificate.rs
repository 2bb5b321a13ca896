//! A listener with TLS and no certificate.

use crate::lint::prelude::*;
use crate::rules::matrix::homeserver::Homeserver;
use crate::rules::web::vhost::vhosts;
use crate::rules::written::add_to;

pub(crate) fn check(cx: &mut Cx<'_>) {
    let option = |name: &str| cx.option(&format!("services.matrix-synapse.{name}"));
    let missing = Truth::any(
        ["settings.tls_certificate_path", "settings.tls_private_key_path"].map(|name| option(name).is_null()),
    );
    // Another configuration file may name them.
    let files = option("extraConfigFiles");
    let elsewhere = files
        .items()
        .first()
        .map(|file| Truth::Unknown(crate::rules::web::text::not_followed("the content of another file", file.place())));
    let elsewhere = elsewhere.or(files.has_unknown_items().map(Truth::Unknown)).unwrap_or(Truth::False);
    let enabled = option("enable").is_true();
    let homeserver = Homeserver::of(cx);
    let vhosts = vhosts(cx);
    for listener in homeserver.listeners().iter().filter(|listener| !listener.of_worker) {
        let tls = listener.view.at("tls");
        let fires = enabled.clone() & listener.has_tls() & missing.clone() & !elsewhere.clone();
        let (_, proxy) = listener.is_proxied(&homeserver, &vhosts);
        let is_written = cx.written(tls.place()) == "true";
        let fix = add_to(cx, &listener.view, "tls = false;", "leave TLS to the web server", Safety::Suggestion);
        cx.decide(fires, |finding| {
            let finding = finding.message(format!(
                "Synapse shall speak TLS on {} but has no certificate: it refuses to start",
                listener.title()
            ));
            let finding = match is_written {
                true => finding.primary(&tls, "this asks for TLS"),
                false => finding.primary(&listener.view, "without `tls = false` a listener speaks TLS").fix(fix),
            };
            match proxy {
                Some(proxy) => finding.related(&proxy.view, "a web server passes requests on to it"),
                None => finding,
            }
        });
    }
}
