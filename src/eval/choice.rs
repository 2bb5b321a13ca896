//! Values that depend on conditions nobody could decide.

use super::Eval;
use super::thunk::{Env, Frame, Thunk};
use super::val::{Failure, Kind, R, Val};
use crate::source::Origin;
use crate::syntax::ExprId;
use crate::value::{Cause, Condition, Part, Truth, Unknown};
use std::rc::Rc;

/// More alternatives than this are not followed.
pub(super) const MOST_ALTERNATIVES: usize = 16;

impl Eval {
    /// A value as a condition.
    pub fn truth(&mut self, value: &Val, at: Origin) -> R<Truth> {
        match &value.kind {
            Kind::Bool(known) => Ok((*known).into()),
            Kind::Unknown(unknown) => Ok(Truth::Unknown(unknown.clone())),
            Kind::OneOf(alternatives) => self.truth_of(&alternatives.clone(), at),
            Kind::Package(_) => {
                let unknown = self.new_unknown(Cause::Package("a package's attribute".into()), at);
                Ok(Truth::Unknown(unknown))
            }
            other => self.fail(format!("value is {} while a Boolean was expected", other.describe()), at),
        }
    }

    /// All alternatives agree, or the condition of the first is what decides.
    fn truth_of(&mut self, alternatives: &[(Condition, Thunk)], at: Origin) -> R<Truth> {
        let mut all: Vec<(&Condition, Truth)> = vec![];
        for (condition, thunk) in alternatives {
            let truth = self.force(thunk).and_then(|value| self.truth(&value, at));
            let truth = truth.or_else(|failure| self.fails_under(condition, failure).map(Truth::Unknown))?;
            all.push((condition, truth));
        }
        let Some((_, first)) = all.first() else { return Ok(Truth::False) };
        if all.iter().all(|(_, truth)| truth == first) {
            return Ok(first.clone());
        }
        // `if u then true else false` is `u` itself.
        if let [(one, a), (other, b)] = &all[..]
            && let (Some(unknown), Some(same)) = (only_literal(one, a), only_literal(other, b))
            && unknown == same
        {
            return Ok(Truth::Unknown(unknown));
        }
        let shape: Vec<_> = all.iter().map(|(condition, truth)| shape(condition, truth)).collect();
        let unknown = first_literal(alternatives).unwrap_or_else(|| self.new_unknown(Cause::Recursion, at));
        Ok(Truth::Unknown(self.derive(&unknown, &shape.join(" or "))))
    }

    /// What an alternative is that Nix fails at: unknown, as long as another may be the one.
    fn fails_under(&mut self, condition: &Condition, failure: Rc<Failure>) -> R<Unknown> {
        let Some(literal) = condition.literals().next().map(|(unknown, _)| unknown.clone()) else {
            return Err(failure);
        };
        let cause = Cause::Fails(failure.message.clone()).into();
        Ok(Unknown { cause, ..self.derive(&literal, &format!("fails: {}", failure.message)) })
    }

    /// A truth as a value.
    pub fn from_truth(&mut self, truth: Truth, at: Origin) -> Val {
        Val::new(
            match truth {
                Truth::True => Kind::Bool(true),
                Truth::False => Kind::Bool(false),
                Truth::Unknown(unknown) => Kind::Unknown(unknown),
            },
            at,
        )
    }

    /// `!x`. The negation of an undecided value is no undecided value of its own: it is false when
    /// that one is true, and true when that one is false.
    pub fn not(&mut self, value: &Val, at: Origin) -> R {
        if self.is_refused(value) {
            return Ok(value.clone());
        }
        if let Kind::OneOf(alternatives) = &value.kind {
            let mut negated = vec![];
            for (condition, thunk) in alternatives.iter() {
                let value = self.force_or_unknown(thunk);
                let value = self.not(&value, at).unwrap_or_else(|failure| self.failed(&failure));
                negated.push((condition.clone(), Thunk::done(value)));
            }
            return self.one_of(negated, at);
        }
        match self.truth(value, at)? {
            Truth::True => Ok(Val::new(Kind::Bool(false), at)),
            Truth::False => Ok(Val::new(Kind::Bool(true), at)),
            Truth::Unknown(unknown) => {
                let known = |known: bool| Thunk::done(Val::new(Kind::Bool(known), at));
                let alternatives = vec![
                    (Condition::when(unknown.clone(), true), known(false)),
                    (Condition::when(unknown, false), known(true)),
                ];
                self.one_of(alternatives, at)
            }
        }
    }

