//! Settings with which Synapse ends at its start: values that it never takes. Those it takes
//! only with, or only without, another setting are in the file about combinations.

use super::refused_combinations;
use crate::lint::prelude::*;
use crate::rules::matrix::synapse_settings::{is_switched_off, setting};
use crate::rules::written::values;

/// A setting, which of its values Synapse does not take, and why.
struct Refusal {
    key: &'static str,
    test: fn(&Value) -> Truth,
    why: &'static str,
}

const GONE: &str = "Synapse no longer supports this setting, and refuses to start with it";
const WELL_KNOWN: &str = "Synapse writes this itself, from `public_baseurl` and `default_identity_server`, and refuses \
                          to start if it stands here";

/// Facts: `synapse/config/*.py` of Synapse 1.157, wherever it raises a `ConfigError`.
const REFUSALS: &[Refusal] = &[
    Refusal {
        key: "account_threepid_delegates.email",
        test: is_there,
        why: "Synapse sends e-mails itself since 1.66, and refuses to start with this delegate",
    },
    Refusal { key: "trust_identity_server_for_password_resets", test: is_used, why: GONE },
    Refusal { key: "invite_3pid_guest", test: is_used, why: GONE },
    Refusal { key: "log_file", test: is_used, why: GONE },
    Refusal {
        key: "databases",
        test: is_used,
        why: "NixOS always sets `database`, and Synapse refuses to start if it is given `databases` as well",
    },
    Refusal {
        key: "federation_custom_ca_list",
        test: |value| matches!(&value.shape, Shape::List(items) if items.is_empty()).into(),
        why: "Synapse refuses to start with an empty list of certificate authorities",
    },
    Refusal {
        key: "web_client_location",
        test: is_no_web_address,
        why: "Synapse refuses to start if this is no `https://` or `http://` URL",
    },
    Refusal {
        key: "email.invite_client_location",
        test: is_no_web_address,
        why: "Synapse refuses to start if this is no `https://` or `http://` URL",
    },
    Refusal { key: "extra_well_known_client_content.\"m.homeserver\"", test: is_there, why: WELL_KNOWN },
    Refusal { key: "extra_well_known_client_content.\"m.identity_server\"", test: is_there, why: WELL_KNOWN },
    Refusal {
        key: "experimental_features.msc4388_mode",
        test: |value| match &value.shape {
            Shape::Str(mode) => {
                !Truth::any(["off", "open", "authenticated"].map(|known| mode.equals(&Str::new(known))))
            }
            _ => Truth::True,
        },
        why: "Synapse refuses to start if this is not `off`, `open` or `authenticated`",
    },
    Refusal {
        key: "worker_replication_port",
        test: is_there,
        why: "Synapse no longer has replication over plain TCP, and refuses to start with this port",
    },
];

/// What a worker does not take, wherever it is written.
const OF_WORKERS: &[&str] = &["worker_replication_host", "worker_replication_http_port", "worker_replication_http_tls"];

pub(crate) fn check(cx: &mut Cx<'_>) {
    if is_switched_off(cx) {
        return;
    }
    for refusal in REFUSALS {
        for view in values(&setting(cx, refusal.key)) {
            cx.decide(view.test(refusal.test), |finding| {
                finding.message(refusal.why).primary(&view, "Synapse does not take this")
            });
        }
    }
    judge_delegation(cx);
    judge_room_version(cx);
    judge_workers(cx);
    judge_listeners(cx);
    refused_combinations::check(cx);
}

/// Any value but `null`, which NixOS drops.
fn is_there(value: &Value) -> Truth {
    (!matches!(value.shape, Shape::Null)).into()
}

/// A value that counts as true in Python.
pub(super) fn is_used(value: &Value) -> Truth {
    let is_empty = match &value.shape {
        Shape::Null | Shape::Bool(false) | Shape::Int(0) => true,
        Shape::Str(text) => text.known() == Some(""),
        Shape::List(items) => items.is_empty(),
        Shape::Attrs(attrs) => attrs.is_complete() && attrs.known.is_empty(),
        _ => false,
    };
    (!is_empty).into()
}

