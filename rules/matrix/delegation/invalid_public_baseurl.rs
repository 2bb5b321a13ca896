//! Addresses that Synapse refuses, or that lead nowhere.

use crate::lint::prelude::*;
use crate::rules::matrix::own_names::base_urls;
use crate::rules::web::text::ends_with;
use crate::rules::web::url::Url;
use crate::rules::written::{quoted, replace_literal};

pub(crate) fn check(cx: &mut Cx<'_>) {
    for view in base_urls(cx) {
        let Some(text) = view.text().cloned() else {
            cx.decide(view.unknown().map_or(Truth::False, Truth::Unknown), |finding| finding.primary(&view, ""));
            continue;
        };
        let url = Url::parse(&text);
        let no_scheme = !(text.starts_with("https://") | text.starts_with("http://"));
        let query = url.rest.contains("?") | url.rest.contains("#");
        let api = url.rest.starts_with("/_matrix");
        let plain = text.starts_with("http://") & !url.is_local() & !ends_with(&url.host, ".onion");
        let with_https = |old: &str| {
            let new = format!("https://{}", old.strip_prefix("http://").unwrap_or(old));
            replace_literal(cx, &view, old, &new, format!("write `{new}`"))
        };
        let known = text.known().filter(|text| !text.is_empty());
        let fix = known.filter(|text| !text.contains("://") || text.starts_with("http://")).and_then(with_https);
        let cases = [
            (no_scheme, Severity::Error, "it has no `https://` in front, and Synapse refuses to start", true),
            (query, Severity::Error, "it has something behind `?` or `#`, and Synapse refuses to start", false),
            (api, Severity::Error, "it ends in a path of the API, which Synapse adds by itself", false),
            (plain, Severity::Warning, "it is plain HTTP, which browsers and most clients refuse", true),
        ];
        let Some((fires, severity, what, mends)) = first(cases) else { continue };
        cx.decide(fires, |finding| {
            finding
                .severity(severity)
                .message(format!("{} does not do as the homeserver's address: {what}", quoted(&text, "this")))
                .primary(&view, "clients are told this address")
                .fix(fix.filter(|_| mends))
        });
    }
}

type Case = (Truth, Severity, &'static str, bool);

/// The first that is true, else the first that nobody knows.
fn first(cases: [Case; 4]) -> Option<Case> {
    let wanted = |wanted: fn(&Truth) -> bool| cases.iter().find(|(truth, ..)| wanted(truth)).cloned();
    wanted(Truth::is_true).or_else(|| wanted(|truth| !truth.is_false()))
}
