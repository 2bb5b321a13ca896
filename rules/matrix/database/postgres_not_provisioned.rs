//! The page beside this file says what is wrong and why.

use super::synapse_database::SynapseDatabase;
use crate::lint::prelude::*;
use crate::rules::matrix::extra_files::extra_files;
use crate::rules::written::values;

const BY_SOCKET: &str =
    "Synapse keeps its data in a PostgreSQL on this machine, which is not switched on: Synapse does not start";

pub(crate) fn check(cx: &mut Cx<'_>) {
    // Another file, another module or another container may have the database.
    let elsewhere = ["containers", "virtualisation.oci-containers.containers"];
    let elsewhere = |cx: &Cx<'_>| elsewhere.iter().any(|containers| !cx.option(containers).children().is_empty());
    if !cx.is_whole()
        || extra_files(cx).is_some()
        || elsewhere(cx)
        || !cx.option("boot.isContainer").is_true().is_false()
    {
        return;
    }
    let Some(database) = SynapseDatabase::of(cx) else { return };
    let enable = cx.option("services.matrix-synapse.enable");
    let postgresql = cx.option("services.postgresql.enable");
    // NixOS looks at names of hosts only, not at the folder of a socket.
    let host = cx.option("services.matrix-synapse.settings.database.args.host");
    let by_socket = host.is_string_where(|host| host.starts_with("/"));
    // A socket in another folder is somebody else's.
    let is_shared = values(&database.args.at("host"))
        .into_iter()
        .map(|host| host.is_string_where(|host| host.starts_with("/") & !host.equals(&Str::new("/run/postgresql"))));
    let is_shared = Truth::any(is_shared);
    let fires = !is_shared & database.is_used & database.is_postgres & database.is_local & postgresql.is_false();
    cx.decide(fires, |finding| {
        let finding = finding.primary(&enable, "Synapse is switched on here");
        let finding = if by_socket.is_false() { finding } else { finding.message(BY_SOCKET) };
        if postgresql.is_defined().is_true() { finding.related(&postgresql, "PostgreSQL is not") } else { finding }
    });
}
