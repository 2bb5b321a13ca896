//! `toJSON` and `fromJSON`.

use super::Builtin;
use super::text::Text;
use crate::eval::Eval;
use crate::eval::thunk::Thunk;
use crate::eval::val::{AttrSet, Elem, Kind, R, Val};
use crate::source::Origin;
use crate::value::{Cause, Part, Str, Unknown};
use serde_json::Value as Json;

pub(super) const TABLE: &[Builtin] = &[("toJSON", 1, to_json), ("fromJSON", 1, from_json)];

/// Nested deeper than this, the rest is unknown.
const DEEPEST: u32 = 500;

fn to_json(eval: &mut Eval, args: &[Thunk], at: Origin) -> R {
    let value = eval.force(&args[0])?;
    eval.lift(&value, "toJSON", at, &mut |eval, value| {
        let text = eval.json(value, Unknowns::Hole, at)?;
        let length: usize =
            text.parts().iter().map(|part| if let Part::Text(text) = part { text.len() } else { 0 }).sum();
        if length > eval.limits.text {
            return Ok(eval.unknown(Cause::Budget("text too long"), at));
        }
        Ok(Val::str(text, at))
    })
}

/// What stands in JSON for what nobody knows.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(in crate::eval) enum Unknowns {
    /// A hole.
    Hole,
    /// `{"$unknown":{"cause":"…"}}`; text that is partly known counts as unknown.
    Marked,
}

impl Eval {
    /// A value as JSON text, everything in it computed; fails where Nix would.
    pub(in crate::eval) fn json(&mut self, value: &Val, unknowns: Unknowns, at: Origin) -> R<Str> {
        let mut writer = Writer { out: Text::default(), unknowns, at, written: Origin::Default };
        writer.value(self, value, 0)?;
        Ok(writer.out.finish())
    }
}

struct Writer {
    out: Text,
    unknowns: Unknowns,
    at: Origin,
    /// Where the value at hand is written, as far as sets tell.
    written: Origin,
}

impl Writer {
    fn value(&mut self, eval: &mut Eval, value: &Val, depth: u32) -> R<()> {
        if depth > DEEPEST || self.out.len() > eval.limits.text || !eval.spend(1) {
            let unknown = eval.new_unknown(Cause::Budget("too large for JSON"), self.at);
            self.unknown(&unknown);
            return Ok(());
        }
        match &value.kind {
            Kind::Null => self.out.text("null"),
            Kind::Bool(known) => self.out.text(if *known { "true" } else { "false" }),
            Kind::Int(number) => self.out.text(&number.to_string()),
            Kind::Float(number) => match serde_json::Number::from_f64(*number) {
                Some(number) => self.out.text(&number.to_string()),
                None => self.out.text("null"),
            },
            Kind::Str(text) => self.string(eval, text),
            Kind::Path(_) | Kind::Package(_) => {
                let text = eval.coerce(value, crate::eval::string::Coerce::Interpolation, self.at)?;
                match &text.kind {
                    Kind::Str(text) => self.string(eval, text),
                    _ => self.choice(eval, &text)?,
                }
            }
            Kind::List(items) => self.list(eval, items, depth)?,
            Kind::Attrs(set) => self.set(eval, value, set, depth)?,
            Kind::OneOf(_) => self.choice(eval, value)?,
            Kind::Unknown(unknown) => {
                let text = unknown.as_json().unwrap_or_else(|| eval.derive(unknown, "toJSON"));
                // In a text nothing else says where a value was written.
                let written = if text.at == Origin::Default { self.written } else { text.at };
                self.unknown(&Unknown { at: written, ..text });
            }
            Kind::Lambda(_) | Kind::Native(_) => return eval.fail("cannot convert a function to JSON", self.at),
        }
        Ok(())
    }

    fn unknown(&mut self, unknown: &Unknown) {
        match self.unknowns {
            Unknowns::Hole => self.out.push(&Str::hole(unknown.clone())),
            Unknowns::Marked => {
                self.out.text("{");
                self.mark(unknown);
                self.out.text("}");
            }
        }
    }

    fn mark(&mut self, unknown: &Unknown) {
        let cause = Json::from(unknown.cause.to_string());
        self.out.text(&format!("\"$unknown\":{{\"cause\":{cause}}}"));
    }

    /// The same in every case, or unknown.
    fn choice(&mut self, eval: &mut Eval, value: &Val) -> R<()> {
        let Kind::OneOf(alternatives) = &value.kind else { return Ok(()) };
        let why = alternatives.iter().find_map(|(condition, _)| condition.literals().next());
        let why = why.map(|(unknown, _)| unknown.clone());
        let why = why.unwrap_or_else(|| eval.new_unknown(Cause::Recursion, self.at));
        let unknown = eval.after(&why);
        self.unknown(&unknown);
        Ok(())
    }

    fn string(&mut self, eval: &mut Eval, text: &Str) {
        if let (Unknowns::Marked, Some(hole)) = (self.unknowns, text.holes().next()) {
            self.unknown(&hole.clone());
            return;
        }
        self.out.text("\"");
        self.out.context(&text.context);
        for part in text.parts() {
            match part {
                Part::Text(text) => self.out.text(&escaped(text)),
                // With its escapes, unknown text is not the same text any more.
                Part::Hole(unknown) => {
                    let escaped = unknown.escaped_for_json().unwrap_or_else(|| eval.derive(unknown, "JSON text"));
                    self.out.push(&Str::hole(escaped));
                }
            }
        }
        self.out.text("\"");
    }

