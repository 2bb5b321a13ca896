//! A header that Synapse sends already.

use crate::lint::prelude::*;
use crate::rules::matrix::homeserver::Homeserver;
use crate::rules::web::access::answers;
use crate::rules::web::header::sets_header;
use crate::rules::web::text::lower_case;
use crate::rules::web::vhost::{Location, Server, Statement, vhosts};
use crate::rules::written::replace_inside;

const HEADER: &str = "access-control-allow-origin";
/// Requests of web clients; federation needs no such header.
const REQUESTS: &[&str] = &["/_matrix/client/versions", "/_matrix/client/v3/sync"];

pub(crate) fn check(cx: &mut Cx<'_>) {
    let homeserver = Homeserver::of(cx);
    let vhosts = vhosts(cx);
    for vhost in vhosts.iter().filter(|vhost| vhost.server == Server::Nginx) {
        for location in vhost.parts().filter(|location| location.proxies().next().is_some()) {
            let asked = Truth::any(REQUESTS.iter().map(|request| answers(vhost, location, request)));
            if asked.is_false() {
                continue;
            }
            // Headers of the virtual host count only if the location has none.
            let own = location.named(&["add_header"]).next().is_some();
            let around = if own { location } else { &vhost.own };
            let (behind, _) = homeserver.behind(location);
            for added in around.named(&["add_header"]) {
                let adds = sets_header(&added.directive, HEADER);
                let hidden = hides(location) | hides(&vhost.own);
                let fix = without(cx, added);
                cx.decide(asked.clone() & behind.clone() & adds & !hidden, |finding| {
                    finding
                        .message(
                            "answers of the homeserver get `Access-Control-Allow-Origin` twice, and browsers refuse \
                             that: no web client can log in",
                        )
                        .primary(&added.view, "Synapse sends this header by itself")
                        .related(&location.view, "requests for the homeserver go through here")
                        .fix(fix)
                });
            }
        }
    }
}

/// Whether the homeserver's own header is dropped, or replaced.
fn hides(location: &Location<'_>) -> Truth {
    let hiding = location.named(&["proxy_hide_header", "more_clear_headers"]);
    let hidden =
        hiding.flat_map(|statement| &statement.directive.args).map(|arg| lower_case(arg).equals(&Str::new(HEADER)));
    let replaced = location.named(&["more_set_headers"]).map(|statement| sets_header(&statement.directive, HEADER));
    let gaps = location.gaps.iter().cloned().map(Truth::Unknown);
    Truth::any(hidden.chain(replaced).chain(gaps))
}

/// The text without the line.
fn without(cx: &Cx<'_>, added: &Statement<'_>) -> Option<Fix> {
    let written = cx.written(added.view.place());
    let line = written.lines().find(|line| {
        let line = line.trim();
        line.to_ascii_lowercase().starts_with("add_header access-control-allow-origin") && line.ends_with(';')
    })?;
    let old = format!("{line}\n");
    replace_inside(cx, &added.view, (&old, ""), Safety::Safe, "leave the header to Synapse")
}
