//! Element that other pages may put into a frame.

use crate::lint::prelude::*;
use crate::rules::matrix::element_web::{Element, elements};
use crate::rules::web::front::has_front;
use crate::rules::web::header::{has_header, sets_header};
use crate::rules::web::vhost::{Location, Server, Vhost, vhosts};
use crate::rules::written::{add_to, values};

const FRAME: [&str; 2] = ["x-frame-options", "content-security-policy"];
const SNIFF: &str = "x-content-type-options";

/// Both, as an option of a virtual host.
const HEADERS: &str =
    "extraConfig = \"add_header X-Frame-Options SAMEORIGIN; add_header X-Content-Type-Options nosniff;\";";

pub(crate) fn check(cx: &mut Cx<'_>) {
    let vhosts = vhosts(cx);
    for element in elements(cx, &vhosts) {
        let Some((vhost, location)) = element.place else { continue };
        if is_asked_elsewhere(&element, vhost, location) {
            continue;
        }
        let framed = !Truth::any(FRAME.map(|header| has(cx, vhost, location, header)));
        let sniffed = !has(cx, vhost, location, SNIFF);
        let front = has_front(cx);
        let missing = match (framed.is_false(), sniffed.is_false()) {
            (true, _) => "`X-Content-Type-Options`",
            (_, true) => "`X-Frame-Options` and `Content-Security-Policy`",
            _ => "`X-Frame-Options`, `Content-Security-Policy` and `X-Content-Type-Options`",
        };
        let is_plain = vhost.server == Server::Nginx && values(&vhost.view.at("extraConfig")).is_empty();
        let fix = add_to(cx, &vhost.view, HEADERS, "send the headers", Safety::Suggestion).filter(|_| is_plain);
        cx.decide((framed | sniffed) & !front, |finding| {
            finding
                .fix(fix)
                .message(format!(
                    "Element is served without {missing}: another page can hide it in a frame and make people click in it"
                ))
                .primary(&element.view, "Element is served here")
        });
    }
}

/// Whether a location of its own answers for the first page.
fn is_asked_elsewhere(element: &Element<'_, '_>, vhost: &Vhost<'_>, location: &Location<'_>) -> bool {
    let exact =
        |other: &&Location<'_>| !std::ptr::eq(*other, location) && other.matcher.matches("/index.html").is_true();
    element.place.is_some() && vhost.locations.iter().any(|other| exact(&other)) && std::ptr::eq(location, &vhost.own)
}

fn has(cx: &Cx<'_>, vhost: &Vhost<'_>, location: &Location<'_>, header: &str) -> Truth {
    if vhost.server == Server::Nginx {
        return has_header(cx, vhost, location, header);
    }
    Truth::any(vhost.parts().flat_map(|part| {
        let set = part.statements.iter().map(|statement| sets_header(&statement.directive, header));
        set.chain(part.gaps.iter().cloned().map(Truth::Unknown)).collect::<Vec<_>>()
    }))
}
