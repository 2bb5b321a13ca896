//! A web server that passes requests on to an address where Synapse does not listen.

use crate::lint::prelude::*;
use crate::rules::matrix::homeserver::{Homeserver, Listener, is_for_homeserver};
use crate::rules::web::front::has_front;
use crate::rules::web::text::not_followed;
use crate::rules::web::url::Url;
use crate::rules::web::vhost::{Location, Statement, vhosts};
use crate::rules::written::replace_inside;

pub(crate) fn check(cx: &mut Cx<'_>) {
    let enabled = cx.option("services.matrix-synapse.enable").is_true();
    if enabled.is_false() {
        return;
    }
    if !cx.is_whole() {
        return judge_module(cx);
    }
    let homeserver = Homeserver::of(cx);
    // A certificate that is missing is the business of `listener-tls-without-certificate`.
    let certificate = !cx.option("services.matrix-synapse.settings.tls_certificate_path").is_null();
    for vhost in vhosts(cx).iter() {
        for location in vhost.parts() {
            for (statement, target) in location.proxies() {
                let [url] = &homeserver.targets(target)[..] else { continue };
                let Some(listener) = homeserver.listeners().iter().find(|listener| listener.is_at(url).is_true())
                else {
                    judge_port(cx, &enabled, &homeserver, (location, statement, url));
                    continue;
                };
                let asked = is_for_homeserver(location) | listener.serves_matrix();
                let asked = enabled.clone() & asked;
                judge_family(cx, asked.clone(), &homeserver, (statement, url), listener);
                judge_scheme(cx, (asked, &certificate), &homeserver, (statement, url), listener);
            }
        }
    }
}

/// A module of which nobody knows what stands beside it. Whoever writes the listener's addresses and
/// the proxy into one file means one to reach the other.
fn judge_module(cx: &mut Cx<'_>) {
    let homeserver = Homeserver::of(cx);
    for vhost in vhosts(cx).iter() {
        for location in vhost.parts() {
            for (statement, target) in location.proxies() {
                let [url] = &homeserver.targets(target)[..] else { continue };
                let at_url = homeserver.listeners().iter().find(|listener| listener.is_at(url).is_true());
                let Some(listener) = at_url else { continue };
                let addresses = listener.view.at("bind_addresses").place();
                let together = addresses.file().is_some_and(|file| statement.view.place().file() == Some(file));
                let asked = is_for_homeserver(location) | listener.serves_matrix();
                if together && cx.is_users(addresses) {
                    judge_family(cx, asked, &homeserver, (statement, url), listener);
                }
            }
        }
    }
}

/// Paths that Synapse answers and no program in front of it.
const OWN: &[&str] = &["/_matrix/client/versions", "/_matrix/federation/v1/version"];

/// A port or socket of this machine that is none of Synapse's.
fn judge_port<'a>(
    cx: &mut Cx<'a>,
    enabled: &Truth,
    homeserver: &Homeserver<'a>,
    (location, statement, url): (&Location<'a>, &Statement<'a>, &Url),
) {
    // `removed-nixos-option` says that it is gone; whoever wrote it says there where Synapse listens.
    if cx.option("services.matrix-synapse.listeners").is_defined().is_true() {
        return;
    }
    let asked = is_for_homeserver(location) & Truth::any(OWN.iter().map(|path| location.matcher.matches(path)));
    let here = url.is_local() | Truth::from(url.is_socket());
    let address = if url.is_socket() { Some(url.host.clone()) } else { url.effective_port() };
    let (Some(address), Some(first)) = (address, homeserver.listeners().first()) else { return };
    let listens = Truth::any(homeserver.listeners().iter().map(|listener| listener.is_at(url)));
    let fires = enabled.clone() & asked & here & !listens & !homeserver.may_listen_elsewhere() & !others_listen(cx);
    let listener_at = users_place(cx, &first.view);
    cx.decide(fires, |finding| {
        let (what, title) = (if url.is_socket() { "the socket" } else { "port" }, first.title());
        finding
            .message(format!(
                "requests for the homeserver are passed on to {what} {address}, where Synapse does not listen: the web \
                 server answers 502"
            ))
            .primary(&statement.view, "nothing of Synapse listens here")
            .related_at(listener_at, format!("Synapse listens on {title}"))
            // Something that nobody declares as an option may listen there.
            .possible()
    });
}

/// Whether programs that NixOS does not look into may listen on any port: containers, other proxies.
fn others_listen(cx: &Cx<'_>) -> Truth {
    let containers = ["containers", "virtualisation.oci-containers.containers"];
    let containers = containers.map(|option| {
        let option = cx.option(option);
        let there = Truth::from(!option.children().is_empty());
        there | option.others().map_or(Truth::False, Truth::Unknown)
    });
    Truth::any(containers) | has_front(cx)
}

