//! Reads JSON with holes: what a web server answers, as a value.
//!
//! A hole inside quotes is part of that string. A hole that stands in place of a value is
//! unknown, and so is whether the object around it has more keys: the hole may hold a comma.

use super::text::{Piece, Scanner, join};
use crate::lint::prelude::*;
use std::collections::BTreeMap;

/// Values inside values that are read; what is deeper is unknown.
const DEEPEST: usize = 32;

/// The value that `text`, written at `at`, stands for; `None` if it is no JSON, whatever the holes hold.
pub(crate) fn read(text: &Str, at: Origin) -> Option<Value> {
    let mut reader = Reader { scanner: Scanner::new(text), at, not_read: None, may_hold_more: false };
    let value = reader.value(0);
    reader.skip_blanks();
    let whole = reader.scanner.peek(0).is_none();
    // A hole may hold whatever makes JSON of the text around it.
    let unknown = reader.not_read.or_else(|| text.holes().next().cloned());
    match (value, unknown) {
        (Some(value), _) if whole => Some(value),
        (_, Some(unknown)) => Some(Value::unknown(unknown)),
        _ => None,
    }
}

struct Reader {
    scanner: Scanner,
    at: Origin,
    /// Why the text was not read to its end.
    not_read: Option<Unknown>,
    /// Whether the hole that was read last may hold more than the one value.
    may_hold_more: bool,
}

impl Reader {
    fn value(&mut self, depth: usize) -> Option<Value> {
        self.skip_blanks();
        if depth >= DEEPEST {
            self.not_read = Some(super::text::not_followed("deeply nested JSON", self.at));
            return None;
        }
        let shape = match self.scanner.peek(0)? {
            Piece::Hole(unknown) => {
                let unknown = unknown.clone();
                self.scanner.next();
                self.skip_blanks();
                // The JSON text of one value stands for just that value.
                let ends = matches!(self.scanner.peek(0), None | Some(Piece::Char(',' | '}' | ']')));
                let value = unknown.value_of_json().filter(|_| ends);
                self.may_hold_more = value.is_none();
                return Some(Value::new(Shape::Unknown(value.unwrap_or(unknown)), self.at));
            }
            Piece::Char('{') => return self.object(depth),
            Piece::Char('[') => return self.list(depth),
            Piece::Char('"') => Shape::Str(self.string()?),
            Piece::Char(_) => self.word()?,
        };
        Some(Value::new(shape, self.at))
    }

    fn object(&mut self, depth: usize) -> Option<Value> {
        self.scanner.next();
        let mut found = Attrs { known: BTreeMap::new(), partly_named: vec![], rest: None };
        if self.take('}') {
            return Some(Value::new(Shape::Attrs(found.into()), self.at));
        }
        loop {
            self.skip_blanks();
            if let Some(Piece::Hole(unknown)) = self.scanner.peek(0).cloned() {
                self.scanner.next();
                found.rest.get_or_insert(unknown);
            } else {
                let name = self.string()?;
                if !self.take(':') {
                    return None;
                }
                let value = self.value(depth + 1)?;
                if let Shape::Unknown(unknown) = &value.shape
                    && self.may_hold_more
                {
                    found.rest.get_or_insert(unknown.clone());
                }
                match name.known() {
                    Some(known) => drop(found.known.insert(known.into(), value)),
                    None => found.partly_named.push((name, value)),
                }
            }
            match () {
                () if self.take(',') => {}
                () if self.take('}') => return Some(Value::new(Shape::Attrs(found.into()), self.at)),
                // A hole may end with the comma.
                () if found.rest.is_some() && self.scanner.peek(0).is_some() => {}
                () => return None,
            }
        }
    }

    fn list(&mut self, depth: usize) -> Option<Value> {
        self.scanner.next();
        let mut items = vec![];
        if self.take(']') {
            return Some(Value::new(Shape::List(items), self.at));
        }
        loop {
            let value = self.value(depth + 1)?;
            items.push(match value.shape {
                Shape::Unknown(unknown) if self.may_hold_more => Item::Rest(unknown),
                shape => Item::One(Value::new(shape, value.origin)),
            });
            let after_hole = matches!(items.last(), Some(Item::Rest(_)));
            match () {
                () if self.take(',') => {}
                () if self.take(']') => return Some(Value::new(Shape::List(items), self.at)),
                () if after_hole && self.scanner.peek(0).is_some() => {}
                () => return None,
            }
        }
    }

