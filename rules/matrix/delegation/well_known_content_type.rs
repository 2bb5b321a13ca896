//! Answers that do not say that they are JSON.

use crate::lint::prelude::*;
use crate::rules::matrix::well_known::{Answer, CLIENT, SERVER, answers};
use crate::rules::web::header::sets_header;
use crate::rules::web::vhost::{Server, vhosts};
use crate::rules::written::{replace_inside, values};

const HEADER: &str = "content-type";

pub(crate) fn check(cx: &mut Cx<'_>) {
    let vhosts = vhosts(cx);
    for path in [SERVER, CLIENT] {
        for answer in answers(&vhosts, path).iter().filter(|answer| answer.vhost.server == Server::Nginx) {
            let added = adds_header(answer);
            let typed = is_typed(cx, answer);
            let fix = as_type(cx, answer);
            let is_whole = cx.is_whole();
            cx.decide(answer.used.clone() & added.clone(), |finding| {
                finding
                    .message(format!(
                        "`{path}` is answered with two content types, which some clients and proxies refuse: `add_header` \
                         adds one to the one that nginx sends"
                    ))
                    .primary(&answer.statement.view, "`add_header Content-Type` does not replace the content type")
                    .fix(fix)
            });
            cx.decide(answer.used.clone() & !added & !typed, |finding| {
                let finding = finding
                    .severity(Severity::Info)
                    .message(format!(
                        "`{path}` is answered as a binary file, not as JSON: some clients and proxies refuse it"
                    ))
                    .primary(&answer.statement.view, "nothing here says that it is `application/json`");
                if is_whole { finding } else { finding.possible() }
            });
        }
    }
}

/// Whether the location adds the header by `add_header`.
fn adds_header(answer: &Answer<'_, '_>) -> Truth {
    let adding = answer.location.named(&["add_header"]);
    Truth::any(adding.map(|statement| sets_header(&statement.directive, HEADER)))
}

/// Whether anything says which type the answer has: around the location, or for all of nginx.
fn is_typed(cx: &Cx<'_>, answer: &Answer<'_, '_>) -> Truth {
    let types = ["default_type", "types", "more_set_headers", "include"];
    let parts = [answer.location, &answer.vhost.own];
    let gaps = parts.iter().flat_map(|part| part.gaps.iter().cloned().map(Truth::Unknown));
    let named = Truth::from(parts.iter().any(|part| part.named(&types).next().is_some()));
    let options = ["services.nginx.commonHttpConfig", "services.nginx.appendHttpConfig"];
    let texts = options.iter().flat_map(|option| values(&cx.option(option)));
    let texts = texts.map(|text| text.is_string_where(|text| text.contains("default_type")));
    named | Truth::any(gaps.chain(texts))
}

/// `default_type` in place of `add_header Content-Type`.
fn as_type(cx: &Cx<'_>, answer: &Answer<'_, '_>) -> Option<Fix> {
    let fix = |old: &str| {
        let title = "set the type with `default_type`";
        let (old, new) = (format!("add_header {old} application/json"), "default_type application/json");
        replace_inside(cx, &answer.statement.view, (&old, new), Safety::Safe, title)
    };
    ["Content-Type", "content-type", "\"Content-Type\"", "'Content-Type'"].iter().find_map(|old| fix(old))
}
