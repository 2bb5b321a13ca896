//! Clients that are sent elsewhere than to where Synapse says it is.

use crate::lint::prelude::*;
use crate::rules::field::field;
use crate::rules::matrix::homeserver::Homeserver;
use crate::rules::matrix::own_names::{base_urls, is_named, leads_to_homeserver, server_names, text_of, together};
use crate::rules::matrix::well_known::{CLIENT, answers};
use crate::rules::web::url::Url;
use crate::rules::web::vhost::vhosts;
use crate::rules::written::{quoted, replace_inside};

pub(crate) fn check(cx: &mut Cx<'_>) {
    let (names, base_urls) = (server_names(cx), base_urls(cx));
    if base_urls.is_empty() {
        return;
    }
    let homeserver = Homeserver::of(cx);
    let vhosts = vhosts(cx);
    for answer in answers(&vhosts, CLIENT) {
        let body = answer.json();
        let Some(told) = field(&body, &["m.homeserver", "base_url"]).text() else { continue };
        let here = Url::parse(told);
        let leads_here = leads_to_homeserver(&homeserver, &vhosts, &here.host);
        for base_url in &base_urls {
            let Some(own) = text_of(base_url) else { continue };
            let ours = Truth::any(
                names.iter().map(|name| is_named(answer.vhost, answer.location, name) & together(name, base_url)),
            );
            let differ = !here.same_as(&Url::parse(&own)) & !leads_here.clone();
            let both = together(base_url, &answer.statement.view);
            let is_whole = cx.is_whole();
            let fix = match (told.known(), own.known()) {
                (Some(told), Some(own)) if is_plain(own) => {
                    let title = "send clients to Synapse's address";
                    replace_inside(cx, &answer.statement.view, (told, own), Safety::Suggestion, title)
                }
                _ => None,
            };
            cx.decide(answer.used.clone() & ours & both & differ, |finding| {
                let finding = finding
                    .fix(fix)
                    .message(format!(
                        "`{CLIENT}` sends clients to {}, but Synapse takes {} for its address: \
                         single sign-on and links in mails lead elsewhere",
                        quoted(told, "one address"),
                        quoted(&own, "another"),
                    ))
                    .primary(&answer.statement.view, format!("clients are told {}", quoted(told, "this")))
                    .related(base_url, "Synapse's own idea of its address");
                if is_whole { finding } else { finding.possible() }
            });
        }
    }
}

/// Whether an address can stand in any text as it is.
fn is_plain(address: &str) -> bool {
    address.chars().all(|c| c.is_ascii_alphanumeric() || "./:-".contains(c))
}
