//! Numbers.

use super::Builtin;
use super::argument::int;
use crate::eval::Eval;
use crate::eval::thunk::Thunk;
use crate::eval::val::{Kind, R};
use crate::source::Origin;
use crate::syntax::BinaryOp;

pub(super) const TABLE: &[Builtin] = &[
    ("add", 2, |eval, args, at| arithmetic(eval, args, at, BinaryOp::Add)),
    ("sub", 2, |eval, args, at| arithmetic(eval, args, at, BinaryOp::Sub)),
    ("mul", 2, |eval, args, at| arithmetic(eval, args, at, BinaryOp::Mul)),
    ("div", 2, |eval, args, at| arithmetic(eval, args, at, BinaryOp::Div)),
    ("lessThan", 2, less_than),
    ("bitAnd", 2, |eval, args, at| bits(eval, args, at, |a, b| a & b)),
    ("bitOr", 2, |eval, args, at| bits(eval, args, at, |a, b| a | b)),
    ("bitXor", 2, |eval, args, at| bits(eval, args, at, |a, b| a ^ b)),
    ("ceil", 1, |eval, args, at| round(eval, args, at, "ceil", f64::ceil)),
    ("floor", 1, |eval, args, at| round(eval, args, at, "floor", f64::floor)),
];

fn arithmetic(eval: &mut Eval, args: &[Thunk], at: Origin, op: BinaryOp) -> R {
    let (a, b) = (eval.force(&args[0])?, eval.force(&args[1])?);
    if op != BinaryOp::Add {
        return eval.arithmetic(op, &a, &b, at);
    }
    // The operator adds strings too, the function does not.
    eval.lift2(&a, &b, at, &mut |eval, a, b| match (&a.kind, &b.kind) {
        (Kind::Int(_) | Kind::Float(_), Kind::Int(_) | Kind::Float(_)) => eval.add(a, b, at),
        (Kind::Int(_) | Kind::Float(_), other) | (other, _) => {
            eval.fail(format!("value is {} while an integer was expected", other.describe()), at)
        }
    })
}

fn less_than(eval: &mut Eval, args: &[Thunk], at: Origin) -> R {
    let (a, b) = (eval.force(&args[0])?, eval.force(&args[1])?);
    let truth = eval.less(&a, &b, at)?;
    Ok(eval.from_truth(truth, at))
}

fn bits(eval: &mut Eval, args: &[Thunk], at: Origin, f: fn(i64, i64) -> i64) -> R {
    eval.each_int(&args[0], "", at, |eval, a| eval.each_int(&args[1], "", at, |_, b| Ok(int(f(a, b), at))))
}

fn round(eval: &mut Eval, args: &[Thunk], at: Origin, by: &str, f: fn(f64) -> f64) -> R {
    eval.each(&args[0], by, at, |eval, value| match &value.kind {
        Kind::Int(number) => Ok(int(*number, at)),
        Kind::Float(number) if number.is_finite() && number.abs() < 9e18 => Ok(int(f(*number) as i64, at)),
        Kind::Float(_) => eval.fail("the number is too large for an integer", at),
        other => eval.fail(format!("value is {} while a float was expected", other.describe()), at),
    })
}
