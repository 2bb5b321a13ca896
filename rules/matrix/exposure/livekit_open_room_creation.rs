//! Calls for everybody, on this machine.

use crate::lint::prelude::*;
use crate::rules::written::{users_values, values};

const SERVICE: &str = "services.lk-jwt-service";
const KEY: &str = "LIVEKIT_FULL_ACCESS_HOMESERVERS";
const AUTO_CREATE: &str = "services.livekit.settings.room.auto_create";

pub(crate) fn check(cx: &mut Cx<'_>) {
    let enable = cx.option(&format!("{SERVICE}.enable"));
    // The unit may be given what the option does not say.
    let unit = cx.option("systemd.services.lk-jwt-service");
    let file = cx.option(&format!("{SERVICE}.environmentFile"));
    let files = values(&file).into_iter().chain(users_values(cx, &unit.at("serviceConfig").at("EnvironmentFile")));
    let elsewhere = files.into_iter().any(|file| !file.is_null().is_true());
    if !cx.is_whole() || elsewhere || !users_values(cx, &unit.at("environment").at(KEY)).is_empty() {
        return;
    }
    let option = cx.option(&format!("{SERVICE}.environment")).at(KEY);
    for homeservers in &values(&option) {
        cx.decide(enable.is_true() & homeservers.is_text("*"), |finding| {
            finding.primary(homeservers, "users of every homeserver")
        });
        judge_livekit(cx, &enable, homeservers);
    }
    let unwritten = Truth::from(option.is_defined().is_false());
    cx.decide(enable.is_true() & unwritten, |finding| {
        finding.primary(&enable, format!("`environment.{KEY}` is `*` unless it is set"))
    });
}

/// A list of homeservers is for nothing if LiveKit makes a room for whoever asks.
fn judge_livekit(cx: &mut Cx<'_>, enable: &OptionView<'_>, homeservers: &OptionView<'_>) {
    let livekit = cx.option("services.livekit.enable");
    let auto_create = cx.option(AUTO_CREATE);
    let creates = auto_create.is_true() | Truth::from(auto_create.is_defined().is_false());
    let fires = enable.is_true() & livekit.is_true() & !homeservers.is_text("*") & creates;
    cx.decide(fires, |finding| {
        let finding = finding
            .message(format!("`{KEY}` keeps nobody out: LiveKit itself makes a room for whoever joins one"))
            .help(format!("set `{AUTO_CREATE} = false`"))
            .related(&livekit, "LiveKit is switched on here")
            .primary(homeservers, "only these are meant to start calls");
        if auto_create.is_defined().is_true() { finding.related(&auto_create, "LiveKit makes rooms") } else { finding }
    });
}
