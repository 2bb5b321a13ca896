//! Equality and order, which may be unknown.

use super::Eval;
use super::thunk::Thunk;
use super::val::{AttrSet, Elem, Kind, R, Val};
use crate::source::Origin;
use crate::value::{Cause, Part, Str, Truth};
use std::rc::Rc;

/// A text with its holes, each by its identity.
fn key(text: &Str) -> String {
    let part = |part: &Part| match part {
        Part::Text(text) => format!("{text:?}"),
        Part::Hole(unknown) => unknown.id.0.to_string(),
    };
    text.parts().iter().map(part).collect()
}

impl Eval {
    /// `a == b`.
    pub fn equal(&mut self, a: &Val, b: &Val, at: Origin) -> R<Truth> {
        match (&a.kind, &b.kind) {
            // Nix does not get as far as to compare what it refuses to compute.
            (Kind::Unknown(x), Kind::Unknown(y)) if x == y && !x.cause.is_failure() => Ok(Truth::True),
            (Kind::OneOf(alternatives), _) => self.equal_choice(&alternatives.clone(), b, at),
            (_, Kind::OneOf(alternatives)) => self.equal_choice(&alternatives.clone(), a, at),
            (Kind::Unknown(unknown), other) | (other, Kind::Unknown(unknown)) => {
                let by = match other {
                    Kind::Str(text) if text.known().is_some() => format!("== {:?}", text.known()),
                    Kind::Bool(known) => format!("== {known}"),
                    Kind::Int(known) => format!("== {known}"),
                    Kind::Null => "== null".to_owned(),
                    // `"element.${u}" == u` differs whatever type `u` has.
                    Kind::Str(text) => {
                        if !self.refuses(unknown) && text.equals(&Str::hole(unknown.clone())).is_false() {
                            return Ok(Truth::False);
                        }
                        format!("== {}", key(text))
                    }
                    _ => format!("== {}", self.fresh_id()),
                };
                Ok(Truth::Unknown(self.derive(&unknown.clone(), &by)))
            }
            (Kind::Package(x), Kind::Package(y)) if Rc::ptr_eq(x, y) => Ok(Truth::True),
            (Kind::Package(_), Kind::Attrs(_) | Kind::Package(_)) | (Kind::Attrs(_), Kind::Package(_)) => {
                Ok(Truth::Unknown(self.new_unknown(Cause::Package("a package".into()), at)))
            }
            (Kind::Null, Kind::Null) => Ok(Truth::True),
            (Kind::Bool(x), Kind::Bool(y)) => Ok((x == y).into()),
            (Kind::Int(x), Kind::Int(y)) => Ok((x == y).into()),
            (Kind::Int(x), Kind::Float(y)) | (Kind::Float(y), Kind::Int(x)) => Ok((*x as f64 == *y).into()),
            (Kind::Float(x), Kind::Float(y)) => Ok((x == y).into()),
            (Kind::Str(x), Kind::Str(y)) | (Kind::Path(x), Kind::Path(y)) => Ok(match x.equals(y) {
                // Whether two texts are the same is another question than what the hole is.
                Truth::Unknown(hole) => {
                    let (x, y) = (key(x), key(y));
                    let (x, y) = if x < y { (x, y) } else { (y, x) };
                    Truth::Unknown(self.derive(&hole, &format!("{x} == {y}")))
                }
                known => known,
            }),
            (Kind::List(x), Kind::List(y)) => self.equal_lists(&x.clone(), &y.clone(), at),
            (Kind::Attrs(x), Kind::Attrs(y)) => self.equal_sets(&x.clone(), &y.clone(), at),
            _ => Ok(Truth::False),
        }
    }

    fn equal_choice(&mut self, alternatives: &[(crate::value::Condition, Thunk)], other: &Val, at: Origin) -> R<Truth> {
        let mut results = vec![];
        for (condition, thunk) in alternatives {
            let value = self.force_or_unknown(thunk);
            let truth = self.equal(&value, other, at)?;
            let truth = self.from_truth(truth, at);
            results.push((condition.clone(), Thunk::done(truth)));
        }
        let choice = self.one_of(results, at)?;
        self.truth(&choice, at)
    }

