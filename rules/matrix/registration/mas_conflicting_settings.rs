//! The page beside this file says what is wrong and why.

use crate::lint::prelude::*;
use crate::rules::matrix::own_names::together;
use crate::rules::matrix::synapse_settings::{is_switched_off, setting};
use crate::rules::written::{items, remove, replace_word, values};

/// Switches that must not be on.
const SWITCHES: &[&str] = &[
    "enable_3pid_changes",
    "enable_registration",
    "enable_registration_captcha",
    "jwt_config.enabled",
    "login_via_existing_session.enabled",
    "oidc_config.enabled",
];
/// Settings that must not be there at all.
const PRESENT: &[&str] =
    &["nonrefreshable_access_token_lifetime", "refresh_token_lifetime", "session_lifetime", "user_consent"];
/// Sections that are on unless they say otherwise.
const SECTIONS: &[&str] = &["cas_config", "saml2_config"];
/// Lists that must be empty.
const LISTS: &[&str] = &["oidc_providers", "password_providers"];

pub(crate) fn check(cx: &mut Cx<'_>) {
    if is_switched_off(cx) {
        return;
    }
    for enabled in values(&setting(cx, "matrix_authentication_service.enabled")) {
        for (key, view, conflicts) in conflicting(cx) {
            let fix = replace_word(cx, &view, "true", "false", format!("switch `{key}` off"), Safety::Suggestion);
            // Whole sections may hold secrets, which nobody wants to see in a diff.
            let is_plain = key.ends_with("_lifetime");
            let fix =
                fix.or_else(|| remove(cx, &view, format!("take `{key}` out"), Safety::Suggestion).filter(|_| is_plain));
            cx.decide(enabled.is_true() & conflicts & together(&enabled, &view), |finding| {
                finding
                    .message(format!(
                        "Synapse refuses to start: `{key}` is the business of Matrix Authentication Service, which is \
                         switched on"
                    ))
                    .primary(&view, "take this out, or say it in the settings of Matrix Authentication Service")
                    .related(&enabled, "switched on here")
                    .fix(fix)
            });
        }
    }
}

/// What is written of the settings that Synapse does not put up with, and whether it is so.
fn conflicting<'a>(cx: &Cx<'a>) -> Vec<(&'static str, OptionView<'a>, Truth)> {
    let mut found = vec![];
    for key in SWITCHES {
        found.extend(values(&setting(cx, key)).into_iter().map(|view| {
            let on = view.is_true() | view.is_text("true");
            (*key, view, on)
        }));
    }
    for view in values(&setting(cx, "password_config.enabled")) {
        let on = !(view.is_false() | view.is_null());
        found.push(("password_config.enabled", view, on));
    }
    for key in PRESENT {
        found.extend(values(&setting(cx, key)).into_iter().map(|view| {
            let there = !(view.is_null() | view.is_int(0));
            (*key, view, there)
        }));
    }
    for key in SECTIONS {
        let section = setting(cx, key);
        let off = Truth::any(values(&section.at("enabled")).iter().map(OptionView::is_false));
        found.extend(values(&section).into_iter().take(1).map(|view| {
            let on = !(view.is_null() | off.clone());
            (*key, view, on)
        }));
    }
    for key in LISTS {
        let list = setting(cx, key);
        let (listed, more) = items(&list);
        match (listed.into_iter().next(), more) {
            (Some(view), _) => found.push((*key, view, Truth::True)),
            (None, Some(more)) => found.push((*key, list, Truth::Unknown(more))),
            (None, None) => {}
        }
    }
    found
}
