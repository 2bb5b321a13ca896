//! `fromTOML`.

use super::Builtin;
use crate::eval::Eval;
use crate::eval::thunk::Thunk;
use crate::eval::val::{Kind, R, Val};
use crate::source::Origin;
use toml::Value as Toml;

pub(super) const TABLE: &[Builtin] = &[("fromTOML", 1, from_toml)];

fn from_toml(eval: &mut Eval, args: &[Thunk], at: Origin) -> R {
    eval.each_text(&args[0], "fromTOML", at, |eval, text| {
        let Some(known) = text.known() else { return Ok(eval.after_holes(text, "fromTOML", at)) };
        match known.parse::<toml::Table>() {
            Ok(table) => Ok(from(eval, &Toml::Table(table), at)),
            // Nix's parser and ours might not agree about odd documents; it is no knowledge.
            Err(_) => Ok(eval.unknown(crate::value::Cause::Fails("TOML that cannot be parsed".into()), at)),
        }
    })
}

fn from(eval: &mut Eval, toml: &Toml, at: Origin) -> Val {
    match toml {
        Toml::String(text) => Val::text(text, at),
        Toml::Integer(number) => Val::new(Kind::Int(*number), at),
        Toml::Float(number) => Val::new(Kind::Float(*number), at),
        Toml::Boolean(known) => Val::new(Kind::Bool(*known), at),
        // Nix refuses dates, unless told otherwise.
        Toml::Datetime(_) => eval.unknown(crate::value::Cause::Unsupported("a date in TOML".into()), at),
        Toml::Array(items) => {
            let items = items.iter().map(|item| Thunk::done(from(eval, item, at))).collect();
            Val::list(items, at)
        }
        Toml::Table(members) => {
            let members: Vec<_> = members
                .iter()
                .map(|(name, value)| (name.as_str().into(), Thunk::done(from(eval, value, at))))
                .collect();
            Val::attrs(members, at)
        }
    }
}
