//! Open registration without any hurdle.

use super::open::registrations;
use crate::lint::prelude::*;

pub(crate) fn check(cx: &mut Cx<'_>) {
    for registration in registrations(cx) {
        let Some(unverified) = registration.unverified else { continue };
        let fires = registration.is_open & registration.is_unverified & !registration.is_verified;
        cx.decide(fires, |finding| {
            finding
                .message("anybody, and any bot, can register accounts on this homeserver")
                .primary(&unverified, "nothing is asked of those who register")
                .related(&registration.enabled, "registration is open")
        });
    }
}
