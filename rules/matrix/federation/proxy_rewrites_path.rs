//! Requests whose path is another one when they come to the homeserver.

use crate::lint::prelude::*;
use crate::rules::matrix::homeserver::{Homeserver, asks_homeserver, is_for_homeserver};
use crate::rules::web::httpd::passes;
use crate::rules::web::text::not_followed;
use crate::rules::web::url::Url;
use crate::rules::web::vhost::{Location, Statement, Vhost, vhosts};
use crate::rules::written::replace_inside;

/// What all of a homeserver's requests begin with.
const PREFIXES: &[&str] = &["/_matrix", "/_synapse"];

pub(crate) fn check(cx: &mut Cx<'_>) {
    let homeserver = Homeserver::of(cx);
    for vhost in vhosts(cx).iter() {
        for location in vhost.parts() {
            judge_caddy(cx, &homeserver, vhost, location);
        }
    }
    judge_httpd(cx, &homeserver);
}

/// `handle_path` and `uri strip_prefix`.
fn judge_caddy<'a>(cx: &mut Cx<'a>, homeserver: &Homeserver<'a>, vhost: &Vhost<'a>, location: &Location<'a>) {
    let Some((statement, target)) = location.named(&["reverse_proxy"]).find_map(|statement| {
        let target = statement.directive.args.first()?;
        Some((statement, target))
    }) else {
        return;
    };
    let cut = location.named(&["uri"]).find(|uri| {
        let cuts = uri.directive.known_arg(0) == Some("strip_prefix");
        cuts && uri.directive.known_arg(1).is_some_and(|prefix| PREFIXES.iter().any(|ours| prefix.starts_with(ours)))
    });
    let strips = location.stripped && is_for_homeserver(location).is_true();
    let what = match (strips, cut) {
        (true, _) => "`handle_path`",
        (_, Some(_)) => "`uri strip_prefix`",
        _ => return,
    };
    let asked = match strips {
        true => is_for_homeserver(location),
        false => asks_homeserver(vhost, location) & (is_for_homeserver(location) | homeserver.listens_at(target)),
    };
    let fires = asked & !is_put_back(vhost, location, statement);
    let fix = || replace_inside(cx, &statement.view, ("handle_path ", "handle "), Safety::Suggestion, "write `handle`");
    let fix = if strips { fix() } else { None };
    cx.decide(fires, |finding| {
        finding
            .message(format!(
                "{what} takes away the beginning of the path in `{}`: the homeserver answers 404 to what is left",
                location.key
            ))
            .primary(&statement.view, "requests have to arrive with the path that was asked for")
            .fix(fix)
    });
}

/// Whether something else gives the request another path before it is passed on.
fn is_put_back(vhost: &Vhost<'_>, location: &Location<'_>, proxy: &Statement<'_>) -> Truth {
    let inside = proxy.directive.block.iter().flat_map(|block| block.named("rewrite"));
    let around = vhost.parts().flat_map(|part| part.named(&["rewrite"]));
    let changes = inside.count() + around.count() + location.named(&["uri"]).skip(1).count();
    let gaps = location.gaps.iter().chain(&vhost.own.gaps).cloned().map(Truth::Unknown);
    match changes {
        0 => Truth::any(gaps),
        _ => Truth::Unknown(not_followed("a change of the path", proxy.view.place())),
    }
}

/// Apache's `ProxyPass` without `nocanon`.
fn judge_httpd<'a>(cx: &mut Cx<'a>, homeserver: &Homeserver<'a>) {
    for pass in passes(cx) {
        let url = Url::parse(&pass.target);
        // `!` passes nothing on.
        if pass.target.known() == Some("!") || url.is_socket() {
            continue;
        }
        let named = PREFIXES.iter().any(|prefix| pass.path.known_prefix().starts_with(prefix));
        let asked = Truth::from(named) | homeserver.listens_at(&pass.target);
        let fires = asked & pass.is_canonical.clone();
        cx.decide(fires, |finding| {
            finding
                .message(format!(
                    "Apache decodes and encodes the paths of requests in `{}` anew, and signatures of other servers no \
                     longer fit",
                    pass.path
                ))
                .help(
                    "write `ProxyPass` in `extraConfig` of the location with `nocanon` at the end, and \
                     `AllowEncodedSlashes NoDecode` in that of the virtual host",
                )
                .primary(&pass.view, "`nocanon` is missing here")
        });
    }
}
