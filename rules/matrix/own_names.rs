//! What the homeserver of a configuration calls itself, and the hosts that lead to it.

use crate::lint::prelude::*;
use crate::rules::matrix::homeserver::Homeserver;
use crate::rules::web::url::Url;
use crate::rules::web::vhost::{Location, Vhost, same_host};
use crate::rules::written::values;

const SETTINGS: &str = "services.matrix-synapse.settings";

/// The values `server_name` may have: those that are written, or the default of a whole
/// configuration. None if Synapse is switched off.
pub(crate) fn server_names<'a>(cx: &Cx<'a>) -> Vec<OptionView<'a>> {
    if is_off(cx) {
        return vec![];
    }
    let option = cx.option(&format!("{SETTINGS}.server_name"));
    let written = with_old(cx, &option, "server_name");
    if written.is_empty() && is_unset(cx, "server_name") { vec![option] } else { written }
}

/// The values that somebody wrote for a setting, or for the option that NixOS had for it before
/// there were settings.
fn with_old<'a>(cx: &Cx<'a>, option: &OptionView<'a>, key: &str) -> Vec<OptionView<'a>> {
    let written = values(option);
    let old = cx.option(&format!("services.matrix-synapse.{key}"));
    let is_old = written.is_empty() && old.is_defined().is_true();
    if is_old { values(&old) } else { written }
}

/// Whether a key of the settings is known to be defined nowhere, not even by the options that
/// NixOS had before there were settings.
pub(crate) fn is_unset(cx: &Cx<'_>, key: &str) -> bool {
    let before = [key, "extraConfig"].map(|option| cx.option(&format!("services.matrix-synapse.{option}")));
    let is_written = |option: &OptionView<'_>| option.is_defined().is_true();
    let is_undefined = cx.option(&format!("{SETTINGS}.{key}")).is_defined().is_false();
    cx.is_whole() && is_undefined && !before.iter().any(is_written)
}

/// The text of an option; of one that nobody knows a hole, which still is itself wherever it is used.
pub(crate) fn text_of(view: &OptionView<'_>) -> Option<Str> {
    match &view.value().shape {
        Shape::Str(text) => Some(text.clone()),
        Shape::Unknown(unknown) => Some(Str::hole(unknown.clone())),
        _ => None,
    }
}

/// The values of `public_baseurl` that somebody wrote.
pub(crate) fn base_urls<'a>(cx: &Cx<'a>) -> Vec<OptionView<'a>> {
    if is_off(cx) {
        return vec![];
    }
    with_old(cx, &cx.option(&format!("{SETTINGS}.public_baseurl")), "public_baseurl")
}

fn is_off(cx: &Cx<'_>) -> bool {
    cx.option("services.matrix-synapse.enable").is_false().is_true()
}

/// Whether requests to this place arrive under the host of a server name or URL.
pub(crate) fn is_named(vhost: &Vhost<'_>, location: &Location<'_>, name: &OptionView<'_>) -> Truth {
    let Some(name) = text_of(name) else { return Truth::False };
    let host = Url::parse(&name).host;
    let names = vhost.names_of(location).into_iter().map(|have| same_host(have, &host));
    Truth::any(names.chain(vhost.more_names.iter().cloned().map(Truth::Unknown)))
}

/// Whether requests for `host` come to the homeserver through one of the virtual hosts.
pub(crate) fn leads_to_homeserver(homeserver: &Homeserver<'_>, vhosts: &[Vhost<'_>], host: &Str) -> Truth {
    let parts = vhosts.iter().flat_map(|vhost| vhost.parts().map(move |location| (vhost, location)));
    Truth::any(parts.map(|(vhost, location)| {
        let same = Truth::any(vhost.names_of(location).into_iter().map(|name| same_host(name, host)));
        let more = vhost.more_names.iter().cloned().map(Truth::Unknown);
        let named = same | Truth::any(more);
        if named.is_false() { named } else { named & homeserver.behind(location).0 }
    }))
}

/// Whether what both views say holds at the same time.
pub(crate) fn together(a: &OptionView<'_>, b: &OptionView<'_>) -> Truth {
    a.condition().and(b.condition()).is_some().into()
}