/// `[::1]` where only `127.0.0.1` is listened on, or the other way round.
fn judge_family<'a>(
    cx: &mut Cx<'a>,
    asked: Truth,
    homeserver: &Homeserver<'a>,
    (statement, url): (&Statement<'a>, &Url),
    listener: &Listener<'a>,
) {
    let Some(family) = Family::of(&url.host) else { return };
    let here = homeserver.listeners().iter().filter(|listener| listener.is_at(url).is_true());
    let hears = Truth::any(here.map(|listener| hears(listener, family)));
    let is_whole = cx.is_whole();
    let hears = if is_whole { hears | homeserver.may_listen_elsewhere() } else { hears };
    let addresses = listener.view.at("bind_addresses");
    let fix = other_address(cx, statement, url, &addresses);
    let listener_at = users_place(cx, &addresses);
    cx.decide(asked & !hears, |finding| {
        let finding = if is_whole { finding } else { finding.possible() };
        finding
            .message(format!(
                "Synapse does not listen on `{}`, only on another address with {}: the web server answers 502",
                url.host,
                listener.title()
            ))
            .primary(&statement.view, "nothing listens here")
            .related_at(listener_at, "Synapse listens on these addresses")
            .fix(fix)
    });
}

/// `https` to a listener without TLS, or the other way round.
fn judge_scheme<'a>(
    cx: &mut Cx<'a>,
    (asked, certificate): (Truth, &Truth),
    homeserver: &Homeserver<'a>,
    (statement, url): (&Statement<'a>, &Url),
    listener: &Listener<'a>,
) {
    // What Caddy speaks may stand in the block behind the address.
    let wanted = match url.scheme.as_ref().and_then(Str::known) {
        Some("https") => true,
        Some("http") if statement.directive.block.is_none() => false,
        _ => return,
    };
    let here: Vec<_> = homeserver.listeners().iter().filter(|listener| listener.is_at(url).is_true()).collect();
    let fits = Truth::any(here.iter().map(|listener| match wanted {
        true => !listener.view.at("tls").is_false(),
        false => !(listener.has_tls() & certificate.clone()),
    }));
    let fix = match wanted {
        true => replace_inside(cx, &statement.view, ("https://", "http://"), Safety::Suggestion, "speak plain HTTP"),
        false => None,
    };
    let listener_at = users_place(cx, &listener.view);
    cx.decide(asked & !fits & !homeserver.may_listen_elsewhere(), |finding| {
        let (speaks, expects) = if wanted { ("HTTPS", "plain HTTP") } else { ("plain HTTP", "HTTPS") };
        finding
            .message(format!(
                "the web server speaks {speaks} to {}, where Synapse expects {expects}: no request gets through",
                listener.title()
            ))
            .primary(&statement.view, format!("this speaks {speaks}"))
            .related_at(listener_at, format!("this listener expects {expects}"))
            .fix(fix)
    });
}

/// Where a view was written, if by the user: a default has no place to show.
fn users_place(cx: &Cx<'_>, view: &OptionView<'_>) -> Origin {
    if cx.is_users(view.place()) { view.place() } else { Origin::Default }
}

/// IPv4 or IPv6.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Family {
    V4,
    V6,
}

impl Family {
    /// The family of a loopback address; `localhost` may be either.
    fn of(host: &Str) -> Option<Self> {
        match host.known()? {
            "::1" => Some(Family::V6),
            "127.0.0.1" => Some(Family::V4),
            _ => None,
        }
    }
}

/// Whether a listener is bound to the loopback address of a family.
fn hears(listener: &Listener<'_>, family: Family) -> Truth {
    let addresses = listener.view.at("bind_addresses");
    let more = addresses.has_unknown_items().map(Truth::Unknown);
    let each = addresses.items().into_iter().map(|address| {
        address.is_string_where(|text| {
            let Some(known) = text.known() else {
                return text.holes().next().cloned().map_or(Truth::False, Truth::Unknown);
            };
            match (known, family) {
                ("::1", Family::V6) | ("127.0.0.1" | "0.0.0.0", Family::V4) => Truth::True,
                // The address for all of IPv6 takes IPv4 as well.
                ("::" | "" | "*", _) => Truth::True,
                _ if known.parse::<std::net::IpAddr>().is_ok() => Truth::False,
                _ => Truth::Unknown(not_followed(format!("the address of {known}"), address.place())),
            }
        })
    });
    // Without any address Synapse listens on all.
    let all = Truth::from(addresses.items().is_empty() && addresses.has_unknown_items().is_none());
    all | Truth::any(each.chain(more))
}

/// The address with a host that is listened on.
fn other_address(cx: &Cx<'_>, statement: &Statement<'_>, url: &Url, addresses: &OptionView<'_>) -> Option<Fix> {
    let (old, new) = match url.host.known()? {
        "::1" => ("[::1]", "127.0.0.1"),
        _ => ("127.0.0.1", "[::1]"),
    };
    let bound = addresses.items().iter().any(|address| address.is_text(new.trim_matches(['[', ']'])).is_true());
    let fix =
        || replace_inside(cx, &statement.view, (old, new), Safety::Suggestion, "use the address that is listened on");
    if bound { fix() } else { None }
}
