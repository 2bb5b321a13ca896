//! Operators.

use super::Eval;
use super::thunk::Env;
use super::val::{Elem, Kind, R, Val};
use crate::source::Origin;
use crate::syntax::{BinaryOp, ExprId};
use crate::value::{Cause, Str, Truth};
use std::rc::Rc;

impl Eval {
    /// `-x`.
    pub(super) fn negate(&mut self, env: &Env, operand: ExprId, at: Origin) -> R {
        let operand = self.expr_deeper(env, operand)?;
        self.lift(&operand, "-", at, &mut |eval, value| match &value.kind {
            Kind::Int(number) => match number.checked_neg() {
                Some(number) => Ok(Val::new(Kind::Int(number), at)),
                None => Ok(eval.overflow(at)),
            },
            // Nix subtracts from zero, which leaves no negative zero.
            Kind::Float(number) => Ok(Val::new(Kind::Float(0.0 - number), at)),
            other => eval.fail(format!("value is {} while an integer was expected", other.describe()), at),
        })
    }

    /// What does not fit into an integer: Nix goes on with what is left of it before 2.25, and refuses it since.
    fn overflow(&mut self, at: Origin) -> Val {
        self.unknown(Cause::Unsupported("integer overflow".into()), at)
    }

    /// `left op right`.
    pub(super) fn binary(&mut self, env: &Env, op: BinaryOp, left: ExprId, right: ExprId, at: Origin) -> R {
        match op {
            BinaryOp::And | BinaryOp::Or | BinaryOp::Implication => return self.logical(env, op, left, right, at),
            _ => (),
        }
        // `a > b` is `b < a`, and evaluated so.
        let swapped = matches!(op, BinaryOp::More | BinaryOp::LessOrEqual);
        let (first, second) = if swapped { (right, left) } else { (left, right) };
        let first = self.expr_deeper(env, first)?;
        let second = self.expr_deeper(env, second)?;
        let (a, b) = if swapped { (second, first) } else { (first, second) };
        match op {
            BinaryOp::Update => self.update(&a, &b, at),
            BinaryOp::Concat => self.concat_lists(&a, &b, at),
            BinaryOp::Add => self.add(&a, &b, at),
            BinaryOp::Equal => self.equal_val(&a, &b, at),
            BinaryOp::NotEqual => {
                let equal = self.equal_val(&a, &b, at)?;
                self.not(&equal, at)
            }
            BinaryOp::Less => self.less_val(&a, &b, false, at),
            BinaryOp::More => self.less_val(&b, &a, false, at),
            BinaryOp::LessOrEqual => self.less_val(&b, &a, true, at),
            BinaryOp::MoreOrEqual => self.less_val(&a, &b, true, at),
            _ => self.arithmetic(op, &a, &b, at),
        }
    }

    fn equal_val(&mut self, a: &Val, b: &Val, at: Origin) -> R {
        for (a, b) in [(a, b), (b, a)] {
            // Which elements are there is what the answer hangs on, and what hangs on the answer.
            let decided = match (&a.kind, &b.kind) {
                (Kind::List(items), Kind::List(_)) if items.iter().any(|item| matches!(item, Elem::Maybe(..))) => {
                    self.decide(items, a.origin)?
                }
                (Kind::OneOf(_), Kind::List(_)) => a.clone(),
                _ => continue,
            };
            if matches!(decided.kind, Kind::OneOf(_)) {
                return self.lift(&decided, "==", at, &mut |eval, a| eval.equal_val(a, b, at));
            }
        }
        let truth = self.equal(a, b, at)?;
        Ok(self.from_truth(truth, at))
    }

    fn less_val(&mut self, a: &Val, b: &Val, negate: bool, at: Origin) -> R {
        let truth = self.less(a, b, at)?;
        let less = self.from_truth(truth, at);
        if negate { self.not(&less, at) } else { Ok(less) }
    }

