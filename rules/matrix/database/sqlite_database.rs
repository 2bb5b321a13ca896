//! The page beside this file says what is wrong and why.

use crate::lint::prelude::*;
use crate::rules::written::values;

pub(crate) fn check(cx: &mut Cx<'_>) {
    let enable = cx.option("services.matrix-synapse.enable");
    if enable.is_false().is_true() {
        return;
    }
    let workers = cx.option("services.matrix-synapse.workers").children().into_iter().next();
    for engine in values(&cx.option("services.matrix-synapse.settings.database.name")) {
        cx.decide(engine.is_text("sqlite3"), |finding| {
            let finding = finding.primary(&engine, "fine for trying things out");
            match &workers {
                Some(worker) => finding
                    .severity(Severity::Error)
                    .message("SQLite cannot be used with workers: they do not start")
                    .related(worker, "this worker needs PostgreSQL"),
                None => finding,
            }
        });
    }
}
