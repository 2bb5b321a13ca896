//! Settings of Synapse that need another one, or do not go with one.

use super::setting_refused_by_synapse::is_used;
use crate::lint::prelude::*;
use crate::rules::matrix::extra_files::extra_files;
use crate::rules::matrix::own_names::together;
use crate::rules::matrix::synapse_settings::{is_unwritten, setting};
use crate::rules::written::{holds, items, leave_open, values};

/// A setting that Synapse takes only if one of others has a value that counts.
struct Need {
    key: &'static str,
    when: fn(&Value) -> Truth,
    needs: &'static [&'static str],
    why: &'static str,
}

const OFF_WITHOUT_SERVICE: &str =
    "Synapse refuses to start with this setting unless `matrix_authentication_service.enabled` is true";
/// `msc3861` did the same before it was refused itself.
const SERVICE: &[&str] = &["matrix_authentication_service.enabled", "experimental_features.msc3861"];

/// Facts: `synapse/config/*.py` of Synapse 1.157, wherever it raises a `ConfigError`.
const NEEDS: &[Need] = &[
    Need {
        key: "email",
        when: is_used,
        needs: &["email.notif_from"],
        why: "Synapse refuses to start with `email` but without `email.notif_from`, the sender of its e-mails",
    },
    Need {
        key: "sentry",
        when: |value| (!matches!(value.shape, Shape::Null)).into(),
        needs: &["sentry.dsn"],
        why: "Synapse refuses to start with `sentry` but without `sentry.dsn`",
    },
    Need {
        key: "matrix_authentication_service.enabled",
        when: is_used,
        needs: &["matrix_authentication_service.secret", "matrix_authentication_service.secret_path"],
        why: "Synapse refuses to start: `matrix_authentication_service` is on, but has neither `secret_path` nor `secret`",
    },
    Need {
        key: "outbound_federation_restricted_to",
        when: is_used,
        needs: &["worker_replication_secret", "worker_replication_secret_path"],
        why: "Synapse refuses to start with `outbound_federation_restricted_to` but without `worker_replication_secret_path`",
    },
    Need {
        key: "account_validity.enabled",
        when: is_used,
        needs: &["account_validity.period"],
        why: "Synapse refuses to start with `account_validity` but without `account_validity.period`",
    },
    Need {
        key: "experimental_features.msc3890_enabled",
        when: is_used,
        needs: &["experimental_features.msc3391_enabled"],
        why: "Synapse refuses to start with `msc3890_enabled` unless `msc3391_enabled` is true as well",
    },
    Need { key: "experimental_features.msc4108_enabled", when: is_used, needs: SERVICE, why: OFF_WITHOUT_SERVICE },
    Need {
        key: "experimental_features.msc4108_delegation_endpoint",
        when: is_used,
        needs: SERVICE,
        why: OFF_WITHOUT_SERVICE,
    },
    Need {
        key: "experimental_features.msc4388_mode",
        when: |value| match &value.shape {
            Shape::Str(mode) => Truth::any(["open", "authenticated"].map(|on| mode.equals(&Str::new(on)))),
            _ => Truth::False,
        },
        needs: SERVICE,
        why: OFF_WITHOUT_SERVICE,
    },
];

