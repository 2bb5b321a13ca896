//! Loggers at the level at which Synapse writes its queries.

use crate::lint::prelude::*;
use crate::rules::matrix::synapse_settings::is_switched_off;
use crate::rules::written::values;

/// The logger of the queries, and those it takes its level from if it has none of its own. Facts:
/// Python's `logging`, and `synapse/storage/database.py`.
const LOGGERS: &[&str] = &["synapse.storage.SQL", "synapse.storage", "synapse"];

pub(crate) fn check(cx: &mut Cx<'_>) {
    if is_switched_off(cx) {
        return;
    }
    let is_whole = cx.is_whole();
    let log = cx.option("services.matrix-synapse.log");
    // A handler may leave out what the loggers let through.
    let handlers = log.at("handlers").children();
    let filtered = Truth::any(
        handlers
            .iter()
            .flat_map(|handler| values(&handler.at("level")))
            .map(|level| !level.is_string_where(|level| matches!(level.known(), Some("DEBUG" | "NOTSET")).into())),
    );
    let loggers = LOGGERS.iter().map(|name| log.at(&format!("loggers.{name:?}.level")));
    for (at, level) in loggers.chain([log.at("root.level")]).enumerate() {
        let written = values(&level);
        for level in &written {
            let is_debug = level.is_string_where(|level| level.known().is_some_and(is_debug).into());
            cx.decide(is_debug & !filtered.clone(), |finding| {
                let finding = finding.primary(level, "the queries are written at this level");
                // In another module the logger of the queries may have a level of its own.
                if at == 0 || is_whole { finding } else { finding.possible() }
            });
        }
        if written.iter().any(|level| level.condition().is_always() && cx.is_users(level.place())) {
            break;
        }
    }
}

fn is_debug(level: &str) -> bool {
    level.eq_ignore_ascii_case("DEBUG")
}
