//! Answers for other servers on a host that they do not ask.

use crate::lint::prelude::*;
use crate::rules::field::field;
use crate::rules::matrix::homeserver::Homeserver;
use crate::rules::matrix::own_names::{is_named, leads_to_homeserver, server_names};
use crate::rules::matrix::unanswered::unanswered;
use crate::rules::matrix::well_known::{SERVER, answers};
use crate::rules::web::url::Url;
use crate::rules::web::vhost::vhosts;
use crate::rules::written::quoted;

pub(crate) fn check(cx: &mut Cx<'_>) {
    let names = server_names(cx);
    if !cx.is_whole() || names.is_empty() {
        return;
    }
    let homeserver = Homeserver::of(cx);
    let vhosts = vhosts(cx);
    let answers = answers(&vhosts, SERVER);
    let silent = unanswered(cx, &homeserver, &vhosts, SERVER);
    for name in &names {
        let Some(text) = name.text().filter(|text| Url::parse(text).port.is_none()) else { continue };
        // Somebody answers, or may, under the right name.
        let named = vhosts.iter().map(|vhost| is_named(vhost, &vhost.own, name));
        let right = Truth::any(answers.iter().map(|answer| is_named(answer.vhost, answer.location, name)));
        let here = silent.iter().find(|silent| silent.server_name.place() == name.place());
        let unserved = match here {
            Some(silent) => silent.truth.clone(),
            None => !Truth::any(named),
        };
        for answer in &answers {
            let body = answer.json();
            let Some(target) = field(&body, &["m.server"]).text() else { continue };
            let about_us = leads_to_homeserver(&homeserver, &vhosts, &Url::parse(target).host);
            let fires = answer.used.clone() & about_us & !right.clone() & unserved.clone();
            cx.decide(fires, |finding| {
                let finding = finding
                    .message(format!(
                        "other servers ask {} for `{SERVER}`, but it is answered on another host",
                        quoted(text, "the host of the server name"),
                    ))
                    .primary(&answer.statement.view, "no server asks this host")
                    .related(name, "they ask the host of this name");
                match here {
                    Some(silent) => finding.related(&silent.vhost.view, "this host has no answer for it"),
                    None => finding.severity(Severity::Info).possible(),
                }
            });
        }
    }
}
