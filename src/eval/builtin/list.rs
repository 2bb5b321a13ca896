//! Lists: looking into them, making new ones.

use super::Builtin;
use super::argument::{bool, int, list};
use crate::eval::Eval;
use crate::eval::thunk::Thunk;
use crate::eval::val::{Elem, Kind, R, Val};
use crate::source::Origin;
use crate::value::{Cause, Condition, Truth, Unknown};

pub(super) const TABLE: &[Builtin] = &[
    ("head", 1, head),
    ("tail", 1, tail),
    ("length", 1, length),
    ("elemAt", 2, elem_at),
    ("elem", 2, elem),
    ("map", 2, map),
    ("filter", 2, filter),
    ("partition", 2, partition),
    ("concatLists", 1, concat_lists),
    ("concatMap", 2, concat_map),
    ("genList", 2, gen_list),
    ("all", 2, |eval, args, at| quantify(eval, args, false, at)),
    ("any", 2, |eval, args, at| quantify(eval, args, true, at)),
];

/// Longer lists are not made.
const LONGEST: u64 = 1_000_000;

fn thunk_of(item: Option<&Elem>) -> Option<&Thunk> {
    match item {
        Some(Elem::One(thunk)) => Some(thunk),
        _ => None,
    }
}

fn head(eval: &mut Eval, args: &[Thunk], at: Origin) -> R {
    eval.each_firm(&args[0], "head", at, |eval, items| match thunk_of(items.first()) {
        Some(thunk) => eval.force(thunk),
        None => eval.fail("list index 0 is out of bounds", at),
    })
}

fn tail(eval: &mut Eval, args: &[Thunk], at: Origin) -> R {
    eval.each_firm(&args[0], "tail", at, |eval, items| match items.split_first() {
        Some((_, rest)) => Ok(list(rest.to_vec(), at)),
        None => eval.fail("'tail' called on an empty list", at),
    })
}

fn length(eval: &mut Eval, args: &[Thunk], at: Origin) -> R {
    eval.each_firm(&args[0], "length", at, |_, items| Ok(int(items.len() as i64, at)))
}

fn elem_at(eval: &mut Eval, args: &[Thunk], at: Origin) -> R {
    eval.each_position(&args[1], at, |eval, index| {
        eval.each_firm(&args[0], &format!("elemAt {index}"), at, |eval, items| {
            let item = usize::try_from(index).ok().and_then(|index| items.get(index));
            match thunk_of(item) {
                Some(thunk) => eval.force(thunk),
                None => eval.fail(format!("list index {index} is out of bounds"), at),
            }
        })
    })
}

fn elem(eval: &mut Eval, args: &[Thunk], at: Origin) -> R {
    eval.each_list(&args[1], at, |eval, items| {
        let mut undecided = vec![];
        for item in items.iter() {
            let (condition, thunk) = match item {
                Elem::One(thunk) => (Condition::always(), thunk),
                Elem::Maybe(condition, thunk) => (condition.clone(), thunk),
                Elem::Rest(unknown) => {
                    undecided.push(eval.after(unknown));
                    continue;
                }
            };
            let sure = undecided.is_empty() && condition.is_always();
            let truth = match eval.is_elem(&args[0], thunk, at) {
                // Nix may have found it before, and not have come here.
                Err(failure) if !sure => Truth::Unknown(eval.fails(&failure)),
                other => other?,
            };
            match truth {
                Truth::Unknown(unknown) if sure && eval.refuses(&unknown) => {
                    return Ok(Val::new(Kind::Unknown(unknown), at));
                }
                Truth::False => (),
                Truth::True if condition.is_always() => return Ok(bool(true, at)),
                Truth::True => match eval.condition_value(&condition, at).kind {
                    Kind::Unknown(unknown) => undecided.push(unknown),
                    _ => return Ok(bool(true, at)),
                },
                Truth::Unknown(unknown) if condition.is_always() => undecided.push(unknown),
                Truth::Unknown(unknown) => undecided.push(eval.after(&unknown)),
            }
        }
        Ok(eval.undecided(&undecided, false, at))
    })
}

fn map(eval: &mut Eval, args: &[Thunk], at: Origin) -> R {
    eval.each_list(&args[1], at, |eval, items| {
        let apply = |thunk: &Thunk| {
            let (function, argument) = (args[0].clone(), thunk.clone());
            Thunk::native(at, move |eval| {
                let function = eval.force(&function)?;
                eval.apply(&function, argument, at)
            })
        };
        let mapped = items.iter().map(|item| match item {
            Elem::One(thunk) => Elem::One(apply(thunk)),
            Elem::Maybe(condition, thunk) => Elem::Maybe(condition.clone(), apply(thunk)),
            Elem::Rest(unknown) => Elem::Rest(eval.after(unknown)),
        });
        let mapped = mapped.collect();
        Ok(list(mapped, at))
    })
}

/// An element that passed a test under `conditions`, which exclude each other.
fn keep(kept: &mut Vec<Elem>, conditions: &[Condition], thunk: &Thunk) {
    for condition in conditions {
        kept.push(match condition.is_always() {
            true => Elem::One(thunk.clone()),
            false => Elem::Maybe(condition.clone(), thunk.clone()),
        });
    }
}