    /// A string in quotes.
    fn string(&mut self) -> Option<Str> {
        if !self.take('"') {
            return None;
        }
        let mut out = vec![];
        loop {
            let piece = match self.scanner.next()? {
                Piece::Char('"') => return Some(join(&out)),
                Piece::Char('\\') => Piece::Char(self.escaped()?),
                // What was escaped by `toJSON` is itself again; names and addresses hold nothing to escape.
                Piece::Hole(unknown) => Piece::Hole(unknown.unescaped_from_json()),
                piece => piece,
            };
            out.push(piece);
        }
    }

    fn escaped(&mut self) -> Option<char> {
        Some(match self.scanner.next()? {
            Piece::Char('n') => '\n',
            Piece::Char('r') => '\r',
            Piece::Char('t') => '\t',
            Piece::Char('u') => {
                let digits: Option<String> = (0..4).map(|_| self.next_char()).collect();
                u32::from_str_radix(&digits?, 16).ok().and_then(char::from_u32).unwrap_or('\u{fffd}')
            }
            Piece::Char(c @ ('"' | '\\' | '/')) => c,
            Piece::Char('b' | 'f') => ' ',
            _ => return None,
        })
    }

    fn next_char(&mut self) -> Option<char> {
        match self.scanner.next()? {
            Piece::Char(c) => Some(c),
            Piece::Hole(_) => None,
        }
    }

    /// A number, `true`, `false` or `null`; with a hole in it, unknown.
    fn word(&mut self) -> Option<Shape> {
        let mut word = String::new();
        while let Some(c) = self.scanner.peek_char(0).filter(|c| c.is_ascii_alphanumeric() || "+-.".contains(*c)) {
            word.push(c);
            self.scanner.next();
        }
        if let Some(Piece::Hole(unknown)) = self.scanner.peek(0).cloned() {
            self.scanner.next();
            self.may_hold_more = true;
            return Some(Shape::Unknown(unknown));
        }
        match word.as_str() {
            "true" => Some(Shape::Bool(true)),
            "false" => Some(Shape::Bool(false)),
            "null" => Some(Shape::Null),
            number => match number.parse() {
                Ok(whole) => Some(Shape::Int(whole)),
                Err(_) if number.starts_with(|c: char| c == '-' || c.is_ascii_digit()) => {
                    number.parse().ok().map(Shape::Float)
                }
                Err(_) => None,
            },
        }
    }

    fn take(&mut self, wanted: char) -> bool {
        self.skip_blanks();
        let found = self.scanner.peek_char(0) == Some(wanted);
        if found {
            self.scanner.next();
        }
        found
    }

    fn skip_blanks(&mut self) {
        self.scanner.skip_while(|c| " \t\r\n".contains(c));
    }
}

#[cfg(test)]
mod tests {
    use super::super::text::tests::with_holes;
    use super::*;

    fn check(text: &str, expected: &str) {
        let got = read(&with_holes(text), Origin::Default);
        assert_eq!(got.map_or("no JSON".to_owned(), |value| value.to_string()), expected, "{text}");
    }

    #[test]
    fn values() {
        check(r#" {"m.server": "a.org:443"} "#, r#"{ "m.server" = "a.org:443"; }"#);
        check(r#"{"a":[1,true,null,-1.5,{}]}"#, "{ a = [ 1 true null -1.5 { } ]; }");
        check(r#""a\"bA\/""#, r#""a\"bA/""#);
        for text in ["", "{", "{a:1}", r#"{"a":1,}"#, r#"{"a" "b"}"#, "hello", r#"{"a":"#, "[1 2]", "{} x", "\"a"] {
            check(text, "no JSON");
        }
    }

    #[test]
    fn holes() {
        check(r#"{"a":"https://<1>/"}"#, r#"{ a = "https://${?}/"; }"#);
        check(r#"{"a":<1>}"#, "{ a = ?; ? }");
        check(r#"{<1>"a":1}"#, "{ a = 1; ? }");
        check(r#"{"a<1>":1}"#, r#"{ "a${?}" = 1; }"#);
        check("<1>", "?");
        check("[<1>]", "[ ?… ]");
        check("{<1>}", "{ ? }");
        check("1<2>", "?");
    }

    #[test]
    fn odd_text_ends() {
        check(&"[".repeat(5000), "?");
        check(&"{\"a\":".repeat(5000), "?");
        for text in ["{<1>", "[<1>", "[<1><2>", "{<1>{", "\"\\u12", "\"\\<1>\"", "{<1>:1}"] {
            let _ = read(&with_holes(text), Origin::Default);
        }
    }
}
