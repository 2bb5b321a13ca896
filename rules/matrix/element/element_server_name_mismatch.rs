//! Element that calls one's own homeserver by another name.

use crate::lint::prelude::*;
use crate::rules::field::Field;
use crate::rules::matrix::element_web::{elements, point_at, url_of};
use crate::rules::matrix::homeserver::Homeserver;
use crate::rules::matrix::own_names::{base_urls, leads_to_homeserver, server_names, text_of, together};
use crate::rules::web::text::pieces;
use crate::rules::web::url::Url;
use crate::rules::web::vhost::vhosts;
use crate::rules::written::quoted;

pub(crate) fn check(cx: &mut Cx<'_>) {
    let (names, base_urls) = (server_names(cx), base_urls(cx));
    if names.is_empty() {
        return;
    }
    let homeserver = Homeserver::of(cx);
    let vhosts = vhosts(cx);
    for element in elements(cx, &vhosts) {
        let Some((base_url, server_name)) = element.homeserver() else { continue };
        let (Field::There(value), Some(told), Some(url)) = (&server_name, server_name.text(), url_of(&base_url)) else {
            continue;
        };
        // Any words will do as a name to show; what looks like a host is meant as one.
        if told.known().is_some_and(|known| !known.contains('.') || known.contains(' ')) {
            continue;
        }
        let same = base_urls.iter().filter_map(text_of).map(|own| url.same_as(&Url::parse(&own)));
        let ours = Truth::any(same) | leads_to_homeserver(&homeserver, &vhosts, &url.host);
        for own in &names {
            let Some(name) = text_of(own) else { continue };
            // A host below the server name is its homeserver more often than not.
            let below = is_below(&url.host, &name);
            let certain = ours.is_true();
            let ours = ours.clone() | below.into();
            let fires = ours & !told.equals(&name) & together(own, &element.view) & !element.has_other_config();
            cx.decide(fires, |finding| {
                let mut ending = Str::new(":");
                ending.push(&name);
                let finding = finding.message(format!(
                    "Element's login page calls the homeserver {}, but its accounts end in {}",
                    quoted(told, "by a name"),
                    quoted(&ending, "another one"),
                ));
                let finding = point_at(finding, &element.view, Some(value), "the name that Element shows");
                let finding = finding.related(own, "accounts are called after this name");
                if certain { finding } else { finding.possible() }
            });
        }
    }
}

/// Whether the host is known to end in a dot and the name.
fn is_below(host: &Str, name: &Str) -> bool {
    let mut ending = Str::new(".");
    ending.push(name);
    pieces(host).ends_with(&pieces(&ending)) && !name.parts().is_empty()
}
