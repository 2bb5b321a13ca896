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
    let value = eval.force(&args[1])?;
    let value = match &value.kind {
        Kind::List(items) => eval.decide(items, value.origin)?,
        _ => value,
    };
    eval.each_list(&Thunk::done(value), at, |eval, items| {
        let mut undecided = None;
        let (ones, others) = match firm(items) {
            Ok(ones) => (ones, None),
            Err(unknown) => match sorted_among_others(eval, &args[0], items)? {
                Some(ones) => (ones, Some(eval.after(&unknown))),
                None => return Ok(list(vec![Elem::Rest(eval.after(&unknown))], at)),
            },
        };
        let sorted = merge_sort(eval, &args[0], ones, &mut undecided, at)?;
        // Which element stands where is not known: whatever joins, compares or takes elements needs that.
        Ok(match (undecided, others) {
            (Some(unknown), _) => list(vec![Elem::Rest(eval.after(&unknown))], at),
            (None, None) => list(sorted.into_iter().map(Elem::One).collect(), at),
            (None, Some(others)) => {
                let rest = || Elem::Rest(others.clone());
                let pairs = sorted.into_iter().flat_map(|one| [rest(), Elem::One(one)]);
                list(pairs.chain([rest()]).collect(), at)
            }
        })
    })
}

/// The known elements of a list with others among them, if these do not change their order: they are compared by
/// `lessThan`, which orders whatever it takes.
fn sorted_among_others(eval: &mut Eval, less: &Thunk, items: &[Elem]) -> R<Option<Vec<Thunk>>> {
    match eval.force(less)?.kind {
        Kind::Native(native) if native.name == "lessThan" && native.args.is_empty() => (),
        _ => return Ok(None),
    }
    let one = |item: &Elem| match item {
        Elem::One(thunk) => Some(Some(thunk.clone())),
        Elem::Rest(_) => Some(None),
        Elem::Maybe(..) => None,
    };
    let items: Option<Vec<Option<Thunk>>> = items.iter().map(one).collect();
    Ok(items.map(|items| items.into_iter().flatten().collect()))
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
/// More keys than this that are neither integers nor texts are not compared, each with each.
const MOST_KEYS: usize = 1_000;

#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Key {
    Int(i64),
    Text(String),
    Path(String),
}

/// The keys that `genericClosure` has seen.
#[derive(Default)]
struct Keys {
    all: Vec<Val>,
    /// Those that are found without comparing, while all are of one kind.
    simple: BTreeSet<Key>,
}

impl Keys {
    /// Whether a key is new; `Err` where nobody knows.
    fn insert(&mut self, eval: &mut Eval, key: Val, at: Origin) -> R<Result<bool, Val>> {
        let simple = match &key.kind {
            Kind::Str(text) | Kind::Path(text) if text.known().is_none() => {
                return Ok(Err(eval.after_holes(text, "genericClosure", at)));
            }
            Kind::Int(number) => Some(Key::Int(*number)),
            Kind::Str(text) => Some(Key::Text(text.to_string())),
            Kind::Path(text) => Some(Key::Path(text.to_string())),
            Kind::Unknown(_) | Kind::OneOf(_) | Kind::Package(_) => {
                return Ok(Err(eval.unknown(Cause::Unsupported("genericClosure".into()), at)));
            }
            _ => None,
        };
        let alike = |first: &Key, key: &Key| std::mem::discriminant(first) == std::mem::discriminant(key);
        let new = match simple {
            Some(key)
                if self.simple.len() == self.all.len()
                    && self.simple.iter().take(1).all(|first| alike(first, &key)) =>
            {
                self.simple.insert(key)
            }
            _ => match self.compare(eval, &key, at)? {
                Ok(new) => new,
                Err(unknown) => return Ok(Err(unknown)),
            },
        };
        if new {
            self.all.push(key);
        }
        Ok(Ok(new))
    }

    /// The same by Nix's order of values. With which keys Nix compares a key depends on how it keeps
    /// them: only of the first it is sure.
    fn compare(&self, eval: &mut Eval, key: &Val, at: Origin) -> R<Result<bool, Val>> {
        let unclear = |eval: &mut Eval| Ok(Err(eval.unknown(Cause::Unsupported("genericClosure".into()), at)));
        if self.all.len() > MOST_KEYS {
            return unclear(eval);
        }
        let mut new = true;
        for other in &self.all {
            let both = eval.less(other, key, at).and_then(|less| Ok((less, eval.less(key, other, at)?)));
            match both {
                Ok((Truth::False, Truth::False)) => new = false,
                Ok((Truth::Unknown(_), _) | (_, Truth::Unknown(_))) => return unclear(eval),
                Ok(_) => (),
                Err(failure) if self.all.len() == 1 || self.differs_in_kind(key) => return Err(failure),
                Err(_) => return unclear(eval),
            }
        }
        Ok(Ok(new))
    }

    /// Whether a key is of another kind than all others, so that Nix can compare it with none.
    fn differs_in_kind(&self, key: &Val) -> bool {
        let kind = |value: &Val| match value.kind {
            Kind::Int(_) | Kind::Float(_) => Some("number"),
            _ => value.kind.type_name(),
        };
        self.all.iter().all(|other| kind(other) != kind(key))
    }
}

fn generic_closure(eval: &mut Eval, args: &[Thunk], at: Origin) -> R {
    eval.each(&args[0], "genericClosure", at, |eval, argument| {
        let start = eval.select_from(argument, &[Str::new("startSet")], None, at)?;
        let mut work: std::collections::VecDeque<Thunk> = match closure_items(eval, &start, at)? {
            Ok(items) => items.into(),
            Err(unknown) => return Ok(unknown),
        };
        let (mut keys, mut result) = (Keys::default(), vec![]);
        while let Some(item) = work.pop_front() {
            let value = eval.force(&item)?;
            let key = eval.select_from(&value, &[Str::new("key")], None, at)?;
            match keys.insert(eval, key, at)? {
                Ok(true) => (),
                Ok(false) => continue,
                Err(unknown) => return Ok(unknown),
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
