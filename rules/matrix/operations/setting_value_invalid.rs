//! Sizes, durations and types that NixOS or Synapse does not take.

use super::durations::{LONG, SHORT};
use crate::lint::prelude::*;
use crate::rules::matrix::synapse_settings::{is_switched_off, setting};
use crate::rules::written::values;

/// Sizes that NixOS wants as a text. Facts: nixos/modules/services/matrix/synapse.nix.
const SIZE_TEXTS: &[&str] = &["max_upload_size", "max_image_pixels"];
/// Sizes that Synapse takes as a number too. Facts: `parse_size` in `synapse/config/*.py`.
const SIZES: &[&str] = &[
    "max_spider_size",
    "max_avatar_size",
    "event_cache_size",
    "remote_media_download_per_second",
    "remote_media_download_burst_count",
    "caches.cache_autotuning.max_cache_memory_usage",
    "caches.cache_autotuning.target_cache_memory_usage",
];
/// Options of NixOS that are lists.
const LISTS: &[&str] = &[
    "turn_uris",
    "app_service_config_files",
    "listeners",
    "trusted_key_servers",
    "url_preview_ip_range_blacklist",
    "url_preview_ip_range_whitelist",
    "url_preview_url_blacklist",
];
/// Options of NixOS that are switches.
const SWITCHES: &[&str] = &[
    "dynamic_thumbnails",
    "enable_metrics",
    "enable_registration",
    "presence.enabled",
    "redis.enabled",
    "report_stats",
    "url_preview_enabled",
];
/// The smallest number that somebody may mean as bytes or pixels, rather than as millions of them.
const LEAST_BYTES: i64 = 1 << 16;

pub(crate) fn check(cx: &mut Cx<'_>) {
    if is_switched_off(cx) {
        return;
    }
    for key in SIZE_TEXTS {
        judge_size(cx, key, true);
    }
    for key in SIZES {
        judge_size(cx, key, false);
    }
    for key in LONG.iter().chain(SHORT) {
        judge_duration(cx, key);
    }
    for key in LISTS {
        let option = setting(cx, key);
        judge_list(cx, key, &option);
    }
    for listener in setting(cx, "listeners").items() {
        judge_list(cx, "bind_addresses", &listener.at("bind_addresses"));
    }
    for key in SWITCHES {
        for view in values(&setting(cx, key)) {
            let is_switch = view.test(|value| matches!(value.shape, Shape::Bool(_)).into());
            cx.decide(!is_switch, |finding| {
                finding
                    .message(format!("NixOS takes `true` and `false` only for `{key}`, and does not build the system"))
                    .primary(&view, "neither of the two")
            });
        }
    }
    judge_previews(cx);
}

fn judge_size(cx: &mut Cx<'_>, key: &str, is_text: bool) {
    for view in values(&setting(cx, key)) {
        if is_text && let Some(number) = view.int() {
            let fix = as_text(cx, &view, number);
            cx.decide(Truth::True, |finding| {
                finding
                    .message(format!(
                        "NixOS takes a text for `{key}`, such as `\"50M\"`, and does not build the system"
                    ))
                    .primary(&view, "a number")
                    .fix(fix)
            });
            continue;
        }
        let fix = view.text().and_then(Str::known).and_then(|old| Some((old, meant_size(old)?)));
        let fix = fix.and_then(|(old, new)| replace(cx, &view, old, &new));
        cx.decide(view.test(|value| refuses(value, "KMGT")), |finding| {
            finding
                .message(format!(
                    "Synapse does not understand the size `{key}`, and refuses to start: it takes a number, or a number \
                     with `K`, `M`, `G` or `T`"
                ))
                .primary(&view, "not such a number")
                .fix(fix)
        });
    }
}

fn judge_duration(cx: &mut Cx<'_>, key: &str) {
    for view in values(&setting(cx, key)) {
        let fix = view.text().and_then(Str::known).and_then(|old| Some((old, meant_duration(old)?)));
        let fix = fix.and_then(|(old, new)| replace(cx, &view, old, &new));
        cx.decide(view.test(|value| refuses(value, "smhdwy")), |finding| {
            finding
                .message(format!(
                    "Synapse does not understand the duration `{key}`, and refuses to start: it takes a number with `s`, \
                     `m`, `h`, `d`, `w` or `y`"
                ))
                .primary(&view, "not such a number")
                .fix(fix)
        });
    }
}

fn judge_list(cx: &mut Cx<'_>, key: &str, option: &OptionView<'_>) {
    let may_be_null = key == "bind_addresses";
    for view in values(option) {
        let written = cx.written(view.born());
        let text = view.text().and_then(Str::known).filter(|text| written == format!("\"{text}\""));
        let edit = text.and(view.born().span()).map(|span| Edit { span, text: format!("[ {written} ]") });
        let fix = edit.and_then(|edit| Fix::new("make it a list", Safety::Safe, vec![edit]));
        let is_list = !has_wrong_type(&view)
            & view.test(|value| {
                let is_null = may_be_null && matches!(value.shape, Shape::Null);
                (is_null || matches!(value.shape, Shape::List(_))).into()
            });
        cx.decide(!is_list, |finding| {
            finding
                .message(format!("`{key}` is a list: NixOS does not build the system"))
                .primary(&view, "not a list")
                .fix(fix)
        });
    }
}