    /// `&&`, `||`, `->`: the right side counts only if the left does not decide.
    fn logical(&mut self, env: &Env, op: BinaryOp, left: ExprId, right: ExprId, at: Origin) -> R {
        let mut a = self.expr_deeper(env, left)?;
        // Nix fails at the left side, whatever stands on the right.
        if self.is_refused(&a) {
            return Ok(a);
        }
        if op == BinaryOp::Implication {
            a = self.not(&a, at)?;
        }
        let given = a;
        let a = self.truth(&given, at)?;
        let decides = if op == BinaryOp::And { a.is_false() } else { a.is_true() };
        if decides {
            return Ok(self.from_truth(a, at));
        }
        let undecided = matches!(a, Truth::Unknown(_));
        let b = match self.expr_deeper(env, right).and_then(|b| self.truth(&b, at)) {
            // Nix may never have come here.
            Err(failure) if undecided => Truth::Unknown(self.fails(&failure)),
            other => other?,
        };
        // `u && false` is false whatever `u` is, unless `u` fails; then nothing is computed at all.
        let result = if op == BinaryOp::And { a.clone() & b.clone() } else { a.clone() | b.clone() };
        Ok(match (&a, &b, &result) {
            (Truth::Unknown(a), Truth::Unknown(b), Truth::Unknown(_)) if a != b => {
                let by = format!("{op:?} {}", b.id.0);
                let unknown = self.derive(&a.clone(), &by);
                Val::new(Kind::Unknown(unknown), at)
            }
            // What the left side says in detail is kept.
            (Truth::Unknown(a), _, Truth::Unknown(result)) if a == result => given,
            _ => self.from_truth(result, at),
        })
    }

    /// `a ++ b`.
    pub fn concat_lists(&mut self, a: &Val, b: &Val, at: Origin) -> R {
        if matches!(a.kind, Kind::OneOf(_)) || matches!(b.kind, Kind::OneOf(_)) {
            let (a, b) = (self.spread(a, at)?, self.spread(b, at)?);
            return self.concat_lists(&a, &b, at);
        }
        if let Some(failing) = [a, b].into_iter().find(|operand| self.is_refused(operand)) {
            return Ok(failing.clone());
        }
        let mut items = self.operand_list(a, at)?;
        items.extend(self.operand_list(b, at)?);
        if !self.may_hold(items.len()) {
            return Ok(self.unknown(Cause::Budget("too long a list"), at));
        }
        Ok(Val::new(Kind::List(Rc::new(items)), at))
    }

    fn operand_list(&mut self, value: &Val, at: Origin) -> R<Vec<Elem>> {
        match &value.kind {
            Kind::List(items) => Ok(items.to_vec()),
            Kind::Unknown(unknown) => Ok(vec![Elem::Rest(unknown.clone())]),
            other => self.fail(format!("value is {} while a list was expected", other.describe()), at),
        }
    }

    /// A choice between lists as one list of conditional elements.
    pub fn spread(&mut self, value: &Val, at: Origin) -> R {
        let Kind::OneOf(alternatives) = &value.kind else { return Ok(value.clone()) };
        let mut items = vec![];
        for (condition, thunk) in alternatives.iter() {
            let value = self.force_or_unknown(thunk);
            match &value.kind {
                Kind::List(list) => {
                    for item in list.iter() {
                        match item {
                            Elem::One(thunk) => items.push(Elem::Maybe(condition.clone(), thunk.clone())),
                            Elem::Maybe(inner, thunk) => {
                                if let Some(both) = condition.and(inner) {
                                    items.push(Elem::Maybe(both, thunk.clone()));
                                }
                            }
                            Elem::Rest(unknown) => items.push(Elem::Rest(unknown.clone())),
                        }
                    }
                }
                Kind::Unknown(unknown) => items.push(Elem::Rest(unknown.clone())),
                // Nix fails, if this alternative is the one.
                other => {
                    let message = format!("value is {} while a list was expected", other.describe());
                    items.push(Elem::Rest(self.new_unknown(Cause::Fails(message), at)));
                }
            }
        }
        Ok(Val::new(Kind::List(Rc::new(items)), at))
    }

