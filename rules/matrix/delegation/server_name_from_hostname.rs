//! Server names that nobody chose for the internet.

use crate::lint::prelude::*;
use crate::rules::matrix::own_names::is_unset;
use crate::rules::written::{items, values};

pub(crate) fn check(cx: &mut Cx<'_>) {
    let option = cx.option("services.matrix-synapse.settings.server_name");
    let enabled = cx.option("services.matrix-synapse.enable");
    if enabled.is_false().is_true() {
        return;
    }
    for name in values(&option) {
        let fires = name.is_string_where(has_no_dot);
        cx.decide(fires, |finding| {
            let shown = name.text().map(Str::to_string).unwrap_or_default();
            finding
                .message(format!(
                    "the server name `{shown}` has no dot: no other server can find it, and it cannot be changed later"
                ))
                .primary(&name, "accounts are called after this name")
        });
    }
    // A file that is read at run time may hold the name.
    let (files, more) = items(&cx.option("services.matrix-synapse.extraConfigFiles"));
    if is_unset(cx, "server_name") && files.is_empty() && more.is_none() {
        let default = option.is_string_where(has_no_dot);
        cx.decide(enabled.is_true() & default, |finding| {
            let shown = option.text().map(Str::to_string).unwrap_or_default();
            finding
                .message(format!(
                    "nobody sets `server_name`: accounts are called `@you:{shown}` after the machine, for good"
                ))
                .primary(&enabled, "Synapse is switched on here")
        });
    }
}

/// Whether a name is none of the internet. `localhost` is somebody's test; brackets and colons are addresses.
fn has_no_dot(name: &Str) -> Truth {
    let test = name.equals(&Str::new("localhost")) | name.equals(&Str::default());
    !(name.contains(".") | name.contains(":") | test)
}
