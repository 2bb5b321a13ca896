//! The language server, asked by a client over pipes.
#![allow(clippy::unwrap_used)]

#[path = "lsp/client.rs"]
mod client;

use client::{Client, uri};
use serde_json::{Value, json};
use std::path::{Path, PathBuf};

/// A project of a few files.
struct Project {
    folder: tempfile::TempDir,
}

impl Project {
    fn new(files: &[(&str, &str)]) -> Project {
        let folder = tempfile::tempdir().unwrap();
        for (path, text) in files {
            let path = folder.path().join(path);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, text).unwrap();
        }
        Project { folder }
    }

    fn at(&self, path: &str) -> PathBuf {
        self.folder.path().canonicalize().unwrap().join(path)
    }

    fn root(&self) -> PathBuf {
        self.folder.path().canonicalize().unwrap()
    }
}

const SETTINGS: &str = "select = [ \"inline-registration-shared-secret\", \"unknown-synapse-setting\" ]\n";

const MACHINE: &str = "{\n  imports = [ ./synapse.nix ];\n  services.matrix-synapse.enable = true;\n}\n";

/// An error on line 2, a warning on line 3.
const TYPED: &str = "{\n  services.matrix-synapse.settings.registration_shared_secret = \"not-a-secret\";\n  \
    services.matrix-synapse.settings.turnUris = [ ];\n}\n";

fn machine() -> Project {
    Project::new(&[("optlint.toml", SETTINGS), ("configuration.nix", MACHINE), ("synapse.nix", "{ }\n")])
}

/// `line:column-line:column severity code`, counted as the protocol does.
fn shown(diagnostics: &[Value]) -> Vec<String> {
    let place = |at: &Value| format!("{}:{}", at["line"], at["character"]);
    let line = |it: &Value| {
        let range = &it["range"];
        let code = it["code"].as_str().unwrap();
        format!("{}-{} {} {code}", place(&range["start"]), place(&range["end"]), it["severity"])
    };
    diagnostics.iter().map(line).collect()
}

const BOTH: [&str; 2] = ["1:64-1:78 1 inline-registration-shared-secret", "2:2-2:43 2 unknown-synapse-setting"];

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
