//! The page beside this file says what is wrong and why.

use crate::lint::prelude::*;
use crate::rules::network::{Firewall, Reach, reach};
use crate::rules::written::values;

const MAS: &str = "services.matrix-authentication-service";

pub(crate) fn check(cx: &mut Cx<'_>) {
    let enable = cx.option(&format!("{MAS}.enable"));
    // In a guest the host decides who comes in.
    if cx.is_guest() || enable.is_false().is_true() {
        return;
    }
    let firewall = Firewall::of(cx);
    for listener in cx.option(&format!("{MAS}.settings.http.listeners")).items() {
        if !values(&listener.at("tls")).is_empty() {
            continue;
        }
        for bind in listener.at("binds").items() {
            let (host, port) = (bind.at("host"), bind.at("port"));
            let (open, opening) = firewall.lets_all_in(&port);
            let outside = host.is_string_where(|host| match host.known() {
                Some(host) => matches!(reach(host), Reach::Everyone | Reach::AllAddresses).into(),
                None => host.holes().next().cloned().map_or(Truth::False, Truth::Unknown),
            });
            let written = cx.is_users(host.place());
            cx.decide(enable.is_true() & outside & open, |finding| {
                let at = port.int().map_or("a port".into(), |port| format!("port {port}"));
                let finding = finding.message(format!(
                    "other machines reach Matrix Authentication Service on {at}, past the web server and unencrypted: \
                     passwords can be read on the way"
                ));
                let finding = match written {
                    true => finding.primary(&host, "other machines reach this address"),
                    false => finding.primary(&enable, "it listens on all addresses unless it is told otherwise"),
                };
                match &opening {
                    Some(opening) => finding.related(opening, "the firewall lets everybody reach the port"),
                    None => finding,
                }
            });
        }
    }
}
