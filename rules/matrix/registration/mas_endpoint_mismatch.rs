//! The page beside this file says what is wrong and why.

use crate::lint::prelude::*;
use crate::rules::matrix::own_names::{text_of, together};
use crate::rules::matrix::synapse_settings::{is_switched_off, setting};
use crate::rules::web::url::Url;
use crate::rules::written::{items, values};

const MAS: &str = "services.matrix-authentication-service";

pub(crate) fn check(cx: &mut Cx<'_>) {
    let enable = cx.option(&format!("{MAS}.enable"));
    if is_switched_off(cx) || !cx.is_whole() || enable.is_false().is_true() {
        return;
    }
    judge_server_name(cx, &enable);
    judge_public_base(cx, &enable);
    judge_endpoint(cx, &enable);
}

fn of_mas<'a>(cx: &Cx<'a>, key: &str) -> OptionView<'a> {
    cx.option(&format!("{MAS}.settings")).at(key)
}

/// Whether a setting of the service is known to be written nowhere.
fn is_default(cx: &Cx<'_>, key: &str) -> bool {
    let (files, more) = items(&cx.option(&format!("{MAS}.extraConfigFiles")));
    files.is_empty() && more.is_none() && of_mas(cx, key).is_defined().is_false()
}

/// Whether no file that nobody sees may say where the service listens.
fn is_settled(cx: &Cx<'_>) -> bool {
    is_default(cx, "http.listeners") || of_mas(cx, "http.listeners").is_defined().is_true()
}

fn judge_server_name(cx: &mut Cx<'_>, enable: &OptionView<'_>) {
    if is_default(cx, "matrix.homeserver") {
        cx.decide(enable.is_true(), |finding| {
            finding
                .message("Matrix Authentication Service does not know which homeserver it is for: nobody can log in")
                .primary(enable, "`settings.matrix.homeserver` is missing: it is Synapse's `server_name`")
        });
        return;
    }
    for name in values(&of_mas(cx, "matrix.homeserver")) {
        for own in values(&setting(cx, "server_name")) {
            let Some(expected) = text_of(&own) else { continue };
            let differs = !name.is_string_where(|have| have.equals(&expected));
            cx.decide(enable.is_true() & differs & together(&name, &own), |finding| {
                finding
                    .message("Matrix Authentication Service makes accounts for another homeserver: nobody can log in")
                    .primary(&name, "this has to be Synapse's `server_name`")
                    .related(&own, "Synapse's `server_name`")
            });
        }
    }
}

fn judge_public_base(cx: &mut Cx<'_>, enable: &OptionView<'_>) {
    let missing = Truth::from(is_default(cx, "http.public_base"));
    cx.decide(enable.is_true() & missing, |finding| {
        finding
            .message("Matrix Authentication Service sends browsers to `http://[::]:8080/`, which none of them reaches")
            .primary(enable, "`settings.http.public_base` is missing: the address that people see")
    });
}

/// The port of an address of this machine that nothing of the service listens on.
fn judge_endpoint(cx: &mut Cx<'_>, enable: &OptionView<'_>) {
    let mut ports = vec![];
    for listener in of_mas(cx, "http.listeners").items() {
        for bind in listener.at("binds").items() {
            // Addresses and sockets are other ways to say it.
            let Some(port) = bind.at("port").int() else { return };
            ports.push(port);
        }
    }
    let hidden = of_mas(cx, "http.listeners").has_unknown_items().is_some();
    if ports.is_empty() || hidden || !is_settled(cx) {
        return;
    }
    let on = Truth::any(values(&setting(cx, "matrix_authentication_service.enabled")).iter().map(OptionView::is_true));
    for endpoint in values(&setting(cx, "matrix_authentication_service.endpoint")) {
        let Some(text) = endpoint.text() else { continue };
        let url = Url::parse(text);
        let Some(port) = url.effective_port() else { continue };
        let listens = Truth::any(ports.iter().map(|have| port.equals(&Str::new(have.to_string()))));
        cx.decide(enable.is_true() & on.clone() & url.is_local() & !listens, |finding| {
            finding
                .message("Synapse asks for Matrix Authentication Service where it does not listen: nobody can log in")
                .primary(&endpoint, format!("it listens on port {}", ports[0]))
        });
    }
}
