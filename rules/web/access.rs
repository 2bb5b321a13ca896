//! Who gets to a location, and with which requests.

use super::super::network::{Reach, reach};
use super::super::written::items;
use super::matcher::Matcher;
use super::vhost::{Location, Server, Statement, Vhost};
use crate::lint::prelude::*;

/// Directives that keep people out, or answer before anything is passed on.
const GUARDS: &[&str] = &[
    "abort",
    "auth_basic",
    "auth_request",
    "basic_auth",
    "basicauth",
    "deny",
    "error",
    "forward_auth",
    "internal",
    "respond",
    "return",
];

/// Whether `location` is the one that answers requests for `path`, by the server's own order.
pub(crate) fn answers(vhost: &Vhost<'_>, location: &Location<'_>, path: &str) -> Truth {
    let others = vhost.parts().filter(|other| !std::ptr::eq(*other, location));
    let preferred = others.map(|other| other.matcher.matches(path) & comes_before(vhost, other, location, path));
    location.matcher.matches(path) & !Truth::any(preferred)
}

/// Whether `other` would answer if both match.
fn comes_before(vhost: &Vhost<'_>, other: &Location<'_>, location: &Location<'_>, path: &str) -> Truth {
    if vhost.server == Server::Caddy {
        // Narrower handlers come first; only those that pass nothing on change the answer.
        let narrower = !other.matcher.matches(&beside(path)) & location.matcher.matches(&beside(path));
        return Truth::from(other.proxies().next().is_none() && !other.statements.is_empty()) & narrower;
    }
    let is_own = |location: &Location<'_>| std::ptr::eq(location, &vhost.own);
    let place = |wanted: &Location<'_>| vhost.locations.iter().position(|have| std::ptr::eq(have, wanted));
    let before = match (&other.matcher, &location.matcher) {
        _ if is_own(other) || is_own(location) => is_own(location),
        (_, Matcher::Exact(_)) => false,
        (Matcher::Exact(_), _) => true,
        (Matcher::Regex { .. }, Matcher::Regex { .. }) => place(other) < place(location),
        (Matcher::Regex { .. }, Matcher::Prefix { stops, .. }) => !stops,
        (Matcher::Prefix { stops, .. }, Matcher::Regex { .. }) => *stops,
        (Matcher::Prefix { path: a, .. }, Matcher::Prefix { path: b, .. }) => a.to_string().len() > b.to_string().len(),
        _ => true,
    };
    before.into()
}

/// A path in the same folder as the first two steps of `path`.
fn beside(path: &str) -> String {
    let mut steps = path.split('/');
    let first = steps.by_ref().take(2).collect::<Vec<_>>().join("/");
    format!("{first}/any-other-page")
}

/// Whether a location asks for a password, turns some away, or answers before it passes anything on.
pub(crate) fn is_guarded(cx: &Cx<'_>, vhost: &Vhost<'_>, location: &Location<'_>) -> Truth {
    let opened = location.named(&["auth_request", "auth_basic"]).any(is_off);
    let around = match vhost.server {
        Server::Nginx if !opened => has_guard(&vhost.own) | asks_who(cx, vhost, location),
        _ => Truth::False,
    };
    around | has_guard(location)
}

fn is_off(statement: &Statement<'_>) -> bool {
    statement.directive.known_arg(0) == Some("off")
}

/// Whether a module of NixOS puts a login in front of the location.
fn asks_who(cx: &Cx<'_>, vhost: &Vhost<'_>, location: &Location<'_>) -> Truth {
    let name = vhost.view.name();
    let (tailscale, _) = items(&cx.option("services.nginx.tailscaleAuth.virtualHosts"));
    let tailscale = tailscale.iter().map(|item| item.is_string_where(|have| have.equals(&name)));
    let oauth = cx.option("services.oauth2-proxy.nginx.virtualHosts").children();
    let oauth = oauth.iter().map(|child| child.name().equals(&name));
    // The first of them guards nothing but this location.
    location.key.equals(&Str::new("/")) & Truth::any(tailscale) | Truth::any(oauth)
}

