//! A Python shell inside Synapse for other machines.

use crate::lint::prelude::*;
use crate::rules::matrix::homeserver::Homeserver;
use crate::rules::network::Reach;
use crate::rules::written::replace_list;

pub(crate) fn check(cx: &mut Cx<'_>) {
    let guest = cx.is_guest();
    for listener in Homeserver::of(cx).listeners() {
        let (reached, address) = listener.is_bound(|reach| match reach {
            Reach::Everyone | Reach::Private => true,
            Reach::AllAddresses => !guest,
            Reach::Machine | Reach::Name => false,
        });
        let Some(address) = address else { continue };
        let addresses = listener.view.at("bind_addresses");
        let fix = replace_list(cx, &addresses, "[ \"127.0.0.1\" \"::1\" ]", "listen for this machine only");
        cx.decide(listener.is_type("manhole") & reached, |finding| {
            finding
                .message(format!(
                    "the manhole on {} gives other machines a Python shell inside Synapse, with a password that is \
                     printed in the documentation unless `manhole_settings` changes it",
                    listener.title()
                ))
                .primary(&address, "other machines reach this address")
                .fix(fix)
        });
    }
}