/// Elements of which something holds, and the others.
type Parts = (Vec<Elem>, Vec<Elem>);

/// The elements that pass the test, and those that do not.
///
/// Or what Nix refuses to say of an element.
fn parted(eval: &mut Eval, args: &[Thunk], items: &[Elem], at: Origin) -> R<Result<Parts, Val>> {
    let (mut right, mut wrong) = (vec![], vec![]);
    let function = if items.is_empty() { None } else { Some(eval.force(&args[0])?) };
    for item in items {
        let (outer, thunk) = match item {
            Elem::One(thunk) => (Condition::always(), thunk),
            Elem::Maybe(condition, thunk) => (condition.clone(), thunk),
            Elem::Rest(unknown) => {
                right.push(Elem::Rest(eval.after(unknown)));
                wrong.push(Elem::Rest(eval.after(unknown)));
                continue;
            }
        };
        let Some(function) = &function else { continue };
        let passed = match eval.apply(function, thunk.clone(), at) {
            Err(failure) if !outer.is_always() => eval.failed(&failure),
            other => other?,
        };
        if outer.is_always() && eval.is_refused(&passed) {
            return Ok(Err(passed));
        }
        for (wanted, kept) in [(true, &mut right), (false, &mut wrong)] {
            let conditions = eval.conditions(&passed, wanted, at)?;
            let conditions: Vec<_> = conditions.iter().filter_map(|inner| outer.and(inner)).collect();
            keep(kept, &conditions, thunk);
        }
    }
    Ok(Ok((right, wrong)))
}

fn filter(eval: &mut Eval, args: &[Thunk], at: Origin) -> R {
    eval.each_list(&args[1], at, |eval, items| {
        Ok(match parted(eval, args, items, at)? {
            Ok((right, _)) => list(right, at),
            Err(refused) => refused,
        })
    })
}

fn partition(eval: &mut Eval, args: &[Thunk], at: Origin) -> R {
    eval.function(&args[0], at)?;
    eval.each_list(&args[1], at, |eval, items| {
        let (right, wrong) = match parted(eval, args, items, at)? {
            Ok(parts) => parts,
            Err(refused) => return Ok(refused),
        };
        let part = |items| Thunk::done(list(items, at));
        Ok(Val::attrs([("right".into(), part(right)), ("wrong".into(), part(wrong))], at))
    })
}

fn concat_lists(eval: &mut Eval, args: &[Thunk], at: Origin) -> R {
    eval.each_list(&args[0], at, |eval, items| {
        let mut all = vec![];
        for item in items.iter() {
            if let Some(refused) = append_item(eval, &mut all, item, &mut |eval, thunk| eval.force(thunk), at)? {
                return Ok(refused);
            }
            if all.len() as u64 > LONGEST {
                return Ok(eval.unknown(Cause::Budget("too long a list"), at));
            }
        }
        eval.made(all, at)
    })
}

fn concat_map(eval: &mut Eval, args: &[Thunk], at: Origin) -> R {
    eval.function(&args[0], at)?;
    eval.each_list(&args[1], at, |eval, items| {
        let mut all = vec![];
        for item in items.iter() {
            let mut apply = |eval: &mut Eval, thunk: &Thunk| {
                let function = eval.force(&args[0])?;
                eval.apply(&function, thunk.clone(), at)
            };
            if let Some(refused) = append_item(eval, &mut all, item, &mut apply, at)? {
                return Ok(refused);
            }
            if all.len() as u64 > LONGEST {
                return Ok(eval.unknown(Cause::Budget("too long a list"), at));
            }
        }
        eval.made(all, at)
    })
}

/// Appends the elements of one list of a list of lists. Gives it back if Nix refuses it.
fn append_item(
    eval: &mut Eval,
    all: &mut Vec<Elem>,
    item: &Elem,
    get: &mut dyn FnMut(&mut Eval, &Thunk) -> R,
    at: Origin,
) -> R<Option<Val>> {
    match item {
        Elem::Rest(unknown) => all.push(Elem::Rest(eval.derive(unknown, "concat"))),
        Elem::One(thunk) => {
            let value = get(eval, thunk)?;
            if eval.is_refused(&value) {
                return Ok(Some(value));
            }
            let value = eval.spread(&value, at)?;
            append(eval, all, &value, None, at)?;
        }
        Elem::Maybe(condition, thunk) => {
            let value = match get(eval, thunk).and_then(|value| eval.spread(&value, at)) {
                Ok(value) => value,
                Err(failure) => eval.failed(&failure),
            };
            append(eval, all, &value, Some(condition), at)?;
        }
    }
    Ok(None)
}

