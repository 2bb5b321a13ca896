//! The page beside this file says what is wrong and why.

use crate::lint::prelude::*;
use crate::rules::matrix::synapse_settings::is_switched_off;
use crate::rules::written::{add_to, values};

pub(crate) fn check(cx: &mut Cx<'_>) {
    if is_switched_off(cx) || !cx.is_whole() {
        return;
    }
    let Some(worker) = cx.option("services.matrix-synapse.workers").children().into_iter().next() else { return };
    let redis = cx.option("services.matrix-synapse.settings.redis.enabled");
    let locally = cx.option("services.matrix-synapse.configureRedisLocally");
    let off = redis.is_false() & !locally.is_true();
    let written = values(&redis).into_iter().next();
    let synapse = cx.option("services.matrix-synapse");
    let title = "let NixOS run a Redis for Synapse";
    let fix = add_to(cx, &synapse, "configureRedisLocally = true;", title, Safety::Safe);
    let fix = fix.filter(|_| written.is_none() && locally.is_defined().is_false());
    cx.decide(cx.option("services.matrix-synapse.enable").is_true() & off, |finding| {
        let finding = finding.primary(&worker, "this worker needs Redis").fix(fix);
        match written {
            Some(redis) => finding.related(&redis, "switched off here"),
            None => finding,
        }
    });
}
