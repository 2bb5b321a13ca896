//! `/.well-known/matrix/server` that other servers cannot use.

use super::invalid_server_name::is_valid;
use crate::lint::prelude::*;
use crate::rules::field::field;
use crate::rules::matrix::well_known::{Answer, SERVER, answers};
use crate::rules::web::vhost::vhosts;
use crate::rules::written::{quoted, replace_inside};

pub(crate) fn check(cx: &mut Cx<'_>) {
    let vhosts = vhosts(cx);
    for answer in answers(&vhosts, SERVER) {
        let (fires, what) = defect(&answer);
        let fix = bare_name(cx, &answer);
        cx.decide(answer.used.clone() & fires, |finding| {
            finding
                .message(format!("other servers cannot use what `{SERVER}` answers: {what}"))
                .primary(&answer.statement.view, "this answer")
                .fix(fix)
        });
    }
}

/// Whether something is wrong with the answer, and what.
fn defect(answer: &Answer<'_, '_>) -> (Truth, String) {
    let Some(body) = &answer.body else { return (Truth::True, "it is no JSON".into()) };
    let server = field(body, &["m.server"]);
    let Some(name) = server.text() else {
        return (server.test(true, |_| Truth::True), "it has no text `m.server`".into());
    };
    let valid = is_valid(name);
    let has = |text: &str| name.contains(text).is_true();
    let what = match () {
        () if has("://") => format!("`m.server` is {}, with a scheme", quoted(name, "a URL")),
        () if has("/") => format!("`m.server` is {}, with a slash", quoted(name, "a path")),
        () => format!("`m.server` is {}, which is no server name", quoted(name, "a text")),
    };
    (!valid, what)
}

/// Host and port alone, if that is all that was wrong.
fn bare_name(cx: &Cx<'_>, answer: &Answer<'_, '_>) -> Option<Fix> {
    let body = answer.json();
    let name = field(&body, &["m.server"]).text()?.known()?.to_owned();
    let host = name.strip_prefix("https://").unwrap_or(&name);
    let host = host.strip_suffix('/').unwrap_or(host);
    let fix = || {
        let title = format!("write `{host}`");
        replace_inside(cx, &answer.statement.view, (&name, host), Safety::Safe, title)
    };
    if host != name && is_valid(&Str::new(host)).is_true() { fix() } else { None }
}
