//! Element that looks for the homeserver in another place than where it is.

use crate::lint::prelude::*;
use crate::rules::field::Field;
use crate::rules::matrix::element_web::{elements, point_at, url_of};
use crate::rules::matrix::homeserver::Homeserver;
use crate::rules::matrix::own_names::{base_urls, leads_to_homeserver, server_names, text_of, together};
use crate::rules::web::text::ends_with;
use crate::rules::web::url::Url;
use crate::rules::web::vhost::vhosts;
use crate::rules::written::quoted;

pub(crate) fn check(cx: &mut Cx<'_>) {
    let homeserver = Homeserver::of(cx);
    let vhosts = vhosts(cx);
    let (names, base_urls) = (server_names(cx), base_urls(cx));
    for element in elements(cx, &vhosts) {
        let Some((base_url, server_name)) = element.homeserver() else { continue };
        let (Field::There(value), Some(url), Some(text)) = (&base_url, url_of(&base_url), base_url.text()) else {
            continue;
        };
        let elsewhere = Truth::from(is_machines_name(&url.host)) | (!url.is_local() & !ends_with(&url.host, ".onion"));
        let plain = text.starts_with("http://") & elsewhere;
        let is_plain = plain.is_true();
        cx.decide(plain, |finding| {
            let finding = finding.severity(Severity::Error).message(format!(
                "Element cannot reach {}: browsers refuse plain HTTP from a page that was loaded by HTTPS",
                quoted(text, "the homeserver"),
            ));
            point_at(finding, &element.view, Some(value), "this is plain HTTP")
        });
        if is_plain || url.is_local().is_true() {
            continue;
        }
        // Element may be there for another homeserver: one with another name.
        let ours = server_name.test(true, |_| match server_name.text() {
            Some(told) => Truth::any(names.iter().filter_map(text_of).map(|own| told.equals(&own))),
            None => Truth::False,
        });
        let leads_here = leads_to_homeserver(&homeserver, &vhosts, &url.host);
        let whole = cx.is_whole() && matches!(server_name, Field::There(_));
        for own in &base_urls {
            let Some(address) = text_of(own) else { continue };
            let differ = !url.same_as(&Url::parse(&address)) & !leads_here.clone();
            let fires = differ & ours.clone() & together(own, &element.view) & !element.has_other_config();
            let fix = told_instead(cx, value.place, text, &address);
            cx.decide(fires, |finding| {
                let finding = finding.fix(fix).message(format!(
                    "Element looks for the homeserver at {}, but Synapse says that it is at {}",
                    quoted(text, "one address"),
                    quoted(&address, "another"),
                ));
                let finding = point_at(finding, &element.view, Some(value), "Element asks here");
                let finding = finding.related(own, "Synapse's own idea of its address");
                if whole { finding } else { finding.possible() }
            });
        }
    }
}

/// Whether a host is made of what the machine is called: then it is no loopback address, whatever it is.
fn is_machines_name(host: &Str) -> bool {
    let of_machine = |hole: &Unknown| hole.cause.to_string().contains("`networking.");
    host.holes().next().is_some() && host.holes().all(of_machine)
}

/// Puts Synapse's address in place of a literal that says another one.
fn told_instead(cx: &Cx<'_>, at: Origin, told: &Str, address: &Str) -> Option<Fix> {
    let (told, address) = (told.known()?, address.known()?);
    let is_plain = |text: &str| text.chars().all(|c| c.is_ascii_alphanumeric() || "./:-".contains(c));
    let stands = cx.written(at) == format!("\"{told}\"") && is_plain(told) && is_plain(address);
    let edit = Edit { span: at.span().filter(|_| stands)?, text: format!("\"{address}\"") };
    Fix::new("ask where Synapse says that it is", Safety::Suggestion, vec![edit])
}
