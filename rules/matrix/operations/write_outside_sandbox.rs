//! The page beside this file says what is wrong and why.

use crate::lint::prelude::*;
use crate::rules::matrix::synapse_settings::{is_switched_off, setting};
use crate::rules::written::{is_users, values};

/// The modules that keep media in a folder.
const FOLDERS: &[&str] = &[
    "file_system",
    "synapse.media.storage_provider.FileStorageProviderBackend",
    "synapse.rest.media.v1.storage_provider",
];
/// Where every service of this kind may write.
const EVERYWHERE: &[&str] = &["/dev/", "/run/matrix-synapse/", "/tmp/", "/var/tmp/"];
/// Settings of the unit that let it write elsewhere.
const OPENINGS: &[&str] = &[
    "BindPaths",
    "CacheDirectory",
    "LogsDirectory",
    "ProtectSystem",
    "ReadWritePaths",
    "RootDirectory",
    "StateDirectory",
    "TemporaryFileSystem",
];

pub(crate) fn check(cx: &mut Cx<'_>) {
    if is_switched_off(cx) {
        return;
    }
    let unit = cx.option("systemd.services.matrix-synapse.serviceConfig");
    let opened = Truth::any(OPENINGS.iter().map(|key| is_users(cx, &unit.at(key))));
    let folders = [cx.option("services.matrix-synapse.dataDir"), setting(cx, "media_store_path")];
    let sockets: Vec<_> = setting(cx, "listeners").items().iter().map(|listener| listener.at("path")).collect();
    for (path, what, when) in written_paths(cx) {
        let known = path.text().map(Str::known_prefix).unwrap_or_default().to_owned();
        if !known.starts_with('/') || path.text().is_some_and(|text| text.known().is_none()) {
            continue;
        }
        let everywhere = EVERYWHERE.iter().any(|folder| known.starts_with(folder));
        let in_folder = folders.iter().map(|folder| folder.is_string_where(|folder| is_in(&known, folder)));
        let in_socket = sockets.iter().map(|socket| {
            socket.is_string_where(|socket| match socket.known().and_then(|socket| socket.rsplit_once('/')) {
                Some((folder, _)) => is_in(&known, &Str::new(folder)),
                None => Truth::False,
            })
        });
        let allowed = Truth::from(everywhere) | Truth::any(in_folder.chain(in_socket));
        cx.decide(when & !allowed & !opened.clone(), |finding| {
            finding
                .message(format!(
                    "Synapse cannot write {what} to `{known}`: its service sees all but its own folders read-only"
                ))
                .primary(&path, "outside of `/var/lib/matrix-synapse`")
        });
    }
}

/// The paths that Synapse writes to, what it writes, and whether it does.
fn written_paths<'a>(cx: &Cx<'a>) -> Vec<(OptionView<'a>, &'static str, Truth)> {
    let mut found = vec![];
    let database = setting(cx, "database");
    let sqlite = database.at("name").is_text("sqlite3");
    found.extend(values(&database.at("args.database")).into_iter().map(|path| (path, "its database", sqlite.clone())));
    let backup = setting(cx, "backup_media_store_path");
    found.extend(values(&backup).into_iter().map(|path| (path, "the copy of the media", Truth::True)));
    for provider in setting(cx, "media_storage_providers").items() {
        let keeps = Truth::any(FOLDERS.iter().map(|module| provider.at("module").is_text(module)));
        found.push((provider.at("config.directory"), "media", keeps));
    }
    for handler in cx.option("services.matrix-synapse.log").at("handlers").children() {
        found.extend(values(&handler.at("filename")).into_iter().map(|path| (path, "its log", Truth::True)));
    }
    found
}

/// Whether a path is a folder or something in it.
fn is_in(path: &str, folder: &Str) -> Truth {
    match folder.known().map(|folder| folder.trim_end_matches('/')) {
        Some(folder) => path.strip_prefix(folder).is_some_and(|rest| rest.is_empty() || rest.starts_with('/')).into(),
        None => folder.holes().next().cloned().map_or(Truth::False, Truth::Unknown),
    }
}
