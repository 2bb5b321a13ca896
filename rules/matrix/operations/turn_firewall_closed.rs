//! The page beside this file says what is wrong and why.

use crate::lint::prelude::*;
use crate::rules::matrix::coturn::Coturn;
use crate::rules::network::{Firewall, Protocol, Reach, reach};
use crate::rules::written::{items, values};

/// Lines of `turnserver.conf` that say the same as options, and win.
const PORTS: &[&str] = &["listening-port", "tls-listening-port", "min-port", "max-port", "listening-ip"];

pub(crate) fn check(cx: &mut Cx<'_>) {
    // In a guest the host decides who comes in; rules of one's own may say anything.
    if !cx.is_whole() || cx.is_guest() || !values(&cx.option("networking.nftables.ruleset")).is_empty() {
        return;
    }
    let firewall = Firewall::of(cx);
    judge_coturn(cx, &firewall);
    judge_livekit(cx, &firewall);
}

fn judge_coturn(cx: &mut Cx<'_>, firewall: &Firewall<'_>) {
    let Some(coturn) = Coturn::of(cx) else { return };
    let options = &coturn.options;
    let is_inside = |address: &OptionView<'_>| {
        address
            .text()
            .and_then(Str::known)
            .is_some_and(|address| matches!(reach(address), Reach::Machine | Reach::Private))
    };
    let moved = coturn.lines.iter().any(|(line, _)| PORTS.contains(&line.key.as_str()));
    if moved || items(&options.at("listening-ips")).0.iter().any(is_inside) {
        return;
    }
    let number = |key: &str| options.at(key).int();
    let (Some(port), Some(min), Some(max)) = (number("listening-port"), number("min-port"), number("max-port")) else {
        return;
    };
    let listens = !coturn.has_flag("no-udp") & firewall.keeps_out(Protocol::Udp, (port, port));
    let relays = !coturn.has_flag("no-udp-relay") & firewall.keeps_out(Protocol::Udp, (min, max));
    let parts = [(listens, format!("UDP port {port}")), (relays, format!("UDP ports {min} to {max}"))];
    let closed: Vec<&str> =
        parts.iter().filter(|(closed, _)| closed.is_true()).map(|(_, what)| what.as_str()).collect();
    let message = format!("the firewall keeps everybody out of {}, where calls come to coturn", closed.join(" and "));
    let fires = Truth::any(parts.iter().map(|(closed, _)| closed.clone()));
    cx.decide(coturn.is_on.clone() & fires & !coturn.may_have_more(), |finding| {
        finding.message(message).primary(&coturn.enable, "NixOS does not open the firewall for coturn")
    });
}

fn judge_livekit(cx: &mut Cx<'_>, firewall: &Firewall<'_>) {
    let enable = cx.option("services.livekit.enable");
    let rtc = cx.option("services.livekit.settings.rtc");
    let number = |key: &str| rtc.at(key).int();
    // One port for all, and TCP instead of UDP, are other ways.
    let other_ways = ["udp_port", "tcp_port"].iter().any(|key| !values(&rtc.at(key)).is_empty());
    let (Some(first), Some(last)) = (number("port_range_start"), number("port_range_end")) else { return };
    let closed =
        firewall.keeps_out(Protocol::Udp, (first, last)) & !cx.option("services.livekit.openFirewall").is_true();
    cx.decide(enable.is_true() & closed & Truth::from(!other_ways), |finding| {
        finding
            .message(format!(
                "the firewall keeps everybody out of UDP ports {first} to {last}, through which LiveKit passes calls on"
            ))
            .help("set `services.livekit.openFirewall = true;`")
            .primary(&enable, "NixOS opens the firewall for LiveKit only if told to")
    });
}
