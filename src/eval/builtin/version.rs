//! Version numbers.

use super::Builtin;
use super::argument::int;
use crate::eval::Eval;
use crate::eval::thunk::Thunk;
use crate::eval::val::{R, Val};
use crate::source::Origin;
use std::cmp::Ordering;

pub(super) const TABLE: &[Builtin] = &[
    ("splitVersion", 1, split_version),
    ("compareVersions", 2, compare_versions),
    ("parseDrvName", 1, parse_drv_name),
];

/// The components of a version: runs of digits and of anything else, `.` and `-` between them.
fn components(version: &str) -> Vec<&str> {
    let (bytes, mut parts, mut at) = (version.as_bytes(), vec![], 0);
    while at < bytes.len() {
        if matches!(bytes[at], b'.' | b'-') {
            at += 1;
            continue;
        }
        let digit = bytes[at].is_ascii_digit();
        let start = at;
        while at < bytes.len() && bytes[at].is_ascii_digit() == digit && !matches!(bytes[at], b'.' | b'-') {
            at += 1;
        }
        // Boundaries are next to ASCII characters.
        parts.push(&version[start..at]);
    }
    parts
}

/// Whether one component comes before the other.
fn component_less(a: &str, b: &str) -> bool {
    match (a.parse::<i32>(), b.parse::<i32>()) {
        (Ok(a), Ok(b)) => a < b,
        _ if a.is_empty() && b.parse::<i32>().is_ok() => true,
        _ if a == "pre" && b != "pre" => true,
        _ if b == "pre" => false,
        (Err(_), Ok(_)) => true,
        (Ok(_), Err(_)) => false,
        _ => a < b,
    }
}

/// Nix's order of versions.
pub(super) fn compare(a: &str, b: &str) -> Ordering {
    let (a, b) = (components(a), components(b));
    for index in 0..a.len().max(b.len()) {
        let part = |parts: &[&'_ str]| parts.get(index).copied().unwrap_or_default().to_owned();
        let (x, y) = (part(&a), part(&b));
        if component_less(&x, &y) {
            return Ordering::Less;
        }
        if component_less(&y, &x) {
            return Ordering::Greater;
        }
    }
    Ordering::Equal
}

fn split_version(eval: &mut Eval, args: &[Thunk], at: Origin) -> R {
    eval.each_text(&args[0], "splitVersion", at, |eval, text| match text.known() {
        Some(known) => {
            let parts = components(known).into_iter().map(|part| Thunk::done(Val::text(part, at)));
            Ok(Val::list(parts.collect(), at))
        }
        None => Ok(eval.after_holes(text, "splitVersion", at)),
    })
}

fn compare_versions(eval: &mut Eval, args: &[Thunk], at: Origin) -> R {
    eval.each_text(&args[0], "", at, |eval, a| {
        eval.each_text(&args[1], "", at, |eval, b| match (a.known(), b.known()) {
            (Some(a), Some(b)) => Ok(int(compare(a, b) as i64, at)),
            (Some(known), None) => Ok(eval.after_holes(b, &format!("compareVersions {known}"), at)),
            (None, Some(known)) => Ok(eval.after_holes(a, &format!("compareVersions _ {known}"), at)),
            (None, None) => {
                let unknown = a.holes().next().cloned();
                Ok(match unknown {
                    Some(unknown) => eval.follows(&unknown, at),
                    None => int(0, at),
                })
            }
        })
    })
}

fn parse_drv_name(eval: &mut Eval, args: &[Thunk], at: Origin) -> R {
    eval.each_text(&args[0], "parseDrvName", at, |eval, text| {
        let Some(known) = text.known() else { return Ok(eval.after_holes(text, "parseDrvName", at)) };
        // The version starts behind the first dash that no letter follows.
        let bytes = known.as_bytes();
        let dash =
            (0..bytes.len().saturating_sub(1)).find(|at| bytes[*at] == b'-' && !bytes[at + 1].is_ascii_alphabetic());
        let (name, version) = match dash {
            Some(dash) => (&known[..dash], &known[dash + 1..]),
            None => (known, ""),
        };
        let text = |text: &str| Thunk::done(Val::text(text, at));
        Ok(Val::attrs([("name".into(), text(name)), ("version".into(), text(version))], at))
    })
}
