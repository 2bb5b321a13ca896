//! `/.well-known/matrix/client` that clients cannot use.

use crate::lint::prelude::*;
use crate::rules::field::{Field, field};
use crate::rules::matrix::well_known::{Answer, CLIENT, answers};
use crate::rules::web::text::ends_with;
use crate::rules::web::url::Url;
use crate::rules::web::vhost::{Server, Vhost, vhosts};
use crate::rules::written::{quoted, replace_inside};

pub(crate) fn check(cx: &mut Cx<'_>) {
    let vhosts = vhosts(cx);
    for answer in answers(&vhosts, CLIENT) {
        let defects = match &answer.body {
            None => vec![(Truth::True, "it is no JSON".to_owned(), None)],
            Some(body) => {
                let homeserver = of_homeserver(&field(body, &["m.homeserver", "base_url"]), &vhosts);
                let identity = of_identity_server(body, &vhosts);
                vec![homeserver, identity]
            }
        };
        for (fires, what, repaired) in defects {
            let fix = repaired.and_then(|(old, new)| with_scheme(cx, &answer, &old, &new));
            cx.decide(answer.used.clone() & fires, |finding| {
                finding
                    .message(format!("clients cannot use what `{CLIENT}` answers: {what}"))
                    .primary(&answer.statement.view, "this answer")
                    .fix(fix)
            });
        }
    }
}

/// Whether something is wrong, what, and the URL before and after it was mended.
type Defect = (Truth, String, Option<(String, String)>);

fn of_homeserver(base_url: &Field<'_>, vhosts: &[Vhost<'_>]) -> Defect {
    if let Field::Unknown(unknown) = base_url
        && is_name_of(vhosts, &Str::hole(unknown.clone()))
    {
        return host_alone("`base_url` of `m.homeserver`");
    }
    let Some(url) = base_url.text() else {
        let what = "it has no text `base_url` in `m.homeserver`";
        return (base_url.test(true, |_| Truth::True), what.into(), None);
    };
    let parsed = Url::parse(url);
    let api = parsed.rest.starts_with("/_matrix");
    if api.is_true() {
        return (
            api,
            format!(
                "`base_url` is {}, but clients put `/_matrix` behind it themselves",
                quoted(url, "a path of the API")
            ),
            None,
        );
    }
    of_url(url, "`base_url` of `m.homeserver`", vhosts)
}

/// Whether a URL is none that a browser would follow from a page loaded by HTTPS.
fn of_url(url: &Str, which: &str, vhosts: &[Vhost<'_>]) -> Defect {
    if url.known().is_none() && is_name_of(vhosts, url) {
        return host_alone(which);
    }
    let parsed = Url::parse(url);
    let repaired = |known: &str| (known.to_owned(), format!("https://{}", known.trim_start_matches("http://")));
    let no_scheme = !(url.starts_with("https://") | url.starts_with("http://"));
    if !no_scheme.is_false() {
        let repaired = url.known().filter(|url| !url.contains("://") && !url.is_empty()).map(repaired);
        return (no_scheme, format!("{which} is {}, without `https://` in front", quoted(url, "a name")), repaired);
    }
    let plain = url.starts_with("http://") & !parsed.is_local() & !ends_with(&parsed.host, ".onion");
    let what =
        format!("{which} is {}, and browsers refuse plain HTTP from a page loaded by HTTPS", quoted(url, "plain HTTP"));
    (plain, what, url.known().map(repaired))
}

/// Whether a text that nobody knows is what a virtual host is called. A name in Caddy may have a
/// scheme in front, one in nginx has none.
fn is_name_of(vhosts: &[Vhost<'_>], text: &Str) -> bool {
    let mut nginx = vhosts.iter().filter(|vhost| vhost.server == Server::Nginx);
    nginx.any(|vhost| vhost.names.iter().any(|name| name.text.equals(text).is_true()))
}

fn host_alone(which: &str) -> Defect {
    (Truth::True, format!("{which} is the name of a host, without `https://` in front"), None)
}

fn of_identity_server(body: &Value, vhosts: &[Vhost<'_>]) -> Defect {
    let server = field(body, &["m.identity_server"]);
    let base_url = field(body, &["m.identity_server", "base_url"]);
    let no_url = |what: &str| (server.is_there(), format!("`m.identity_server` {what}"), None);
    match (&server, base_url.text(), &base_url) {
        (Field::Absent | Field::Unknown(_), ..) => (server.is_there(), String::new(), None),
        (Field::There(_), Some(url), _) => of_url(url, "`base_url` of `m.identity_server`", vhosts),
        (Field::There(_), None, Field::Unknown(unknown)) => (Truth::Unknown(unknown.clone()), String::new(), None),
        (Field::There(Value { shape: Shape::Null, .. }), ..) => no_url("is `null`"),
        _ => no_url("has no `base_url`"),
    }
}

fn with_scheme(cx: &Cx<'_>, answer: &Answer<'_, '_>, old: &str, new: &str) -> Option<Fix> {
    let (quoted, repaired) = (format!("\"{old}\""), format!("\"{new}\""));
    let title = format!("write `{new}`");
    let fix = |old: &str, new: &str| {
        replace_inside(cx, &answer.statement.view, (old, new), Safety::Suggestion, title.clone())
    };
    fix(&quoted, &repaired).or_else(|| fix(&quoted.replace('"', "\\\""), &repaired.replace('"', "\\\"")))
}
