//! A web server that does not tell Synapse who is asking.

use crate::lint::prelude::*;
use crate::rules::matrix::homeserver::Homeserver;
use crate::rules::web::vhost::{Location, Server, Statement, Vhost, vhosts};
use crate::rules::written::{add_to, values};

const DIRECTIVE: &str = "proxy_set_header";
/// Options with lines for all virtual hosts.
const TEXTS: &[&str] = &["appendHttpConfig", "commonHttpConfig", "httpConfig"];

pub(crate) fn check(cx: &mut Cx<'_>) {
    let nginx = cx.option("services.nginx");
    let enabled = cx.option("services.matrix-synapse.enable").is_true();
    let everywhere = values(&nginx.at("recommendedProxySettings"));
    let by_hand = TEXTS.iter().any(|text| !values(&nginx.at(text)).is_empty());
    if !cx.is_whole() || by_hand || everywhere.iter().any(|value| !value.is_false().is_true()) {
        return;
    }
    let homeserver = Homeserver::of(cx);
    for vhost in vhosts(cx).iter().filter(|vhost| vhost.server == Server::Nginx) {
        // One a virtual host is enough: the remedy is the same.
        let mut locations = vhost.locations.iter();
        let found = locations.find_map(|location| Some((location, asks_synapse(&homeserver, location)?)));
        let Some((location, statement)) = found else { continue };
        let told = is_told(vhost, location, statement);
        let title = "tell programs behind nginx who is asking";
        let fix = add_to(cx, &nginx, "recommendedProxySettings = true;", title, Safety::Suggestion);
        let fix = fix.filter(|_| everywhere.is_empty());
        cx.decide(enabled.clone() & !told, |finding| {
            finding
                .message(
                    "Synapse is not told who is asking: all users share one address, and one limit on failed logins",
                )
                .primary(&statement.view, "requests are passed on without `X-Forwarded-For`")
                .fix(fix)
        });
    }
}

/// The statement with which a location passes requests on to a listener that believes the header.
fn asks_synapse<'l, 'a>(homeserver: &Homeserver<'a>, location: &'l Location<'a>) -> Option<&'l Statement<'a>> {
    let believes = |target: &Str| {
        homeserver.targets(target).iter().any(|url| {
            let mut here = homeserver.listeners().iter().filter(|listener| listener.is_at(url).is_true());
            here.any(|listener| listener.trusts_proxy().is_true())
        })
    };
    location.proxies().find(|(_, target)| believes(target)).map(|(statement, _)| statement)
}

/// Whether the header is set: by NixOS' recommended settings, or by a line of the location or around it.
fn is_told(vhost: &Vhost<'_>, location: &Location<'_>, statement: &Statement<'_>) -> Truth {
    let recommended = match statement.is_option {
        true => location.view.at("recommendedProxySettings").is_true(),
        false => Truth::False,
    };
    let unknown = location.gaps.iter().chain(&vhost.own.gaps).next().cloned();
    let included = [location, &vhost.own].iter().any(|place| place.named(&["include"]).next().is_some());
    // nginx forgets the lines around a location that has such a line itself.
    let here = if location.named(&[DIRECTIVE]).next().is_some() { location } else { &vhost.own };
    let set = here.named(&[DIRECTIVE]).any(|line| {
        let header = line.directive.args.first().and_then(Str::known).unwrap_or_default().to_ascii_lowercase();
        header == "x-forwarded-for" || header.is_empty()
    });
    recommended | Truth::from(set || included) | unknown.map_or(Truth::False, Truth::Unknown)
}
