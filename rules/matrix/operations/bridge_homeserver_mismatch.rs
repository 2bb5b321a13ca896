//! The page beside this file says what is wrong and why.

use crate::lint::prelude::*;
use crate::rules::field::field;
use crate::rules::matrix::homeserver::Homeserver;
use crate::rules::matrix::synapse_settings::setting;
use crate::rules::web::front::has_front;
use crate::rules::web::url::Url;
use crate::rules::web::vhost::{Vhost, Vhosts, vhosts};
use crate::rules::written::quoted;
use std::rc::Rc;

/// Bridges, and the set with the homeserver's address and name.
const BRIDGES: &[(&str, &str, &str, &str)] = &[
    ("services.matrix-appservice-discord", "settings.bridge", "homeserverUrl", "domain"),
    ("services.matrix-appservice-irc", "settings.homeserver", "url", "domain"),
    ("services.matrix-hookshot", "settings.bridge", "url", "domain"),
    ("services.mautrix-discord", "settings.homeserver", "address", "domain"),
    ("services.mautrix-signal", "settings.homeserver", "address", "domain"),
    ("services.mautrix-telegram", "settings.homeserver", "address", "domain"),
    ("services.mautrix-whatsapp", "settings.homeserver", "address", "domain"),
];

pub(crate) fn check(cx: &mut Cx<'_>) {
    let synapse = cx.option("services.matrix-synapse.enable").is_true();
    if !cx.is_whole() || synapse.is_false() {
        return;
    }
    let site = Site { homeserver: Homeserver::of(cx), vhosts: vhosts(cx), synapse: synapse & !has_front(cx) };
    for (service, set, address, domain) in BRIDGES {
        let bridge = cx.option(service);
        if bridge.at("enable").is_true().is_false() {
            continue;
        }
        let default = default_of(&bridge, set, address);
        site.judge(cx, &bridge.at("enable"), (&bridge.at(set).at(address), default), &bridge.at(set).at(domain));
    }
    for instance in cx.option("services.mautrix-meta.instances").children() {
        let set = instance.at("settings.homeserver");
        site.judge(cx, &instance.at("enable"), (&set.at("address"), None), &set.at("domain"));
    }
}

/// What NixOS says of the address unless it is told otherwise.
fn default_of(bridge: &OptionView<'_>, set: &str, address: &str) -> Option<Str> {
    if !bridge.at(set).at(address).is_defined().is_false() {
        return None;
    }
    let path: Vec<&str> = set.split('.').skip(1).chain([address]).collect();
    field(bridge.at("settings").value(), &path).text().cloned()
}

/// What a bridge of this machine can talk to.
struct Site<'a> {
    homeserver: Rc<Homeserver<'a>>,
    vhosts: Rc<Vhosts<'a>>,
    /// Whether Synapse runs here, and nothing that listens on other ports for it.
    synapse: Truth,
}

impl<'a> Site<'a> {
    fn judge(
        &self,
        cx: &mut Cx<'a>,
        enable: &OptionView<'a>,
        (address, default): (&OptionView<'a>, Option<Str>),
        domain: &OptionView<'a>,
    ) {
        let Some(written) = address.text().cloned().or(default) else { return };
        let written = &written;
        let url = Url::parse(written);
        let found = self.homeserver.listens_at(written);
        let on = self.synapse.clone() & enable.is_true();
        let (address_written, domain_written) = (cx.is_users(address.place()), cx.is_users(domain.place()));
        let nobody = url.is_local() & !found.clone() & !self.has_web_server(&url);
        cx.decide(on.clone() & nobody, |finding| {
            let address_shown = quoted(written, "an address");
            let finding = finding
                .message(format!("the bridge looks for the homeserver at {address_shown}, where nothing listens"));
            let finding = at(finding, (address, address_written), enable, "Synapse does not listen here");
            match self.homeserver.listeners().iter().find(|listener| listener.serves("client").is_true()) {
                Some(listener) => finding.related(&listener.view, "users and bridges are answered here"),
                None => finding,
            }
        });
        let name = setting(cx, "server_name");
        let public = setting(cx, "public_baseurl");
        let is_ours = found | public.is_string_where(|public| Url::parse(public).same_as(&url));
        let differs = match (domain.text(), name.text()) {
            (Some(domain), Some(name)) if domain.known() != Some("") => !domain.equals(name),
            _ => Truth::False,
        };
        cx.decide(on & is_ours & differs, |finding| {
            let finding = at(finding, (domain, domain_written), enable, "the bridge makes users of this server");
            finding
                .message("the bridge takes the homeserver for another one, which turns its users away")
                .help("give the bridge `config.services.matrix-synapse.settings.server_name`")
                .related(&name, "this is what the homeserver is called")
        });
    }

    /// Whether nginx or Caddy listens on the port of an address.
    fn has_web_server(&self, url: &Url) -> Truth {
        let Some(port) = url.effective_port() else { return Truth::False };
        let Some(port) = port.known().and_then(|port| port.parse::<i64>().ok()) else {
            return port.holes().next().cloned().map_or(Truth::False, Truth::Unknown);
        };
        let listens = |vhost: &Vhost<'_>| match &vhost.ports {
            Some(ports) => ports.contains(&port),
            None => [80, 443].contains(&port),
        };
        self.vhosts.iter().any(listens).into()
    }
}

/// Points at a setting if somebody wrote it, else at the bridge.
fn at<'f>(
    finding: FindingBuilder<'f>,
    setting: (&OptionView<'_>, bool),
    enable: &OptionView<'_>,
    label: &str,
) -> FindingBuilder<'f> {
    match setting {
        (setting, true) => finding.primary(setting, label),
        (_, false) => finding.primary(enable, "this bridge keeps to the default"),
    }
}
