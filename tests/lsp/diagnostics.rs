//! Diagnostics: where and when they are published.

use crate::client::{Client, uri};
use crate::project::{BOTH, MACHINE, TYPED, machine, shown};
use serde_json::json;
use std::path::Path;

#[test]
fn diagnostics_follow_what_is_typed() {
    let project = machine();
    let path = project.at("synapse.nix");
    let mut client = Client::open(&project.root(), &[]);
    client.open_document(&path, 1, "{ }\n");
    assert_eq!(shown(&client.diagnostics(&path, Some(1))), [""; 0]);
    client.change(&path, 2, TYPED);
    let found = client.diagnostics(&path, Some(2));
    assert_eq!(shown(&found), BOTH);
    assert_eq!(found[0]["source"], "optlint");
    client.edit(
        &path,
        3,
        json!([{ "range": { "start": { "line": 1, "character": 0 }, "end": { "line": 2, "character": 0 } }, "text": "" }]),
    );
    assert_eq!(shown(&client.diagnostics(&path, Some(3))), ["1:2-1:43 2 unknown-synapse-setting"]);
    client.change(&path, 4, "{ a = ; }\n");
    assert_eq!(shown(&client.diagnostics(&path, Some(4))), ["0:4-0:5 1 syntax-error"]);
    client.notify("textDocument/didClose", json!({ "textDocument": { "uri": uri(&path) } }));
    assert_eq!(shown(&client.diagnostics(&path, None)), [""; 0]);
    assert!(!client.quit().contains("not-a-secret"));
}

#[test]
fn all_buffers_count_together_and_findings_go_where_they_stand() {
    let project = machine();
    let (machine, synapse) = (project.at("configuration.nix"), project.at("synapse.nix"));
    std::fs::write(&synapse, TYPED).unwrap();
    let mut client = Client::open(&project.root(), &[]);
    // Nobody has opened it.
    assert_eq!(shown(&client.diagnostics(&synapse, None)), BOTH);
    client.open_document(&machine, 1, MACHINE);
    client.open_document(&synapse, 7, TYPED);
    assert_eq!(shown(&client.diagnostics(&synapse, Some(7))), BOTH);
    // One buffer alone would not do.
    let moved = project.at("other.nix");
    client.change(&machine, 2, &MACHINE.replace("synapse.nix", "other.nix"));
    client.open_document(&moved, 1, TYPED);
    assert_eq!(shown(&client.diagnostics(&moved, Some(1))), BOTH);
    // No configuration reaches it any more.
    let lowered = ["1:64-1:78 2 inline-registration-shared-secret", "2:2-2:43 3 unknown-synapse-setting"];
    assert_eq!(shown(&client.diagnostics(&synapse, Some(7))), lowered);
    client.quit();
}

#[test]
fn what_the_baseline_knows_is_not_told() {
    let project = machine();
    let settings = std::fs::read_to_string(project.at("optlint.toml")).unwrap();
    std::fs::write(project.at("optlint.toml"), format!("baseline = \"known.json\"\n{settings}")).unwrap();
    let known = r#"{ "version": 1, "findings": [
        { "rule": "inline-registration-shared-secret", "fingerprint": "8b6ece219a7bede24f77395d9c2f2a80" }
    ] }"#;
    std::fs::write(project.at("known.json"), known).unwrap();
    let path = project.at("synapse.nix");
    let mut client = Client::open(&project.root(), &[]);
    client.open_document(&path, 1, TYPED);
    assert_eq!(shown(&client.diagnostics(&path, Some(1))), [BOTH[1]]);
    client.quit();
}

#[test]
fn files_on_the_disk_change() {
    let project = machine();
    let synapse = project.at("synapse.nix");
    let mut client = Client::open(&project.root(), &[]);
    let asked = client.wait("the registration", |message| message["method"] == "client/registerCapability");
    assert!(asked.to_string().contains("**/optlint.toml"), "{asked}");
    client.send(&json!({ "jsonrpc": "2.0", "id": asked["id"], "result": null }));
    std::fs::write(&synapse, TYPED).unwrap();
    let changed = |path: &Path| json!({ "changes": [{ "uri": uri(path), "type": 2 }] });
    client.notify("workspace/didChangeWatchedFiles", changed(&synapse));
    assert_eq!(shown(&client.diagnostics(&synapse, None)), BOTH);
    // Broken settings: a message, and the last good ones.
    let settings = project.at("optlint.toml");
    std::fs::write(&settings, "selekt = [ ]\n").unwrap();
    client.notify("workspace/didChangeWatchedFiles", changed(&settings));
    let message = client.wait("a message", |message| message["method"] == "window/showMessage");
    assert_eq!(
        message["params"]["message"],
        "optlint: optlint.toml:1:1: there is no setting `selekt`; did you mean `select`?"
    );
    client.open_document(&synapse, 1, TYPED);
    assert_eq!(shown(&client.diagnostics(&synapse, Some(1))), BOTH);
    std::fs::write(&settings, "select = [ \"unknown-synapse-setting\" ]\n").unwrap();
    client.notify("workspace/didChangeWatchedFiles", changed(&settings));
    assert_eq!(shown(&client.diagnostics(&synapse, Some(1))), BOTH[1..]);
    client.quit();
}

