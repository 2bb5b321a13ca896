//! Two programs that want the same port.

use crate::lint::prelude::*;
use crate::rules::matrix::own_names::together;
use crate::rules::matrix::ports::{Bound, ports};
use crate::rules::written::values;

/// What gives a unit a network of its own.
const APART: &[&str] = &["NetworkNamespacePath", "PrivateNetwork"];

pub(crate) fn check(cx: &mut Cx<'_>) {
    if !cx.is_whole() {
        return;
    }
    let bound = ports(cx);
    for (at, first) in bound.iter().enumerate() {
        for second in &bound[at + 1..] {
            let is_same = first.unit == second.unit && first.part == second.part;
            if is_same || !first.meets(second) {
                continue;
            }
            judge(cx, first, second);
        }
    }
}

fn judge<'a>(cx: &mut Cx<'a>, first: &Bound<'a>, second: &Bound<'a>) {
    // The one whose port somebody wrote is the one to look at.
    let is_written = |bound: &Bound<'_>| cx.is_users(bound.view.place());
    let (one, other) = if is_written(first) || !is_written(second) { (first, second) } else { (second, first) };
    let fires = one.is_on.clone() & other.is_on.clone() & together(&one.view, &other.view);
    let fires = fires & !is_apart(cx, one) & !is_apart(cx, other);
    let (shown, label) = match is_written(one) {
        true => (&one.view, format!("{} listens on port {}", one.name, one.port)),
        false => (&one.enable, format!("{} listens on port {} unless it is told otherwise", one.name, one.port)),
    };
    let (beside, note) = match is_written(other) {
        true => (&other.view, format!("{} listens on port {}, too", other.name, other.port)),
        false => {
            (&other.enable, format!("{} listens on port {}, too, unless it is told otherwise", other.name, other.port))
        }
    };
    let may_differ = one.may_differ || other.may_differ;
    let message = match one.unit == other.unit {
        true => format!("{} is to listen on port {} twice: it does not start", one.name, one.port),
        false => format!("{} and {} both want port {}: the one that starts last fails", one.name, other.name, one.port),
    };
    cx.decide(fires, |finding| {
        let finding = finding.message(message).primary(shown, label).related(beside, note);
        if may_differ { finding.possible() } else { finding }
    });
}

/// Whether the unit has a network of its own.
fn is_apart(cx: &Cx<'_>, bound: &Bound<'_>) -> Truth {
    let config = cx.option("systemd.services").at(&format!("{:?}", bound.unit)).at("serviceConfig");
    let said = APART.iter().filter(|key| !values(&config.at(key)).is_empty());
    Truth::from(said.count() > 0)
}
