//! A location for the homeserver's requests that none of them comes to.

use crate::lint::prelude::*;
use crate::rules::web::matcher::Matcher;
use crate::rules::web::vhost::{Location, Server, Vhost, same_host, vhosts};

/// Folders in which a homeserver's requests are, and requests in them.
const FOLDERS: &[(&str, &[&str])] = &[
    ("/_matrix", &["/_matrix/client/versions", "/_matrix/federation/v1/version", "/_matrix/any-other-page"]),
    ("/_matrix/client", &["/_matrix/client/versions", "/_matrix/client/v3/sync", "/_matrix/client/any-other-page"]),
    ("/_matrix/federation", &["/_matrix/federation/v1/version", "/_matrix/federation/any-other-page"]),
    ("/_matrix/key", &["/_matrix/key/v2/server", "/_matrix/key/any-other-page"]),
    ("/_matrix/media", &["/_matrix/media/v3/download/example.org/media", "/_matrix/media/any-other-page"]),
    ("/_synapse/client", &["/_synapse/client/oidc/callback", "/_synapse/client/any-other-page"]),
];

/// What no path that is asked for begins with or holds, but an expression of nginx may.
const NO_PATH: &[char] = &['*', '^', '|', '(', '\\'];

pub(crate) fn check(cx: &mut Cx<'_>) {
    let vhosts = vhosts(cx);
    for vhost in vhosts.iter() {
        for location in vhost.locations.iter().filter(|location| location.proxies().next().is_some()) {
            let Some(fault) = Fault::of(vhost, location) else { continue };
            let fires = fault.truth() & !may_be_answered(&vhosts, (vhost, location), fault.requests());
            let request = fault.requests()[0];
            let message = match fault {
                Fault::Malformed => format!(
                    "no request comes to the location `{}`, as it is no path: the homeserver is not asked",
                    location.key
                ),
                Fault::Alone { .. } => format!(
                    "requests such as `{request}` do not come to the homeserver: `{}` is for that one path only",
                    location.key
                ),
            };
            let label = match (&fault, vhost.server) {
                (Fault::Malformed, _) => "a path begins with `/`, an expression with `~`",
                (_, Server::Nginx) => "without `=` it would be for all that begins so",
                (_, Server::Caddy | Server::Httpd) => {
                    "Caddy's paths are for what is below them only with `/*` at the end"
                }
            };
            cx.decide(fires, |finding| finding.message(message).primary(&location.view, label));
        }
    }
}

/// What is wrong with a location.
enum Fault {
    /// It is no path, nor an expression.
    Malformed,
    /// It is for a folder, but for nothing in it.
    Alone { truth: Truth, requests: &'static [&'static str] },
}

impl Fault {
    fn of(vhost: &Vhost<'_>, location: &Location<'_>) -> Option<Self> {
        if let Matcher::Prefix { path, .. } = &location.matcher {
            let about = path.contains("_matrix").is_true() || path.contains("_synapse/client").is_true();
            let is_path = path.known_prefix().starts_with('/') && !path.to_string().contains(NO_PATH);
            let is_odd = vhost.server == Server::Nginx && !path.known_prefix().is_empty() && !is_path;
            return (about && is_odd).then_some(Self::Malformed);
        }
        FOLDERS.iter().find_map(|(folder, requests)| {
            let itself = location.matcher.matches(folder) | location.matcher.matches(&format!("{folder}/"));
            let below = Truth::any(requests.iter().map(|request| location.matcher.matches(request)));
            let truth = itself & !below;
            (!truth.is_false()).then_some(Self::Alone { truth, requests })
        })
    }

    fn truth(&self) -> Truth {
        match self {
            Self::Malformed => Truth::True,
            Self::Alone { truth, .. } => truth.clone(),
        }
    }

    /// Requests that should come to the location.
    fn requests(&self) -> &'static [&'static str] {
        match self {
            Self::Malformed => &["/_matrix/client/versions", "/_synapse/client/oidc/callback"],
            Self::Alone { requests, .. } => requests,
        }
    }
}

/// Whether another place of the same host passes one of the requests on.
fn may_be_answered(vhosts: &[Vhost<'_>], (vhost, location): (&Vhost<'_>, &Location<'_>), requests: &[&str]) -> Truth {
    let is_same = |other: &Vhost<'_>| {
        let pairs = other.names.iter().flat_map(|a| vhost.names.iter().map(|b| same_host(&a.text, &b.text)));
        std::ptr::eq(other, vhost) || other.more_names.is_some() || pairs.into_iter().any(|same| !same.is_false())
    };
    let parts = vhosts.iter().filter(|other| is_same(other)).flat_map(Vhost::parts);
    Truth::any(parts.filter(|part| !std::ptr::eq(*part, location)).map(|part| {
        let asked = Truth::any(requests.iter().map(|request| part.matcher.matches(request)));
        let passes = Truth::from(part.proxies().next().is_some());
        asked & (passes | Truth::any(part.gaps.iter().cloned().map(Truth::Unknown)))
    }))
}
