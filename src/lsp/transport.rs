//! Messages on a stream: a header with the length, an empty line, JSON.

use lsp_server::Message;
use serde_json::{Value, json};
use std::io::{self, BufRead, Read, Write};

/// Longer messages are passed over; an open document has to fit in.
const LONGEST: u64 = 64 << 20;

/// A line of a header that is longer is none.
const LONGEST_LINE: u64 = 4096;

/// What came.
pub(super) enum Incoming {
    /// A message.
    Message(Message),
    /// Something that is none; the answer to it.
    Malformed(Value),
}

/// The next message; `None` at the end, and where a header cannot be understood: nobody could tell where
/// the next one begins.
pub(super) fn read(input: &mut dyn BufRead) -> Option<Incoming> {
    let length = header(input)?;
    if length > LONGEST {
        let passed = io::copy(&mut input.take(length), &mut io::sink()).ok()?;
        return (passed == length).then(|| refusal(-32600, "the message is too long"));
    }
    let mut bytes = vec![];
    let read = input.take(length).read_to_end(&mut bytes).ok()?;
    if read as u64 != length {
        return None;
    }
    Some(match serde_json::from_slice::<Value>(&bytes) {
        Err(_) => refusal(-32700, "the message is no JSON"),
        Ok(value) => {
            let id = value.get("id").filter(|id| !id.is_null()).cloned();
            let is_request = id.is_some() && value.get("method").is_some();
            match serde_json::from_value(value) {
                // What asks for an answer and has an odd name for it would pass for a notification.
                Ok(message) if !is_request || matches!(message, Message::Request(_)) => Incoming::Message(message),
                _ => Incoming::Malformed(error(id.unwrap_or(Value::Null), -32600, "the message is no request")),
            }
        }
    })
}

/// The length that the lines before a message tell.
fn header(input: &mut dyn BufRead) -> Option<u64> {
    let mut length = None;
    loop {
        let mut line = vec![];
        input.take(LONGEST_LINE).read_until(b'\n', &mut line).ok()?;
        let line = String::from_utf8(line).ok()?;
        match line.strip_suffix('\n')?.trim_end_matches('\r') {
            "" => return length,
            line => {
                let (name, value) = line.split_once(':')?;
                if name.eq_ignore_ascii_case("content-length") {
                    length = Some(value.trim().parse().ok()?);
                }
            }
        }
    }
}

fn refusal(code: i32, why: &str) -> Incoming {
    Incoming::Malformed(error(Value::Null, code, why))
}

fn error(id: Value, code: i32, why: &str) -> Value {
    json!({ "jsonrpc": "2.0", "id": id, "error": { "code": code, "message": why } })
}

/// Writes a message.
pub(super) fn write(out: &mut dyn Write, message: &Message) -> io::Result<()> {
    let mut value = serde_json::to_value(message).map_err(io::Error::other)?;
    if let Some(object) = value.as_object_mut() {
        object.insert("jsonrpc".into(), json!("2.0"));
    }
    write_value(out, &value)
}

/// Writes a message as it is.
pub(super) fn write_value(out: &mut dyn Write, value: &Value) -> io::Result<()> {
    let text = value.to_string();
    write!(out, "Content-Length: {}\r\n\r\n{text}", text.len())?;
    out.flush()
}

#[cfg(test)]
mod tests {
    use super::{Incoming, read, write};

    /// What is read of `input`: methods, and the codes of refusals.
    fn check(input: &str, expected: &[&str]) {
        let mut stream = input.as_bytes();
        let mut found = vec![];
        while let Some(incoming) = read(&mut stream) {
            found.push(match incoming {
                Incoming::Message(lsp_server::Message::Request(request)) => request.method,
                Incoming::Message(lsp_server::Message::Notification(one)) => one.method,
                Incoming::Message(lsp_server::Message::Response(_)) => "response".to_owned(),
                Incoming::Malformed(value) => value["error"]["code"].to_string(),
            });
        }
        assert_eq!(found, expected, "{input:?}");
    }

    fn framed(text: &str) -> String {
        format!("Content-Length: {}\r\n\r\n{text}", text.len())
    }

    #[test]
    fn messages() {
        let exit = framed("{\"jsonrpc\":\"2.0\",\"method\":\"exit\"}");
        check(&exit, &["exit"]);
        check("Content-Type: x\r\ncontent-length: 17\n\n{\"method\":\"exit\"}", &["exit"]);
        check(&framed("{\"id\":1,\"method\":\"a\",\"params\":[1]}"), &["a"]);
        check(&framed("{\"id\":1,\"result\":null}"), &["response"]);
        check(&format!("{}{exit}", framed("{ a")), &["-32700", "exit"]);
        check(&format!("{}{exit}", framed("[]")), &["-32600", "exit"]);
        check(&format!("{}{exit}", framed(&"[".repeat(10_000))), &["-32700", "exit"]);
        check(&format!("{}{exit}", framed("{\"id\":9999999999999,\"method\":\"a\"}")), &["-32600", "exit"]);
        check("Content-Length: 99999999999999999999\r\n\r\n", &[]);
        check("Content-Length: 99999999999999\r\n\r\n{}", &[]);
        check("Content-Length: -1\r\n\r\n{}", &[]);
        check("\r\n\r\n{}", &[]);
        check(&"x".repeat(100_000), &[]);
        check("Content-Length: 5\r\n\r\n{", &[]);
    }

    #[test]
    fn round_trip() {
        let mut out = vec![];
        let notification = lsp_server::Notification::new("ä".into(), 1);
        write(&mut out, &notification.into()).unwrap();
        check(&String::from_utf8(out).unwrap(), &["ä"]);
    }
}
