//! Settings that Synapse does not read.

use crate::lint::prelude::*;
use crate::rules::matrix::synapse_settings::{text_of, texts, texts_of, written_keys};
use crate::rules::written::rename;

/// How many letters a misspelt key may differ in, and how alike it has to be.
const FARTHEST: f64 = 3.1;
const LIKELY: f64 = 0.66;

pub(crate) fn check(cx: &mut Cx<'_>) {
    let Some(data) = cx.data().as_attrs() else { return };
    judge_sections(cx, data);
    let known = texts_of(data, "known");
    let nested = |name: &str, key: &str| data.get(name).and_then(Value::as_attrs).and_then(|set| text_of(set, key));
    let obsolete = texts_of(data, "obsolete");
    for (key, definition) in written_keys(cx) {
        let is_private = key.starts_with("x-") || key.starts_with('_');
        if is_private || known.contains(&key.as_str()) || nested("misplaced", &key).is_some() {
            continue;
        }
        let right = nested("moved", &key).or_else(|| closest(&key, &known));
        let path = |key| ["services", "matrix-synapse", "settings", key];
        let misspelt = right.filter(|right| known.contains(right));
        let fix = misspelt
            .and_then(|right| rename(cx, definition.site(), (&path(&key), &path(right)), 3, Safety::Suggestion));
        cx.decide(definition.is_defined(), |finding| {
            let finding = finding.about(&definition).primary_at(definition.site(), "Synapse does not read this");
            match right {
                Some(right) => finding
                    .message(format!(
                        "Synapse has no setting `{key}`, but `{right}`: what is written here has no effect"
                    ))
                    .help(format!("write it as `services.matrix-synapse.settings.{right}`"))
                    .fix(fix),
                None if obsolete.contains(&key.as_str()) => finding
                    .message(format!("Synapse no longer reads the setting `{key}`: it has no effect"))
                    .severity(Severity::Info),
                None => finding
                    .message(format!("Synapse has no setting `{key}`: it has no effect unless a plugin reads it"))
                    .severity(Severity::Info),
            }
        });
    }
}

/// Reports keys that Synapse does not read in the sections whose keys are all known.
fn judge_sections(cx: &mut Cx<'_>, data: &Attrs) {
    let set = |name: &str| data.get(name).and_then(Value::as_attrs);
    let (Some(closed), Some(confused)) = (set("closed"), set("confused")) else { return };
    for (section, known) in &closed.known {
        let known = texts(known);
        for child in cx.option(&format!("services.matrix-synapse.settings.{section}")).children() {
            let name = child.name();
            let Some(name) = name.known().filter(|name| !known.contains(name)) else { continue };
            if !cx.is_users(child.site()) || child.is_null().is_true() {
                continue;
            }
            let key = format!("{section}.{name}");
            let right = text_of(confused, &key).map(str::to_owned);
            let right = right.or_else(|| closest(name, &known).map(|right| format!("{section}.{right}")));
            cx.decide(child.is_defined(), |finding| {
                let finding = finding.about(&child).primary_at(child.site(), "Synapse does not read this");
                match right {
                    Some(right) => finding
                        .message(format!(
                            "Synapse has no setting `{key}`, but `{right}`: what is written here has no effect"
                        ))
                        .help(format!("write it as `services.matrix-synapse.settings.{right}`")),
                    None => finding
                        .message(format!("Synapse has no setting `{key}`: it has no effect"))
                        .severity(Severity::Info),
                }
            });
        }
    }
}

/// The setting that was probably meant: a few letters away, or the only one that begins so.
fn closest<'k>(key: &str, known: &[&'k str]) -> Option<&'k str> {
    let near = known.iter().filter_map(|candidate| {
        let likeness = likeness(key, candidate);
        let letters = key.chars().count().max(candidate.chars().count());
        // Long names differ in more letters before they are other names; short names are all alike.
        let is_likely = likeness >= LIKELY && (1.0 - likeness) * letters as f64 <= FARTHEST;
        is_likely.then_some((likeness, *candidate))
    });
    let nearest = near.max_by(|a, b| a.0.total_cmp(&b.0).then(b.1.cmp(a.1)));
    nearest.map(|(_, candidate)| candidate).or_else(|| {
        let mut longer =
            known.iter().filter(|candidate| candidate.strip_prefix(key).is_some_and(|end| end.starts_with('_')));
        longer.next().copied().filter(|_| longer.next().is_none())
    })
}

#[cfg(test)]
mod tests {
    use super::closest;

    #[test]
    fn suggestions() {
        let known = ["presence", "report_stats", "experimental_features", "turn_uris", "push", "sso", "stats"];
        for (key, expected) in [
            ("prescence", Some("presence")),
            ("report_state", Some("report_stats")),
            ("turn-uris", Some("turn_uris")),
            ("turnURIs", Some("turn_uris")),
            ("experimental", Some("experimental_features")),
            ("rush", Some("push")),
            ("ssh", Some("sso")),
            ("abc", None),
            ("disable_federation", None),
        ] {
            assert_eq!(closest(key, &known), expected, "{key}");
        }
    }
}
