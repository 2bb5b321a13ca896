//! Fixes, and comments that allow.

use crate::client::{Client, uri};
use crate::project::{BOTH, TYPED, machine, shown};
use serde_json::{Value, json};
use std::path::Path;

/// Asks for actions on a line.
fn actions(client: &mut Client, path: &Path, line: u32, only: Option<&str>) -> Vec<Value> {
    let end = json!({ "line": line, "character": 999 });
    let mut context = json!({ "diagnostics": [] });
    if let Some(only) = only {
        context["only"] = json!([only]);
    }
    let range = json!({ "start": { "line": line, "character": 0 }, "end": end });
    let params = json!({ "textDocument": { "uri": uri(path) }, "range": range, "context": context });
    let answer = client.request("textDocument/codeAction", params);
    answer["result"].as_array().unwrap_or_else(|| panic!("{answer}")).clone()
}

/// Makes the edits of an action in a text whose characters are all of one unit.
fn applied(text: &str, action: &Value) -> String {
    let mut edits = action["edit"]["documentChanges"][0]["edits"].as_array().unwrap().clone();
    edits.sort_by_key(|edit| std::cmp::Reverse(place(text, &edit["range"]["start"])));
    let mut text = text.to_owned();
    for edit in edits {
        let (start, end) = (place(&text, &edit["range"]["start"]), place(&text, &edit["range"]["end"]));
        text.replace_range(start..end, edit["newText"].as_str().unwrap());
    }
    text
}

fn place(text: &str, at: &Value) -> usize {
    let before: usize = text.split_inclusive('\n').take(at["line"].as_u64().unwrap() as usize).map(str::len).sum();
    before + at["character"].as_u64().unwrap() as usize
}

#[test]
fn fixes_and_comments_that_allow() {
    let project = machine();
    let path = project.at("synapse.nix");
    let mut client = Client::open(&project.root(), &[]);
    client.open_document(&path, 5, TYPED);
    let offered = actions(&mut client, &path, 2, None);
    let titles: Vec<&str> = offered.iter().map(|it| it["title"].as_str().unwrap()).collect();
    let expected =
        ["write `services.matrix-synapse.settings.turn_uris` (suggestion)", "allow `unknown-synapse-setting` here"];
    assert_eq!(titles, expected, "{offered:#?}");
    assert_eq!(offered[0]["edit"]["documentChanges"][0]["textDocument"]["version"], 5);
    assert_eq!(offered[0]["diagnostics"][0]["code"], "unknown-synapse-setting");
    let fixed = applied(TYPED, &offered[0]);
    assert_eq!(fixed, TYPED.replace("turnUris", "turn_uris"));
    client.change(&path, 6, &fixed);
    assert_eq!(shown(&client.diagnostics(&path, Some(6))), BOTH[..1]);
    let allow = actions(&mut client, &path, 1, Some("quickfix"));
    let allow = allow.iter().find(|it| it["title"] == "allow `inline-registration-shared-secret` here").unwrap();
    let allowed = applied(&fixed, allow);
    assert!(
        allowed.contains("\n  # optlint: allow inline-registration-shared-secret: say why\n  services."),
        "{allowed}"
    );
    client.change(&path, 7, &allowed);
    assert_eq!(shown(&client.diagnostics(&path, Some(7))), [""; 0]);
    assert_eq!(actions(&mut client, &path, 0, Some("source.organizeImports")), [Value::Null; 0]);
    assert!(!client.quit().contains("not-a-secret"));
}

#[test]
fn everything_safe_at_once() {
    let project = machine();
    let path = project.at("synapse.nix");
    std::fs::write(project.at("optlint.toml"), "select = [ \"unquoted-secret-path\" ]\n").unwrap();
    let text = "{\n  services.matrix-synapse.settings.registration_shared_secret_path = /run/a;\n  \
        services.matrix-synapse.settings.macaroon_secret_key_path = /run/b;\n}\n";
    let mut client = Client::open(&project.root(), &[]);
    client.open_document(&path, 1, text);
    let offered = actions(&mut client, &path, 1, Some("source"));
    assert_eq!(offered.len(), 1, "{offered:#?}");
    assert_eq!(offered[0]["kind"], "source.fixAll.optlint");
    assert_eq!(applied(text, &offered[0]), text.replace("/run/a", "\"/run/a\"").replace("/run/b", "\"/run/b\""));
    let one = actions(&mut client, &path, 1, Some("quickfix"));
    assert_eq!(one[0]["isPreferred"], true, "{one:#?}");
    client.quit();
}