fn is_no_web_address(value: &Value) -> Truth {
    match &value.shape {
        Shape::Str(text) => {
            is_used(value) & !Truth::any(["https://", "http://"].map(|scheme| text.starts_with(scheme)))
        }
        _ => Truth::False,
    }
}

/// The first way to delegate to Matrix Authentication Service, which newer versions refuse.
fn judge_delegation(cx: &mut Cx<'_>) {
    for view in values(&setting(cx, "experimental_features.msc3861")) {
        cx.decide(view.test(is_used), |finding| {
            finding
                .message(
                    "Synapse refuses to start with `msc3861` since 1.157: its place is `matrix_authentication_service`",
                )
                .primary(&view, "older versions of Synapse take this")
                .severity(Severity::Warning)
                .possible()
        });
    }
}

/// Room versions: the numbers of Synapse 1.157, and names of its own for what is being tried out.
fn judge_room_version(cx: &mut Cx<'_>) {
    const NEWEST: i64 = 12;
    for view in values(&setting(cx, "default_room_version")) {
        let (known, number) = match &view.value().shape {
            Shape::Int(number) => (number.to_string(), Some(*number)),
            Shape::Str(text) => match text.known() {
                Some(text) => (text.to_owned(), text.parse().ok()),
                None => continue,
            },
            _ => continue,
        };
        let (fires, is_newer) = match number {
            Some(number) => (!(1..=NEWEST).contains(&number), number > NEWEST),
            None => (!known.contains('.'), false),
        };
        cx.decide(fires.into(), |finding| {
            let finding = finding
                .message(format!("Synapse refuses to start: it knows no room version `{known}`"))
                .help("take the setting out, and Synapse uses the version it recommends")
                .primary(&view, format!("Synapse 1.157 knows 1 to {NEWEST}"));
            if is_newer { finding.possible() } else { finding }
        });
    }
}

/// Where a worker is told of the main process as it was done before `instance_map`.
fn judge_workers(cx: &mut Cx<'_>) {
    let workers = cx.option("services.matrix-synapse.workers").children();
    let has_workers = Truth::any(workers.iter().map(OptionView::is_defined));
    for key in OF_WORKERS.iter().chain(&["worker_replication_port"]) {
        let own = workers.iter().flat_map(|worker| values(&worker.at(key))).map(|view| (view, Truth::True));
        let shared = values(&setting(cx, key)).into_iter().map(|view| (view, has_workers.clone()));
        // The port is refused by the main process too, and was judged above.
        let shared: Vec<_> = if OF_WORKERS.contains(key) { shared.collect() } else { vec![] };
        for (view, counts) in own.chain(shared).collect::<Vec<_>>() {
            cx.decide(view.test(is_used) & counts, |finding| {
                finding
                    .message(format!(
                        "Synapse refuses to start a worker with `{key}`: the main process is in `instance_map.main`"
                    ))
                    .help("take the setting out: NixOS fills `instance_map.main` itself")
                    .primary(&view, "Synapse does not take this")
            });
        }
    }
}

fn judge_listeners(cx: &mut Cx<'_>) {
    for listener in setting(cx, "listeners").items() {
        let [kind, port, path] = ["type", "port", "path"].map(|name| listener.at(name));
        cx.decide(kind.is_text("replication"), |finding| {
            finding
                .message(
                    "Synapse refuses to start with a listener of the type `replication`, which is the name of a resource",
                )
                .primary(&kind, "Synapse does not take this")
        });
        cx.decide(kind.is_text("manhole") & !path.is_null() & port.is_null(), |finding| {
            finding
                .message("Synapse refuses to start: a manhole is on a port, not on a socket")
                .primary(&path, "the socket")
        });
        cx.decide(!port.is_null() & !path.is_null(), |finding| {
            finding
                .message("Synapse refuses to start: a listener is either on a port or on a socket, not on both")
                .primary(&port, "the port")
                .related(&path, "the socket")
        });
        cx.decide(port.is_null() & path.is_null(), |finding| {
            finding
                .message("Synapse refuses to start: this listener has neither a port nor a socket")
                .primary(&listener, "`port` or `path` is missing")
        });
    }
}