    /// When a value turns out `wanted`: always, never (no condition), or under these conditions,
    /// which exclude each other.
    pub fn conditions(&mut self, value: &Val, wanted: bool, at: Origin) -> R<Vec<Condition>> {
        if let Kind::OneOf(alternatives) = &value.kind {
            let mut all = vec![];
            for (condition, thunk) in alternatives.iter() {
                let value = self.force_or_unknown(thunk);
                let inner = match self.conditions(&value, wanted, at) {
                    Ok(inner) => inner,
                    Err(failure) => vec![Condition::when(self.fails_under(condition, failure)?, wanted)],
                };
                all.extend(inner.iter().filter_map(|inner| condition.and(inner)));
            }
            return Ok(all);
        }
        Ok(match self.truth(value, at)? {
            Truth::Unknown(unknown) => vec![Condition::when(unknown, wanted)],
            known if known.is_true() == wanted => vec![Condition::always()],
            _ => vec![],
        })
    }

    /// Two truths as one, both having to hold.
    pub(super) fn both(&mut self, a: Truth, b: Truth) -> Truth {
        match (&a, &b) {
            (Truth::Unknown(x), Truth::Unknown(y)) if x != y => {
                Truth::Unknown(self.derive(&x.clone(), &format!("and {}", y.id.0)))
            }
            _ => a & b,
        }
    }

    /// `if`: both branches are kept when nobody knows which.
    pub fn branch(&mut self, condition: &Val, then: Thunk, otherwise: Thunk, at: Origin) -> R {
        if let Kind::Bool(known) = condition.kind {
            return self.force(if known { &then } else { &otherwise });
        }
        // Nix fails before it takes either.
        if self.is_refused(condition) {
            return Ok(condition.clone());
        }
        let mut alternatives = vec![];
        for (wanted, branch) in [(true, &then), (false, &otherwise)] {
            let conditions = self.conditions(condition, wanted, at)?;
            alternatives.extend(conditions.into_iter().map(|condition| (condition, branch.clone())));
        }
        let sides = |branch: &Thunk| alternatives.iter().any(|(_, thunk)| thunk.is_same(branch));
        match (sides(&then), sides(&otherwise)) {
            (true, false) => self.force(&then),
            (false, true) => self.force(&otherwise),
            // A recursion whose end nobody can decide would be followed without end.
            _ if self.undecided >= self.limits.undecided || is_cut_short(condition) => {
                let unknown = first_literal(&alternatives);
                let unknown = unknown.unwrap_or_else(|| self.new_unknown(Cause::Recursion, at));
                Ok(self.follows(&unknown, at))
            }
            _ => {
                self.undecided += 1;
                let alternatives = self.without_misuse(alternatives, at);
                let choice = self.one_of(alternatives, at);
                self.undecided -= 1;
                choice
            }
        }
    }

    /// An undecided `if` of a function that calls itself on what follows from its own unknown argument
    /// (`f = m: if isPath m then f (import m) else m`): how often it does nobody can tell, and each turn gives
    /// what the first one gives, of an argument that is one more unknown. So the second one is that.
    pub(super) fn turn(&mut self, env: &Env, id: ExprId, follow: impl FnOnce(&mut Self) -> R) -> R {
        let Some(turn) = Turn::of(env, id) else { return follow(self) };
        if self.turns.iter().any(|before| before.is_before(&turn)) {
            return Ok(self.follows(&turn.argument, Origin::Written(env.tree.span(id))));
        }
        self.turns.push(turn);
        let value = follow(self);
        self.turns.pop();
        value
    }