    /// Elements compared in order, both forced only as far as needed.
    fn equal_thunks(&mut self, a: &Thunk, b: &Thunk, at: Origin) -> R<Truth> {
        if a.is_same(b) {
            // Nix looks at both first, then sees that they are one.
            return match self.force(a)?.kind {
                Kind::Unknown(unknown) if unknown.cause.is_failure() => Ok(Truth::Unknown(self.after(&unknown))),
                _ => Ok(Truth::True),
            };
        }
        let (a, b) = (self.force(a)?, self.force(b)?);
        let same_function = match (&a.kind, &b.kind) {
            (Kind::Lambda(x), Kind::Lambda(y)) => Rc::ptr_eq(x, y),
            (Kind::Native(x), Kind::Native(y)) => Rc::ptr_eq(x, y),
            _ => false,
        };
        if same_function {
            // Nix looks whether both lie at the same place in memory, which depends on its version.
            return Ok(Truth::Unknown(self.new_unknown(Cause::Unsupported("equality of functions".into()), at)));
        }
        let mut result = Ok(Truth::False);
        self.deeper(at, |eval| {
            result = eval.equal(&a, &b, at);
            Ok(Val::new(Kind::Null, at))
        })
        .map(|ran| match ran.kind {
            Kind::Unknown(unknown) => Truth::Unknown(unknown),
            _ => Truth::True,
        })
        .and_then(|ran| if ran.is_true() { result } else { Ok(ran) })
    }

    fn equal_lists(&mut self, a: &[Elem], b: &[Elem], at: Origin) -> R<Truth> {
        let firm = |items: &[Elem]| items.iter().all(|item| matches!(item, Elem::One(_)));
        if firm(a) && firm(b) {
            if a.len() != b.len() {
                return Ok(Truth::False);
            }
            let mut all = Truth::True;
            for (x, y) in a.iter().zip(b) {
                let (Elem::One(x), Elem::One(y)) = (x, y) else { continue };
                // Nix may have found a difference before, and not have come here.
                let next = match self.equal_thunks(x, y, at) {
                    Err(failure) if !all.is_true() => Truth::Unknown(self.fails(&failure)),
                    other => other?,
                };
                // What Nix refuses it never gets past.
                if all.is_true() && matches!(&next, Truth::Unknown(refused) if self.refuses(refused)) {
                    return Ok(next);
                }
                all = self.both(all, next);
                if all.is_false() {
                    break;
                }
            }
            return Ok(all);
        }
        let sure = |items: &[Elem]| items.iter().filter(|item| matches!(item, Elem::One(_))).count();
        if (firm(a) && sure(b) > a.len()) || (firm(b) && sure(a) > b.len()) {
            return Ok(Truth::False);
        }
        let unknown = a.iter().chain(b).find_map(|item| match item {
            Elem::Rest(unknown) => Some(unknown.clone()),
            Elem::Maybe(condition, _) => condition.literals().next().map(|(unknown, _)| unknown.clone()),
            Elem::One(_) => None,
        });
        let unknown = unknown.unwrap_or_else(|| self.new_unknown(Cause::Recursion, at));
        Ok(Truth::Unknown(self.after(&unknown)))
    }