/// Whether NixOS refuses what is written because it is not of the option's type.
fn has_wrong_type(view: &OptionView<'_>) -> Truth {
    view.unknown().is_some_and(|unknown| unknown.cause.to_string().contains("which is not of its type")).into()
}

/// What is not to be shown of other sites is told by sets such as `{ netloc = "…"; }`.
fn judge_previews(cx: &mut Cx<'_>) {
    for item in setting(cx, "url_preview_url_blacklist").items() {
        let is_set = !has_wrong_type(&item) & item.test(|value| matches!(value.shape, Shape::Attrs(_)).into());
        cx.decide(!is_set, |finding| {
            finding
                .message("`url_preview_url_blacklist` is a list of sets: NixOS does not build the system")
                .help("write it as `{ netloc = \"example.org\"; }`")
                .primary(&item, "not a set")
        });
    }
}

/// Whether Synapse refuses a size or duration with one of the suffixes. It reads the number as Python
/// does: blanks around it, a sign and underscores between digits do no harm.
fn refuses(value: &Value, suffixes: &str) -> Truth {
    match &value.shape {
        Shape::Str(text) => match (text.known(), text.holes().next()) {
            (Some(known), _) => (!is_number(known.strip_suffix(|c| suffixes.contains(c)).unwrap_or(known))).into(),
            (None, hole) => hole.cloned().map_or(Truth::False, Truth::Unknown),
        },
        Shape::Float(_) | Shape::List(_) | Shape::Attrs(_) | Shape::Bool(true) => Truth::True,
        _ => Truth::False,
    }
}

fn is_number(text: &str) -> bool {
    let text = text.trim();
    let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
    digits.split('_').all(|part| !part.is_empty() && part.chars().all(|c| c.is_ascii_digit()))
}

/// A bare number as the text that was probably meant.
fn as_text(cx: &Cx<'_>, view: &OptionView<'_>, number: i64) -> Option<Fix> {
    let span = view.born().span().filter(|_| cx.written(view.born()) == number.to_string())?;
    let fix = |text: String, safety| {
        let title = format!("write {text}");
        Fix::new(title, safety, vec![Edit { span, text }])
    };
    match number {
        LEAST_BYTES.. => fix(format!("\"{number}\""), Safety::Safe),
        1.. => fix(format!("\"{number}M\""), Safety::Suggestion),
        _ => None,
    }
}

/// A size with a unit that Synapse does not write so: `100MB`, `100 MiB`, `100m`.
fn meant_size(text: &str) -> Option<String> {
    let (number, unit) = split(text)?;
    let unit = unit.to_ascii_uppercase();
    let unit = unit.strip_suffix("IB").or(unit.strip_suffix('B')).unwrap_or(&unit);
    matches!(unit, "K" | "M" | "G" | "T").then(|| format!("{number}{unit}"))
}

/// A duration with a unit that is spelled out: `90 days`, `24hours`, `5min`.
fn meant_duration(text: &str) -> Option<String> {
    let (number, unit) = split(text)?;
    let unit = match unit.trim_end_matches('s') {
        "sec" | "second" => "s",
        "min" | "minute" => "m",
        "hr" | "hour" => "h",
        "day" => "d",
        "week" => "w",
        "yr" | "year" => "y",
        _ => return None,
    };
    Some(format!("{number}{unit}"))
}

/// The digits of a text and the letters behind them.
fn split(text: &str) -> Option<(&str, &str)> {
    let text = text.trim();
    let end = text.find(|c: char| !c.is_ascii_digit())?;
    let (number, unit) = text.split_at(end);
    let unit = unit.trim_start();
    (!number.is_empty() && unit.chars().all(|c| c.is_ascii_alphabetic())).then_some((number, unit))
}

fn replace(cx: &Cx<'_>, view: &OptionView<'_>, old: &str, new: &str) -> Option<Fix> {
    crate::rules::written::replace_literal(cx, view, old, new, format!("write `{new}`"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers() {
        for (text, expected) in
            [("50", true), (" 50 ", true), ("-1", true), ("1_000", true), ("", false), ("5.0", false), ("1__0", false)]
        {
            assert_eq!(is_number(text), expected, "{text}");
        }
    }

    #[test]
    fn meanings() {
        for (text, expected) in [("100MB", Some("100M")), ("1 GiB", Some("1G")), ("5m", Some("5M")), ("50 bytes", None)]
        {
            assert_eq!(meant_size(text).as_deref(), expected, "{text}");
        }
        for (text, expected) in [("90 days", Some("90d")), ("5min", Some("5m")), ("3 months", None), ("days", None)] {
            assert_eq!(meant_duration(text).as_deref(), expected, "{text}");
        }
    }
}
