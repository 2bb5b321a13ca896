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
            None => vec![Defect::new(Truth::True, "it is no JSON")],
            Some(body) => {
                let homeserver = of_homeserver(&field(body, &["m.homeserver", "base_url"]), &vhosts);
                let identity = of_identity_server(body, &vhosts);
                vec![homeserver, identity]
            }
        };
        for Defect { fires, what, repaired, written, of_identity } in defects {
            let fix = repaired.and_then(|(old, new)| with_scheme(cx, &answer, &old, &new));
            cx.decide(answer.used.clone() & fires, |finding| {
                let finding = match of_identity {
                    // Element warns and goes on.
                    true => finding
                        .severity(Severity::Warning)
                        .message(format!(
                            "Element warns on its login page, and other clients refuse to log in, because of what \
                             `{CLIENT}` answers: {what}"
                        ))
                        .help("leave `m.identity_server` out of the answer, or give it a `base_url` with `https://`"),
                    false => finding.message(format!("clients cannot use what `{CLIENT}` answers: {what}")),
                };
                finding
                    .primary(&answer.statement.view, "this answer")
                    .related_at(written, "the address is written here")
                    .fix(fix)
            });
        }
    }
}

/// What may be wrong with an answer.
struct Defect {
    fires: Truth,
    what: String,
    /// The URL before and after it was mended.
    repaired: Option<(String, String)>,
    /// Where the URL is written, if the answer does not show it.
    written: Origin,
    /// Whether only the identity server is concerned: the homeserver is found all the same.
    of_identity: bool,
}

impl Defect {
    fn new(fires: Truth, what: impl Into<String>) -> Self {
        Self { fires, what: what.into(), repaired: None, written: Origin::Default, of_identity: false }
    }
}

fn of_homeserver(base_url: &Field<'_>, vhosts: &[Vhost<'_>]) -> Defect {
    if let Field::Unknown(unknown) = base_url
        && is_name_of(vhosts, &Str::hole(unknown.clone()))
    {
        return host_alone("`base_url` of `m.homeserver`", unknown.at);
    }
    let Some(url) = base_url.text() else {
        let what = "it has no text `base_url` in `m.homeserver`";
        return Defect::new(base_url.test(true, |_| Truth::True), what);
    };
    let parsed = Url::parse(url);
    let api = parsed.rest.starts_with("/_matrix");
    if api.is_true() {
        let url = quoted(url, "a path of the API");
        return Defect::new(api, format!("`base_url` is {url}, but clients put `/_matrix` behind it themselves"));
    }
    of_url(url, "`base_url` of `m.homeserver`", vhosts)
}

/// Whether a URL is none that a browser would follow from a page loaded by HTTPS.
fn of_url(url: &Str, which: &str, vhosts: &[Vhost<'_>]) -> Defect {
    if url.known().is_none() && is_name_of(vhosts, url) {
        return host_alone(which, Origin::Default);
    }
    let parsed = Url::parse(url);
    let repaired = |known: &str| (known.to_owned(), format!("https://{}", known.trim_start_matches("http://")));
    let no_scheme = !(url.starts_with("https://") | url.starts_with("http://"));
    if !no_scheme.is_false() {
        let repaired = url.known().filter(|url| !url.contains("://") && !url.is_empty()).map(repaired);
        let what = format!("{which} is {}, without `https://` in front", quoted(url, "a name"));
        return Defect { repaired, ..Defect::new(no_scheme, what) };
    }
    let plain = url.starts_with("http://") & !parsed.is_local() & !ends_with(&parsed.host, ".onion");
    let what =
        format!("{which} is {}, and browsers refuse plain HTTP from a page loaded by HTTPS", quoted(url, "plain HTTP"));
    Defect { repaired: url.known().map(repaired), ..Defect::new(plain, what) }
}

/// Whether a text that nobody knows is what a virtual host is called. A name in Caddy may have a
/// scheme in front, one in nginx has none.
fn is_name_of(vhosts: &[Vhost<'_>], text: &Str) -> bool {
    let mut nginx = vhosts.iter().filter(|vhost| vhost.server == Server::Nginx);
    nginx.any(|vhost| vhost.names.iter().any(|name| name.text.equals(text).is_true()))
}

fn host_alone(which: &str, written: Origin) -> Defect {
    let what = format!("{which} is the name of a host, without `https://` in front");
    Defect { written, ..Defect::new(Truth::True, what) }
}

fn of_identity_server(body: &Value, vhosts: &[Vhost<'_>]) -> Defect {
    let server = field(body, &["m.identity_server"]);
    let base_url = field(body, &["m.identity_server", "base_url"]);
    let no_url = |what: &str| Defect::new(server.is_there(), format!("`m.identity_server` {what}"));
    let mild = |defect: Defect| Defect { of_identity: true, ..defect };
    match (&server, base_url.text(), &base_url) {
        (Field::Absent | Field::Unknown(_), ..) => Defect::new(server.is_there(), ""),
        (Field::There(_), Some(url), _) => mild(of_url(url, "`base_url` of `m.identity_server`", vhosts)),
        (Field::There(_), None, Field::Unknown(unknown)) => Defect::new(Truth::Unknown(unknown.clone()), ""),
        (Field::There(Value { shape: Shape::Null, .. }), ..) => no_url("is `null`"),
        _ => mild(no_url("has no `base_url`")),
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
