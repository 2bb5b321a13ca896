//! The page beside this file says what is wrong and why.

use crate::lint::prelude::*;
use crate::rules::network::{Firewall, Reach, reach};
use crate::rules::written::values;

/// Keys of redis.conf that may ask who is there.
const LOGINS: &[&str] = &["aclfile", "include", "masteruser", "rename-command", "requirepass", "user"];

pub(crate) fn check(cx: &mut Cx<'_>) {
    let firewall = Firewall::of(cx);
    for server in cx.option("services.redis.servers").children() {
        let settings = server.at("settings");
        let has_login = ["requirePass", "requirePassFile", "extraParams"].iter().any(|key| is_given(&server.at(key)))
            || LOGINS.iter().any(|key| is_given(&settings.at(key)));
        if has_login {
            continue;
        }
        let mode = settings.at("protected-mode");
        let unprotected = mode.is_false() | mode.is_text("no");
        let (bind, port) = (server.at("bind"), server.at("port"));
        let (open, opening) = firewall.lets_all_in(&port);
        let reached = !port.is_int(0) & is_public(&bind) & (server.at("openFirewall").is_true() | open);
        cx.decide(server.at("enable").is_true() & unprotected & reached, |finding| {
            let finding = finding.primary(&mode, "without this Redis would turn other machines away");
            let finding = if bind.is_defined().is_true() {
                finding.related(&bind, "other machines reach this address")
            } else {
                finding
            };
            match &opening {
                Some(opening) => finding.related(opening, "the firewall lets everybody reach the port"),
                None => finding,
            }
        });
    }
}

/// Whether somebody wrote something other than `null` and the empty list.
fn is_given(view: &OptionView<'_>) -> bool {
    let is_empty = |value: &OptionView<'_>| match &value.value().shape {
        Shape::Null => true,
        Shape::List(items) => items.is_empty(),
        _ => false,
    };
    values(view).iter().any(|value| !is_empty(value))
}

/// Whether one of the addresses, of which there are all if none is given, is on a public network.
fn is_public(bind: &OptionView<'_>) -> Truth {
    bind.is_null()
        | bind.is_string_where(|text| match text.known() {
            Some(known) => {
                let mut addresses = known.split_whitespace().map(|address| address.trim_start_matches('-'));
                addresses.any(|address| matches!(reach(address), Reach::Everyone | Reach::AllAddresses)).into()
            }
            None => text.holes().next().cloned().map_or(Truth::False, Truth::Unknown),
        })
}