    fn list(&mut self, eval: &mut Eval, items: &[Elem], depth: u32) -> R<()> {
        self.out.text("[");
        for (index, item) in items.iter().enumerate() {
            let unknown = match item {
                Elem::One(thunk) => {
                    // Behind an unknown run there is a comma all the same only if there is anything.
                    let firm = items[..index].iter().any(|item| matches!(item, Elem::One(_)));
                    if firm || (index > 0 && self.unknowns == Unknowns::Marked) {
                        self.out.text(",");
                    }
                    let value = eval.force(thunk)?;
                    self.value(eval, &value, depth + 1)?;
                    continue;
                }
                Elem::Rest(unknown) => unknown.clone(),
                Elem::Maybe(condition, _) => match condition.literals().next() {
                    Some((unknown, _)) => unknown.clone(),
                    None => continue,
                },
            };
            if index > 0 && self.unknowns == Unknowns::Marked {
                self.out.text(",");
            }
            let unknown = eval.after(&unknown);
            self.unknown(&unknown);
        }
        self.out.text("]");
        Ok(())
    }

    fn set(&mut self, eval: &mut Eval, value: &Val, set: &AttrSet, depth: u32) -> R<()> {
        if let Some(function) = set.known.get("__toString") {
            let function = eval.force(&function.value)?;
            let text = eval.apply(&function, Thunk::done(value.clone()), self.at)?;
            let text = eval.coerce(&text, crate::eval::string::Coerce::Interpolation, self.at)?;
            return self.value(eval, &text, depth + 1);
        }
        if let Some(path) = set.known.get("outPath") {
            let path = eval.force(&path.value)?;
            return self.value(eval, &path, depth + 1);
        }
        let open = set.why_open().cloned();
        self.out.text("{");
        let mut first = true;
        for (name, attribute) in &set.known {
            if let (Some(open), Unknowns::Hole) = (&open, self.unknowns) {
                // Names are sorted, so others may stand anywhere.
                let unknown = eval.after(open);
                self.unknown(&unknown);
            }
            if !first {
                self.out.text(",");
            }
            first = false;
            self.string(eval, &Str::new(name.as_str()));
            self.out.text(":");
            let value = eval.force(&attribute.value)?;
            self.written = eval.public_origin(attribute.value.origin());
            self.value(eval, &value, depth + 1)?;
        }
        if let Some(open) = open {
            let unknown = eval.after(&open);
            match self.unknowns {
                Unknowns::Hole => self.unknown(&unknown),
                Unknowns::Marked => {
                    self.out.text(if first { "" } else { "," });
                    self.mark(&unknown);
                }
            }
        }
        self.out.text("}");
        Ok(())
    }
}

/// The inside of a JSON string.
fn escaped(text: &str) -> String {
    let quoted = Json::from(text).to_string();
    quoted[1..quoted.len() - 1].to_owned()
}

fn from_json(eval: &mut Eval, args: &[Thunk], at: Origin) -> R {
    let at = eval.born_of(&args[0], at);
    eval.each_text(&args[0], "fromJSON", at, |eval, text| {
        let Some(known) = text.known() else { return Ok(eval.after_holes(text, "fromJSON", at)) };
        match serde_json::from_str::<Json>(known) {
            Ok(json) => Ok(from(eval, &json, known, at)),
            Err(error) if error.to_string().starts_with("recursion limit") => {
                Ok(eval.unknown(Cause::Budget("too deep JSON"), at))
            }
            // The words are not Nix's; no part of the text, which may hold secrets.
            Err(error) => {
                eval.fail(format!("JSON parse error at line {}, column {}", error.line(), error.column()), at)
            }
        }
    })
}

fn from(eval: &mut Eval, json: &Json, text: &str, at: Origin) -> Val {
    match json {
        Json::Null => Val::new(Kind::Null, at),
        Json::Bool(known) => Val::new(Kind::Bool(*known), at),
        Json::Number(number) => self::number(eval, number, text, at),
        Json::String(text) => Val::text(text, at),
        Json::Array(items) => {
            let items = items.iter().map(|item| Thunk::done(from(eval, item, text, at)));
            let items = items.collect();
            Val::list(items, at)
        }
        Json::Object(members) => {
            let members = members.iter().map(|(name, value)| {
                let value = Thunk::done(from(eval, value, text, at));
                (name.as_str().into(), value)
            });
            let members: Vec<_> = members.collect();
            Val::attrs(members, at)
        }
    }
}

fn number(eval: &mut Eval, number: &serde_json::Number, text: &str, at: Origin) -> Val {
    let float = number.as_f64().unwrap_or(f64::NAN);
    match number.as_i64() {
        Some(number) => Val::new(Kind::Int(number), at),
        // Versions of Nix disagree about what is too large for them.
        None if number.is_u64() => eval.unknown(Cause::Unsupported("a large number in JSON".into()), at),
        // Which of `-0` and `-0.0` was written is not told.
        None if float == 0.0 && float.is_sign_negative() => {
            match ["-0.", "-0e", "-0E"].iter().any(|form| text.contains(form)) {
                true => eval.unknown(Cause::Unsupported("a negative zero in JSON".into()), at),
                false => Val::new(Kind::Int(0), at),
            }
        }
        None => Val::new(Kind::Float(float), at),
    }
}
