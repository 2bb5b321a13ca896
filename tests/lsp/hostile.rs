//! Clients that do not keep to the rules, and clients that vanish.

use crate::client::{Client, introduction, uri};
use crate::project::{BOTH, TYPED, machine, shown};
use serde_json::{Value, json};

#[test]
fn nonsense_is_answered_and_survived() {
    let project = machine();
    let path = project.at("synapse.nix");
    let mut client = Client::start();
    let early = client.request("textDocument/hover", json!({}));
    assert_eq!(early["error"]["code"], -32002);
    let wrong = client.request("initialize", json!([1]));
    assert_eq!(wrong["error"]["code"], -32602);
    client.request("initialize", introduction(&project.root(), &[]));
    client.raw(b"Content-Length: 3\r\n\r\n{ a");
    let refused = client.wait("a refusal", |message| message["id"] == Value::Null && message.get("error").is_some());
    assert_eq!(refused["error"]["code"], -32700);
    client.send(&json!([]));
    client.send(&json!({ "jsonrpc": "2.0", "id": 1e300, "method": "shutdown" }));
    client.send(&json!({ "jsonrpc": "2.0", "id": 77, "result": { "a": [1] } }));
    for method in [
        "textDocument/didOpen",
        "textDocument/didChange",
        "$/cancelRequest",
        "workspace/didChangeWorkspaceFolders",
        "a",
    ] {
        for params in [Value::Null, json!([]), json!({ "textDocument": 1 }), json!("x")] {
            client.notify(method, params);
        }
    }
    for (method, params, code) in [
        ("textDocument/hover", json!({ "textDocument": { "uri": "x y" } }), -32602),
        (
            "textDocument/hover",
            json!({ "textDocument": { "uri": "untitled:1" }, "position": { "line": 0, "character": 0 } }),
            -32602,
        ),
        ("textDocument/codeAction", Value::Null, -32602),
        ("no/such/method", Value::Null, -32601),
    ] {
        assert_eq!(client.request(method, params)["error"]["code"], code);
    }
    client.open_document(&path, 1, &"[".repeat(100_000));
    client.diagnostics(&path, Some(1));
    let at = |line: u32, character: u32| json!({ "line": line, "character": character });
    let backwards = json!({ "start": at(u32::MAX, 7), "end": at(0, 3) });
    client.edit(&path, 2, json!([{ "range": backwards, "text": "ä🔑" }, { "text": TYPED }]));
    assert_eq!(shown(&client.diagnostics(&path, Some(2))), BOTH);
    client.quit();
}

#[test]
fn a_home_is_no_project() {
    let project = machine();
    let home = project.at("home");
    std::fs::create_dir_all(&home).unwrap();
    std::fs::remove_file(project.at("optlint.toml")).unwrap();
    let path = home.join("a.nix");
    let mut client = Client::start_at(&home);
    client.request("initialize", json!({ "capabilities": {} }));
    client.open_document(&path, 1, TYPED);
    let message = client.wait("a message", |message| message["method"] == "window/showMessage");
    assert!(message.to_string().contains("is taken for no project"), "{message}");
    assert_eq!(shown(&client.diagnostics(&path, Some(1))), [""; 0]);
    client.quit();
}

#[test]
fn questions_are_cancelled() {
    let project = machine();
    let path = project.at("synapse.nix");
    let mut client = Client::open(&project.root(), &[]);
    client.open_document(&path, 1, TYPED);
    let params = json!({ "textDocument": { "uri": uri(&path) }, "position": { "line": 1, "character": 20 } });
    let asked: Vec<i32> = (0..20).map(|_| client.ask("textDocument/hover", params.clone())).collect();
    for id in &asked {
        client.notify("$/cancelRequest", json!({ "id": id }));
    }
    let answers: Vec<Value> = asked.iter().map(|id| client.answer(*id)).collect();
    assert!(answers.iter().any(|answer| answer["error"]["code"] == -32800), "{answers:#?}");
    client.quit();
}

#[test]
fn the_end() {
    let project = machine();
    // Without a word, at the start and in the middle of work.
    assert_eq!(Client::start().end().code(), Some(1));
    let mut client = Client::open(&project.root(), &[]);
    client.open_document(&project.at("synapse.nix"), 1, TYPED);
    assert_eq!(client.end().code(), Some(1));
    let mut client = Client::start();
    client.raw(b"Content-Length: 99999999999999\r\n\r\n");
    assert_eq!(client.end().code(), Some(1));
    let mut client = Client::open(&project.root(), &[]);
    client.notify("exit", Value::Null);
    assert_eq!(client.end().code(), Some(1));
}
