//! Who gets to a location, and with which requests.

use super::super::network::{Reach, reach};
use super::super::written::{items, values};
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

/// Directives of Caddy that change a request or its answer and let others handle it.
const PASSING: &[&str] = &[
    "encode",
    "header",
    "log",
    "log_append",
    "log_skip",
    "map",
    "method",
    "request_body",
    "request_header",
    "rewrite",
    "root",
    "templates",
    "tracing",
    "try_files",
    "uri",
    "vars",
];

/// Whether `location` is the one that answers requests for `path`, by the server's own order.
pub(crate) fn answers(vhost: &Vhost<'_>, location: &Location<'_>, path: &str) -> Truth {
    let others = vhost.parts().filter(|other| !std::ptr::eq(*other, location));
    let preferred = others.map(|other| {
        let asked = other.matcher.matches(path);
        asked.and(|| comes_before(vhost, other, location, path))
    });
    location.matcher.matches(path).and(|| !Truth::any(preferred))
}

/// Whether `other` would answer if both match.
fn comes_before(vhost: &Vhost<'_>, other: &Location<'_>, location: &Location<'_>, path: &str) -> Truth {
    if vhost.server == Server::Caddy {
        // Narrower handlers come first, and end the request unless all they do is to change it.
        let narrower = !other.matcher.matches(&beside(path)) & location.matcher.matches(&beside(path));
        let ends = other.statements.iter().any(|statement| !PASSING.iter().any(|name| statement.directive.is(name)));
        return Truth::from(ends) & narrower;
    }
    let is_own = |location: &Location<'_>| std::ptr::eq(location, &vhost.own);
    if is_own(other) || is_own(location) {
        return is_own(location).into();
    }
    let place = |wanted: &Location<'_>| vhost.locations.iter().position(|have| std::ptr::eq(have, wanted));
    match (&other.matcher, &location.matcher) {
        (_, Matcher::Exact(_)) => Truth::False,
        (Matcher::Exact(_), _) => Truth::True,
        (Matcher::Regex { .. }, Matcher::Regex { .. }) => (place(other) < place(location)).into(),
        // Regular expressions are left out if the longest prefix says so, and that one only.
        (Matcher::Regex { .. }, Matcher::Prefix { stops, .. }) => (!stops).into(),
        (Matcher::Prefix { path: own, stops }, Matcher::Regex { .. }) => {
            let others = vhost.locations.iter().filter(|have| !std::ptr::eq(*have, other));
            let longer = others.map(|have| match &have.matcher {
                Matcher::Prefix { path: prefix, .. } => have.matcher.matches(path) & is_longer(prefix, own),
                _ => Truth::False,
            });
            Truth::from(*stops) & !Truth::any(longer)
        }
        (Matcher::Prefix { path: a, .. }, Matcher::Prefix { path: b, .. }) => is_longer(a, b),
        _ => Truth::True,
    }
}

