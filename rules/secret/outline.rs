//! The keys of a settings file of YAML or JSON, with those below them.
//!
//! Of YAML only what people write by hand is read: keys in blocks. What is written in
//! another way is unknown, and so is a file that is no set of keys.

use super::text::{HOLE, flat};
use crate::lint::prelude::*;
use crate::rules::web::json;
use std::collections::BTreeMap;

/// How many sections deep is read.
const DEPTH: u32 = 16;

/// What stands behind a key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Outline {
    Keys(BTreeMap<String, Outline>),
    List,
    /// A single plain word, such as `false`.
    Word(String),
    /// Another text, a number, or nothing.
    Leaf,
    Unknown,
}

/// The keys at the top of a file; `None` if nobody knows them all.
pub(crate) fn outline(text: &Str) -> Option<BTreeMap<String, Outline>> {
    let flat = flat(text);
    let whole = match flat.trim_start().starts_with('{') {
        true => of_value(&json::read(text, Origin::Default)?, DEPTH),
        false => {
            let lines: Vec<Line<'_>> = flat.lines().filter_map(Line::read).collect();
            block(&lines, DEPTH)
        }
    };
    match whole {
        Outline::Keys(keys) => Some(keys),
        _ => None,
    }
}

fn of_value(value: &Value, depth: u32) -> Outline {
    match (&value.shape, depth.checked_sub(1)) {
        (Shape::Attrs(attrs), Some(depth)) if attrs.rest.is_none() && attrs.partly_named.is_empty() => {
            let keys = attrs.known.iter().map(|(name, value)| (name.as_str().to_owned(), of_value(value, depth)));
            Outline::Keys(keys.collect())
        }
        (Shape::Attrs(_) | Shape::Unknown(_), _) => Outline::Unknown,
        (Shape::List(_), _) => Outline::List,
        (Shape::Bool(is), _) => Outline::Word(is.to_string()),
        _ => value.as_str().map_or(Outline::Leaf, word),
    }
}

/// A text, if it is short enough to be the name of something.
fn word(text: &str) -> Outline {
    let is_word =
        text.len() <= 16 && !text.is_empty() && text.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit());
    if is_word { Outline::Word(text.to_owned()) } else { Outline::Leaf }
}

/// A line that says something.
struct Line<'t> {
    indent: usize,
    text: &'t str,
}

impl<'t> Line<'t> {
    fn read(line: &'t str) -> Option<Self> {
        let text = line.trim_start_matches(' ');
        let says_nothing = text.trim().is_empty() || text.starts_with('#') || text.trim_end() == "---";
        (!says_nothing).then(|| Self { indent: line.len() - text.len(), text: text.trim_end() })
    }

    /// The key and what follows it on the line.
    fn key(&self) -> Option<(&'t str, &'t str)> {
        let (key, value) = match self.text.strip_suffix(':') {
            Some(key) if !key.contains(": ") => (key, ""),
            _ => self.text.split_once(": ")?,
        };
        let key = key.trim_matches(['"', '\'']);
        let is_plain = !key.is_empty() && !key.contains([HOLE, '{', '[', '&', '*', '!', '<', '\t']);
        is_plain.then(|| (key, value.trim()))
    }
}

/// What lines of the same block, none of them less indented than the first, stand for.
fn block(lines: &[Line<'_>], depth: u32) -> Outline {
    let (Some(first), Some(depth)) = (lines.first(), depth.checked_sub(1)) else { return Outline::Leaf };
    if is_item(first) {
        return Outline::List;
    }
    let mut keys = BTreeMap::new();
    let mut at = 0;
    while let Some(line) = lines.get(at) {
        let Some((key, value)) = line.key().filter(|_| line.indent == first.indent) else { return Outline::Unknown };
        let behind = &lines[at + 1..];
        // A list may stand as far left as its key.
        let is_below = |below: &Line<'_>| below.indent > line.indent || (below.indent == line.indent && is_item(below));
        let below = behind.iter().position(|below| !is_below(below)).unwrap_or(behind.len());
        let value = match value.chars().next() {
            None | Some('#') => block(&behind[..below], depth),
            Some('[') => Outline::List,
            Some('{' | '&' | '*' | '!' | HOLE) => Outline::Unknown,
            Some(_) if below == 0 => {
                word(value.split(" #").next().unwrap_or_default().trim().trim_matches(['"', '\'']))
            }
            Some(_) => Outline::Leaf,
        };
        keys.insert(key.to_owned(), value);
        at += 1 + below;
    }
    Outline::Keys(keys)
}

fn is_item(line: &Line<'_>) -> bool {
    line.text == "-" || line.text.starts_with("- ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn show(outline: &Outline) -> String {
        match outline {
            Outline::Keys(keys) => {
                let keys: Vec<String> = keys.iter().map(|(key, value)| format!("{key}{}", show(value))).collect();
                format!("({})", keys.join(" "))
            }
            Outline::List => "[]".into(),
            Outline::Word(word) => format!("={word}"),
            Outline::Leaf => String::new(),
            Outline::Unknown => "?".into(),
        }
    }

    fn check(text: &str, expected: Option<&str>) {
        let found = outline(&Str::new(text)).map(|keys| show(&Outline::Keys(keys)));
        assert_eq!(found.as_deref(), expected, "{text}");
    }

    #[test]
    fn yaml() {
        check("a: b C\n'c': 0.5 # e", Some("(a c)"));
        check("a: b # c\nd: 'false'\ne: b\n  c", Some("(a=b d=false e)"));
        check("---\na:\n  b: c\n\n  # d: e\n  f:\n    g: h\ni: j", Some("(a(b=c f(g=h)) i=j)"));
        check("a:\n- b: c\n  d: e\nf: g", Some("(a[] f=g)"));
        check("a:\n  - b\nc: [ d ]", Some("(a[] c[])"));
        check("a: |\n  b: c\n  d\ne: f", Some("(a e=f)"));
        check("a: { b: c }\nd:", Some("(a? d)"));
        check("just words", None);
        check("<<: *a", None);
        check("", None);
        check("a: b\n  c: d", Some("(a)"));
    }

    #[test]
    fn json() {
        check("{\"a\":{\"b\":1,\"c\":[]},\"d\":null}", Some("(a(b c[]) d)"));
        check("{\"a\":true,\"b\":\"sqlite3\"}", Some("(a=true b=sqlite3)"));
        check("{\"a\":", None);
    }
}