#[test]
fn columns_count_what_the_client_counts() {
    let project = machine();
    let path = project.at("synapse.nix");
    // Two units of UTF-16, four bytes.
    let text = "{ /* 🔑 */ services.matrix-synapse.settings.turnUris = [ ]; }\n";
    for (encodings, name, start) in [(&["utf-16"][..], "utf-16", 11), (&["utf-8", "utf-16"], "utf-8", 13)] {
        let mut client = Client::start();
        let answer = client.request("initialize", crate::client::introduction(&project.root(), encodings));
        assert_eq!(answer["result"]["capabilities"]["positionEncoding"], name);
        client.open_document(&path, 1, text);
        let expected = format!("0:{start}-0:{} 2 unknown-synapse-setting", start + 41);
        assert_eq!(shown(&client.diagnostics(&path, Some(1))), [expected]);
        // Behind the character, the setting is taken out again.
        let at = |character: u32| json!({ "line": 0, "character": character });
        let range = json!({ "start": at(start), "end": at(start + 48) });
        client.edit(&path, 2, json!([{ "range": range, "text": "" }]));
        assert_eq!(shown(&client.diagnostics(&path, Some(2))), [""; 0]);
        client.quit();
    }
}

#[test]
fn what_is_on_its_way_out_is_tagged() {
    let project = machine();
    let path = project.at("synapse.nix");
    std::fs::write(project.at("optlint.toml"), "select = [ \"renamed-option\" ]\n").unwrap();
    let mut client = Client::open(&project.root(), &[]);
    client.open_document(&path, 1, "{ services.postgresql.port = 5433; }\n");
    let found = client.diagnostics(&path, Some(1));
    assert_eq!(found[0]["tags"], json!([2]), "{found:#?}");
    client.quit();
}

#[test]
fn folders_come_and_go() {
    let (first, second) = (machine(), machine());
    let folder = |path: &Path| json!({ "uri": uri(path), "name": "x" });
    let (one, two) = (first.at("synapse.nix"), second.at("synapse.nix"));
    std::fs::write(&one, TYPED).unwrap();
    std::fs::write(&two, TYPED).unwrap();
    let mut client = Client::open(&first.root(), &[]);
    assert_eq!(shown(&client.diagnostics(&one, None)), BOTH);
    let event = json!({ "added": [folder(&second.root())], "removed": [folder(&first.root())] });
    client.notify("workspace/didChangeWorkspaceFolders", json!({ "event": event }));
    assert_eq!(shown(&client.diagnostics(&one, None)), [""; 0]);
    assert_eq!(shown(&client.diagnostics(&two, None)), BOTH);
    client.quit();
}

const TELNET: &str = "# no-telnet\n\nThe telnet service is on.\n\n```nix rule\n{\n  severity = \"warning\";\n  \
    category = \"exposure\";\n  options = [ \"services.telnet.enable\" ];\n  message = \"telnet is on\";\n  \
    when.definition = { value, ... }: value == true;\n}\n```\n\n```nix\n{ services.telnet.enable = true; }\n\
    #                          ^^^^ warning: telnet\n```\n\n```nix\n{ services.telnet.enable = false; }\n```\n";

#[test]
fn further_places_and_pages() {
    let project = machine();
    std::fs::create_dir(project.at("lint")).unwrap();
    std::fs::write(project.at("lint/no-telnet.md"), TELNET).unwrap();
    let settings = "rules = [ \"lint/*.md\" ]\nselect = [ \"no-telnet\", \"inline-registration-shared-secret\" ]\n";
    std::fs::write(project.at("optlint.toml"), settings).unwrap();
    let path = project.at("synapse.nix");
    let text = "{ config, x, ... }:\nlet s = \"not-a-secret\"; in\n{\n  \
        services.matrix-synapse.settings.registration_shared_secret = s;\n  \
        services.telnet.enable = if x then true else false;\n}\n";
    let mut client = Client::open(&project.root(), &[]);
    client.open_document(&path, 1, text);
    let found = client.diagnostics(&path, Some(1));
    let [secret, telnet] = &found[..] else { panic!("{found:#?}") };
    let related = &secret["relatedInformation"][0];
    assert_eq!(related["location"]["uri"], uri(&path));
    assert_eq!(related["location"]["range"]["start"], json!({ "line": 1, "character": 8 }));
    assert_eq!(related["message"], "the value is written here");
    assert_eq!(secret.get("codeDescription"), None, "its page has no address");
    assert_eq!(telnet["codeDescription"]["href"], uri(&project.at("lint/no-telnet.md")));
    assert_eq!(telnet["message"], "possible: telnet is on");
    assert!(!client.quit().contains("not-a-secret"));
}