/// Whether a prefix is longer than another one that matches the same path.
fn is_longer(a: &Str, b: &Str) -> Truth {
    match (a.known(), b.known()) {
        (Some(a), Some(b)) => (a.len() > b.len()).into(),
        _ => a.holes().chain(b.holes()).next().cloned().map_or(Truth::False, Truth::Unknown),
    }
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
    let (tailscale, more) = items(&cx.option("services.nginx.tailscaleAuth.virtualHosts"));
    let tailscale = tailscale.iter().map(|item| item.is_string_where(|have| have.equals(&name)));
    let tailscale = tailscale.chain(more.map(Truth::Unknown));
    let oauth = cx.option("services.oauth2-proxy.nginx.virtualHosts");
    let more = values(&oauth).iter().find_map(OptionView::others);
    let oauth = oauth.children().into_iter().map(|child| child.name().equals(&name)).chain(more.map(Truth::Unknown));
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
#[allow(clippy::unwrap_used)] // a test fails by panicking
mod tests {
    use super::*;
    use crate::lint::{Listed, Page};
    use crate::option::OptionPattern;
    use crate::rules::STAND_IN;
    use crate::rules::web::vhost::vhosts;
    use crate::verify::Workbench;
    use crate::verify::expect::Example;

    const PAGE: &str = "# order\n\nSome locations.\n\n```nix rule\n{ severity = \"info\"; category = \"tls\"; options = [ \"services\" ]; message = \"m\"; check = \"rust\"; }\n```\n";

    /// Looks at the only virtual host of a module.
    fn with_host(module: &str, look: impl FnOnce(&Vhost<'_>)) {
        let example = Example::parse(module);
        let mut bench = Workbench::new(STAND_IN);
        let project = bench.open(&example);
        let patterns = [OptionPattern::parse("services.nginx"), OptionPattern::parse("services.caddy")];
        let configurations = bench.resolve(&project, false, &patterns);
        let (page, listed) = (Page::load("order", PAGE).unwrap(), Listed::new(&[OptionPattern::parse("services")]));
        let cx = Cx::new(&configurations[0], &page, &listed);
        look(&vhosts(&cx)[0]);
    }

    /// Which locations answer a request.
    fn check(module: &str, path: &str, expected: &[&str]) {
        with_host(module, |vhost| {
            let answering = vhost.locations.iter().filter(|location| answers(vhost, location, path).is_true());
            let keys: Vec<String> = answering.map(|location| location.key.to_string()).collect();
            assert_eq!(keys, expected, "{module} on {path}");
        });
    }

    fn nginx(keys: &[&str], path: &str, expected: &[&str]) {
        let locations: String = keys.iter().map(|key| format!("{key:?}.return = \"200\"; ")).collect();
        check(&format!("{{ services.nginx.virtualHosts.\"a.org\".locations = {{ {locations}}}; }}"), path, expected);
    }

    fn caddy(text: &str, path: &str, expected: &[&str]) {
        check(&format!("{{ services.caddy.virtualHosts.\"a.org\".extraConfig = {text:?}; }}"), path, expected);
    }

    /// <https://nginx.org/en/docs/http/ngx_http_core_module.html#location>: an exact location, then the
    /// longest prefix if it says so, then the first regular expression, then the longest prefix.
    #[test]
    fn order_of_nginx() {
        nginx(&["/", "/_matrix"], "/_matrix/client", &["/_matrix"]);
        nginx(&["/", "/_matrix"], "/x", &["/"]);
        nginx(&["/", "= /x", "~ ^/x"], "/x", &["= /x"]);
        nginx(&["/", "= /x"], "/x/y", &["/"]);
        nginx(&["/_matrix", "~ ^/_matrix/client"], "/_matrix/client/v3", &["~ ^/_matrix/client"]);
        nginx(&["^~ /_matrix", "~ ^/_matrix/client"], "/_matrix/client/v3", &["^~ /_matrix"]);
        // A longer prefix without `^~` lets the regular expressions in again.
        nginx(&["^~ /_matrix", "/_matrix/client", "~ /v3"], "/_matrix/client/v3", &["~ /v3"]);
        nginx(&["/_matrix", "^~ /_matrix/client", "~ /v3"], "/_matrix/client/v3", &["^~ /_matrix/client"]);
        // The first in the file, which NixOS writes in the order of the alphabet.
        nginx(&["~ ^/a/b", "~ ^/a"], "/a/b", &["~ ^/a"]);
        nginx(&["~* ^/A", "/a/b"], "/a/b", &["~* ^/A"]);
        nginx(&["@named", "/"], "/x", &["/"]);
    }

    #[test]
    fn priorities_of_nginx() {
        let module = "{ services.nginx.virtualHosts.\"a.org\" = { locations.\"~ ^/a\" = { priority = 1200; }; \
                      locations.\"~ ^/a/b\" = { return = \"200\"; }; extraConfig = \"location ~ ^/c { return 200; } \
                      location ~ ^/a/b/c { return 200; }\"; }; }";
        check(module, "/a/b", &["~ ^/a/b"]);
        check(module, "/a/x", &["~ ^/a"]);
        check(module, "/a/b/c", &["~ ^/a/b"]);
        check(module, "/c", &["~ ^/c"]);
    }

    #[test]
    fn unknown_locations_are_not_passed_over() {
        check(
            "{ config, ... }: { services.nginx.virtualHosts.\"a.org\".locations = { \"/${config.my.path}\".return = \"200\"; \"/a\".return = \"200\"; }; }",
            "/a/b",
            &[],
        );
    }

    /// <https://caddyserver.com/docs/caddyfile/directives#sorting-algorithm>: the narrower path first.
    #[test]
    fn order_of_caddy() {
        caddy("reverse_proxy /a/* x:1\nreverse_proxy /a/b/* x:2", "/a/b/c", &["/a/b/*"]);
        caddy("handle /a/b/* {\n respond 404\n}\nreverse_proxy /a/* x:1", "/a/b/c", &["/a/b/*"]);
        caddy("header /a/b/* X y\nreverse_proxy /a/* x:1", "/a/b/c", &["/a/b/*", "/a/*"]);
        caddy("@two {\n path /a/*\n path /b/*\n}\nreverse_proxy @two x:1", "/b/c", &["@two"]);
        caddy("@two {\n path /a/*\n method GET\n}\nreverse_proxy @two x:1", "/a/c", &[]);
        caddy("@not not path /a/*\nreverse_proxy @not x:1", "/b", &[]);
    }

    /// <https://caddyserver.com/docs/caddyfile/directives/root>: since 2.8 without an asterisk, too.
    #[test]
    fn roots_of_caddy() {
        for (text, own) in [("root /srv", 1), ("root * /srv", 1), ("root /x/* /srv", 0)] {
            with_host(&format!("{{ services.caddy.virtualHosts.\"a.org\".extraConfig = {text:?}; }}"), |vhost| {
                assert_eq!(vhost.own.roots().count(), own, "{text}");
                let roots = vhost.parts().flat_map(|location| location.roots());
                let roots: Vec<_> = roots.map(|root| root.directive.args[0].to_string()).collect();
                assert_eq!(roots, ["/srv"], "{text}");
            });
        }
    }

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
