//! A server name that does not tell other servers where its homeserver is.

use crate::lint::prelude::*;
use crate::rules::matrix::federation_port;
use crate::rules::matrix::homeserver::Homeserver;
use crate::rules::matrix::own_names::server_names;
use crate::rules::matrix::unanswered::unanswered;
use crate::rules::matrix::well_known::{SERVER, answers};
use crate::rules::web::url::Url;
use crate::rules::web::vhost::vhosts;
use crate::rules::written::{items, quoted};

pub(crate) fn check(cx: &mut Cx<'_>) {
    if !cx.is_whole() || server_names(cx).is_empty() {
        return;
    }
    let homeserver = Homeserver::of(cx);
    let vhosts = vhosts(cx);
    // What stands on another virtual host is the business of `well-known-on-wrong-vhost`.
    if !answers(&vhosts, SERVER).is_empty() {
        return;
    }
    for silent in unanswered(cx, &homeserver, &vhosts, SERVER) {
        let Some(name) = silent.server_name.text().cloned() else { continue };
        let federates = federates(cx, &homeserver, &name) & !federation_port::is_in_use(cx, &homeserver, &vhosts);
        cx.decide(silent.truth & federates, |finding| {
            finding
                .message(format!(
                    "other servers do not learn where the accounts of {} live: nothing answers `{SERVER}` there, \
                     and nothing listens on port 8448",
                    quoted(&name, "the server name"),
                ))
                .primary(&silent.vhost.view, "this host has no answer for it")
                .related(&silent.server_name, "other servers ask the host of this name")
        });
    }
}

/// Whether other servers are meant to reach this one, and would ask for the path.
pub(super) fn federates(cx: &Cx<'_>, homeserver: &Homeserver<'_>, name: &Str) -> Truth {
    let enabled = cx.option("services.matrix-synapse.enable").is_true();
    let allowed = cx.option("services.matrix-synapse.settings.federation_domain_whitelist");
    let (domains, more) = items(&allowed);
    let closed =
        Truth::from(allowed.is_defined().is_true() && domains.is_empty() && more.is_none()) & !allowed.is_null();
    enabled & homeserver.offers("federation") & !closed & Url::parse(name).port.is_none().into()
}