    /// The alternatives without those in which a function of the library aborts, so that Nix gives nothing
    /// at all: an unknown set of packages has what its functions ask for.
    fn without_misuse(&mut self, alternatives: Vec<(Condition, Thunk)>, at: Origin) -> Vec<(Condition, Thunk)> {
        if !at.file().is_some_and(|file| self.sources.file(file).embedded) {
            return alternatives;
        }
        let kept = alternatives.iter().filter(|(_, thunk)| !self.force(thunk).is_err_and(|failure| !failure.catchable));
        let kept: Vec<_> = kept.cloned().collect();
        if kept.is_empty() { alternatives } else { kept }
    }

    /// A choice between alternatives, nested ones spread out and impossible ones left out.
    pub fn one_of(&mut self, alternatives: Vec<(Condition, Thunk)>, at: Origin) -> R {
        let mut flat: Vec<(Condition, Thunk)> = vec![];
        for (condition, thunk) in alternatives {
            let value = self.force_or_unknown(&thunk);
            match &value.kind {
                Kind::OneOf(inner) => {
                    for (inner_condition, inner_thunk) in inner.iter() {
                        if let Some(both) = condition.and(inner_condition) {
                            flat.push((both, inner_thunk.clone()));
                        }
                    }
                }
                _ if thunk.peek().is_some() => flat.push((condition, thunk)),
                _ => flat.push((condition, Thunk::done(value))),
            }
        }
        if let [(_, only)] = &flat[..] {
            return self.force(only);
        }
        // Whichever it is, Nix fails at it.
        let fails = |(_, thunk): &(Condition, Thunk)| {
            let value = thunk.peek();
            value.is_some_and(|value| matches!(&value.kind, Kind::Unknown(unknown) if unknown.cause.is_failure()))
        };
        if flat.iter().all(fails)
            && let Some((_, first)) = flat.first()
        {
            return self.force(first);
        }
        if flat.is_empty() {
            return Ok(self.unknown(Cause::Recursion, at));
        }
        if flat.len() > MOST_ALTERNATIVES {
            return Ok(self.unknown(Cause::Budget("too many alternatives"), at));
        }
        if let Some(contents) = self.contents(&flat) {
            return Ok(Val::new(Kind::Unknown(contents), at));
        }
        Ok(Val::new(Kind::OneOf(Rc::new(flat)), at))
    }

    /// What a file that was not read says stays just that, cut or whole: which of the two it is
    /// says nothing.
    fn contents(&mut self, alternatives: &[(Condition, Thunk)]) -> Option<Unknown> {
        let mut found: Vec<(String, Unknown)> = vec![];
        for (condition, thunk) in alternatives {
            let unknown = match &thunk.peek()?.kind {
                Kind::Unknown(unknown) => unknown.clone(),
                Kind::Str(text) => match text.parts() {
                    [Part::Hole(unknown)] => unknown.clone(),
                    _ => return None,
                },
                _ => return None,
            };
            if !unknown.cause.is_contents() {
                return None;
            }
            found.push((shape(condition, &Truth::Unknown(unknown.clone())), unknown));
        }
        let by: Vec<&str> = found.iter().map(|(shape, _)| shape.as_str()).collect();
        let by = by.join(" or ");
        found.first().map(|(_, first)| self.derive(&first.clone(), &by))
    }

