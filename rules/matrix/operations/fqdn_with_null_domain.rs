//! A domain that is used although the machine has none.

use crate::lint::prelude::*;
use crate::rules::written::{items, unknown_whole};
use std::collections::BTreeSet;

const SETTINGS: [&str; 2] =
    ["services.matrix-synapse.settings.server_name", "services.matrix-synapse.settings.public_baseurl"];
const FQDN: &str = "`networking.fqdn`";
const HOSTS: [&str; 2] = ["services.nginx.virtualHosts", "services.caddy.virtualHosts"];

pub(crate) fn check(cx: &mut Cx<'_>) {
    let domain = cx.option("networking.domain");
    if !cx.is_whole() || !domain.is_null().is_true() {
        return;
    }
    let mut views: Vec<_> = SETTINGS.iter().map(|option| cx.option(option)).collect();
    for hosts in HOSTS.map(|option| cx.option(option)) {
        for host in hosts.children() {
            views.extend([host.at("serverName"), host.at("hostName")]);
            views.extend(items(&host.at("serverAliases")).0);
            views.extend(host.at("locations").children().iter().map(|location| location.at("extraConfig")));
        }
        views.push(hosts);
    }
    let mut seen = BTreeSet::new();
    for view in views {
        let whole = || view.definitions().iter().find_map(OptionView::unknown);
        let Some(unknown) = view.unknown().or_else(|| unknown_whole(&view)).or_else(whole) else { continue };
        let Some(what) = failure(cx, &unknown) else { continue };
        // What `networking.fqdn` is made of stands in nobody's configuration.
        let place = if what == FQDN { view.place() } else { unknown.at };
        if place.span().is_none() || !seen.insert(place) {
            continue;
        }
        cx.decide(Truth::True, |finding| {
            finding
                .message(format!("{what} is used, but `networking.domain` is not set: NixOS cannot be built"))
                .about(&view)
                .primary_at(place, "this needs `networking.domain`")
        });
    }
}

/// What fails for want of a domain, if that is why nobody knows the value.
fn failure(cx: &Cx<'_>, unknown: &Unknown) -> Option<&'static str> {
    let mut cause = &*unknown.cause;
    while let Cause::Derived(inner) = cause {
        cause = inner;
    }
    let Cause::Fails(message) = cause else { return None };
    if message.starts_with("networking.fqdn needs") {
        return Some(FQDN);
    }
    let null = message.contains("coerce null to a string") && cx.written(unknown.at).contains("omain");
    null.then_some("the domain")
}