    fn equal_sets(&mut self, a: &AttrSet, b: &AttrSet, at: Origin) -> R<Truth> {
        // Derivations are equal when their output paths are.
        if let (Some(x), Some(y), Some(p), Some(q)) =
            (a.known.get("type"), b.known.get("type"), a.known.get("outPath"), b.known.get("outPath"))
        {
            let (x, y) = (self.force(&x.value)?, self.force(&y.value)?);
            let derivation = |value: &Val| matches!(&value.kind, Kind::Str(text) if text.known() == Some("derivation"));
            if derivation(&x) && derivation(&y) {
                return self.equal_thunks(&p.value, &q.value, at);
            }
        }
        let missing =
            |x: &AttrSet, y: &AttrSet| y.is_complete() && x.known.keys().any(|name| !y.known.contains_key(name));
        if missing(a, b) || missing(b, a) {
            return Ok(Truth::False);
        }
        let (mut all, mut failed, mut refused) = (Truth::True, None, None);
        for (name, x) in &a.known {
            if let Some(y) = b.known.get(name) {
                match self.equal_thunks(&x.value, &y.value, at) {
                    Ok(Truth::Unknown(next)) if self.refuses(&next) => refused = refused.or(Some(next)),
                    Ok(next) => all = self.both(all, next),
                    Err(failure) => failed = failed.or(Some(failure)),
                }
            }
        }
        match failed {
            // Nix compares in the order in which it first met the names, and ends at the first
            // difference. Sets of unlike size differ, whatever is in them.
            Some(failure) if !all.is_true() || a.why_open().or(b.why_open()).is_some() => {
                return Ok(Truth::Unknown(self.fails(&failure)));
            }
            Some(failure) => return Err(failure),
            None if refused.is_some() => return Ok(refused.map_or(all, Truth::Unknown)),
            None if all.is_false() => return Ok(all),
            None => (),
        }
        match a.why_open().or(b.why_open()) {
            Some(unknown) => Ok(Truth::Unknown(self.after(&unknown.clone()))),
            None => Ok(all),
        }
    }

    /// `a < b`.
    pub fn less(&mut self, a: &Val, b: &Val, at: Origin) -> R<Truth> {
        match (&a.kind, &b.kind) {
            (Kind::OneOf(_), _) | (_, Kind::OneOf(_)) => {
                let choice = self.lift2(a, b, at, &mut |eval, a, b| {
                    let truth = eval.less(a, b, at)?;
                    Ok(eval.from_truth(truth, at))
                })?;
                self.truth(&choice, at)
            }
            (Kind::Unknown(unknown), _) | (_, Kind::Unknown(unknown)) => {
                let Kind::Unknown(unknown) = self.follows(&unknown.clone(), at).kind else { unreachable!() };
                Ok(Truth::Unknown(unknown))
            }
            (Kind::Int(x), Kind::Int(y)) => Ok((x < y).into()),
            (Kind::Int(x), Kind::Float(y)) => Ok(((*x as f64) < *y).into()),
            (Kind::Float(x), Kind::Int(y)) => Ok((*x < *y as f64).into()),
            (Kind::Float(x), Kind::Float(y)) => Ok((x < y).into()),
            (Kind::Str(x), Kind::Str(y)) | (Kind::Path(x), Kind::Path(y)) => match (x.known(), y.known()) {
                (Some(x), Some(y)) => Ok((x.as_bytes() < y.as_bytes()).into()),
                _ => {
                    let hole = x.holes().chain(y.holes()).next().cloned();
                    let hole = hole.unwrap_or_else(|| self.new_unknown(Cause::Recursion, at));
                    let Kind::Unknown(unknown) = self.follows(&hole, at).kind else { unreachable!() };
                    Ok(Truth::Unknown(unknown))
                }
            },
            (Kind::List(x), Kind::List(y)) => self.less_lists(&x.clone(), &y.clone(), at),
            (x, y) => self.fail(format!("cannot compare {} with {}", x.describe(), y.describe()), at),
        }
    }

    fn less_lists(&mut self, a: &[Elem], b: &[Elem], at: Origin) -> R<Truth> {
        for (at_index, y) in b.iter().enumerate() {
            let Some(x) = a.get(at_index) else {
                return Ok(match y {
                    Elem::One(_) => Truth::True,
                    _ => Truth::Unknown(self.new_unknown(Cause::Unsupported("order of lists".into()), at)),
                });
            };
            let (Elem::One(x), Elem::One(y)) = (x, y) else {
                return Ok(Truth::Unknown(self.new_unknown(Cause::Unsupported("order of lists".into()), at)));
            };
            match self.equal_thunks(x, y, at)? {
                Truth::True => (),
                Truth::False => {
                    let (x, y) = (self.force(x)?, self.force(y)?);
                    return self.less(&x, &y, at);
                }
                unknown => return Ok(unknown),
            }
        }
        Ok(Truth::False)
    }
}
