//! A client that talks to the program over pipes, and keeps all it hears.

use serde_json::{Value, json};
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, Command, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

/// Longer than any answer takes, also on a machine that is busy.
const PATIENCE: Duration = Duration::from_secs(60);

pub(crate) struct Client {
    server: Child,
    input: Option<ChildStdin>,
    heard: Receiver<Value>,
    /// Everything that was heard, as text.
    pub(crate) all: String,
    waiting: Vec<Value>,
    next: i32,
}

impl Client {
    /// Starts the server; nothing is said yet.
    pub(crate) fn start() -> Client {
        Client::start_at(Path::new("/nowhere"))
    }

    /// The same for a user whose home is this.
    pub(crate) fn start_at(home: &Path) -> Client {
        let mut server = Command::new(env!("CARGO_BIN_EXE_optlint"))
            .args(["lsp", "--stdio"])
            .env("HOME", home)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("the program starts");
        let output = server.stdout.take().expect("a pipe");
        let input = server.stdin.take();
        let (said, heard) = channel();
        std::thread::spawn(move || {
            let mut output = BufReader::new(output);
            while let Some(message) = message(&mut output) {
                if said.send(message).is_err() {
                    break;
                }
            }
        });
        Client { server, input, heard, all: String::new(), waiting: vec![], next: 0 }
    }

    /// Starts a server that knows the folder and what a modern client understands.
    pub(crate) fn open(root: &Path, encodings: &[&str]) -> Client {
        let mut client = Client::start();
        let result = client.request("initialize", introduction(root, encodings));
        assert_eq!(result["result"]["serverInfo"]["name"], "optlint", "{result}");
        client.notify("initialized", json!({}));
        client
    }

    pub(crate) fn raw(&mut self, bytes: &[u8]) {
        let input = self.input.as_mut().expect("still open");
        // A server that has ended does not read.
        let _ = input.write_all(bytes);
        let _ = input.flush();
    }

    pub(crate) fn send(&mut self, message: &Value) {
        let text = message.to_string();
        self.raw(format!("Content-Length: {}\r\n\r\n{text}", text.len()).as_bytes());
    }

    pub(crate) fn notify(&mut self, method: &str, params: Value) {
        self.send(&json!({ "jsonrpc": "2.0", "method": method, "params": params }));
    }

    /// Asks without waiting for the answer.
    pub(crate) fn ask(&mut self, method: &str, params: Value) -> i32 {
        self.next += 1;
        self.send(&json!({ "jsonrpc": "2.0", "id": self.next, "method": method, "params": params }));
        self.next
    }

    pub(crate) fn answer(&mut self, id: i32) -> Value {
        self.wait(&format!("the answer to {id}"), |message| message["id"] == id && message.get("method").is_none())
    }

    pub(crate) fn request(&mut self, method: &str, params: Value) -> Value {
        let id = self.ask(method, params);
        self.answer(id)
    }

    /// The next message that is `wanted`; others are kept for later.
    pub(crate) fn wait(&mut self, what: &str, wanted: impl Fn(&Value) -> bool) -> Value {
        if let Some(at) = self.waiting.iter().position(&wanted) {
            return self.waiting.remove(at);
        }
        let end = Instant::now() + PATIENCE;
        loop {
            let left = end.saturating_duration_since(Instant::now());
            let Ok(message) = self.heard.recv_timeout(left) else { panic!("{what} does not come:\n{}", self.all) };
            self.all += &format!("{message}\n");
            if wanted(&message) {
                return message;
            }
            self.waiting.push(message);
        }
    }

    pub(crate) fn open_document(&mut self, path: &Path, version: i32, text: &str) {
        let item = json!({ "uri": uri(path), "languageId": "nix", "version": version, "text": text });
        self.notify("textDocument/didOpen", json!({ "textDocument": item }));
    }

    /// Replaces the whole text.
    pub(crate) fn change(&mut self, path: &Path, version: i32, text: &str) {
        self.edit(path, version, json!([{ "text": text }]));
    }

    pub(crate) fn edit(&mut self, path: &Path, version: i32, changes: Value) {
        let document = json!({ "uri": uri(path), "version": version });
        self.notify("textDocument/didChange", json!({ "textDocument": document, "contentChanges": changes }));
    }

    /// The diagnostics that are published for this version of a file; `None`: of one that is not open.
    pub(crate) fn diagnostics(&mut self, path: &Path, version: Option<i32>) -> Vec<Value> {
        let uri = uri(path);
        let published = self.wait(&format!("diagnostics of {uri} {version:?}"), |message| {
            message["method"] == "textDocument/publishDiagnostics"
                && message["params"]["uri"] == *uri
                && message["params"]["version"] == json!(version)
        });
        published["params"]["diagnostics"].as_array().expect("a list").clone()
    }

    /// Says goodbye as one should.
    pub(crate) fn quit(mut self) -> String {
        let answer = self.request("shutdown", Value::Null);
        assert_eq!(answer["result"], Value::Null);
        let refused = self.request("textDocument/hover", json!({}));
        assert_eq!(refused["error"]["code"], -32600);
        self.notify("exit", Value::Null);
        let all = std::mem::take(&mut self.all);
        assert_eq!(self.end().code(), Some(0), "{all}");
        all
    }

    /// Closes the pipe and waits for the server's end.
    pub(crate) fn end(mut self) -> ExitStatus {
        self.input = None;
        let end = Instant::now() + PATIENCE;
        while Instant::now() < end {
            if let Some(status) = self.server.try_wait().expect("it can be waited for") {
                return status;
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        panic!("the server does not end");
    }
}

impl Drop for Client {
    fn drop(&mut self) {
        let _ = self.server.kill();
        let _ = self.server.wait();
    }
}

/// What a client says of itself.
pub(crate) fn introduction(root: &Path, encodings: &[&str]) -> Value {
    json!({
        "processId": null,
        "rootUri": null,
        "workspaceFolders": [{ "uri": uri(root), "name": "nixos" }],
        "capabilities": {
            "general": { "positionEncodings": encodings },
            "workspace": {
                "workspaceEdit": { "documentChanges": true },
                "didChangeWatchedFiles": { "dynamicRegistration": true },
            },
            "textDocument": {
                "hover": { "contentFormat": ["markdown", "plaintext"] },
                "publishDiagnostics": {
                    "relatedInformation": true,
                    "codeDescriptionSupport": true,
                    "tagSupport": { "valueSet": [1, 2] },
                },
            },
        },
    })
}

pub(crate) fn uri(path: &Path) -> String {
    format!("file://{}", path.display())
}

fn message(output: &mut impl BufRead) -> Option<Value> {
    let mut length = 0;
    loop {
        let mut line = String::new();
        output.read_line(&mut line).ok().filter(|read| *read > 0)?;
        match line.trim_end().split_once(": ") {
            Some((_, value)) => length = value.parse().ok()?,
            None => break,
        }
    }
    let mut bytes = vec![0; length];
    output.read_exact(&mut bytes).ok()?;
    serde_json::from_slice(&bytes).ok()
}
