//! Other web clients and the homeserver under one host name.

use super::element_shares_homeserver_origin::check_packages;
use crate::lint::prelude::*;

/// Web pages, by package, that keep somebody's login to a homeserver in the browser.
const PACKAGES: &[&str] = &[
    "cinny-unwrapped",
    "cinny",
    "element-call",
    "fluffychat-web",
    "hydrogen-web-unwrapped",
    "hydrogen-web",
    "ketesa",
    "schildichat-web",
    "synapse-admin-etkecc",
    "synapse-admin",
];

pub(crate) fn check(cx: &mut Cx<'_>) {
    check_packages(cx, PACKAGES, |package, host| {
        let message = format!(
            "`{package}` is served on {host}, where the homeserver answers too: a script in uploaded media could take \
             over the sessions of those who use it"
        );
        (message, "the web page is served here".into())
    });
}