    /// Applies `f` to a value, or to every alternative of it; what is unknown stays so.
    /// `by` names the operation: the same one on the same unknown gives the same unknown.
    pub fn lift(&mut self, value: &Val, by: &str, at: Origin, f: &mut dyn FnMut(&mut Eval, &Val) -> R) -> R {
        match &value.kind {
            Kind::Unknown(unknown) => {
                let unknown = if by.is_empty() {
                    return Ok(self.follows(unknown, at));
                } else {
                    self.derive(unknown, by)
                };
                Ok(Val::new(Kind::Unknown(unknown), at))
            }
            Kind::OneOf(alternatives) => {
                let mut results = vec![];
                for (condition, thunk) in alternatives.iter() {
                    let value = self.force_or_unknown(thunk);
                    let result = match self.lift(&value, by, at, f) {
                        Ok(value) => value,
                        Err(failure) => self.failed(&failure),
                    };
                    results.push((condition.clone(), Thunk::done(result)));
                }
                self.one_of(results, at)
            }
            _ => f(self, value),
        }
    }

    /// [`Eval::lift`] over two values.
    pub fn lift2(&mut self, a: &Val, b: &Val, at: Origin, f: &mut dyn FnMut(&mut Eval, &Val, &Val) -> R) -> R {
        self.lift(a, "", at, &mut |eval, a| {
            let a = a.clone();
            eval.lift(b, "", at, &mut |eval, b| f(eval, &a, b))
        })
    }
}

/// An undecided `if` that is being followed, in a function whose only argument is unknown.
pub(super) struct Turn {
    tree: Rc<crate::syntax::Tree>,
    expr: ExprId,
    /// The scope that the function was made in.
    scope: Option<Rc<Frame>>,
    argument: Unknown,
}

impl Turn {
    fn of(env: &Env, expr: ExprId) -> Option<Self> {
        let frame = env.frame.as_ref()?;
        let slots = frame.slots.try_borrow().ok()?;
        let [slot] = &slots[..] else { return None };
        let Kind::Unknown(argument) = slot.peek()?.kind else { return None };
        Some(Self { tree: env.tree.clone(), expr, scope: frame.parent.clone(), argument })
    }

    /// Whether `later` is the same `if`, of a function made in the same scope, and about what follows from
    /// the same unknown.
    fn is_before(&self, later: &Self) -> bool {
        let same_scope = match (&self.scope, &later.scope) {
            (Some(a), Some(b)) => Rc::ptr_eq(a, b),
            (None, None) => true,
            _ => false,
        };
        same_scope
            && self.expr == later.expr
            && Rc::ptr_eq(&self.tree, &later.tree)
            && self.argument.cause.root() == later.argument.cause.root()
    }
}

/// The undecided value that `truth` is, if the condition says so in one literal.
fn only_literal(condition: &Condition, truth: &Truth) -> Option<Unknown> {
    let mut literals = condition.literals();
    match (literals.next(), literals.next(), truth) {
        (Some((unknown, true)), None, Truth::True) | (Some((unknown, false)), None, Truth::False) => {
            Some(unknown.clone())
        }
        _ => None,
    }
}

/// A condition and what holds under it, by the identities of what is unknown.
fn shape(condition: &Condition, truth: &Truth) -> String {
    let literals = condition.literals_by_number();
    let literals: Vec<_> = literals.map(|(unknown, wanted)| format!("{}={wanted}", unknown.id.0)).collect();
    let truth = match truth {
        Truth::Unknown(unknown) => unknown.id.0.to_string(),
        known => known.is_true().to_string(),
    };
    format!("{}: {truth}", literals.join(","))
}

fn first_literal(alternatives: &[(Condition, Thunk)]) -> Option<Unknown> {
    alternatives.iter().find_map(|(condition, _)| condition.literals().next().map(|(unknown, _)| unknown.clone()))
}

/// Whether a condition is undecided for no other reason than that evaluation took too long;
/// what stands behind it would only take longer.
fn is_cut_short(condition: &Val) -> bool {
    let Kind::Unknown(unknown) = &condition.kind else { return false };
    match &*unknown.cause {
        Cause::Derived(cause) => matches!(**cause, Cause::Budget(_)),
        cause => matches!(cause, Cause::Budget(_)),
    }
}
