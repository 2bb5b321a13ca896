//! Function application.

use super::Eval;
use super::thunk::{Env, Thunk};
use super::val::{AttrSet, Attribute, Closure, Kind, Native, R, Rest, Run, Val};
use crate::source::Origin;
use crate::syntax::{Expr, ExprId, Formal, Param};
use crate::value::{Condition, Name};
use std::rc::Rc;

/// A function with its argument.
pub(super) enum Bound {
    /// The body and its scope.
    Body(Env, ExprId),
    /// The result: the argument was a choice.
    Value(Val),
}

impl Eval {
    /// Applies a function to an argument; `at` is the call.
    pub fn apply(&mut self, function: &Val, argument: Thunk, at: Origin) -> R {
        match &function.kind {
            Kind::Lambda(closure) => self.call(&closure.clone(), argument, at),
            Kind::Native(native) => self.call_native(&native.clone(), argument, at),
            Kind::Package(package) => self.apply_package(&package.clone(), argument, at),
            Kind::Attrs(set) => match set.known.get("__functor") {
                Some(functor) => {
                    let functor = self.force(&functor.value.clone())?;
                    let itself = Thunk::done(function.clone());
                    self.deeper(at, |eval| {
                        let bound = eval.apply(&functor, itself, at)?;
                        eval.apply(&bound, argument, at)
                    })
                }
                None => match set.why_open() {
                    Some(unknown) => Ok(self.follows(&unknown.clone(), at)),
                    None => self.fail("attempt to call something which is not a function but a set", at),
                },
            },
            Kind::Unknown(_) | Kind::OneOf(_) => {
                self.lift(function, "", at, &mut |eval, function| eval.apply(function, argument.clone(), at))
            }
            other => {
                self.fail(format!("attempt to call something which is not a function but {}", other.describe()), at)
            }
        }
    }

    /// A builtin's function: Nix refuses what is none, whether or not it would be called.
    pub(super) fn function(&mut self, function: &Thunk, at: Origin) -> R {
        let value = self.force(function)?;
        match &value.kind {
            Kind::Attrs(set) if self.is_callable(&value) || !set.is_complete() => Ok(value),
            Kind::Lambda(_) | Kind::Native(_) | Kind::Unknown(_) | Kind::OneOf(_) | Kind::Package(_) => Ok(value),
            other => self.fail(format!("value is {} while a function was expected", other.describe()), at),
        }
    }

    /// Applies a function to several arguments.
    pub fn apply_all(&mut self, function: &Val, arguments: &[Thunk], at: Origin) -> R {
        let mut result = function.clone();
        for argument in arguments {
            result = self.apply(&result, argument.clone(), at)?;
        }
        Ok(result)
    }

    /// The application as a thunk.
    pub fn delay_apply(&mut self, function: Thunk, arguments: Vec<Thunk>, at: Origin) -> Thunk {
        Thunk::native(at, move |eval| {
            let function = eval.force(&function)?;
            eval.apply_all(&function, &arguments, at)
        })
    }

    fn call_native(&mut self, native: &Rc<Native>, argument: Thunk, at: Origin) -> R {
        let mut args = native.args.clone();
        args.push(argument);
        if args.len() < native.arity {
            let partial = Native { name: native.name, arity: native.arity, args, run: native.run.clone() };
            return Ok(Val::new(Kind::Native(Rc::new(partial)), at));
        }
        let run = native.run.clone();
        let result = self.deeper(at, |eval| match run {
            Run::Static(run) => run(eval, &args, at),
            Run::Closure(run) => run(eval, &args, at),
        })?;
        Ok(self.refused_part(&result).unwrap_or(result))
    }

    fn call(&mut self, closure: &Rc<Closure>, argument: Thunk, at: Origin) -> R {
        match self.bind(closure, argument, at)? {
            Bound::Body(env, body) => self.deeper(at, |eval| eval.expr(&env, body)),
            Bound::Value(value) => Ok(value),
        }
    }

