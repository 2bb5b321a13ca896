//! From expression to value: one match that names what is done elsewhere.

use super::Eval;
use super::apply::Bound;
use super::share::Twin;
use super::thunk::{Env, Thunk, With};
use super::val::{Closure, Elem, Kind, R, Val};
use crate::source::Origin;
use crate::syntax::{Bindings, Expr, ExprId, Var};
use crate::value::{Cause, Truth};
use std::rc::Rc;

/// How far an evaluation got.
enum Step {
    /// To the end.
    Done(Val),
    /// To an expression whose value is the whole value; after a call, with its place.
    Tail(Env, ExprId, Option<Origin>),
}

impl Eval {
    /// Evaluates an expression to weak head normal form.
    ///
    /// What stands in tail position goes on in a loop, so that a function may call itself as
    /// often as it likes.
    pub fn expr(&mut self, env: &Env, id: ExprId) -> R {
        let mut step = self.step(env, id)?;
        let mut call = None;
        loop {
            match step {
                Step::Done(value) => {
                    return Ok(match call {
                        Some(at) => self.born_here(value, at),
                        None => value,
                    });
                }
                Step::Tail(env, id, at) => {
                    call = at.filter(|at| !self.is_ours(*at)).or(call);
                    if !self.spend(1) {
                        return Ok(self.unknown(Cause::Budget("too many steps"), Origin::Written(env.tree.span(id))));
                    }
                    step = self.step(&env, id)?;
                }
            }
        }
    }

    /// Evaluates an expression, up to the one that its value is the value of.
    fn step(&mut self, env: &Env, id: ExprId) -> R<Step> {
        let tree = env.tree.clone();
        let at = Origin::Written(tree.span(id));
        match tree.expr(id) {
            Expr::Let { bindings, body } => {
                let twin = self.twin_of_let(env, bindings);
                let (inner, _) = self.frame(env, bindings, twin);
                Ok(Step::Tail(inner, *body, None))
            }
            Expr::With { namespace, body } => {
                let with = With { namespace: env.delay(*namespace), parent: env.with.clone(), outermost: false };
                Ok(Step::Tail(Env { with: Some(Rc::new(with)), ..env.clone() }, *body, None))
            }
            Expr::If { condition, then, otherwise } => {
                let condition = self.expr_deeper(env, *condition)?;
                if let Kind::Bool(known) = condition.kind {
                    return Ok(Step::Tail(env.clone(), if known { *then } else { *otherwise }, None));
                }
                self.turn(env, id, |eval| eval.branch(&condition, env.delay(*then), env.delay(*otherwise), at))
                    .map(Step::Done)
            }
            Expr::Apply { function, argument } => {
                let function = self.expr_deeper(env, *function)?;
                let argument = env.delay(*argument);
                if let Kind::Lambda(closure) = &function.kind {
                    return Ok(match self.bind(&closure.clone(), argument, at)? {
                        Bound::Body(env, body) => Step::Tail(env, body, Some(at)),
                        Bound::Value(value) => Step::Done(self.born_here(value, at)),
                    });
                }
                let value = self.apply(&function, argument, at)?;
                Ok(Step::Done(self.born_here(value, at)))
            }
            other => self.plain(env, id, other, at).map(Step::Done),
        }
    }

