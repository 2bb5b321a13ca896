//! Options of the NixOS module among the settings of Synapse.

use crate::lint::prelude::*;
use crate::rules::matrix::synapse_settings::{text_of, written_keys};
use crate::rules::written::rename;

pub(crate) fn check(cx: &mut Cx<'_>) {
    let Some(misplaced) = cx.data().as_attrs().and_then(|data| data.get("misplaced")?.as_attrs()) else { return };
    for (key, definition) in written_keys(cx) {
        let Some(place) = text_of(misplaced, &key) else { continue };
        let old = ["services", "matrix-synapse", "settings", key.as_str()];
        let new = ["services", "matrix-synapse", key.as_str()];
        let fix = rename(cx, definition.site(), (&old, &new), 2, Safety::Safe);
        let fix = fix.filter(|_| place == format!("services.matrix-synapse.{key}") && key != "settings");
        cx.decide(definition.is_defined(), |finding| {
            finding
                .message(format!("`{key}` is an option of NixOS and no setting of Synapse: here it has no effect"))
                .about(&definition)
                .primary_at(definition.site(), "Synapse does not read this")
                .help(format!("write it as `{place}`"))
                .fix(fix)
        });
    }
}
