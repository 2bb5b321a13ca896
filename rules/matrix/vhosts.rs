//! Virtual hosts, and what they have to do with Matrix: for `optlint vhosts`.

use super::super::web::vhost::{HostName, Location, Server, Vhost, apache_hosts, vhosts};
use super::element::element_shares_homeserver_origin::element;
use super::homeserver::Homeserver;
use crate::lint::prelude::*;

/// The rule whose page lists the options that [`overview`] reads.
pub const LISTED_BY: &str = "element-shares-homeserver-origin";

/// A virtual host as people ask about it.
#[derive(Clone, Debug)]
pub struct Overview {
    /// `nginx`, `caddy` or `httpd`.
    pub server: &'static str,
    /// The names it answers under, in lower case.
    pub names: Vec<Str>,
    /// Why it may have more names.
    pub more_names: Option<Unknown>,
    /// Where it is written.
    pub at: Origin,
    /// Whether requests for the homeserver go through it, and where it is written.
    pub homeserver: (Truth, Origin),
    /// Whether it serves Element, and where that is written.
    pub element: (Truth, Origin),
}

/// The virtual hosts of a configuration. A name that only some locations answer under makes
/// an entry of its own.
pub fn overview(cx: &Cx<'_>) -> Vec<Overview> {
    let homeserver = Homeserver::of(cx);
    vhosts(cx).iter().chain(apache_hosts(cx).iter()).flat_map(|vhost| of_vhost(&homeserver, vhost)).collect()
}

fn of_vhost(homeserver: &Homeserver<'_>, vhost: &Vhost<'_>) -> Vec<Overview> {
    let mut groups: Vec<Vec<Str>> = vec![vec![]];
    for location in vhost.parts() {
        if !groups.iter().any(|hosts| are_same(hosts, &location.hosts)) {
            groups.push(location.hosts.clone());
        }
    }
    let group = |hosts: Vec<Str>| {
        let of_group = |location: &Location<'_>| are_same(&location.hosts, &hosts);
        let written = || vhost.names.iter().map(|HostName { text, .. }| text.clone()).collect();
        Overview {
            server: match vhost.server {
                Server::Nginx => "nginx",
                Server::Caddy => "caddy",
                Server::Httpd => "httpd",
            },
            names: if hosts.is_empty() { written() } else { hosts.clone() },
            more_names: vhost.more_names.clone(),
            at: vhost.view.place(),
            homeserver: leads_to(homeserver, vhost.parts().filter(|location| of_group(location)), &vhost.view),
            element: match element(vhost) {
                Some((served, location, root)) if of_group(location) => (served, root.view.place()),
                _ => (Truth::False, Origin::Default),
            },
        }
    };
    let all = groups.len();
    let groups = groups.into_iter().map(group);
    // Of a host whose locations all have names of their own, nothing is left to say.
    let empty = |one: &Overview| all > 1 && one.names.is_empty();
    groups.filter(|one| !empty(one)).collect()
}

/// Whether two lists hold the same names.
fn are_same(a: &[Str], b: &[Str]) -> bool {
    a.len() == b.len() && a.iter().zip(b).all(|(a, b)| a.equals(b).is_true())
}

fn leads_to<'l, 'a: 'l>(
    homeserver: &Homeserver<'a>,
    locations: impl Iterator<Item = &'l Location<'a>>,
    view: &OptionView<'a>,
) -> (Truth, Origin) {
    let mut best = (Truth::False, Origin::Default);
    for location in locations {
        let (truth, statement) = homeserver.behind(location);
        let at = || statement.map_or(view.place(), |statement| statement.view.place());
        match truth {
            Truth::True => return (truth, at()),
            Truth::Unknown(_) if best.0.is_false() => best = (truth, at()),
            _ => {}
        }
    }
    best
}
