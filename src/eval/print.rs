//! Values as text: JSON, and Nix's own notation.

use super::Eval;
use super::builtin::json::Unknowns;
use super::thunk::Thunk;
use super::val::{AttrSet, Elem, Kind, R};
use crate::value::{Part, Str};
use std::fmt::Write;

/// Nested deeper than this, `…` stands for the rest.
const DEEPEST: u32 = 200;

impl Eval {
    /// Everything in a value computed, as JSON; what is unknown is `{"$unknown":{"cause":…}}`.
    pub fn json_text(&mut self, thunk: &Thunk) -> R<String> {
        let value = self.force(thunk)?;
        Ok(self.json(&value, Unknowns::Marked, thunk.origin())?.to_string())
    }

    /// Everything in a value computed, in Nix's notation; what is unknown is `«unknown: cause»`.
    pub fn nix_text(&mut self, thunk: &Thunk) -> R<String> {
        let mut out = String::new();
        self.write_nix(&mut out, thunk, 0)?;
        Ok(out)
    }

    fn write_nix(&mut self, out: &mut String, thunk: &Thunk, depth: u32) -> R<()> {
        let value = self.force(thunk)?;
        if depth > DEEPEST {
            out.push('…');
            return Ok(());
        }
        match &value.kind {
            Kind::Null => out.push_str("null"),
            Kind::Bool(known) => out.push_str(if *known { "true" } else { "false" }),
            Kind::Int(number) => out.push_str(&number.to_string()),
            Kind::Float(number) => out.push_str(&super::string::general(*number)),
            Kind::Str(text) => write_string(out, text),
            Kind::Path(path) => out.push_str(&path.to_string()),
            Kind::List(items) => self.write_list(out, items, depth)?,
            Kind::Attrs(set) => self.write_set(out, set, depth)?,
            Kind::Lambda(_) => out.push_str("<LAMBDA>"),
            Kind::Native(native) => out.push_str(if native.args.is_empty() { "<PRIMOP>" } else { "<PRIMOP-APP>" }),
            Kind::Package(package) => {
                out.push_str("«package ");
                out.push_str(&package.path.iter().map(|name| name.as_str()).collect::<Vec<_>>().join("."));
                out.push('»');
            }
            Kind::OneOf(alternatives) => {
                out.push_str("«one of ");
                for (index, (_, thunk)) in alternatives.iter().enumerate() {
                    out.push_str(if index > 0 { " | " } else { "" });
                    let value = self.force_or_unknown(thunk);
                    self.write_nix(out, &Thunk::done(value), depth + 1)?;
                }
                out.push('»');
            }
            Kind::Unknown(unknown) => write_unknown(out, &unknown.cause),
        }
        Ok(())
    }

    fn write_list(&mut self, out: &mut String, items: &[Elem], depth: u32) -> R<()> {
        out.push_str("[ ");
        for item in items {
            match item {
                Elem::One(thunk) => self.write_nix(out, thunk, depth + 1)?,
                Elem::Maybe(_, thunk) => {
                    out.push_str("«perhaps» ");
                    self.write_nix(out, thunk, depth + 1)?;
                }
                Elem::Rest(unknown) => write_unknown(out, &unknown.cause),
            }
            out.push(' ');
        }
        out.push(']');
        Ok(())
    }

    fn write_set(&mut self, out: &mut String, set: &AttrSet, depth: u32) -> R<()> {
        out.push_str("{ ");
        for (name, attribute) in &set.known {
            write_name(out, name);
            out.push_str(" = ");
            self.write_nix(out, &attribute.value, depth + 1)?;
            out.push_str("; ");
        }
        for (name, attribute) in &set.partly {
            write_string(out, name);
            out.push_str(" = ");
            self.write_nix(out, &attribute.value, depth + 1)?;
            out.push_str("; ");
        }
        if let Some(rest) = &set.rest {
            write_unknown(out, &rest.unknown().cause);
            out.push(' ');
        }
        out.push('}');
        Ok(())
    }
}

fn write_unknown(out: &mut String, cause: &crate::value::Cause) {
    // Writing to a string cannot fail.
    let _ = write!(out, "«unknown: {cause}»");
}

fn write_name(out: &mut String, name: &str) {
    let plain = name.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_')
        && name.chars().all(|letter| letter.is_ascii_alphanumeric() || "_'-".contains(letter));
    match plain {
        true => out.push_str(name),
        false => write_string(out, &Str::new(name)),
    }
}

fn write_string(out: &mut String, text: &Str) {
    out.push('"');
    for part in text.parts() {
        match part {
            Part::Text(text) => out.push_str(&quoted(text)),
            Part::Hole(_) => out.push_str("${…}"),
        }
    }
    out.push('"');
}

fn quoted(text: &str) -> String {
    let mut out = String::new();
    let mut letters = text.chars().peekable();
    while let Some(letter) = letters.next() {
        match letter {
            '"' | '\\' => out.extend(['\\', letter]),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '$' if letters.peek() == Some(&'{') => out.push_str("\\$"),
            _ => out.push(letter),
        }
    }
    out
}
