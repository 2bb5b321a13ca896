//! Synapse's metrics within everybody's reach: through the web server, or on a port of their own.

use crate::lint::prelude::*;
use crate::rules::matrix::homeserver::{Homeserver, Listener};
use crate::rules::network::Firewall;
use crate::rules::web::access::{answers, is_guarded, is_public};
use crate::rules::web::matcher::Matcher;
use crate::rules::web::passed_on::keeps_path;
use crate::rules::web::url::Url;
use crate::rules::web::vhost::{Location, Vhost, vhosts};

/// Where an `http` listener serves them.
const PATH: &str = "/_synapse/metrics";

pub(crate) fn check(cx: &mut Cx<'_>) {
    if cx.option("services.matrix-synapse.settings.enable_metrics").is_false().is_true() {
        return;
    }
    let homeserver = Homeserver::of(cx);
    by_port(cx, &homeserver);
    let with_metrics: Vec<_> = homeserver.listeners().iter().filter_map(WithMetrics::of).collect();
    let vhosts = vhosts(cx);
    for vhost in vhosts.iter() {
        for location in vhost.parts() {
            for (statement, target) in location.proxies() {
                for url in homeserver.targets(target).iter() {
                    for with_metrics in &with_metrics {
                        let listener = with_metrics.listener;
                        let leads = listener.is_at(url).and(|| with_metrics.lead_here(vhost, location, url));
                        if leads.is_false() {
                            continue;
                        }
                        let open = !is_guarded(cx, vhost, location) & is_public(cx, vhost);
                        cx.decide(leads & open, |finding| {
                            let name =
                                vhost.names_of(location).first().map_or("this host".into(), |n| format!("`{n}`"));
                            finding
                                .message(format!(
                                    "everybody can read Synapse's metrics on {name}: how many users and rooms there \
                                     are, and when somebody is active"
                                ))
                                .primary(&statement.view, "requests for the metrics are passed on here")
                                .related(&listener.view, "this listener serves them")
                        });
                    }
                }
            }
        }
    }
}

/// A listener that may serve metrics.
struct WithMetrics<'h, 'a> {
    listener: &'h Listener<'a>,
    /// Whether it serves nothing else, and that under any path.
    alone: Truth,
    /// Whether it serves them among other things.
    among_others: Truth,
}

impl<'h, 'a> WithMetrics<'h, 'a> {
    fn of(listener: &'h Listener<'a>) -> Option<Self> {
        let alone = listener.is_type("metrics");
        let among_others = listener.is_type("http").and(|| listener.serves("metrics"));
        let none = alone.is_false() && among_others.is_false();
        (!none).then_some(Self { listener, alone, among_others })
    }

    /// Whether requests for metrics come through a location to the listener.
    fn lead_here(&self, vhost: &Vhost<'_>, location: &Location<'_>, url: &Url) -> Truth {
        let any_path = self.alone.clone() & (!Truth::from(matches!(location.matcher, Matcher::Never)));
        // The proxy may write the path itself: `location /metrics { proxy_pass http://…/_synapse/metrics; }`.
        let rewritten = url.rest.starts_with(PATH);
        let asked = || answers(vhost, location, PATH) & keeps_path(location, url, PATH);
        any_path | self.among_others.clone().and(|| rewritten | asked())
    }
}

/// Metrics on a port that the firewall lets everybody reach.
fn by_port(cx: &mut Cx<'_>, homeserver: &Homeserver<'_>) {
    let firewall = Firewall::of(cx);
    for listener in homeserver.listeners() {
        let serves = listener.is_type("metrics") | listener.is_type("http") & listener.serves("metrics");
        let (exposed, address) = listener.is_exposed(cx);
        let Some(address) = address else { continue };
        let (open, opening) = firewall.lets_all_in(&listener.port);
        cx.decide(serves & exposed & open, |finding| {
            let finding = finding
                .message(format!(
                    "everybody can read Synapse's metrics on {}: how many users and rooms there are, and when somebody \
                     is active",
                    listener.title()
                ))
                .primary(&address, "other machines reach this address");
            match &opening {
                Some(opening) => finding.related(opening, "the firewall lets everybody reach the port"),
                None => finding,
            }
        });
    }
}
