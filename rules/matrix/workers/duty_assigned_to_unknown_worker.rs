//! The page beside this file says what is wrong and why.

use super::names::{MAIN, named, workers};
use crate::lint::prelude::*;
use crate::rules::matrix::synapse_settings::setting;
use crate::rules::written::values;

/// Settings that name the workers that do something.
const DUTIES: &[&str] = &[
    "federation_sender_instances",
    "media_instance_running_background_jobs",
    "notify_appservices_from_worker",
    "outbound_federation_restricted_to",
    "pusher_instances",
    "run_background_tasks_on",
    "update_user_directory_from_worker",
];

pub(crate) fn check(cx: &mut Cx<'_>) {
    let Some(workers) = workers(cx) else { return };
    for duty in DUTIES {
        for name in values(&setting(cx, duty)).iter().flat_map(named) {
            let known = MAIN.iter().map(|main| name.is_text(main));
            let known = known.chain(workers.iter().map(|worker| name.is_string_where(|name| name.equals(worker))));
            cx.decide(!Truth::any(known), |finding| {
                finding
                    .message(format!("nobody does what `{duty}` is about: there is no worker of this name"))
                    .primary(&name, "not in `services.matrix-synapse.workers`")
            });
        }
    }
}