    /// `a + b`: numbers, strings and paths.
    pub fn add(&mut self, a: &Val, b: &Val, at: Origin) -> R {
        match (&a.kind, &b.kind) {
            (Kind::OneOf(_), _) | (_, Kind::OneOf(_)) => self.lift2(a, b, at, &mut |eval, a, b| eval.add(a, b, at)),
            (Kind::Int(x), Kind::Int(y)) => match x.checked_add(*y) {
                Some(sum) => Ok(Val::new(Kind::Int(sum), at)),
                None => Ok(self.overflow(at)),
            },
            (Kind::Int(x), Kind::Float(y)) => Ok(Val::new(Kind::Float(*x as f64 + y), at)),
            (Kind::Float(x), Kind::Int(y)) => Ok(Val::new(Kind::Float(x + *y as f64), at)),
            (Kind::Float(x), Kind::Float(y)) => Ok(Val::new(Kind::Float(x + y), at)),
            (Kind::Path(path), _) => self.add_to_path(path, b, at),
            (Kind::Str(_), _) | (Kind::Unknown(_), Kind::Str(_)) => {
                // An unknown left side may be a path, and then the sum is one.
                if let Kind::Unknown(unknown) = &a.kind {
                    let by = match &b.kind {
                        Kind::Str(text) if text.known().is_some() => format!("+{text}"),
                        _ => String::new(),
                    };
                    return Ok(match by.is_empty() {
                        true => self.follows(unknown, at),
                        false => Val::new(Kind::Unknown(self.appended(&unknown.clone(), &by)), at),
                    });
                }
                let b = self.coerce(b, super::string::Coerce::Interpolation, at)?;
                self.join(a.clone(), b, at)
            }
            (Kind::Unknown(unknown), _) | (_, Kind::Unknown(unknown)) => Ok(self.follows(&unknown.clone(), at)),
            (Kind::Attrs(_) | Kind::Package(_), _) => {
                let a = self.coerce(a, super::string::Coerce::Interpolation, at)?;
                let b = self.coerce(b, super::string::Coerce::Interpolation, at)?;
                self.join(a, b, at)
            }
            (x, y) => self.fail(format!("cannot add {} to {}", y.describe(), x.describe()), at),
        }
    }

    /// `path + "text"`: a path again.
    fn add_to_path(&mut self, path: &Rc<Str>, b: &Val, at: Origin) -> R {
        let tail = match &b.kind {
            Kind::Path(tail) => (**tail).clone(),
            _ => match self.coerce(b, super::string::Coerce::Interpolation, at)?.kind {
                Kind::Str(tail) => (*tail).clone(),
                Kind::Unknown(unknown) => Str::hole(unknown),
                _ => return Ok(self.unknown(Cause::Unsupported("path + choice".into()), at)),
            },
        };
        if !tail.context.is_empty() {
            return self.fail("a string that refers to a store path cannot be appended to a path", at);
        }
        let mut whole = (**path).clone();
        whole.push(&tail);
        let path = Val::new(Kind::Path(Rc::new(super::string::normalized(whole))), at);
        Ok(self.refused_part(&path).unwrap_or(path))
    }

    /// `- * /` on numbers.
    pub fn arithmetic(&mut self, op: BinaryOp, a: &Val, b: &Val, at: Origin) -> R {
        self.lift2(a, b, at, &mut |eval, a, b| match (&a.kind, &b.kind) {
            (Kind::Int(x), Kind::Int(y)) => {
                let result = match op {
                    BinaryOp::Sub => x.checked_sub(*y),
                    BinaryOp::Mul => x.checked_mul(*y),
                    _ if *y == 0 => return eval.fail("division by zero", at),
                    _ => x.checked_div(*y),
                };
                match result {
                    Some(result) => Ok(Val::new(Kind::Int(result), at)),
                    None if matches!(op, BinaryOp::Sub | BinaryOp::Mul) => Ok(eval.overflow(at)),
                    None => eval.fail("integer overflow", at),
                }
            }
            (Kind::Int(_) | Kind::Float(_), Kind::Int(_) | Kind::Float(_)) => {
                let (x, y) = (float(a), float(b));
                Ok(match op {
                    BinaryOp::Sub => Val::new(Kind::Float(x - y), at),
                    BinaryOp::Mul => Val::new(Kind::Float(x * y), at),
                    _ if y == 0.0 => return eval.fail("division by zero", at),
                    _ => Val::new(Kind::Float(x / y), at),
                })
            }
            (Kind::Int(_) | Kind::Float(_), other) | (other, _) => {
                eval.fail(format!("value is {} while an integer was expected", other.describe()), at)
            }
        })
    }
}

fn float(value: &Val) -> f64 {
    match value.kind {
        Kind::Int(number) => number as f64,
        Kind::Float(number) => number,
        _ => f64::NAN,
    }
}