fn has_guard(location: &Location<'_>) -> Truth {
    let inside = location.statements.iter().filter(|statement| statement.directive.is("if"));
    let maybe = inside
        .map(|statement| Truth::Unknown(super::text::not_followed("a condition of nginx", statement.view.place())));
    let guards = location.named(GUARDS).filter(|statement| !is_off(statement)).map(|_| Truth::True);
    let gaps = location.gaps.iter().cloned().map(Truth::Unknown);
    Truth::any(guards.chain(gaps).chain(maybe))
}

/// Whether it listens for everybody, and not only for a private network.
pub(crate) fn is_public(cx: &Cx<'_>, vhost: &Vhost<'_>) -> Truth {
    let mut addresses = vec![];
    let mut unknown = None;
    let mut lists = vec![items(&vhost.view.at("listenAddresses")), items(&vhost.view.at("listen"))];
    if lists.iter().all(|(items, more)| items.is_empty() && more.is_none()) && vhost.server == Server::Nginx {
        lists.push(items(&cx.option("services.nginx.defaultListenAddresses")));
    }
    for (list, more) in lists {
        unknown = unknown.or(more);
        for item in list {
            let address = if item.at("addr").is_defined().is_true() { item.at("addr") } else { item };
            match address.text() {
                Some(text) => addresses.push(text.clone()),
                None => unknown = unknown.or_else(|| address.unknown()),
            }
        }
    }
    addresses.extend(vhost.own.named(&["bind"]).flat_map(|bind| bind.directive.args.iter().cloned()));
    if addresses.is_empty() {
        return unknown.map_or(Truth::True, Truth::Unknown);
    }
    Truth::any(addresses.iter().map(is_public_address).chain(unknown.map(Truth::Unknown)))
}

/// Endings of names that only a network of one's own knows.
const OWN_ENDINGS: &[&str] = &[
    "home",
    "internal",
    "intranet",
    "invalid",
    "lan",
    "local",
    "localdomain",
    "localhost",
    "onion",
    "private",
    "test",
];

/// Whether a name may be one that everybody can look up; no address, no pattern.
pub(crate) fn is_public_name(name: &Str) -> bool {
    let known = name.known().unwrap_or_default();
    let ending = known.rsplit_once('.').map(|(_, ending)| ending).unwrap_or_default();
    let is_plain = known.chars().all(|c| c.is_ascii_alphanumeric() || c == '.' || c == '-');
    let is_number = ending.chars().all(|c| c.is_ascii_digit());
    is_plain && !ending.is_empty() && !is_number && !OWN_ENDINGS.contains(&ending) && !known.ends_with(".home.arpa")
}

fn is_public_address(address: &Str) -> Truth {
    let Some(known) = address.known() else {
        return address.holes().next().cloned().map_or(Truth::True, Truth::Unknown);
    };
    (!matches!(reach(known), Reach::Machine | Reach::Private)).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names() {
        for (name, public) in [
            ("matrix.example.org", true),
            ("example.org", true),
            ("matrix", false),
            ("localhost", false),
            ("matrix.lan", false),
            ("a.home.arpa", false),
            ("10.0.0.1", false),
            ("*.example.org", false),
            ("_", false),
            ("", false),
        ] {
            assert_eq!(is_public_name(&Str::new(name)), public, "{name}");
        }
    }

    #[test]
    fn addresses() {
        for (address, public) in [
            ("0.0.0.0", true),
            ("[::]", true),
            ("203.0.113.1", true),
            ("10.0.0.1", false),
            ("100.64.1.2", false),
            ("[fd00::1]", false),
            ("localhost", false),
        ] {
            assert_eq!(is_public_address(&Str::new(address)), public.into(), "{address}");
        }
        assert_eq!(beside("/_synapse/admin/v2"), "/_synapse/any-other-page");
    }
}
