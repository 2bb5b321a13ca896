//! The page beside this file says what is wrong and why.

use crate::lint::prelude::*;
use crate::rules::matrix::extra_files::extra_files;
use crate::rules::matrix::synapse_settings::{is_switched_off, setting};
use crate::rules::written::{add_to, users_values, values};

pub(crate) fn check(cx: &mut Cx<'_>) {
    if is_switched_off(cx) || !cx.is_whole() {
        return;
    }
    let enable = cx.option("services.matrix-synapse.enable");
    let servers = setting(cx, "trusted_key_servers");
    for server in servers.items() {
        let blindly = server.at("accept_keys_insecurely");
        cx.decide(enable.is_true() & blindly.is_true(), |finding| {
            finding
                .message("Synapse takes the keys of other servers from whoever answers, if certificates are not verified either")
                .help("take the line out")
                .severity(Severity::Warning)
                .primary(&blindly, "keys are not checked")
        });
    }
    let quiet = setting(cx, "suppress_key_server_warning");
    let is_quiet = Truth::any(values(&quiet).iter().map(OptionView::is_true));
    if extra_files(cx).is_some() {
        return;
    }
    let matrix_org = Truth::any(servers.items().iter().map(|server| server.at("server_name").is_text("matrix.org")));
    let written = users_values(cx, &servers).into_iter().next();
    let settings = cx.option("services.matrix-synapse.settings");
    let fix = add_to(
        cx,
        &settings,
        "suppress_key_server_warning = true;",
        "keep matrix.org, without the warning",
        Safety::Suggestion,
    );
    let fix = fix.filter(|_| quiet.is_defined().is_false());
    cx.decide(enable.is_true() & matrix_org & !is_quiet, |finding| {
        let finding = match &written {
            Some(servers) => finding.primary(servers, "matrix.org is one of the key servers"),
            None => finding.primary(&enable, "matrix.org is the key server unless `trusted_key_servers` names others"),
        };
        finding.fix(fix)
    });
}
