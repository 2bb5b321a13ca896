//! A homeserver that takes the server name for its own address.

use crate::lint::prelude::*;
use crate::rules::matrix::homeserver::Homeserver;
use crate::rules::matrix::own_names::{is_unset, leads_to_homeserver, server_names};
use crate::rules::web::front::has_front;
use crate::rules::web::url::Url;
use crate::rules::web::vhost::{Location, Vhost, vhosts};
use crate::rules::written::{add_to, items, quoted};

pub(crate) fn check(cx: &mut Cx<'_>) {
    if !is_unset(cx, "public_baseurl") || server_names(cx).is_empty() {
        return;
    }
    let homeserver = Homeserver::of(cx);
    let vhosts = vhosts(cx);
    let enabled = cx.option("services.matrix-synapse.enable");
    let (files, more) = items(&cx.option("services.matrix-synapse.extraConfigFiles"));
    for name in server_names(cx) {
        let Some(text) = name.text().cloned() else { continue };
        let url = Url::parse(&text);
        let elsewhere = !leads_to_homeserver(&homeserver, &vhosts, &url.host) & Truth::from(url.port.is_none());
        let Some((vhost, location, here)) = entrance(&homeserver, &vhosts) else { continue };
        let direct = homeserver.has_tls();
        let fires = enabled.is_true() & elsewhere & here & !direct & !has_front(cx);
        let settings = cx.option("services.matrix-synapse.settings");
        let fix = vhost.names_of(location).first().and_then(|host| host.known()).filter(is_plain).and_then(|host| {
            let attribute = format!("public_baseurl = \"https://{host}\";");
            add_to(cx, &settings, &attribute, "tell Synapse where it answers", Safety::Suggestion)
        });
        cx.decide(fires, |finding| {
            let finding = finding.fix(fix);
            let mut address = Str::new("https://");
            address.push(&text);
            address.push_text("/");
            let host =
                vhost.names_of(location).first().map_or("another host".into(), |name| quoted(name, "another host"));
            let finding = finding
                .message(format!(
                    "`public_baseurl` is not set, so that Synapse takes {} for its address, but it answers \
                     on {host}: single sign-on and links in mails lead nowhere",
                    quoted(&address, "the server name"),
                ))
                .primary(&name, "the address is made of this name")
                .related(&location.view, "requests for the homeserver go through here");
            // One of the files that are read at run time may hold it.
            if files.is_empty() && more.is_none() { finding } else { finding.possible() }
        });
    }
}

/// Whether a name can be written as it is.
fn is_plain(name: &&str) -> bool {
    name.chars().all(|c| c.is_ascii_alphanumeric() || ".-".contains(c))
}

/// A place from which requests are known to come to the homeserver.
fn entrance<'v, 'a>(
    homeserver: &Homeserver<'a>,
    vhosts: &'v [Vhost<'a>],
) -> Option<(&'v Vhost<'a>, &'v Location<'a>, Truth)> {
    let parts = vhosts.iter().flat_map(|vhost| vhost.parts().map(move |location| (vhost, location)));
    let entrances = parts.map(|(vhost, location)| (vhost, location, homeserver.behind(location).0));
    let mut entrances: Vec<_> = entrances.filter(|(.., behind)| !behind.is_false()).collect();
    entrances.sort_by_key(|(.., behind)| !behind.is_true());
    entrances.into_iter().next()
}
