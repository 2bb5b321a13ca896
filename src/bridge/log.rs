//! Nix's log, line by line: what our expression tells, and errors.

use serde_json::Value as Json;
use std::hash::{BuildHasher, Hasher};

/// An error as Nix words it, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Failure {
    /// The message, without colours and on one line. Not to be shown as it is: see `message.rs`.
    pub(super) message: String,
    /// It is not Nix's: it may be shown.
    pub(super) is_ours: bool,
    /// The file, as Nix names it, and the line and column from 1.
    pub(super) at: Option<(String, u32, u32)>,
}

impl Failure {
    /// An error that this program words.
    pub(super) fn ours(message: impl Into<String>) -> Failure {
        Failure { message: message.into(), at: None, is_ours: true }
    }

    /// An error as Nix words it, with its place.
    pub(super) fn of_nix(message: impl Into<String>, at: Option<(String, u32, u32)>) -> Failure {
        Failure { message: message.into(), at, is_ours: false }
    }

    /// Whether Nix has no store it could use.
    pub(super) fn is_about_the_store(&self) -> bool {
        let words = ["daemon", "/nix/var", "/nix/store", "database", "lock file"];
        words.iter().any(|word| self.message.contains(word))
    }
}

/// A line of the log.
pub(super) enum Line {
    /// What our expression told.
    Told(String),
    /// Why evaluation ended.
    Failure(Failure),
    /// Something that is no log at all.
    Noise(String),
    /// Warnings and what users trace.
    Nothing,
}

/// What our own lines start with, another one each time: no configuration can forge them.
pub(super) fn mark() -> String {
    let random = || std::collections::hash_map::RandomState::new().build_hasher().finish();
    format!("{:016x} ", random())
}

/// Reads one line.
pub(super) fn read(line: &[u8], mark: &str) -> Line {
    let text = String::from_utf8_lossy(line);
    let Some(json) = text.strip_prefix("@nix ").and_then(|json| serde_json::from_str::<Json>(json).ok()) else {
        let noise = text.trim();
        return if noise.is_empty() { Line::Nothing } else { Line::Noise(one_line(noise)) };
    };
    let field = |name: &str| json.get(name).and_then(Json::as_str);
    if field("action") != Some("msg") {
        return Line::Nothing;
    }
    let message = field("raw_msg").or(field("msg")).unwrap_or_default();
    if let Some(told) = message.strip_prefix("trace: ").and_then(|message| message.strip_prefix(mark)) {
        return Line::Told(told.to_owned());
    }
    let is_error = json.get("level").and_then(Json::as_u64) == Some(0);
    if !is_error || message.starts_with("trace: ") || json.get("raw_msg").is_none() {
        return Line::Nothing;
    }
    let at = place(&json).or_else(|| json.get("trace").and_then(Json::as_array)?.iter().find_map(place));
    Line::Failure(Failure::of_nix(one_line(message), at))
}

fn place(json: &Json) -> Option<(String, u32, u32)> {
    let number = |name: &str| json.get(name).and_then(Json::as_u64).and_then(|number| u32::try_from(number).ok());
    let (line, column) = (number("line")?, number("column")?);
    let file = json.get("file")?.as_str()?;
    // Some versions say `path:line:column` here.
    let file = file.strip_suffix(&format!(":{line}:{column}")).unwrap_or(file);
    file.starts_with('/').then(|| (file.to_owned(), line, column))
}

/// Without colours and line ends, and not too long.
fn one_line(message: &str) -> String {
    let mut plain = String::new();
    let mut chars = message.chars();
    while let Some(c) = chars.next() {
        match c {
            '\u{1b}' => chars.by_ref().take_while(|c| !c.is_ascii_alphabetic()).for_each(drop),
            c if c.is_control() => plain.push(' '),
            c => plain.push(c),
        }
    }
    let words: Vec<&str> = plain.split_whitespace().collect();
    words.join(" ").chars().take(2000).collect()
}

#[cfg(test)]
mod tests {
    use super::{Line, read};

    #[test]
    fn lines() {
        let check = |line: &str, expected: &str| {
            let found = match read(line.as_bytes(), "mark ") {
                Line::Told(text) => format!("told {text}"),
                Line::Failure(failure) => format!("failure {} {:?}", failure.message, failure.at),
                Line::Noise(text) => format!("noise {text}"),
                Line::Nothing => String::new(),
            };
            assert_eq!(found, expected, "{line}");
        };
        check(r#"@nix {"action":"msg","level":0,"msg":"trace: mark {}"}"#, "told {}");
        check(r#"@nix {"action":"msg","level":0,"msg":"trace: other {}"}"#, "");
        check(r#"@nix {"action":"msg","level":1,"raw_msg":"old","msg":"warning: old"}"#, "");
        check(
            r#"@nix {"action":"msg","level":0,"raw_msg":"no \u001b[35;1m'a'\u001b[0m\nhere","file":"/a.nix:1:2","line":1,"column":2}"#,
            r#"failure no 'a' here Some(("/a.nix", 1, 2))"#,
        );
        check("Segmentation  fault", "noise Segmentation fault");
        check("", "");
    }
}
