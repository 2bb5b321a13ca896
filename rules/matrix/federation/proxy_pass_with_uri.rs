//! `proxy_pass` with something behind the port.

use crate::lint::prelude::*;
use crate::rules::matrix::homeserver::{Homeserver, asks_homeserver, is_for_homeserver};
use crate::rules::web::matcher::Matcher;
use crate::rules::web::url::Url;
use crate::rules::web::vhost::{Statement, vhosts};
use crate::rules::written::replace_literal;

pub(crate) fn check(cx: &mut Cx<'_>) {
    let homeserver = Homeserver::of(cx);
    for vhost in vhosts(cx).iter() {
        for location in vhost.parts().filter(|location| !matches!(location.matcher, Matcher::Exact(_))) {
            let asked = is_for_homeserver(location);
            let reached = asks_homeserver(vhost, location);
            for (statement, target) in location.proxies().filter(|(statement, _)| statement.directive.is("proxy_pass"))
            {
                let url = Url::parse(target);
                let fires = has_uri(&url) & reached.clone() & (asked.clone() | homeserver.listens_at(target));
                let fix = without_uri(cx, statement, target);
                cx.decide(fires, |finding| {
                    let consequence = match location.matcher {
                        Matcher::Regex { .. } => "nginx does not start",
                        _ => "nginx rewrites the paths of requests, and signatures of other servers no longer fit",
                    };
                    finding
                        .message(format!(
                            "`{}` behind the port of the homeserver in the location `{}`: {consequence}",
                            url.rest, location.key
                        ))
                        .primary(&statement.view, "nothing may follow the port, not even a slash")
                        .fix(fix)
                });
            }
        }
    }
}

/// The address up to the port.
fn without_uri(cx: &Cx<'_>, statement: &Statement<'_>, target: &Str) -> Option<Fix> {
    let (target, url) = (target.known()?, Url::parse(target));
    // The colon before the URI of a socket goes as well.
    let address = target.strip_suffix(url.rest.known()?)?.trim_end_matches(':');
    let fix = || replace_literal(cx, &statement.view, target, address, "end the address with the port");
    if statement.is_option { fix() } else { None }
}

/// Whether nginx puts a URI of its own in place of the one asked for.
fn has_uri(url: &Url) -> Truth {
    let has_variable = |text: &Str| text.contains("$").is_true();
    if has_variable(&url.rest) || has_variable(&url.host) {
        return Truth::False;
    }
    !url.rest.equals(&Str::default())
}