/// Two settings that Synapse does not take together.
struct Conflict {
    keys: [&'static str; 2],
    why: &'static str,
}

const ROOMS: &str = "Synapse refuses to start with `restrict_public_rooms_to_local_users` beside the settings that came \
                     after it, `allow_public_rooms_…`";

const CONFLICTS: &[Conflict] = &[
    Conflict {
        keys: ["room_invite_state_types", "room_prejoin_state"],
        why: "Synapse refuses to start with both `room_invite_state_types` and `room_prejoin_state`",
    },
    Conflict { keys: ["restrict_public_rooms_to_local_users", "allow_public_rooms_without_auth"], why: ROOMS },
    Conflict { keys: ["restrict_public_rooms_to_local_users", "allow_public_rooms_over_federation"], why: ROOMS },
    Conflict {
        keys: ["backup_media_store_path", "media_storage_providers"],
        why: "Synapse refuses to start with both `backup_media_store_path` and `media_storage_providers`",
    },
    Conflict {
        keys: ["experimental_features.msc4108_delegation_endpoint", "experimental_features.msc4108_enabled"],
        why: "Synapse refuses to start with both `msc4108_enabled` and `msc4108_delegation_endpoint`",
    },
];

pub(super) fn check(cx: &mut Cx<'_>) {
    for conflict in CONFLICTS {
        judge_conflict(cx, conflict);
    }
    judge_providers(cx);
    judge_encryption(cx);
    // What is missing may stand in a file that nobody sees.
    if cx.is_whole() && extra_files(cx).is_none() {
        for need in NEEDS {
            judge_need(cx, need);
        }
        judge_preset(cx);
    }
}

fn judge_need(cx: &mut Cx<'_>, need: &Need) {
    for view in values(&setting(cx, need.key)) {
        let met = Truth::any(need.needs.iter().map(|key| is_given(&setting(cx, key), view.condition())));
        let fires = view.test(need.when) & !met;
        let is_sure = fires.is_true();
        cx.decide(fires, |finding| finding.message(need.why).primary(&view, format!("this needs `{}`", need.needs[0])));
        // Of a section that several definitions make up one is enough.
        if is_sure {
            break;
        }
    }
}

/// Whether one of a setting's values counts when `given` holds.
fn is_given(view: &OptionView<'_>, given: &Condition) -> Truth {
    Truth::any(values(view).iter().map(|value| value.test(is_used) & holds(value, given)))
}

fn judge_conflict(cx: &mut Cx<'_>, conflict: &Conflict) {
    let [first, second] = conflict.keys.map(|key| values(&setting(cx, key)).into_iter().next());
    let (Some(first), Some(second)) = (first, second) else { return };
    // These are refused if they are written at all, whatever they say.
    let counts = |view: &OptionView<'_>| match conflict.keys[0] {
        "restrict_public_rooms_to_local_users" => !view.is_null(),
        _ => view.test(is_used),
    };
    cx.decide(counts(&first) & counts(&second) & together(&first, &second), |finding| {
        finding.message(conflict.why).primary(&first, "one").related(&second, "the other")
    });
}

/// Encryption of e-mails that is demanded and switched off.
fn judge_encryption(cx: &mut Cx<'_>) {
    for off in values(&setting(cx, "email.enable_tls")) {
        for key in ["email.force_tls", "email.require_transport_security"] {
            for demanded in values(&setting(cx, key)) {
                let fires = demanded.test(is_used) & off.is_false() & together(&demanded, &off);
                cx.decide(fires, |finding| {
                    finding
                        .message(format!("Synapse refuses to start: `{key}` needs `email.enable_tls` to be on"))
                        .primary(&demanded, "encryption is demanded")
                        .related(&off, "and switched off")
                });
            }
        }
    }
}

/// Providers of logins with one and the same name.
fn judge_providers(cx: &mut Cx<'_>) {
    let listed = setting(cx, "oidc_providers");
    let (providers, more) = items(&listed);
    leave_open(cx, &listed, more);
    let names: Vec<OptionView<'_>> = providers.iter().map(|provider| provider.at("idp_id")).collect();
    for (at, name) in names.iter().enumerate() {
        let Some(text) = name.text() else { continue };
        let Some(other) = names[..at].iter().find(|other| other.is_text(text.known().unwrap_or_default()).is_true())
        else {
            continue;
        };
        let fires = Truth::from(text.known().is_some()) & together(name, other);
        cx.decide(fires, |finding| {
            finding
                .message(format!("Synapse refuses to start: two `oidc_providers` have the `idp_id` `{text}`"))
                .primary(name, "the second")
                .related(other, "the first")
        });
    }
}

/// Rooms that users are invited to, with nobody to invite them.
fn judge_preset(cx: &mut Cx<'_>) {
    if !is_unwritten(cx, "auto_join_mxid_localpart") {
        return;
    }
    for preset in values(&setting(cx, "autocreate_auto_join_room_preset")) {
        let invites =
            Truth::any(["private_chat", "trusted_private_chat"].map(|preset_name| preset.is_text(preset_name)));
        let creates = !Truth::any(values(&setting(cx, "autocreate_auto_join_rooms")).iter().map(OptionView::is_false));
        cx.decide(invites & creates, |finding| {
            finding
                .message("Synapse refuses to start: into rooms of this kind somebody has to be invited, but `auto_join_mxid_localpart` names nobody who does it")
                .primary(&preset, "this needs `auto_join_mxid_localpart`")
        });
    }
}
