//! Programs that may take requests before nginx or Caddy do.

use super::super::written::values;
use crate::lint::prelude::*;

/// The services that stand between the internet and a web server of the same machine.
const FRONTS: &[&str] = &["services.cloudflared", "services.haproxy", "services.httpd", "services.traefik"];

/// Whether one of them runs: then what nginx and Caddy do not answer may be answered all the same.
pub(crate) fn has_front(cx: &Cx<'_>) -> Truth {
    Truth::any(FRONTS.iter().map(|front| cx.option(&format!("{front}.enable")).is_true()))
}

/// Programs that may bring requests from outside past the firewall, or speak TLS for others.
const TUNNELS: &[&str] = &[
    "services.autossh",
    "services.envoy",
    "services.frp",
    "services.hitch",
    "services.nebula",
    "services.netbird",
    "services.newt",
    "services.pangolin",
    "services.rathole",
    "services.sslh",
    "services.stunnel",
    "services.tailscale",
    "services.tor",
    "services.zerotierone",
];

/// Whether somebody wrote something about one of them.
pub(crate) fn has_tunnel(cx: &Cx<'_>) -> bool {
    TUNNELS.iter().any(|tunnel| {
        let service = cx.option(tunnel);
        let is_off = service.at("enable").is_false().is_true();
        !is_off && (!values(&service).is_empty() || !service.children().is_empty())
    })
}
