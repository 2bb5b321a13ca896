//! Files that Synapse's unit does not show to it.

use crate::lint::prelude::*;
use crate::rules::matrix::synapse_settings::is_switched_off;
use crate::rules::written::{is_users, values};

const UNIT: &str = "systemd.services.matrix-synapse.serviceConfig";
/// Folders that a setting of the unit hides.
const HIDDEN: [(&str, &[&str]); 2] =
    [("ProtectHome", &["/home/", "/root/", "/run/user/"]), ("PrivateTmp", &["/tmp/", "/var/tmp/"])];
/// Settings of the unit with which it sees other files than the machine has in those places.
const OPENINGS: &[&str] = &["BindPaths", "BindReadOnlyPaths", "RootDirectory", "TemporaryFileSystem"];

pub(crate) fn check(cx: &mut Cx<'_>) {
    if is_switched_off(cx) {
        return;
    }
    let unit = cx.option(UNIT);
    // What another module says of the unit is not known of a module on its own.
    let is_whole = cx.is_whole();
    let is_said = |cx: &Cx<'_>, key: &str| match is_users(cx, &unit.at(key)) {
        Truth::Unknown(_) if !is_whole => Truth::False,
        said => said,
    };
    let opened = Truth::any(OPENINGS.iter().map(|key| is_said(cx, key)));
    for option in cx.listed() {
        let path = option.path().to_string();
        if !path.starts_with("services.") || option.name().known() == Some("enable") {
            continue;
        }
        for view in values(&option) {
            for (key, folders) in HIDDEN {
                let hidden =
                    view.is_string_where(|path| Truth::any(folders.iter().map(|folder| path.starts_with(folder))));
                let shown = opened.clone() | is_said(cx, key);
                let name = view.text().map(ToString::to_string).unwrap_or_default();
                cx.decide(hidden & !shown, |finding| {
                    let finding = finding
                        .message(format!(
                            "Synapse cannot see `{name}`: NixOS runs it with home folders hidden and a `/tmp` of its own"
                        ))
                        .primary(&view, format!("`{key}` of the unit hides this"));
                    if is_whole { finding } else { finding.possible() }
                });
            }
        }
    }
}
