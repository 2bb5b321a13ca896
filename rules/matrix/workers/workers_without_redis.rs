//! The page beside this file says what is wrong and why.

use crate::lint::prelude::*;
use crate::rules::matrix::synapse_settings::is_switched_off;
use crate::rules::written::{add_to, items, values};

pub(crate) fn check(cx: &mut Cx<'_>) {
    if is_switched_off(cx) || !cx.is_whole() {
        return;
    }
    let Some(worker) = cx.option("services.matrix-synapse.workers").children().into_iter().next() else { return };
    judge_replication(cx, &worker);
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

/// Listeners that somebody wrote take the place of the one for replication, which NixOS adds for workers.
fn judge_replication(cx: &mut Cx<'_>, worker: &OptionView<'_>) {
    let listeners = cx.option("services.matrix-synapse.settings.listeners");
    let enabled = cx.option("services.matrix-synapse.enable").is_true();
    let (listed, more) = items(&listeners);
    let names = listed.iter().flat_map(|listener| listener.at("resources").items());
    let names: Vec<_> = names.flat_map(|resource| resource.at("names").items()).collect();
    let replicates = Truth::any(names.iter().map(|name| name.is_text("replication")).chain(more.map(Truth::Unknown)));
    let Some(written) = values(&listeners).into_iter().next() else { return };
    cx.decide(enabled & !replicates, |finding| {
        finding
            .message("workers have nothing to ask: no listener has the resource `replication`, and NixOS refuses to build this")
            .help("add a listener on a socket with the resource `replication`, and name its `path` in `settings.instance_map.main`")
            .primary(&written, "these take the place of NixOS' own listener for replication")
            .related(worker, "this worker needs it")
    });
}
