//! The page beside this file says what is wrong and why.

use crate::lint::prelude::*;
use crate::rules::matrix::extra_files::extra_files;
use crate::rules::matrix::homeserver::Homeserver;
use crate::rules::matrix::synapse_settings::{is_switched_off, is_unwritten};
use crate::rules::network::Reach;
use crate::rules::written::values;

const SECRETS: &[&str] = &["worker_replication_secret", "worker_replication_secret_path"];

pub(crate) fn check(cx: &mut Cx<'_>) {
    let workers = cx.option("services.matrix-synapse.workers").children();
    let of_workers = workers.iter().any(|worker| SECRETS.iter().any(|key| !values(&worker.at(key)).is_empty()));
    let known_missing = SECRETS.iter().all(|key| is_unwritten(cx, key)) && !of_workers;
    if is_switched_off(cx) || !known_missing || extra_files(cx).is_some() {
        return;
    }
    let enable = cx.option("services.matrix-synapse.enable").is_true();
    for listener in Homeserver::of(cx).listeners() {
        let fires = enable.clone() & listener.serves("replication") & listener.is_on_port();
        let (outside, address) = listener.is_bound(|reach| reach != Reach::Machine);
        let is_found = fires.is_true();
        cx.decide(fires, |finding| match &address {
            Some(address) if outside.is_true() => finding.primary(address, "replication listens here"),
            _ => finding.primary(&listener.port, "every program of this machine can connect").severity(Severity::Info),
        });
        // One is enough: the remedy is the same.
        if is_found {
            return;
        }
    }
}
