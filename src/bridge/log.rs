//! Nix's log, line by line: what our expression tells, and errors.

use serde_json::Value as Json;
use std::hash::{BuildHasher, Hasher};

/// An error as Nix words it, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Failure {
    /// The message, without colours and on one line.
    pub(super) message: String,
    /// The file, as Nix names it, and the line and column from 1.
    pub(super) at: Option<(String, u32, u32)>,
}

impl Failure {
    pub(super) fn plain(message: impl Into<String>) -> Failure {
        Failure { message: message.into(), at: None }
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
    format!("{:016x}{:016x} ", random(), random())
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
    Line::Failure(Failure { message: one_line(message), at })
}

fn place(json: &Json) -> Option<(String, u32, u32)> {
    let number = |name: &str| json.get(name).and_then(Json::as_u64).and_then(|number| u32::try_from(number).ok());
    let (line, column) = (number("line")?, number("column")?);
    let file = json.get("file")?.as_str()?;
    // Some versions say `path:line:column` here.
    let file = file.strip_suffix(&format!(":{line}:{column}")).unwrap_or(file);
    file.starts_with('/').then(|| (file.to_owned(), line, column))
}

/// Without colours and line ends, and not too long; texts in quotes, which may be secrets, are left out.
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
    // The module system prints the values that it refuses.
    let plain = plain.split("Definition values:").next().unwrap_or_default();
    let unquoted: Vec<&str> =
        plain.split('"').enumerate().map(|(at, piece)| if at % 2 == 0 { piece } else { "\"…\"" }).collect();
    let words = unquoted.iter().flat_map(|piece| piece.split_whitespace());
    let words: Vec<&str> = words.map(|word| if looks_secret(word) { "…" } else { word }).collect();
    words.join(" ").chars().take(400).collect()
}

/// Whether a word of a message, which a `throw` may have put there, looks like a password or a key: letters and
/// digits mixed, and no path or name with dots.
fn looks_secret(word: &str) -> bool {
    let word = word.trim_matches(|c: char| !c.is_alphanumeric());
    let has = |kind: fn(&char) -> bool| word.chars().any(|c| kind(&c));
    let is_text = !word.starts_with("/nix/store") && !word.contains(['/', '.', '\'', '`']);
    word.len() >= 8 && is_text && has(char::is_ascii_digit) && has(|c| c.is_alphabetic())
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
        check(
            r#"@nix {"action":"msg","level":0,"raw_msg":"not a set: \"hunter2\" is wrong. Definition values: x"}"#,
            "failure not a set: \"…\" is wrong. None",
        );
        check(
            r#"@nix {"action":"msg","level":0,"raw_msg":"in services.a1.x24567: 'kJ83hGd92', kJ83hGd92jsKq01; ipv4 /a/b1234567"}"#,
            "failure in services.a1.x24567: … … ipv4 /a/b1234567 None",
        );
        check("Segmentation  fault", "noise Segmentation fault");
        check("", "");
    }
}