    /// Opens the scope of a function's body.
    pub(super) fn bind(&mut self, closure: &Rc<Closure>, argument: Thunk, at: Origin) -> R<Bound> {
        let tree = closure.env.tree.clone();
        let Expr::Lambda { param, body } = tree.expr(closure.expr) else {
            return self.fail("not a function", at);
        };
        let has_defaults = match &**param {
            Param::Name(_) => false,
            Param::Pattern { formals, .. } => formals.iter().any(|formal| formal.default.is_some()),
        };
        let twin = self.twin_of_function(&closure.env, param);
        let frame = self.open_frame(closure.env.frame.as_ref(), has_defaults, twin);
        let mut env = closure.env.with_frame(frame.clone());
        match &**param {
            Param::Name(_) => *frame.slots.borrow_mut() = vec![argument],
            Param::Pattern { formals, ellipsis, bind } => {
                let value = self.force(&argument)?;
                if let Kind::OneOf(_) = value.kind {
                    let function = Val::new(Kind::Lambda(closure.clone()), at);
                    let apply =
                        &mut |eval: &mut Eval, value: &Val| eval.apply(&function, Thunk::done(value.clone()), at);
                    return self.lift(&value, "", at, apply).map(Bound::Value);
                }
                let set = self.argument_set(&value, at)?;
                if let (false, true) = (ellipsis, set.is_complete()) {
                    self.check_unexpected(&set, formals, at)?;
                }
                let mut slots = vec![];
                for formal in formals {
                    let default = formal.default.map(|default| env.delay(default));
                    let formal_at = Origin::Written(tree.at(formal.range));
                    slots.push(self.formal(&set, formal, default, formal_at, at)?);
                }
                slots.extend(bind.as_ref().map(|_| argument));
                // A module has no scope around it, and no defaults that could see its own.
                if !has_defaults
                    && self.is_own_module(&closure.env, closure.expr)
                    && let Some(twin) = self.twin_of_module(&tree, param, &slots)
                {
                    let frame = self.open_frame(None, false, Some(twin));
                    *frame.slots.borrow_mut() = slots;
                    env = closure.env.with_frame(frame);
                } else {
                    *frame.slots.borrow_mut() = slots;
                }
            }
        }
        Ok(Bound::Body(env, *body))
    }

    /// The argument of a set pattern as a set; an unknown one is a set of unknown names.
    fn argument_set(&mut self, value: &Val, at: Origin) -> R<Rc<AttrSet>> {
        match &value.kind {
            Kind::Attrs(set) => Ok(set.clone()),
            Kind::Unknown(unknown) => {
                Ok(Rc::new(AttrSet { rest: Some(Rest::Unknown(unknown.clone())), ..AttrSet::default() }))
            }
            Kind::Package(package) => Ok(self.package_attrs(&package.clone(), at)),
            other => self.fail(format!("value is {} while a set was expected", other.describe()), at),
        }
    }

    fn check_unexpected(&mut self, set: &AttrSet, formals: &[Formal], at: Origin) -> R<()> {
        match set.known.iter().find(|(name, _)| !formals.iter().any(|formal| formal.name == **name)) {
            Some((name, attribute)) => {
                let name = self.quoted(name, attribute.site);
                self.fail(format!("function called with unexpected argument '{name}'"), at)
            }
            None => Ok(()),
        }
    }

    /// The value of one name of a set pattern.
    fn formal(
        &mut self,
        set: &AttrSet,
        formal: &Formal,
        default: Option<Thunk>,
        formal_at: Origin,
        at: Origin,
    ) -> R<Thunk> {
        if let Some(attribute) = set.known.get(&formal.name) {
            return Ok(attribute.value.clone());
        }
        match (&set.rest, set.why_open(), default) {
            (Some(Rest::Named(get, _)), _, None) => {
                let (get, name) = (get.clone(), formal.name.clone());
                Ok(Thunk::native(formal_at, move |eval| Ok(get(eval, &name))))
            }
            (_, Some(unknown), None) => {
                let unknown = self.derive(&unknown.clone(), &format!(".{}", formal.name));
                Ok(Thunk::done(Val::new(Kind::Unknown(unknown), formal_at)))
            }
            (_, Some(unknown), Some(default)) => {
                let given = self.derive(&unknown.clone(), &format!("?{}", formal.name));
                let value = self.derive(&unknown.clone(), &format!(".{}", formal.name));
                let value = Thunk::done(Val::new(Kind::Unknown(value), formal_at));
                Ok(Thunk::native(formal_at, move |eval| {
                    let alternatives =
                        vec![(Condition::when(given.clone(), true), value), (Condition::when(given, false), default)];
                    eval.one_of(alternatives, formal_at)
                }))
            }
            (_, None, Some(default)) => Ok(default),
            (_, None, None) => self.fail(format!("function called without required argument '{}'", formal.name), at),
        }
    }

    /// The names a function's set pattern takes, and whether each has a default;
    /// `None` for a function of a single name, or no function.
    pub fn formals(&mut self, function: &Val) -> Option<Vec<(Name, bool)>> {
        let Kind::Lambda(closure) = &function.kind else { return None };
        let Expr::Lambda { param, .. } = closure.env.tree.expr(closure.expr) else { return None };
        match &**param {
            Param::Pattern { formals, .. } => {
                Some(formals.iter().map(|formal| (formal.name.clone(), formal.default.is_some())).collect())
            }
            Param::Name(_) => None,
        }
    }

    /// Whether something can be called: a function, or a set with `__functor`.
    pub fn is_callable(&self, value: &Val) -> bool {
        match &value.kind {
            Kind::Lambda(_) | Kind::Native(_) => true,
            Kind::Attrs(set) => set.known.contains_key("__functor"),
            _ => false,
        }
    }

    /// An attribute's value of a set, delayed.
    pub fn attribute(&self, set: &AttrSet, name: &str) -> Option<Attribute> {
        set.known.get(name).cloned()
    }
}