    /// An expression that is no other expression's value.
    fn plain(&mut self, env: &Env, id: ExprId, expr: &Expr, at: Origin) -> R {
        match expr {
            Expr::Error => Ok(self.unknown(Cause::SyntaxError, at)),
            Expr::Int(number) => Ok(Val::new(Kind::Int(*number), at)),
            Expr::Float(number) => Ok(Val::new(Kind::Float(*number), at)),
            Expr::Str(parts) => self.string(env, parts, at),
            Expr::Path { kind, parts } => self.path(env, *kind, parts, at),
            Expr::SearchPath(name) => self.search_path(name, at),
            Expr::Var(var) => self.variable(env, var, at),
            Expr::List(items) => {
                Ok(Val::new(Kind::List(Rc::new(items.iter().map(|item| Elem::One(env.delay(*item))).collect())), at))
            }
            Expr::Attrs { recursive, bindings } => self.attrs(env, *recursive, bindings, at),
            Expr::Select { base, path, default } => self.select(env, *base, path, *default, at),
            Expr::HasAttr { base, path } => self.has_attr(env, *base, path, at),
            Expr::Assert { condition, body } => {
                let condition = self.expr_deeper(env, *condition)?;
                let body = env.delay(*body);
                self.assertion(&condition, body, at)
            }
            Expr::Lambda { .. } => Ok(Val::new(Kind::Lambda(Rc::new(Closure { env: env.clone(), expr: id })), at)),
            Expr::Let { .. } | Expr::If { .. } | Expr::With { .. } | Expr::Apply { .. } => self.expr(env, id),
            Expr::Not(operand) => {
                let operand = self.expr_deeper(env, *operand)?;
                self.not(&operand, at)
            }
            Expr::Negate(operand) => self.negate(env, *operand, at),
            Expr::Binary { op, left, right } => self.binary(env, *op, *left, *right, at),
        }
    }

    /// An operand: one level deeper than the expression around it.
    pub(super) fn expr_deeper(&mut self, env: &Env, id: ExprId) -> R {
        let at = Origin::Written(env.tree.span(id));
        self.deeper(at, |eval| eval.expr(env, id))
    }

    /// What a library function made is said to be made where the user called it.
    fn born_here(&self, mut value: Val, at: Origin) -> Val {
        if self.is_ours(value.origin) && !self.is_ours(at) {
            value.origin = at;
        }
        value
    }

    /// Where what a builtin makes of `argument` was written: at the call, or, when the call
    /// stands in the library, where the argument was.
    pub(super) fn born_of(&mut self, argument: &Thunk, at: Origin) -> Origin {
        if !self.is_ours(at) {
            return at;
        }
        let origin = self.force_or_unknown(argument).origin;
        if self.is_ours(origin) { at } else { origin }
    }

    /// Whether a place lies in this program's own files, or nowhere.
    pub(super) fn is_ours(&self, origin: Origin) -> bool {
        origin.file().is_none_or(|file| self.sources.file(file).embedded)
    }

    /// Opens the frame of a `let` or `rec` set and fills it.
    pub(super) fn frame(&mut self, env: &Env, bindings: &Bindings, twin: Option<Twin>) -> (Env, Vec<Thunk>) {
        let frame = self.open_frame(env.frame.as_ref(), true, twin);
        let inner = env.with_frame(frame.clone());
        let thunks = self.binding_thunks(env, &inner, bindings);
        *frame.slots.borrow_mut() = thunks.clone();
        (inner, thunks)
    }

    /// Finds a variable's value.
    fn variable(&mut self, env: &Env, var: &Var, at: Origin) -> R {
        match var {
            Var::Local { depth, slot } => match env.slot(*depth, *slot) {
                Some(thunk) => self.force(&thunk),
                None => Ok(self.unknown(Cause::Recursion, at)),
            },
            Var::Free { name, .. } if name == "__curPos" => self.cur_pos(at),
            Var::Free { name, in_with } => {
                if self.scoped
                    && let Some(value) = self.scoped_variable(env, name, at)?
                {
                    return Ok(value);
                }
                if let Some(value) = self.globals.get(name) {
                    return Ok(value.clone());
                }
                match in_with {
                    true => self.with_variable(env, name, at),
                    false => self.fail(format!("undefined variable '{name}'"), at),
                }
            }
        }
    }

    /// `__curPos`: the place as a set.
    fn cur_pos(&mut self, at: Origin) -> R {
        let Some(span) = at.span() else { return Ok(Val::new(Kind::Null, at)) };
        Ok(self.position_set(span, at))
    }

    /// `assert`: with a condition nobody can decide, Nix may refuse.
    fn assertion(&mut self, condition: &Val, body: Thunk, at: Origin) -> R {
        match self.truth(condition, at)? {
            Truth::True => self.force(&body),
            Truth::False => Err(Rc::new(super::Failure { message: "assertion failed".into(), catchable: true, at })),
            Truth::Unknown(unknown) => Ok(self.follows(&unknown, at)),
        }
    }
}
