//! The server's life: what comes, what is due, what goes out.

use super::client::Client;
use super::project::Load;
use super::transport::{self, Incoming};
use super::workspace::Workspace;
use crossbeam_channel::{Receiver, never, select, unbounded};
use lsp_server::{ErrorCode, Message, Notification, Request, RequestId, Response};
use lsp_types::InitializeParams;
use serde_json::{Value, json};
use std::io::{BufRead, Write};
use std::time::Duration;

/// How long to wait where nothing is due.
const IDLE: Duration = Duration::from_secs(3600);

/// Serves the client that writes to `input` and reads `out`, until it says goodbye or is gone. Whether it
/// said so as it should.
pub fn serve(input: Box<dyn BufRead + Send>, out: &mut dyn Write, load: Load) -> bool {
    let incoming = reader(input);
    let mut out = Out(out);
    let Some((id, params)) = initialize(&incoming, &mut out) else { return false };
    let client = Client::new(&params);
    out.answer(id, super::capabilities::result(&client));
    let mut workspace = Workspace::new(client, load);
    let mut is_over = false;
    loop {
        workspace.next();
        let wait = workspace.due().unwrap_or(IDLE);
        let outcomes = workspace.outcomes().unwrap_or_else(never);
        select! {
            recv(incoming) -> message => match message {
                Ok(Incoming::Malformed(answer)) => out.value(&answer),
                Ok(Incoming::Message(Message::Notification(one))) if one.method == "exit" => return is_over,
                Ok(Incoming::Message(Message::Request(request))) if is_over => {
                    out.refuse(request.id, ErrorCode::InvalidRequest, "the server was shut down");
                }
                Ok(Incoming::Message(Message::Request(request))) if request.method == "shutdown" => {
                    is_over = true;
                    out.answer(request.id, Value::Null);
                }
                Ok(Incoming::Message(Message::Request(request))) => workspace.request(request, &mut out),
                Ok(Incoming::Message(Message::Notification(one))) => workspace.notification(one, &mut out),
                // To the one request there is, which needs no answer.
                Ok(Incoming::Message(Message::Response(_))) => {}
                Err(_) => return false,
            },
            recv(outcomes) -> outcome => match outcome {
                Ok(outcome) => workspace.take(outcome, &mut out),
                Err(_) => return false,
            },
            default(wait) => {}
        }
    }
}

/// Reads on a thread of its own, so that a client never has to wait to be heard.
fn reader(mut input: Box<dyn BufRead + Send>) -> Receiver<Incoming> {
    let (heard, incoming) = unbounded();
    std::thread::spawn(move || {
        while let Some(one) = transport::read(&mut *input) {
            let is_last = matches!(&one, Incoming::Message(Message::Notification(it)) if it.method == "exit");
            if heard.send(one).is_err() || is_last {
                break;
            }
        }
    });
    incoming
}

/// Waits for the client to introduce itself; `None` if it leaves instead.
fn initialize(incoming: &Receiver<Incoming>, out: &mut Out<'_>) -> Option<(RequestId, InitializeParams)> {
    loop {
        match incoming.recv().ok()? {
            Incoming::Malformed(answer) => out.value(&answer),
            Incoming::Message(Message::Request(Request { id, method, params })) if method == "initialize" => {
                match serde_json::from_value(params) {
                    Ok(params) => return Some((id, params)),
                    Err(_) => out.refuse(id, ErrorCode::InvalidParams, "these are no parameters of `initialize`"),
                }
            }
            Incoming::Message(Message::Request(request)) => {
                out.refuse(request.id, ErrorCode::ServerNotInitialized, "`initialize` comes first");
            }
            Incoming::Message(Message::Notification(one)) if one.method == "exit" => return None,
            Incoming::Message(_) => {}
        }
    }
}

/// What the client reads. One that does not read any more will soon be gone: writing does not fail.
pub(super) struct Out<'a>(&'a mut dyn Write);

impl Out<'_> {
    /// Answers a request.
    pub(super) fn answer(&mut self, id: RequestId, result: Value) {
        self.send(Response::new_ok(id, result).into());
    }

    /// Refuses a request.
    pub(super) fn refuse(&mut self, id: RequestId, code: ErrorCode, why: &str) {
        self.send(Response::new_err(id, code as i32, why.to_owned()).into());
    }

    /// Tells the client something.
    pub(super) fn notify(&mut self, method: &str, params: Value) {
        self.send(Notification { method: method.to_owned(), params }.into());
    }

    /// Asks the client for something whose answer does not matter.
    pub(super) fn ask(&mut self, id: &str, method: &str, params: Value) {
        self.send(Request { id: id.to_owned().into(), method: method.to_owned(), params }.into());
    }

    /// Shows the user an error.
    pub(super) fn show_error(&mut self, message: &str) {
        self.notify("window/showMessage", json!({ "type": 1, "message": message }));
    }

    fn send(&mut self, message: Message) {
        let _ = transport::write(self.0, &message);
    }

    fn value(&mut self, value: &Value) {
        let _ = transport::write_value(self.0, value);
    }
}
