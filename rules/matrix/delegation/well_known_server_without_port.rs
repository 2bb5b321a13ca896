//! A host for other servers without the port it listens on.

use crate::lint::prelude::*;
use crate::rules::field::field;
use crate::rules::matrix::federation_port;
use crate::rules::matrix::homeserver::Homeserver;
use crate::rules::matrix::own_names::leads_to_homeserver;
use crate::rules::matrix::well_known::{SERVER, answers};
use crate::rules::web::front::has_front;
use crate::rules::web::url::Url;
use crate::rules::web::vhost::vhosts;
use crate::rules::written::{quoted, replace_inside};

pub(crate) fn check(cx: &mut Cx<'_>) {
    let homeserver = Homeserver::of(cx);
    let vhosts = vhosts(cx);
    for answer in answers(&vhosts, SERVER) {
        let body = answer.json();
        let Some(server) = field(&body, &["m.server"]).text() else { continue };
        let url = Url::parse(server);
        // Somebody else's server may listen wherever it likes; so may a hole at the end hold a port.
        let ours = leads_to_homeserver(&homeserver, &vhosts, &url.host);
        let bare = Truth::from(url.scheme.is_none() && url.port.is_none() && url.rest.parts().is_empty());
        let elsewhere = federation_port::is_in_use(cx, &homeserver, &vhosts) | has_front(cx);
        let fix = server.known().and_then(|known| {
            let (old, new) = (format!("{known}\""), format!("{known}:443\""));
            let (escaped, repaired) = (format!("{known}\\\""), format!("{known}:443\\\""));
            let title = format!("write `{known}:443`");
            let fix = |pair| replace_inside(cx, &answer.statement.view, pair, Safety::Suggestion, title.clone());
            fix((&old, &new)).or_else(|| fix((&escaped, &repaired)))
        });
        cx.decide(answer.used.clone() & bare & ours & !elsewhere, |finding| {
            finding
                .message(format!(
                    "other servers are told {} without a port, try port 8448 there, and nothing listens on it",
                    quoted(server, "a host"),
                ))
                .primary(&answer.statement.view, "this answer has no port")
                .fix(fix)
        });
    }
}
