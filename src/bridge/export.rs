//! The expression that Nix evaluates: the files under `export/`, a request and a target.

use crate::option::{OptionPattern, PatternStep};
use serde_json::{Map, Value as Json, json};

const PARTS: [(&str, &str); 4] = [
    ("encode", include_str!("export/encode.nix")),
    ("options", include_str!("export/options.nix")),
    ("modules", include_str!("export/modules.nix")),
    ("claims", include_str!("export/claims.nix")),
];
const MAIN: &str = include_str!("export/main.nix");

/// The whole expression; `target` is the inside of an attribute set with `target`, perhaps `roots`.
pub(super) fn expression(request: &Json, target: &str) -> String {
    let parts: String = PARTS.iter().map(|(name, text)| format!("{name} =\n{text};\n")).collect();
    let request = string(&request.to_string());
    format!(
        "let main =\n{MAIN};\nparts = {{\n{parts}}};\nin main ({{ inherit parts; request = builtins.fromJSON {request}; }} // {target})\n"
    )
}

/// A text as a Nix string.
pub(super) fn string(text: &str) -> String {
    let escaped = text.replace('\\', "\\\\").replace('"', "\\\"").replace("${", "\\${").replace('\r', "\\r");
    format!("\"{escaped}\"")
}

/// What is wanted of options, by name: see `export/encode.nix`.
pub(super) fn asked(patterns: &[OptionPattern]) -> Json {
    let mut root = json!({});
    for pattern in patterns {
        add(&mut root, &pattern.0);
    }
    root
}

/// Adds what one pattern wants below `node`; `true` there is all of it already.
fn add(node: &mut Json, steps: &[PatternStep]) {
    let Some((first, rest)) = steps.split_first() else {
        *node = Json::Bool(true);
        return;
    };
    let Json::Object(wanted) = node else { return };
    match first {
        PatternStep::Any => add(wanted.entry("any").or_insert_with(|| json!({})), rest),
        PatternStep::Name(name) => {
            let names = wanted.entry("n").or_insert_with(|| json!(Map::new()));
            if let Json::Object(names) = names {
                add(names.entry(name.to_string()).or_insert_with(|| json!({})), rest);
            }
        }
    }
}

/// A name found in `n` hides what `any` wants of it: both are wanted.
pub(super) fn with_any(node: &mut Json) {
    let Json::Object(wanted) = node else { return };
    let any = wanted.get("any").cloned();
    if let Some(Json::Object(names)) = wanted.get_mut("n") {
        for below in names.values_mut() {
            if let Some(any) = &any {
                join(below, any);
            }
            with_any(below);
        }
    }
    if let Some(any) = wanted.get_mut("any") {
        with_any(any);
    }
}

fn join(node: &mut Json, other: &Json) {
    match (&mut *node, other) {
        (Json::Bool(true), _) => {}
        (_, Json::Bool(true)) => *node = Json::Bool(true),
        (Json::Object(own), Json::Object(other)) => {
            for (kind, below) in other {
                match (own.get_mut(kind), kind.as_str()) {
                    (Some(have), "any") => join(have, below),
                    (Some(Json::Object(have)), _) => {
                        for (name, below) in below.as_object().into_iter().flatten() {
                            match have.get_mut(name) {
                                Some(have) => join(have, below),
                                None => drop(have.insert(name.clone(), below.clone())),
                            }
                        }
                    }
                    _ => drop(own.insert(kind.clone(), below.clone())),
                }
            }
        }
        _ => {}
    }
}
