//! Addresses of files, as editors write them.

use lsp_types::Uri;
use std::fmt::Write;
use std::path::{Path, PathBuf};

/// The path that a `file:` address names, lexically normalised; `None` for what is elsewhere.
pub(super) fn path(uri: &Uri) -> Option<PathBuf> {
    let rest = uri.as_str().strip_prefix("file://")?;
    let rest = &rest[..rest.find(['?', '#']).unwrap_or(rest.len())];
    let rest = rest.strip_prefix("localhost").unwrap_or(rest);
    let path = String::from_utf8(decoded(rest)).ok().filter(|path| path.starts_with('/') && !path.contains('\0'))?;
    Some(crate::source::load::normalize(Path::new(&path)))
}

/// The address of a file.
pub(super) fn of(path: &Path) -> Option<Uri> {
    let mut text = String::from("file://");
    for byte in path.to_str()?.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => text.push(byte.into()),
            // Writing to a string does not fail.
            _ => drop(write!(text, "%{byte:02X}")),
        }
    }
    text.parse().ok()
}

fn decoded(text: &str) -> Vec<u8> {
    let bytes = text.as_bytes();
    let digit = |at: usize| bytes.get(at).and_then(|byte| char::from(*byte).to_digit(16));
    let (mut out, mut at) = (vec![], 0);
    while let Some(byte) = bytes.get(at) {
        match (byte, digit(at + 1), digit(at + 2)) {
            (b'%', Some(high), Some(low)) => {
                out.push((high * 16 + low) as u8);
                at += 3;
            }
            _ => {
                out.push(*byte);
                at += 1;
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::{of, path};
    use std::path::Path;

    #[test]
    fn there_and_back() {
        for text in ["/a/b.nix", "/größe #1/100%/a b:c?.nix", "/🔑"] {
            assert_eq!(path(&of(Path::new(text)).unwrap()).as_deref(), Some(Path::new(text)));
        }
    }

    #[test]
    fn of_editors() {
        let check = |uri: &str, expected: Option<&str>| {
            assert_eq!(path(&uri.parse().unwrap()).as_deref(), expected.map(Path::new), "{uri}");
        };
        check("file:///a/../b%2Dc.nix", Some("/b-c.nix"));
        check("file://localhost/a", Some("/a"));
        check("file:///a%00b", None);
        check("file:///%FF", None);
        check("untitled:Untitled-1", None);
        check("https://example.org/a", None);
    }
}
