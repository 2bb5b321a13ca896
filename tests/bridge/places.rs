//! Definitions in odd forms, each told at its own line, or at that of the nearest name around it.

use super::{folder, optlint};
use serde_json::Value as Json;

#[test]
fn definitions_are_told_at_their_lines() {
    let names = ["plain", "dotted", "inherited", "joined", "conditional", "forced", "merged", "listed"];
    let my = names.map(|name| format!("my.{name}"));
    let other = ["mapped", "parsed", "paired", "updated"].map(|name| format!("other.{name}"));
    let options: Vec<&str> = my.iter().chain(&other).map(String::as_str).chain(["set"]).collect();
    let arguments = ["show", "--eval", "--eval-file", "default.nix", "--format", "json"];
    let output = optlint(&folder("places"), &[&arguments[..], &options].concat());
    let json: Json = serde_json::from_slice(&output.stdout).expect("JSON");
    let all = json["configurations"].as_array().expect("configurations");
    // The other one is what is known without Nix.
    let nix = all.iter().find(|one| one["name"] == "default.nix").expect("Nix's configuration");
    let definitions = nix["options"].as_array().expect("options").iter().flat_map(|option| {
        let definitions = option["definitions"].as_array().expect("definitions");
        assert!(!definitions.is_empty(), "{option}");
        definitions
    });
    let mut found = 0;
    for definition in definitions {
        assert_eq!(definition["range"]["start"]["line"], definition["value"], "{definition}");
        found += 1;
    }
    assert_eq!(found, options.len() + 1);
}
