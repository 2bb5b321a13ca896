//! `toXML`.

use super::Builtin;
use crate::eval::Eval;
use crate::eval::string::general;
use crate::eval::thunk::Thunk;
use crate::eval::val::{AttrSet, Elem, Kind, R, Val};
use crate::source::Origin;
use crate::syntax::{Expr, Param};
use crate::value::Cause;

pub(super) const TABLE: &[Builtin] = &[("toXML", 1, to_xml)];

/// Nested deeper than this, the whole is unknown.
const DEEPEST: usize = 500;

fn to_xml(eval: &mut Eval, args: &[Thunk], at: Origin) -> R {
    let mut out = String::from("<?xml version='1.0' encoding='utf-8'?>\n<expr>\n");
    match write(eval, &mut out, &args[0], 1)? {
        Some(cause) => Ok(eval.unknown(cause, at)),
        None => Ok(Val::text(&(out + "</expr>\n"), at)),
    }
}

fn element(out: &mut String, depth: usize, name: &str, value: &str) {
    let value = escaped(value);
    out.push_str(&format!("{:1$}<{name} value=\"{value}\" />\n", "", depth * 2));
}

fn line(out: &mut String, depth: usize, text: &str) {
    out.push_str(&format!("{:1$}{text}\n", "", depth * 2));
}

fn escaped(text: &str) -> String {
    let mut out = String::new();
    for letter in text.chars() {
        match letter {
            '"' => out.push_str("&quot;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' => out.push_str("&amp;"),
            '\n' => out.push_str("&#xA;"),
            other => out.push(other),
        }
    }
    out
}

/// Why the text is not known, if it is not.
fn write(eval: &mut Eval, out: &mut String, thunk: &Thunk, depth: usize) -> R<Option<Cause>> {
    let value = eval.force(thunk)?;
    if depth > DEEPEST {
        return Ok(Some(Cause::Budget("too deep")));
    }
    match &value.kind {
        Kind::Null => line(out, depth, "<null />"),
        Kind::Bool(known) => element(out, depth, "bool", if *known { "true" } else { "false" }),
        Kind::Int(number) => element(out, depth, "int", &number.to_string()),
        Kind::Float(number) => element(out, depth, "float", &general(*number)),
        Kind::Str(text) | Kind::Path(text) => {
            let name = if matches!(value.kind, Kind::Str(_)) { "string" } else { "path" };
            match (text.known(), text.holes().next()) {
                (Some(known), _) => element(out, depth, name, known),
                (None, hole) => return Ok(Some(hole.map_or(Cause::Recursion, |hole| (*hole.cause).clone()))),
            }
        }
        Kind::List(items) => {
            line(out, depth, "<list>");
            for item in items.iter() {
                let Elem::One(thunk) = item else {
                    return Ok(Some(Cause::Unsupported("toXML of a partly known list".into())));
                };
                if let Some(cause) = write(eval, out, thunk, depth + 1)? {
                    return Ok(Some(cause));
                }
            }
            line(out, depth, "</list>");
        }
        Kind::Attrs(set) => return write_set(eval, out, set, depth),
        Kind::Lambda(closure) => {
            line(out, depth, "<function>");
            if let Expr::Lambda { param, .. } = closure.env.tree.expr(closure.expr) {
                write_param(out, param, depth + 1);
            }
            line(out, depth, "</function>");
        }
        Kind::Native(_) => line(out, depth, "<unevaluated />"),
        Kind::Unknown(unknown) => return Ok(Some((*unknown.cause).clone())),
        Kind::Package(_) | Kind::OneOf(_) => return Ok(Some(Cause::Unsupported("toXML".into()))),
    }
    Ok(None)
}

fn write_set(eval: &mut Eval, out: &mut String, set: &AttrSet, depth: usize) -> R<Option<Cause>> {
    if !set.is_complete() || eval.is_derivation_set(set) {
        return Ok(Some(Cause::Unsupported("toXML of a partly known set".into())));
    }
    line(out, depth, "<attrs>");
    for (name, attribute) in &set.known {
        line(out, depth + 1, &format!("<attr name=\"{}\">", escaped(name)));
        if let Some(cause) = write(eval, out, &attribute.value, depth + 2)? {
            return Ok(Some(cause));
        }
        line(out, depth + 1, "</attr>");
    }
    line(out, depth, "</attrs>");
    Ok(None)
}

fn write_param(out: &mut String, param: &Param, depth: usize) {
    match param {
        Param::Name(name) => line(out, depth, &format!("<varpat name=\"{}\" />", escaped(name))),
        Param::Pattern { formals, ellipsis, bind } => {
            let ellipsis = if *ellipsis { " ellipsis=\"1\"" } else { "" };
            let bind = bind.as_ref().map(|bind| format!(" name=\"{}\"", escaped(bind))).unwrap_or_default();
            line(out, depth, &format!("<attrspat{ellipsis}{bind}>"));
            let mut names: Vec<_> = formals.iter().map(|formal| formal.name.as_str()).collect();
            names.sort_unstable();
            for name in names {
                line(out, depth + 1, &format!("<attr name=\"{}\" />", escaped(name)));
            }
            line(out, depth, "</attrspat>");
        }
    }
}
