//! Folding, sorting and closures over lists.

use super::Builtin;
use super::argument::{firm, list};
use crate::eval::Eval;
use crate::eval::thunk::Thunk;
use crate::eval::val::{Elem, Kind, R, Val};
use crate::source::Origin;
use crate::value::{Cause, Str, Truth, Unknown};
use std::collections::BTreeSet;

pub(super) const TABLE: &[Builtin] = &[("foldl'", 3, foldl), ("sort", 2, sort), ("genericClosure", 1, generic_closure)];

fn foldl(eval: &mut Eval, args: &[Thunk], at: Origin) -> R {
    let function = eval.function(&args[0], at)?;
    let value = eval.force(&args[2])?;
    let value = match &value.kind {
        Kind::List(items) => eval.decide(items, value.origin)?,
        _ => value,
    };
    let items = Thunk::done(value);
    eval.each_list(&items, at, |eval, items| {
        if items.is_empty() {
            return eval.force(&args[1]);
        }
        let mut result = args[1].clone();
        let mut choices = vec![];
        for (number, item) in items.iter().enumerate() {
            let next = match item {
                Elem::One(thunk) => eval.apply_all(&function, &[result, thunk.clone()], at)?,
                Elem::Rest(unknown) => eval.follows(unknown, at),
                Elem::Maybe(condition, _) => match condition.literals().next() {
                    Some((unknown, _)) => eval.follows(unknown, at),
                    None => continue,
                },
            };
            // Nix computes each of them, also what the next call does not look at.
            if number + 1 < items.len() && matches!(next.kind, Kind::OneOf(_) | Kind::Unknown(_)) {
                choices.push(next.clone());
            }
            result = Thunk::done(next);
        }
        let value = eval.force(&result)?;
        eval.unless_failed(&choices, value, at)
    })
}

fn sort(eval: &mut Eval, args: &[Thunk], at: Origin) -> R {
    eval.each_list(&args[1], at, |eval, items| {
        let ones = match firm(items) {
            Ok(ones) => ones,
            Err(unknown) => return Ok(list(vec![Elem::Rest(eval.after(&unknown))], at)),
        };
        let mut undecided = None;
        let sorted = merge_sort(eval, &args[0], ones, &mut undecided, at)?;
        // Which element stands where is not known: whatever joins, compares or takes elements needs that.
        Ok(match undecided {
            Some(unknown) => list(vec![Elem::Rest(eval.after(&unknown))], at),
            None => list(sorted.into_iter().map(Elem::One).collect(), at),
        })
    })
}

/// Stable, as Nix's is.
fn merge_sort(
    eval: &mut Eval,
    less: &Thunk,
    items: Vec<Thunk>,
    undecided: &mut Option<Unknown>,
    at: Origin,
) -> R<Vec<Thunk>> {
    if items.is_empty() {
        return Ok(items);
    }
    let function = eval.force(less)?;
    if !matches!(function.kind, Kind::Unknown(_) | Kind::OneOf(_) | Kind::Package(_)) && !eval.is_callable(&function) {
        return eval.fail(format!("value is {} while a function was expected", function.kind.describe()), at);
    }
    let mut runs: Vec<Vec<Thunk>> = items.into_iter().map(|item| vec![item]).collect();
    if runs.len() < 2 {
        return Ok(runs.pop().unwrap_or_default());
    }
    while runs.len() > 1 {
        let mut merged = vec![];
        let mut pairs = runs.into_iter();
        while let Some(left) = pairs.next() {
            merged.push(match pairs.next() {
                Some(right) => merge(eval, &function, &left, &right, undecided, at)?,
                None => left,
            });
        }
        runs = merged;
    }
    Ok(runs.pop().unwrap_or_default())
}

fn merge(
    eval: &mut Eval,
    less: &Val,
    left: &[Thunk],
    right: &[Thunk],
    undecided: &mut Option<Unknown>,
    at: Origin,
) -> R<Vec<Thunk>> {
    let mut merged = Vec::with_capacity(left.len() + right.len());
    let (mut x, mut y) = (0, 0);
    while x < left.len() && y < right.len() {
        let verdict = eval.apply_all(less, &[right[y].clone(), left[x].clone()], at)?;
        let right_first = match eval.truth(&verdict, at)? {
            Truth::Unknown(unknown) => {
                undecided.get_or_insert(unknown);
                false
            }
            known => known.is_true(),
        };
        if right_first {
            merged.push(right[y].clone());
            y += 1;
        } else {
            merged.push(left[x].clone());
            x += 1;
        }
    }
    merged.extend_from_slice(&left[x..]);
    merged.extend_from_slice(&right[y..]);
    Ok(merged)
}

/// What tells apart the elements of a closure.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Key {
    Int(i64),
    Text(String),
    Path(String),
}

fn generic_closure(eval: &mut Eval, args: &[Thunk], at: Origin) -> R {
    eval.each(&args[0], "genericClosure", at, |eval, argument| {
        let start = eval.select_from(argument, &[Str::new("startSet")], None, at)?;
        let mut work: std::collections::VecDeque<Thunk> = match closure_items(eval, &start, at)? {
            Ok(items) => items.into(),
            Err(unknown) => return Ok(unknown),
        };
        let (mut done, mut result) = (BTreeSet::new(), vec![]);
        while let Some(item) = work.pop_front() {
            let value = eval.force(&item)?;
            let key = eval.select_from(&value, &[Str::new("key")], None, at)?;
            let key = match &key.kind {
                Kind::Int(number) => Key::Int(*number),
                Kind::Str(text) | Kind::Path(text) if text.known().is_none() => {
                    return Ok(eval.after_holes(text, "genericClosure", at));
                }
                Kind::Str(text) => Key::Text(text.to_string()),
                Kind::Path(text) => Key::Path(text.to_string()),
                _ => return Ok(eval.unknown(Cause::Unsupported("genericClosure".into()), at)),
            };
            let mixed = done.first().is_some_and(|first| std::mem::discriminant(first) != std::mem::discriminant(&key));
            if mixed {
                return eval.fail("cannot compare keys of different types", at);
            }
            if !done.insert(key) {
                continue;
            }
            result.push(item.clone());
            let operator = eval.select_from(argument, &[Str::new("operator")], None, at)?;
            let found = eval.apply(&operator, item, at)?;
            match closure_items(eval, &found, at)? {
                Ok(items) => work.extend(items),
                Err(unknown) => return Ok(unknown),
            }
        }
        Ok(Val::list(result, at))
    })
}

fn closure_items(eval: &mut Eval, value: &Val, at: Origin) -> R<Result<Vec<Thunk>, Val>> {
    match &value.kind {
        Kind::List(items) => match firm(items) {
            Ok(items) => Ok(Ok(items)),
            Err(unknown) => Ok(Err(eval.follows(&unknown, at))),
        },
        Kind::Unknown(unknown) => Ok(Err(eval.follows(unknown, at))),
        Kind::OneOf(_) | Kind::Package(_) => Ok(Err(eval.unknown(Cause::Unsupported("genericClosure".into()), at))),
        other => eval.fail(format!("value is {} while a list was expected", other.describe()), at),
    }
}
