//! Paths that the virtual host of `server_name` is known not to answer.

use super::homeserver::Homeserver;
use super::own_names::{is_named, server_names};
use crate::lint::prelude::*;
use crate::rules::web::front::has_front;
use crate::rules::web::text::not_followed;
use crate::rules::web::vhost::{Location, Server, Vhost};

/// Directives that leave it to others to answer.
const HARMLESS: &[&str] = &[
    "access_log",
    "add_header",
    "allow",
    "charset",
    "client_max_body_size",
    "default_type",
    "deny",
    "encode",
    "error_log",
    "expires",
    "gzip",
    "header",
    "listen",
    "log",
    "log_not_found",
    "server_name",
    "server_tokens",
    "ssl_certificate",
    "ssl_certificate_key",
    "tls",
];

/// A virtual host of the server name, and whether it leaves requests for a path without an answer.
pub(crate) struct Unanswered<'v, 'a> {
    pub(crate) vhost: &'v Vhost<'a>,
    pub(crate) server_name: OptionView<'a>,
    pub(crate) truth: Truth,
}

/// The virtual hosts that are called like the server name and may leave `path` unanswered.
/// Those that pass requests on to the homeserver are left out.
pub(crate) fn unanswered<'v, 'a>(
    cx: &Cx<'a>,
    homeserver: &Homeserver<'a>,
    vhosts: &'v [Vhost<'a>],
    path: &str,
) -> Vec<Unanswered<'v, 'a>> {
    if !cx.is_whole() {
        return vec![];
    }
    let mut found = vec![];
    for server_name in server_names(cx) {
        let named: Vec<_> = vhosts.iter().filter(|vhost| is_named(vhost, &vhost.own, &server_name).is_true()).collect();
        // A wildcard or an unknown name may be the same host, and answer in its place.
        let others = vhosts.iter().filter(|vhost| !named.iter().any(|named| std::ptr::eq(*named, *vhost)));
        let maybe = Truth::any(others.map(|vhost| match is_named(vhost, &vhost.own, &server_name) {
            Truth::False => Truth::False,
            _ => !is_silent(cx, homeserver, vhost, path),
        }));
        let all_silent = Truth::all(named.iter().map(|vhost| is_silent(cx, homeserver, vhost, path)));
        if let Some(vhost) = named.first() {
            let truth = all_silent & !maybe & !has_front(cx);
            found.push(Unanswered { vhost, server_name, truth });
        }
    }
    found
}

/// Whether a virtual host surely has no answer for `path`, and is not the homeserver's.
fn is_silent(cx: &Cx<'_>, homeserver: &Homeserver<'_>, vhost: &Vhost<'_>, path: &str) -> Truth {
    let secure = vhost.ports.as_ref().is_none_or(|ports| ports.contains(&443));
    let enabled = vhost.server.is_enabled(cx);
    let redirected = match vhost.server {
        Server::Nginx | Server::Httpd => !vhost.view.at("globalRedirect").is_null(),
        Server::Caddy => Truth::False,
    };
    let parts = vhost.parts().map(|location| answers_nothing(location, path) & !homeserver.behind(location).0);
    enabled & secure.into() & !redirected & Truth::all(parts)
}

/// Whether nothing in a location answers requests for `path`.
fn answers_nothing(location: &Location<'_>, path: &str) -> Truth {
    let gaps = location.gaps.iter().cloned().map(Truth::Unknown);
    let files = location.view.at("tryFiles");
    let tries = if files.is_defined().is_true() { !files.is_null() } else { Truth::False };
    let speaks = location.statements.iter().map(|statement| {
        let directive = &statement.directive;
        match directive.name.known() {
            Some(name) if HARMLESS.contains(&name) => Truth::False,
            Some("return" | "respond") => {
                let status = directive.args.last().and_then(Str::known).unwrap_or_default();
                Truth::from(!status.starts_with('4') || status.len() != 3)
            }
            Some(_) => Truth::True,
            None => Truth::Unknown(not_followed("a directive", statement.view.place())),
        }
    });
    !(location.matcher.matches(path) & Truth::any(speaks.chain(gaps).chain([tries])))
}
