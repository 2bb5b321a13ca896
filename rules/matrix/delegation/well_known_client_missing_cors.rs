//! `/.well-known/matrix/client` that browsers may not read.

use crate::lint::prelude::*;
use crate::rules::web::header::{has_header, sets_header};
use crate::rules::web::vhost::{Location, Statement, Vhost, vhosts};
use crate::rules::written::replace_inside;

const PATH: &str = "/.well-known/matrix/client";
const HEADER: &str = "access-control-allow-origin";

pub(crate) fn check(cx: &mut Cx<'_>) {
    for vhost in vhosts(cx).iter() {
        for location in &vhost.locations {
            let Some(answer) = answer(location) else { continue };
            let fires = is_for_client(location) & !is_allowed(cx, vhost, location, answer);
            let is_whole = cx.is_whole();
            let header = ("return 200", "add_header Access-Control-Allow-Origin *; return 200");
            let fix = replace_inside(cx, &answer.view, header, Safety::Safe, "let web clients read the answer");
            let fix = fix.filter(|_| !answer.is_option);
            cx.decide(fires, |finding| {
                let finding = finding
                    .message(format!(
                        "web clients on other hosts cannot read `{PATH}`: they do not find the homeserver"
                    ))
                    .primary(&answer.view, "this answer lacks the header `Access-Control-Allow-Origin`")
                    .fix(fix);
                if is_whole { finding } else { finding.possible() }
            });
        }
    }
}

/// Whether the location is for this path and none of the others.
fn is_for_client(location: &Location<'_>) -> Truth {
    location.matcher.matches(PATH) & !location.matcher.matches("/.well-known/matrix/server")
}

/// The statement that answers by itself, neither redirecting nor asking another server.
fn answer<'l, 'a>(location: &'l Location<'a>) -> Option<&'l Statement<'a>> {
    if location.proxies().next().is_some() {
        return None;
    }
    let status = |statement: &&Statement<'_>| statement.directive.known_arg(0) == Some("200");
    let mut returns = location.named(&["return"]).filter(status);
    returns.next().or_else(|| location.named(&["alias", "root", "respond"]).next())
}

fn is_allowed(cx: &Cx<'_>, vhost: &Vhost<'_>, location: &Location<'_>, answer: &Statement<'_>) -> Truth {
    if !answer.directive.is("respond") {
        return has_header(cx, vhost, location, HEADER);
    }
    // Caddy collects the headers of all directives that are for the request.
    Truth::any(vhost.parts().flat_map(|part| {
        let concerned = part.matcher.matches(PATH);
        let gaps = part.gaps.iter().cloned().map(Truth::Unknown);
        let set = part.statements.iter().map(|statement| sets_header(&statement.directive, HEADER));
        set.chain(gaps).map(move |set| set & concerned.clone()).collect::<Vec<_>>()
    }))
}
