//! Paths and texts as they may be written on one line.

use crate::source::{Origin, Sources};
use std::fmt::Write;
use std::ops::Range;
use std::path::{Component, Path};

/// `path` as seen from the absolute folder `base`, with `/` between its parts.
///
/// A path that shares nothing with `base` stays absolute; the name of an
/// embedded file stays as it is.
pub fn relative(path: &Path, base: &Path) -> String {
    if !path.is_absolute() {
        return path.to_string_lossy().into_owned();
    }
    let (ours, theirs): (Vec<_>, Vec<_>) = (base.components().collect(), path.components().collect());
    let shared = ours.iter().zip(&theirs).take_while(|(a, b)| a == b).count();
    let named = |component: &&Component<'_>| matches!(component, Component::Normal(_));
    if shared < ours.len() && !ours[..shared].iter().any(|component| named(&component)) {
        return path.to_string_lossy().replace(std::path::MAIN_SEPARATOR, "/");
    }
    let up = ours[shared..].iter().map(|_| "..".to_owned());
    let down = theirs[shared..].iter().map(|component| component.as_os_str().to_string_lossy().into_owned());
    let parts: Vec<String> = up.chain(down).collect();
    if parts.is_empty() { ".".to_owned() } else { parts.join("/") }
}

/// `path:line:column`, the path alone where nothing more is known, or nothing.
pub fn place(sources: &Sources, base: &Path, at: Origin) -> String {
    let Some(file) = at.file() else { return String::new() };
    let path = escaped(&relative(&sources.file(file).path, base));
    match at.span() {
        Some(span) => {
            let start = sources.position(file, span.start);
            format!("{path}:{}:{}", start.line, start.column)
        }
        None => path,
    }
}

/// A path as part of a URI.
pub(super) fn encoded(path: &str) -> String {
    let mut out = String::with_capacity(path.len());
    for byte in path.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' | b'@' | b'+' | b'=' | b',' => {
                out.push(byte.into());
            }
            // Writing to a string does not fail.
            _ => {
                let _ = write!(out, "%{byte:02X}");
            }
        }
    }
    out
}

/// `text` with everything escaped that could end a line, move a cursor or turn
/// the direction of writing: linted text must not forge lines of a report.
pub fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            c if is_unsafe(c) => {
                // Writing to a string does not fail.
                let _ = write!(out, "\\u{{{:x}}}", c as u32);
            }
            c => out.push(c),
        }
    }
    out
}

/// Whether a terminal would do something else than show this character.
pub(super) fn is_unsafe(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// `range` within `text`, widened to whole characters.
pub(super) fn on_boundaries(text: &str, range: Range<usize>) -> Range<usize> {
    let mut start = range.start.min(text.len());
    let mut end = range.end.clamp(start, text.len());
    while !text.is_char_boundary(start) {
        start -= 1;
    }
    while !text.is_char_boundary(end) {
        end += 1;
    }
    start..end
}

#[cfg(test)]
mod tests {
    use super::{encoded, escaped, relative};
    use std::path::Path;

    #[test]
    fn uris() {
        assert_eq!(encoded("hosts/größe #1/a:b.nix"), "hosts/gr%C3%B6%C3%9Fe%20%231/a%3Ab.nix");
    }

    #[test]
    fn paths() {
        let check = |path: &str, base: &str, expected: &str| {
            assert_eq!(relative(Path::new(path), Path::new(base)), expected, "{path} from {base}");
        };
        check("/home/me/nixos/hosts/a.nix", "/home/me/nixos", "hosts/a.nix");
        check("/home/me/nixos/flake.nix", "/home/me/nixos/hosts/a", "../../flake.nix");
        check("/etc/nixos/a.nix", "/home/me", "/etc/nixos/a.nix");
        check("/home/me", "/home/me", ".");
        check("/etc/a.nix", "/", "etc/a.nix");
        check("<lib/lists.nix>", "/home", "<lib/lists.nix>");
    }

    #[test]
    fn texts() {
        let check = |text: &str, expected: &str| assert_eq!(escaped(text), expected);
        check("älter \"als\" 'vorher'", "älter \"als\" 'vorher'");
        check("a\n/etc/x:1:1: error: b", "a\\n/etc/x:1:1: error: b");
        check("\u{1b}[2J\u{202e}\r", "\\u{1b}[2J\\u{202e}\\r");
    }
}
