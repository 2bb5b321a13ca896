//! From expression to value: one match that names what is done elsewhere.

use super::Eval;
use super::thunk::{Env, Frame, Thunk, With};
use super::val::{Closure, Elem, Kind, R, Rest, Val};
use crate::source::Origin;
use crate::syntax::{Bindings, Expr, ExprId, Var};
use crate::value::{Cause, Name, Truth, Unknown};
use std::cell::RefCell;
use std::rc::Rc;

impl Eval {
    /// Evaluates an expression to weak head normal form.
    pub fn expr(&mut self, env: &Env, id: ExprId) -> R {
        let tree = env.tree.clone();
        let at = Origin::Written(tree.span(id));
        match tree.expr(id) {
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
            Expr::Let { bindings, body } => {
                let (inner, _) = self.frame(env, bindings);
                self.tail(&inner, *body)
            }
            Expr::Select { base, path, default } => self.select(env, *base, path, *default, at),
            Expr::HasAttr { base, path } => self.has_attr(env, *base, path, at),
            Expr::If { condition, then, otherwise } => {
                let condition = self.expr_deeper(env, *condition)?;
                self.branch(&condition, env.delay(*then), env.delay(*otherwise), at)
            }
            Expr::Assert { condition, body } => {
                let condition = self.expr_deeper(env, *condition)?;
                let body = env.delay(*body);
                self.assertion(&condition, body, at)
            }
            Expr::With { namespace, body } => {
                let with = With { namespace: env.delay(*namespace), parent: env.with.clone() };
                let inner = Env { with: Some(Rc::new(with)), ..env.clone() };
                self.tail(&inner, *body)
            }
            Expr::Lambda { .. } => Ok(Val::new(Kind::Lambda(Rc::new(Closure { env: env.clone(), expr: id })), at)),
            Expr::Apply { function, argument } => {
                let function = self.expr_deeper(env, *function)?;
                let value = self.apply(&function, env.delay(*argument), at)?;
                Ok(self.born_here(value, at))
            }
            Expr::Not(operand) => {
                let operand = self.expr_deeper(env, *operand)?;
                let truth = self.truth(&operand, at)?;
                Ok(self.from_truth(!truth, at))
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

    fn tail(&mut self, env: &Env, body: ExprId) -> R {
        self.expr_deeper(env, body)
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
    fn is_ours(&self, origin: Origin) -> bool {
        origin.file().is_none_or(|file| self.sources.file(file).embedded)
    }

    /// Opens the frame of a `let` or `rec` set and fills it.
    pub(super) fn frame(&mut self, env: &Env, bindings: &Bindings) -> (Env, Vec<Thunk>) {
        let frame = Rc::new(Frame { slots: RefCell::new(vec![]), parent: env.frame.clone() });
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

    /// A name that only a `with` can give. A set whose names are not all known
    /// may hold it or not, which hides what the sets around it say.
    fn with_variable(&mut self, env: &Env, name: &Name, at: Origin) -> R {
        let mut scope = env.with.clone();
        let mut open: Option<Unknown> = None;
        let mut computed: Option<Val> = None;
        while let Some(with) = scope {
            let namespace = self.force(&with.namespace)?;
            match &namespace.kind {
                Kind::Attrs(set) => {
                    if let Some(attribute) = set.known.get(name) {
                        return match open {
                            None => self.force(&attribute.value),
                            Some(unknown) => Ok(self.follows(&unknown, at)),
                        };
                    }
                    match &set.rest {
                        Some(Rest::Named(get, _)) if computed.is_none() && open.is_none() => {
                            let get = get.clone();
                            computed = Some(get(self, name));
                        }
                        Some(Rest::Named(..)) => (),
                        Some(Rest::Unknown(unknown)) if computed.is_none() => {
                            open.get_or_insert_with(|| unknown.clone());
                        }
                        _ => (),
                    }
                }
                Kind::Unknown(unknown) => {
                    let unknown = self.derive(unknown, name);
                    open.get_or_insert(unknown);
                }
                Kind::OneOf(alternatives) => {
                    let unknown = alternatives
                        .iter()
                        .find_map(|(condition, _)| condition.literals().next().map(|(unknown, _)| unknown.clone()));
                    if let Some(unknown) = unknown {
                        open.get_or_insert(unknown);
                    }
                }
                _ => return self.fail("the namespace of a 'with' is not a set", at),
            }
            scope = with.parent.clone();
        }
        match (computed, open) {
            (Some(value), _) => Ok(value),
            (None, Some(unknown)) => Ok(Val::new(Kind::Unknown(self.derive(&unknown, name)), at)),
            (None, None) => self.fail(format!("undefined variable '{name}'"), at),
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
