//! Who may register an account, as `services.matrix-synapse.settings` says.

use crate::lint::prelude::*;
use crate::rules::written::{holds, items, values};

/// One way in which registration may be open.
pub(crate) struct Registration<'a> {
    /// `enable_registration`, as one definition has it.
    pub(crate) enabled: OptionView<'a>,
    /// `enable_registration_without_verification`, if somebody wrote it.
    pub(crate) unverified: Option<OptionView<'a>>,
    /// Whether anybody may ask for an account.
    pub(crate) is_open: Truth,
    /// Whether a token, a captcha or an address is asked for.
    pub(crate) is_verified: Truth,
    /// Whether `enable_registration_without_verification` is on.
    pub(crate) is_unverified: Truth,
}

/// What is written about open registration: one entry for each value that the flag may have.
pub(crate) fn registrations<'a>(cx: &Cx<'a>) -> Vec<Registration<'a>> {
    let option = |name: &str| cx.option(&format!("services.matrix-synapse.settings.{name}"));
    if cx.option("services.matrix-synapse.enable").is_false().is_true() {
        return vec![];
    }
    let registration = |enabled: OptionView<'a>| {
        let given = enabled.condition();
        let closed = is_on(&option("disable_registration"), given)
            | is_on(&option("matrix_authentication_service").at("enabled"), given);
        let asked =
            ["registration_requires_token", "enable_registration_captcha"].map(|name| is_on(&option(name), given));
        let unverified = option("enable_registration_without_verification");
        Registration {
            is_open: is_true(&enabled) & !closed,
            is_verified: Truth::any(asked) | has_items(&option("registrations_require_3pid"), given),
            is_unverified: is_on(&unverified, given),
            unverified: values(&unverified).into_iter().next(),
            enabled,
        }
    };
    values(&option("enable_registration")).into_iter().map(registration).collect()
}

/// Synapse takes the word for the flag.
fn is_true(flag: &OptionView<'_>) -> Truth {
    flag.is_true() | flag.is_text("true")
}

/// Whether a flag is on when `given` holds; one that nobody wrote is off.
fn is_on(flag: &OptionView<'_>, given: &Condition) -> Truth {
    Truth::any(values(flag).iter().map(|value| is_true(value) & holds(value, given)))
}

/// Whether a list has elements when `given` holds; one that nobody wrote has none.
fn has_items(list: &OptionView<'_>, given: &Condition) -> Truth {
    let (items, more) = items(list);
    Truth::any(items.iter().map(|item| holds(item, given)).chain(more.map(Truth::Unknown)))
}
