//! What texts start with, end with and contain: functions of `lib.strings` that know more about
//! texts with holes than their definitions in Nix could.

use super::argument::bool;
use super::text::Text;
use crate::eval::Eval;
use crate::eval::thunk::Thunk;
use crate::eval::val::{Kind, R, Val};
use crate::source::Origin;
use crate::value::{Condition, Part, Str};

/// The functions, by name.
pub(in crate::eval) fn functions() -> Val {
    let functions = [
        Val::native("hasPrefix", 2, |eval, args, at| has(eval, args, at, "hasPrefix", has_prefix)),
        Val::native("hasSuffix", 2, |eval, args, at| has(eval, args, at, "hasSuffix", has_suffix)),
        Val::native("hasInfix", 2, |eval, args, at| has(eval, args, at, "hasInfix", has_infix)),
        Val::native("removePrefix", 2, |eval, args, at| remove(eval, args, at, "hasPrefix")),
        Val::native("removeSuffix", 2, |eval, args, at| remove(eval, args, at, "hasSuffix")),
    ];
    let named = functions.into_iter().filter_map(|function| match &function.kind {
        Kind::Native(native) => Some((native.name.into(), Thunk::done(function.clone()))),
        _ => None,
    });
    Val::attrs(named, Origin::Default)
}

/// Whether the text has it; `None` where that hangs on the holes.
type Test = fn(&Str, &str) -> Option<bool>;

fn has_prefix(text: &Str, prefix: &str) -> Option<bool> {
    let known = text.known_prefix();
    match known.starts_with(prefix) {
        true => Some(true),
        false if text.known().is_none() && prefix.starts_with(known) => None,
        false => Some(false),
    }
}

fn has_suffix(text: &Str, suffix: &str) -> Option<bool> {
    let known = text.known_suffix();
    match known.ends_with(suffix) {
        true => Some(true),
        false if text.known().is_none() && suffix.ends_with(known) => None,
        false => Some(false),
    }
}

fn has_infix(text: &Str, infix: &str) -> Option<bool> {
    let inside = text.parts().iter().any(|part| matches!(part, Part::Text(text) if text.contains(infix)));
    match inside || infix.is_empty() {
        true => Some(true),
        false if text.known().is_none() => None,
        false => Some(false),
    }
}

fn has(eval: &mut Eval, args: &[Thunk], at: Origin, by: &str, test: Test) -> R {
    eval.each_coerced(&args[0], at, |eval, affix| {
        let affix = affix.clone();
        eval.each_coerced(&args[1], at, |eval, text| {
            let Some(known) = affix.known() else {
                let of = format!("{by} of {}", eval.fresh_id());
                return Ok(match text.equals(&affix).is_true() {
                    true => bool(true, at),
                    false => eval.after_holes(&affix, &of, at),
                });
            };
            Ok(match test(text, known) {
                Some(known) => bool(known, at),
                None => eval.after_holes(text, &format!("{by} {known}"), at),
            })
        })
    })
}

/// The text without the affix, if it has it.
fn remove(eval: &mut Eval, args: &[Thunk], at: Origin, by: &str) -> R {
    let test = if by == "hasPrefix" { has_prefix } else { has_suffix };
    eval.each_coerced(&args[0], at, |eval, affix| {
        let affix = affix.clone();
        eval.each_coerced(&args[1], at, |eval, text| {
            let Some(known) = affix.known() else { return Ok(eval.after_holes(&affix, "remove", at)) };
            let whole = Val::new(Kind::Str(text.clone()), at);
            match test(text, known) {
                Some(false) => Ok(whole),
                Some(true) => Ok(Val::str(without(text, known.len(), by == "hasPrefix"), at)),
                None => {
                    let there = eval.after_holes(text, &format!("{by} {known}"), at);
                    let Kind::Unknown(there) = there.kind else { return Ok(there) };
                    let rest = eval.after_holes(text, &format!("{by} {known} removed"), at);
                    let alternatives = vec![
                        (Condition::when(there.clone(), true), Thunk::done(rest)),
                        (Condition::when(there, false), Thunk::done(whole)),
                    ];
                    eval.one_of(alternatives, at)
                }
            }
        })
    })
}

/// The text without the first or last `length` bytes, which are known.
fn without(text: &Str, length: usize, first: bool) -> Str {
    let mut rest = Text::default();
    let edge = if first { 0 } else { text.parts().len().saturating_sub(1) };
    for (index, part) in text.parts().iter().enumerate() {
        match part {
            Part::Text(text) if index == edge && first => rest.text(&text[length..]),
            Part::Text(text) if index == edge => rest.text(&text[..text.len() - length]),
            Part::Text(text) => rest.text(text),
            Part::Hole(unknown) => rest.push(&Str::hole(unknown.clone())),
        }
    }
    rest.context(&text.context);
    rest.finish()
}
