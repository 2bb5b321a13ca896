//! Control, types and errors.

use super::Builtin;
use crate::eval::Eval;
use crate::eval::string::{Coerce, is_store_hash};
use crate::eval::thunk::Thunk;
use crate::eval::val::{Elem, Failure, Kind, R, Val};
use crate::source::Origin;
use crate::value::{Cause, Condition, Unknown};
use std::collections::HashSet;
use std::rc::Rc;

pub(super) const TABLE: &[Builtin] = &[
    ("import", 1, import),
    ("toString", 1, to_string),
    ("throw", 1, throw),
    ("abort", 1, abort),
    ("seq", 2, seq),
    ("typeOf", 1, type_of),
    ("tryEval", 1, try_eval),
    ("deepSeq", 2, deep_seq),
    ("trace", 2, seq),
    ("traceVerbose", 2, |eval, args, _| eval.force(&args[1])),
    ("warn", 2, seq),
    ("addErrorContext", 2, |eval, args, _| eval.force(&args[1])),
    ("break", 1, |eval, args, _| eval.force(&args[0])),
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

/// The message of a `throw`: as it is written, not as it comes out, since what is put into it may be
/// a secret.
fn message(eval: &mut Eval, arg: &Thunk, at: Origin) -> R<String> {
    // `throwIf` of the library gets its text from where it is called.
    let given = eval.given_at(arg);
    let value = eval.force(arg)?;
    eval.coerce(&value, Coerce::Interpolation, at)?;
    Ok(eval.spelled_at(given).unwrap_or_else(|| "…".to_owned()))
}

fn throw(eval: &mut Eval, args: &[Thunk], at: Origin) -> R {
    let message = message(eval, &args[0], at)?;
    Err(Rc::new(Failure { message, catchable: true, at }))
}

fn abort(eval: &mut Eval, args: &[Thunk], at: Origin) -> R {
    let message = message(eval, &args[0], at)?;
    eval.fail(format!("evaluation aborted with the following error message: '{message}'"), at)
}

fn seq(eval: &mut Eval, args: &[Thunk], at: Origin) -> R {
    let first = eval.force(&args[0])?;
    let value = eval.force(&args[1])?;
    eval.meet_if_open(&first);
    eval.unless_failed(&[first], value, at)
}

fn is_type(eval: &mut Eval, args: &[Thunk], at: Origin, wanted: &'static str) -> R {
    let value = eval.force(&args[0])?;
    if !matches!(value.kind, Kind::OneOf(_) | Kind::Unknown(_) | Kind::Package(_)) {
        return Ok(Val::new(Kind::Bool(value.kind.type_name() == Some(wanted)), at));
    }
    let by = format!("is {wanted}");
    eval.lift(&value, &by, at, &mut |eval, value| match value.kind.type_name() {
        Some(name) => Ok(Val::new(Kind::Bool(name == wanted), at)),
        None => Ok(eval.unknown(crate::value::Cause::Package("a package's attribute".into()), at)),
    })
}

fn type_of(eval: &mut Eval, args: &[Thunk], at: Origin) -> R {
    eval.each(&args[0], "typeOf", at, |eval, value| match value.kind.type_name() {
        Some(name) => Ok(Val::text(name, at)),
        None => Ok(eval.unknown(Cause::Package("a package's attribute".into()), at)),
    })
}

fn try_eval(eval: &mut Eval, args: &[Thunk], at: Origin) -> R {
    let result = |success: Val, value: Val| {
        let value = [("success".into(), Thunk::done(success)), ("value".into(), Thunk::done(value))];
        Val::attrs(value, at)
    };
    let known = |known: bool| Val::new(Kind::Bool(known), at);
    let before = (eval.undecided_so_far(), eval.met.0);
    let value = match eval.force(&args[0]) {
        Ok(value) => value,
        // Something unknown on the way here may be a `throw`, which Nix would have met first.
        Err(failure) if (eval.undecided_so_far(), eval.met.0) != before => {
            let unknown = eval.fails(&failure);
            return Ok(eval.follows(&unknown, at));
        }
        Err(failure) if failure.catchable => return Ok(result(known(false), known(false))),
        Err(failure) => return Err(failure),
    };
    // Also where what comes out is known, as in `seq unknown 1`. One of several things says so itself
    // if one of them may fail: then the others hold only where nothing does.
    let met = eval.met.1.clone().filter(|_| eval.met.0 != before.1);
    let met = match &value.kind {
        Kind::OneOf(alternatives) if alternatives.iter().any(|(_, thunk)| !eval.surely_succeeds(thunk)) => None,
        _ => met,
    };
    let one = |eval: &mut Eval, value: &Val| {
        let Some(unknown) = may_fail(value).or(met.clone()) else { return Ok(result(known(true), value.clone())) };
        let unknown = &unknown;
        let success = eval.derive(unknown, "tryEval");
        let alternatives = vec![
            (Condition::when(success.clone(), true), Thunk::done(value.clone())),
            (Condition::when(success.clone(), false), Thunk::done(known(false))),
        ];
        let value = eval.one_of(alternatives, at)?;
        Ok(result(Val::new(Kind::Unknown(success), at), value))
    };
    match &value.kind {
        Kind::OneOf(alternatives) => {
            let mut results = vec![];
            for (condition, thunk) in alternatives.iter() {
                let value = eval.force_or_unknown(thunk);
                results.push((condition.clone(), Thunk::done(one(eval, &value)?)));
            }
            eval.one_of(results, at)
        }
        _ => one(eval, &value),
    }
}

/// What may be a `throw` in a value that is there: what is unknown of a text, of the length of a
/// list or of the names of a set.
fn may_fail(value: &Val) -> Option<Unknown> {
    match &value.kind {
        Kind::Unknown(unknown) => Some(unknown.clone()),
        Kind::Str(text) | Kind::Path(text) => text.holes().find(|hole| !is_store_hash(hole)).cloned(),
        Kind::List(items) => items.iter().find_map(|item| match item {
            Elem::Rest(unknown) => Some(unknown.clone()),
            Elem::Maybe(condition, _) => condition.literals().next().map(|(unknown, _)| unknown.clone()),
            Elem::One(_) => None,
        }),
        Kind::Attrs(set) => set.why_open().cloned(),
        _ => None,
    }
}

fn deep_seq(eval: &mut Eval, args: &[Thunk], at: Origin) -> R {
    let mut doubtful = vec![];
    eval.force_deep(&args[0], &mut HashSet::new(), &mut doubtful, at)?;
    let value = eval.force(&args[1])?;
    doubtful.iter().for_each(|one| eval.meet_if_open(one));
    eval.unless_failed(&doubtful, value, at)
}

impl Eval {
    /// Whether a value that was computed is not one that may be a failure.
    fn surely_succeeds(&mut self, thunk: &Thunk) -> bool {
        may_fail(&self.force_or_unknown(thunk)).is_none()
    }

    /// Takes note of a value that was computed for nothing, and of which not all is known.
    fn meet_if_open(&mut self, value: &Val) {
        if let Some(unknown) = may_fail(value) {
            self.met = (self.met.0 + 1, Some(unknown));
        }
    }

    /// `value`, and a failure where one of the values that were computed for nothing is one.
    pub(super) fn unless_failed(&mut self, computed: &[Val], value: Val, at: Origin) -> R {
        let mut value = value;
        for one in computed {
            let alternatives = match &one.kind {
                Kind::Unknown(unknown) if unknown.cause.is_failure() => return Ok(one.clone()),
                Kind::OneOf(alternatives) => alternatives,
                _ => continue,
            };
            let mut outcomes = vec![];
            let mut fails = false;
            for (condition, thunk) in alternatives.iter() {
                let outcome = self.force_or_unknown(thunk);
                let failed = matches!(&outcome.kind, Kind::Unknown(unknown) if unknown.cause.is_failure());
                fails |= failed;
                outcomes.push((condition.clone(), Thunk::done(if failed { outcome } else { value.clone() })));
            }
            if fails {
                value = self.one_of(outcomes, at)?;
            }
        }
        Ok(value)
    }

    /// Computes everything inside a value, each thunk once; notes what is not known.
    fn force_deep(&mut self, thunk: &Thunk, seen: &mut HashSet<usize>, doubtful: &mut Vec<Val>, at: Origin) -> R {
        if !seen.insert(thunk.address()) {
            return Ok(Val::new(Kind::Null, at));
        }
        let value = self.force(thunk)?;
        if matches!(value.kind, Kind::Unknown(_) | Kind::OneOf(_)) {
            doubtful.push(value.clone());
        }
        self.deeper(at, |eval| {
            match &value.kind {
                Kind::List(items) => {
                    for item in items.iter() {
                        match item {
                            Elem::One(thunk) => eval.force_deep(thunk, seen, doubtful, at)?,
                            Elem::Maybe(..) | Elem::Rest(_) => continue,
                        };
                    }
                }
                Kind::Attrs(set) => {
                    for attribute in set.known.values() {
                        eval.force_deep(&attribute.value, seen, doubtful, at)?;
                    }
                }
                _ => (),
            }
            Ok(Val::new(Kind::Null, at))
        })
    }
}
