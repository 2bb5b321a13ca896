//! The page beside this file says what is wrong and why.

use crate::lint::prelude::*;
use crate::rules::matrix::extra_files::extra_files;
use crate::rules::matrix::synapse_settings::{is_switched_off, setting};
use crate::rules::web::url::Url;
use crate::rules::written::users_values;

/// The folders of sockets that NixOS makes for Redis.
const SOCKETS: &str = "/run/redis";
/// Where Synapse looks unless told otherwise.
const PORT: i64 = 6379;

pub(crate) fn check(cx: &mut Cx<'_>) {
    let servers = cx.option("services.redis.servers");
    let running: Vec<_> =
        servers.children().into_iter().filter(|server| !server.at("enable").is_false().is_true()).collect();
    // Without any server here it runs somewhere that nobody sees, such as in a container.
    let Some(server) = running.iter().find(|server| server.at("enable").is_true().is_true()) else { return };
    if is_switched_off(cx) || !cx.is_whole() || servers.others().is_some() {
        return;
    }
    let redis = setting(cx, "redis");
    let on = cx.option("services.matrix-synapse.enable").is_true() & redis.at("enabled").is_true();
    let path = redis.at("path");
    if let Some(path_written) = users_values(cx, &path).into_iter().find(|value| !value.is_null().is_true()) {
        let there = running.iter().map(|server| has(server, "unixSocket", "unixsocket", &path_written));
        let is_nixos = path_written.is_string_where(|text| text.starts_with(SOCKETS));
        return cx.decide(on & is_nixos & !Truth::any(there), |finding| {
            finding
                .primary(&path_written, "no server of `services.redis.servers` has this socket")
                .related(&server.at("enable"), "the socket of this one is another")
        });
    }
    if !path.is_defined().is_false() {
        return;
    }
    let (host, port) = (redis.at("host"), redis.at("port"));
    let written = [&host, &port].into_iter().find(|view| view.is_defined().is_true());
    let here = match host.text() {
        Some(host) => Url::parse(host).is_local(),
        None => Truth::from(host.is_defined().is_false()),
    };
    let wanted = match (port.int(), port.is_defined().is_false()) {
        (Some(port), _) => port,
        (None, true) => PORT,
        (None, false) => return,
    };
    // A file may hold the rest of what is not written here.
    if written.is_none() && extra_files(cx).is_some() {
        return;
    }
    let there =
        running.iter().map(|server| server.at("port").is_int(wanted) | server.at("settings").at("port").is_int(wanted));
    let place = written.cloned().unwrap_or_else(|| redis.at("enabled"));
    let elsewhere = !server.at("port").is_int(0).is_true();
    cx.decide(on & here & !Truth::any(there), |finding| {
        let finding = finding
            .primary(&place, format!("Synapse looks for Redis on port {wanted}"))
            .related(&server.at("enable"), "this one does not listen there");
        // Something else may speak for Redis on that port.
        if elsewhere { finding.possible() } else { finding }
    });
}

/// Whether an option of a server, or the line that it becomes, is the same text.
fn has(server: &OptionView<'_>, option: &str, line: &str, wanted: &OptionView<'_>) -> Truth {
    let Some(wanted) = wanted.text() else { return wanted.unknown().map_or(Truth::False, Truth::Unknown) };
    let same = |view: OptionView<'_>| view.is_string_where(|have| have.equals(wanted));
    same(server.at(option)) | same(server.at("settings").at(line))
}
