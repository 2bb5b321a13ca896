//! Control, types and errors.

use super::Builtin;
use crate::eval::Eval;
use crate::eval::string::Coerce;
use crate::eval::thunk::Thunk;
use crate::eval::val::{Failure, Kind, R, Val};
use crate::source::Origin;
use std::rc::Rc;

pub(super) const TABLE: &[Builtin] = &[
    ("import", 1, import),
    ("toString", 1, to_string),
    ("throw", 1, throw),
    ("abort", 1, abort),
    ("seq", 2, seq),
    ("isNull", 1, |eval, args, at| is_type(eval, args, at, "null")),
    ("isString", 1, |eval, args, at| is_type(eval, args, at, "string")),
    ("isBool", 1, |eval, args, at| is_type(eval, args, at, "bool")),
    ("isInt", 1, |eval, args, at| is_type(eval, args, at, "int")),
    ("isFloat", 1, |eval, args, at| is_type(eval, args, at, "float")),
    ("isList", 1, |eval, args, at| is_type(eval, args, at, "list")),
    ("isAttrs", 1, |eval, args, at| is_type(eval, args, at, "set")),
    ("isPath", 1, |eval, args, at| is_type(eval, args, at, "path")),
    ("isFunction", 1, |eval, args, at| is_type(eval, args, at, "lambda")),
];

fn import(eval: &mut Eval, args: &[Thunk], at: Origin) -> R {
    let value = eval.force(&args[0])?;
    eval.import_value(&value, at)
}

fn to_string(eval: &mut Eval, args: &[Thunk], at: Origin) -> R {
    let value = eval.force(&args[0])?;
    eval.coerce(&value, Coerce::ToString, at)
}

fn message(eval: &mut Eval, arg: &Thunk, at: Origin) -> R<String> {
    let value = eval.force(arg)?;
    Ok(match eval.coerce(&value, Coerce::Interpolation, at)?.kind {
        Kind::Str(text) => text.to_string(),
        _ => "…".to_owned(),
    })
}

fn throw(eval: &mut Eval, args: &[Thunk], at: Origin) -> R {
    let message = message(eval, &args[0], at)?;
    Err(Rc::new(Failure { message, catchable: true, at }))
}

fn abort(eval: &mut Eval, args: &[Thunk], at: Origin) -> R {
    let message = message(eval, &args[0], at)?;
    eval.fail(format!("evaluation aborted with the following error message: '{message}'"), at)
}

fn seq(eval: &mut Eval, args: &[Thunk], _: Origin) -> R {
    eval.force(&args[0])?;
    eval.force(&args[1])
}

fn is_type(eval: &mut Eval, args: &[Thunk], at: Origin, wanted: &'static str) -> R {
    let value = eval.force(&args[0])?;
    let by = format!("is {wanted}");
    eval.lift(&value, &by, at, &mut |eval, value| match value.kind.type_name() {
        Some(name) => Ok(Val::new(Kind::Bool(name == wanted), at)),
        None => Ok(eval.unknown(crate::value::Cause::Package("a package's attribute".into()), at)),
    })
}
