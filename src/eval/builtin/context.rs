//! What strings refer to.

use super::Builtin;
use super::argument::{bool, set};
use crate::eval::Eval;
use crate::eval::string::is_store_hash;
use crate::eval::thunk::Thunk;
use crate::eval::val::{AttrSet, Attribute, Kind, R, Val};
use crate::source::Origin;
use crate::value::{Context, StoreKind, Str};

pub(super) const TABLE: &[Builtin] = &[
    ("hasContext", 1, has_context),
    ("getContext", 1, get_context),
    ("appendContext", 2, append_context),
    ("unsafeDiscardStringContext", 1, discard),
    ("unsafeDiscardOutputDependency", 1, same),
    ("addDrvOutputDependencies", 1, add_outputs),
];

fn has_context(eval: &mut Eval, args: &[Thunk], at: Origin) -> R {
    eval.each_text(&args[0], "hasContext", at, |eval, text| {
        Ok(match (text.context.is_empty(), text.holes().all(is_store_hash)) {
            (false, _) => bool(true, at),
            (true, true) => bool(false, at),
            // Unknown text may refer to something.
            (true, false) => eval.after_holes(text, "hasContext", at),
        })
    })
}

fn get_context(eval: &mut Eval, args: &[Thunk], at: Origin) -> R {
    eval.each_text(&args[0], "getContext", at, |eval, text| {
        if !text.holes().all(is_store_hash) {
            return Ok(eval.after_holes(text, "getContext", at));
        }
        let mut context = AttrSet::default();
        let objects: Vec<_> = text.context.iter().cloned().collect();
        for object in objects {
            // What is built is named by its derivation, whose path is another.
            if !matches!(object.kind, StoreKind::Copied(_)) {
                return Ok(eval.after_holes(text, "getContext", at));
            }
            let mut path = eval.store_path(&object);
            path.context = Context::default();
            let is_path = Val::attrs([("path".into(), Thunk::done(bool(true, at)))], at);
            context.partly.push((path, Attribute { value: Thunk::done(is_path), site: at }));
        }
        Ok(set(context, at))
    })
}

fn append_context(eval: &mut Eval, args: &[Thunk], at: Origin) -> R {
    eval.each_text(&args[0], "", at, |eval, text| {
        let text = text.clone();
        eval.each_set(&args[1], at, |eval, context| match context.is_complete() && context.known.is_empty() {
            true => Ok(Val::new(Kind::Str(text.clone()), at)),
            false => Ok(eval.after_holes(&text, "appendContext", at)),
        })
    })
}

fn discard(eval: &mut Eval, args: &[Thunk], at: Origin) -> R {
    eval.each_coerced(&args[0], at, |_, text| {
        let mut plain = Str::default();
        for part in text.parts() {
            match part {
                crate::value::Part::Text(text) => plain.push_text(text),
                crate::value::Part::Hole(unknown) => plain.push(&Str::hole(unknown.clone())),
            }
        }
        Ok(Val::str(plain, at))
    })
}

fn add_outputs(eval: &mut Eval, args: &[Thunk], at: Origin) -> R {
    eval.each_text(&args[0], "", at, |eval, text| match text.context.iter().count() {
        0 if text.known().is_some() => eval.fail("context of the string must have exactly one element, but has 0", at),
        _ => Ok(eval.after_holes(text, "addDrvOutputDependencies", at)),
    })
}

/// What this changes is not followed: a string refers to the same objects before and after.
fn same(eval: &mut Eval, args: &[Thunk], at: Origin) -> R {
    eval.each_text(&args[0], "", at, |_, text| Ok(Val::new(Kind::Str(text.clone()), at)))
}
