//! The page beside this file says what is wrong and why.

use super::synapse_database::SynapseDatabase;
use crate::lint::prelude::*;
use crate::rules::written::{rename, values};

const ARGS: [&str; 5] = ["services", "matrix-synapse", "settings", "database", "args"];

pub(crate) fn check(cx: &mut Cx<'_>) {
    let Some(database) = SynapseDatabase::of(cx) else { return };
    for name in values(&database.args.at("dbname")) {
        let path = |last| [&ARGS[..], &[last]].concat();
        let fix = rename(cx, name.site(), (&path("dbname"), &path("database")), ARGS.len(), Safety::Safe);
        cx.decide(database.is_postgres.clone() & !name.is_null(), |finding| finding.primary(&name, "").fix(fix));
    }
}
