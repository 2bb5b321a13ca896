//! Security headers that a location of nginx forgets.

use crate::lint::prelude::*;
use crate::rules::matrix::element_web::elements;
use crate::rules::web::header::sets_header;
use crate::rules::web::vhost::{Location, Server, vhosts};

/// The headers that Element asks for.
const HEADERS: [&str; 3] = ["x-frame-options", "content-security-policy", "x-content-type-options"];
/// The pages that a browser shows.
const PAGES: [&str; 2] = ["/", "/index.html"];

pub(crate) fn check(cx: &mut Cx<'_>) {
    let vhosts = vhosts(cx);
    for element in elements(cx, &vhosts) {
        let Some((vhost, _)) = element.place.filter(|(vhost, _)| vhost.server == Server::Nginx) else { continue };
        for location in &vhost.locations {
            let Some(own) = location.named(&["add_header"]).next() else { continue };
            let shown = Truth::any(PAGES.map(|page| location.matcher.matches(page)));
            let passed_on = Truth::from(location.proxies().next().is_some());
            let lost: Vec<_> = HEADERS.iter().filter(|header| sets(&vhost.own, header).is_true()).collect();
            let lost: Vec<_> = lost.into_iter().filter(|header| sets(location, header).is_false()).copied().collect();
            let fires = Truth::from(!lost.is_empty()) & shown & !passed_on;
            cx.decide(fires, |finding| {
                finding
                    .message(format!(
                        "the pages of Element lose `{}`: nginx forgets the headers of the virtual host in a location that \
                         adds one of its own",
                        lost.join("`, `")
                    ))
                    .primary(&own.view, "this location adds a header")
                    .related(&element.view, "Element is served here")
            });
        }
    }
}

fn sets(location: &Location<'_>, header: &str) -> Truth {
    let gaps = location.gaps.iter().cloned().map(Truth::Unknown);
    Truth::any(location.statements.iter().map(|statement| sets_header(&statement.directive, header)).chain(gaps))
}
