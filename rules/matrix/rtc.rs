//! The programs behind calls with Element Call: where they listen, and what they answer.

use crate::lint::prelude::*;
use crate::rules::web::text;
use crate::rules::web::url::Url;

/// LiveKit, or the service that lets Matrix users in to it.
pub(crate) struct RtcService<'a> {
    /// What people call it.
    pub(crate) name: &'static str,
    /// Paths that it answers; all it answers begin like one of them.
    pub(crate) paths: &'static [&'static str],
    /// Switches it on.
    pub(crate) enable: OptionView<'a>,
    /// The port it listens on.
    pub(crate) port: Option<Str>,
}

/// Both services, switched on or not.
pub(crate) fn services<'a>(cx: &Cx<'a>) -> [RtcService<'a>; 2] {
    [
        RtcService {
            name: "lk-jwt-service",
            paths: &["/sfu/get", "/get_token", "/healthz", "/sfu_webhook", "/delegate_delayed_leave"],
            enable: cx.option("services.lk-jwt-service.enable"),
            port: token_port(cx),
        },
        RtcService {
            name: "LiveKit",
            paths: &["/rtc", "/rtc/v1", "/rtc/validate", "/twirp/livekit.RoomService/CreateRoom"],
            enable: cx.option("services.livekit.enable"),
            port: number(&cx.option("services.livekit.settings.port")),
        },
    ]
}

impl RtcService<'_> {
    /// Whether requests for this address arrive at it.
    pub(crate) fn is_at(&self, url: &Url) -> Truth {
        match (&self.port, url.effective_port()) {
            (Some(port), Some(wanted)) if !url.is_socket() => url.is_local() & port.equals(&wanted),
            _ => Truth::False,
        }
    }
}

/// The port of the variable that holds an address, or of the one that held only the port.
fn token_port(cx: &Cx<'_>) -> Option<Str> {
    let environment = cx.option("services.lk-jwt-service.environment");
    let old = environment.at("LIVEKIT_JWT_PORT");
    if old.is_defined().is_true() {
        return number(&old);
    }
    // `host:port`, or `:port`.
    text::split(environment.at("LIVEKIT_JWT_BIND").text()?, |c| c == ':').pop()
}

/// A port that is written as a number or as text.
fn number(view: &OptionView<'_>) -> Option<Str> {
    view.int().map(|port| Str::new(port.to_string())).or_else(|| view.text().cloned())
}
