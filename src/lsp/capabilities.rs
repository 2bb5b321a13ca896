//! What the server says of itself.

use super::actions::FIX_ALL;
use super::client::Client;
use super::position::Encoding;
use serde_json::{Value, json};

/// The answer to `initialize`.
pub(super) fn result(client: &Client) -> Value {
    json!({
        "capabilities": {
            "positionEncoding": match client.encoding {
                Encoding::Utf16 => "utf-16",
                Encoding::Utf8 => "utf-8",
            },
            "textDocumentSync": { "openClose": true, "change": 2, "save": { "includeText": false } },
            "hoverProvider": true,
            "definitionProvider": true,
            "codeActionProvider": { "codeActionKinds": ["quickfix", FIX_ALL] },
            "workspace": { "workspaceFolders": { "supported": true, "changeNotifications": true } },
        },
        "serverInfo": { "name": "optlint", "version": env!("CARGO_PKG_VERSION") },
    })
}

/// What the client is asked to watch.
pub(super) fn registration() -> Value {
    let watchers: Vec<Value> =
        ["**/*.nix", "**/flake.lock", "**/optlint.toml"].iter().map(|glob| json!({ "globPattern": glob })).collect();
    let options = json!({ "watchers": watchers });
    let method = "workspace/didChangeWatchedFiles";
    json!({ "registrations": [{ "id": "watch", "method": method, "registerOptions": options }] })
}
