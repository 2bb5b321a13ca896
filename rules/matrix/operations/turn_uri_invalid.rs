//! The page beside this file says what is wrong and why.

use crate::lint::prelude::*;
use crate::rules::matrix::coturn::Coturn;
use crate::rules::matrix::synapse_settings::{is_switched_off, setting};
use crate::rules::written::items;

const SCHEMES: &[&str] = &["stun:", "stuns:", "turn:", "turns:"];

pub(crate) fn check(cx: &mut Cx<'_>) {
    if is_switched_off(cx) {
        return;
    }
    let has_certificate = has_certificate(cx);
    for uri in items(&setting(cx, "turn_uris")).0 {
        let Some(text) = uri.text() else { continue };
        let start = text.known_prefix().to_lowercase();
        let whole = text.known().is_some();
        let scheme = SCHEMES.iter().find(|scheme| start.starts_with(**scheme));
        let (why, fires) = match scheme {
            Some(scheme) if start[scheme.len()..].starts_with("//") => {
                ("no `//` belongs after the scheme", Truth::True)
            }
            Some(scheme) if scheme.starts_with("turns") => {
                ("coturn has no certificate, so it does not speak TLS", !has_certificate.clone())
            }
            Some(_) => continue,
            // The scheme may be in a hole.
            None if whole => ("it has to begin with `turn:` or `turns:`", Truth::True),
            None => continue,
        };
        cx.decide(fires, |finding| finding.primary(&uri, why));
    }
}

/// Whether the TURN server that clients are sent to may speak TLS: true if it is not on this machine.
fn has_certificate(cx: &Cx<'_>) -> Truth {
    let Some(coturn) = Coturn::of(cx) else { return Truth::True };
    if !cx.is_whole() {
        return Truth::True;
    }
    let off = coturn.has_flag("no-tls") & coturn.has_flag("no-dtls");
    let written = coturn.lines.iter().any(|(line, _)| line.key == "cert");
    !off & (!coturn.options.at("cert").is_null() | Truth::from(written) | coturn.may_have_more())
}
