//! The page beside this file says what is wrong and why.

use super::synapse_database::SynapseDatabase;
use crate::lint::prelude::*;
use crate::rules::written::{users_values, values};

const OLD: &[&str] = &["postgresql_9_6", "postgresql_10", "postgresql_11", "postgresql_12", "postgresql_13"];

pub(crate) fn check(cx: &mut Cx<'_>) {
    // A module on its own that does not speak of Synapse may be for a machine without it.
    if values(&cx.option("services.matrix-synapse.enable")).is_empty() {
        return;
    }
    let Some(database) = SynapseDatabase::of(cx) else { return };
    for package in users_values(cx, &cx.option("services.postgresql.package")) {
        let old = Truth::any(OLD.iter().map(|old| package.is_package(old)));
        let used = database.is_used.clone() & database.is_postgres.clone() & database.is_local.clone();
        cx.decide(used & old, |finding| finding.primary(&package, "no longer supported"));
    }
}
