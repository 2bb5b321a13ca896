//! Durations without a unit, which Synapse takes for milliseconds.

use super::durations::LONG;
use crate::lint::prelude::*;
use crate::rules::matrix::synapse_settings::{is_switched_off, setting};
use crate::rules::written::values;

/// A minute. Nobody wants what these settings say to last less.
const MINUTE: i64 = 60_000;

pub(crate) fn check(cx: &mut Cx<'_>) {
    if is_switched_off(cx) {
        return;
    }
    for key in LONG {
        for view in values(&setting(cx, key)) {
            let Some(number) = number(view.value()) else { continue };
            // To keep something no longer than needed is a wish of its own.
            let is_at_once = number == 1 && key.ends_with("_retention_period");
            let fires = number > 0 && number < MINUTE && !is_at_once;
            let name = key.rsplit('.').next().unwrap_or(key);
            let fix = with_unit(cx, &view, number);
            cx.decide(fires.into(), |finding| {
                finding
                    .message(format!(
                        "Synapse takes a bare number for milliseconds: `{name}` is {}",
                        if number < 1000 {
                            "less than a second".into()
                        } else {
                            format!("{} s", number as f64 / 1000.0)
                        }
                    ))
                    .primary(&view, "a unit is missing")
                    .fix(fix)
            });
        }
    }
}

/// The number of milliseconds, if no unit is given.
fn number(value: &Value) -> Option<i64> {
    match &value.shape {
        Shape::Int(number) => Some(*number),
        Shape::Str(text) => text.known()?.trim().parse().ok(),
        _ => None,
    }
}

/// A multiple of a minute was meant as seconds; what another number was meant as nobody knows.
fn with_unit(cx: &Cx<'_>, view: &OptionView<'_>, number: i64) -> Option<Fix> {
    let span = view.born().span()?;
    let written = cx.written(view.born());
    let is_literal = written.trim_matches('"') == number.to_string();
    if !is_literal || number % 60 != 0 {
        return None;
    }
    let edit = Edit { span, text: format!("\"{number}s\"") };
    Fix::new(format!("write {number} seconds"), Safety::Suggestion, vec![edit])
}