fn append(eval: &mut Eval, all: &mut Vec<Elem>, value: &Val, outer: Option<&Condition>, at: Origin) -> R<()> {
    match &value.kind {
        Kind::List(items) => match outer {
            None => all.extend(items.iter().cloned()),
            Some(outer) => all.extend(items.iter().filter_map(|item| match item {
                Elem::One(thunk) => Some(Elem::Maybe(outer.clone(), thunk.clone())),
                Elem::Maybe(inner, thunk) => outer.and(inner).map(|both| Elem::Maybe(both, thunk.clone())),
                Elem::Rest(unknown) => Some(Elem::Rest(unknown.clone())),
            })),
        },
        Kind::Unknown(unknown) => all.push(Elem::Rest(unknown.clone())),
        Kind::Package(_) => {
            all.push(Elem::Rest(eval.new_unknown(Cause::Package("a list of a package".into()), at)));
        }
        other => return eval.fail(format!("value is {} while a list was expected", other.describe()), at),
    }
    Ok(())
}

fn gen_list(eval: &mut Eval, args: &[Thunk], at: Origin) -> R {
    eval.each_int(&args[1], "", at, |eval, count| {
        let Ok(count) = u64::try_from(count) else {
            return eval.fail(format!("cannot create list of size {count}"), at);
        };
        if count > LONGEST || !eval.spend(count) {
            return Ok(eval.unknown(Cause::Budget("too long a list"), at));
        }
        let element = |index: u64| {
            let (function, index) = (args[0].clone(), Thunk::done(int(index as i64, at)));
            Elem::One(Thunk::native(at, move |eval| {
                let function = eval.force(&function)?;
                eval.apply(&function, index, at)
            }))
        };
        Ok(list((0..count).map(element).collect(), at))
    })
}

/// `any` (`wanted`: one true element decides) and `all` (one false element does).
fn quantify(eval: &mut Eval, args: &[Thunk], wanted: bool, at: Origin) -> R {
    eval.function(&args[0], at)?;
    eval.each_list(&args[1], at, |eval, items| {
        let mut undecided: Vec<Unknown> = vec![];
        let function = if items.is_empty() { None } else { Some(eval.force(&args[0])?) };
        for item in items.iter() {
            let (condition, thunk) = match item {
                Elem::One(thunk) => (Condition::always(), thunk),
                Elem::Maybe(condition, thunk) => (condition.clone(), thunk),
                Elem::Rest(unknown) => {
                    undecided.push(eval.after(unknown));
                    continue;
                }
            };
            let Some(function) = &function else { continue };
            let sure = undecided.is_empty() && condition.is_always();
            let truth = eval.apply(function, thunk.clone(), at).and_then(|value| eval.truth(&value, at));
            let truth = match truth {
                Err(failure) if !sure => Truth::Unknown(eval.fails(&failure)),
                other => other?,
            };
            match truth {
                Truth::Unknown(unknown) if sure && eval.refuses(&unknown) => {
                    return Ok(Val::new(Kind::Unknown(unknown), at));
                }
                Truth::Unknown(unknown) if condition.is_always() => undecided.push(unknown),
                Truth::Unknown(unknown) => undecided.push(eval.after(&unknown)),
                known if known.is_true() != wanted => (),
                _ if condition.is_always() => return Ok(bool(wanted, at)),
                _ => {
                    let unknown = condition.literals().next().map(|(unknown, _)| unknown.clone());
                    undecided.extend(unknown.map(|unknown| eval.after(&unknown)));
                }
            }
        }
        Ok(eval.undecided(&undecided, !wanted, at))
    })
}

impl Eval {
    fn is_elem(&mut self, wanted: &Thunk, thunk: &Thunk, at: Origin) -> R<Truth> {
        if wanted.is_same(thunk) {
            return Ok(Truth::True);
        }
        let wanted = self.force(wanted)?;
        let value = self.force(thunk)?;
        self.equal(&wanted, &value, at)
    }

    /// A disjunction (or conjunction) of undecided values: `otherwise` when there are none.
    fn undecided(&mut self, undecided: &[Unknown], otherwise: bool, at: Origin) -> Val {
        match undecided {
            [] => bool(otherwise, at),
            [only] => Val::new(Kind::Unknown(only.clone()), at),
            [first, ..] => self.follows(first, at),
        }
    }

    /// A condition as a value: the undecided value itself where that is all there is to it.
    fn condition_value(&mut self, condition: &Condition, at: Origin) -> Val {
        let mut literals = condition.literals();
        match (literals.next(), literals.next()) {
            (None, _) => bool(true, at),
            (Some((unknown, true)), None) => Val::new(Kind::Unknown(unknown.clone()), at),
            (Some((unknown, _)), _) => {
                let unknown = unknown.clone();
                self.follows(&unknown, at)
            }
        }
    }

    pub(in crate::eval) fn fails(&mut self, failure: &crate::eval::val::Failure) -> Unknown {
        self.new_unknown(Cause::Fails(failure.message.clone()), failure.at)
    }

    /// A list that was put together, if it is not too long.
    fn made(&mut self, items: Vec<Elem>, at: Origin) -> R {
        Ok(if self.may_hold(items.len()) {
            list(items, at)
        } else {
            self.unknown(Cause::Budget("too long a list"), at)
        })
    }

    /// Whether a list of this length may be made; long ones cost steps.
    pub(in crate::eval) fn may_hold(&mut self, length: usize) -> bool {
        length as u64 <= LONGEST && self.spend(length as u64 / 64)
    }
}
