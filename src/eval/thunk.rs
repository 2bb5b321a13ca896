//! Delayed evaluations and the scopes they close over.

use super::share::Twin;
use super::val::{Failure, Kind, R, Val};
use super::{Eval, Owner};
use crate::source::Origin;
use crate::syntax::{ExprId, Tree};
use crate::value::Cause;
use std::cell::RefCell;
use std::rc::{Rc, Weak};
use std::sync::atomic::Ordering::Relaxed;

/// A value that is computed when it is asked for, once.
#[derive(Clone)]
pub struct Thunk(Rc<Delayed>);

/// A thunk that is there as long as somebody holds it.
pub(super) struct WeakThunk(Weak<Delayed>);

impl WeakThunk {
    /// Whether somebody does.
    pub(super) fn is_there(&self) -> bool {
        self.0.strong_count() > 0
    }

    /// Takes away what it was computed to be: nobody may ask for it any more.
    pub(super) fn empty(&self) {
        if let Some(delayed) = self.0.upgrade() {
            let before = delayed.state.replace(State::Forcing);
            drop(before);
        }
    }
}

struct Delayed {
    state: RefCell<State>,
    origin: Origin,
}

enum State {
    Expr(Env, ExprId),
    Native(Box<dyn FnOnce(&mut Eval) -> R>),
    Forcing,
    Done(Val),
    Failed(Rc<Failure>),
}

/// The scope of an expression.
#[derive(Clone)]
pub struct Env {
    /// The file's expressions.
    pub tree: Rc<Tree>,
    /// Lexical scopes, innermost first.
    pub frame: Option<Rc<Frame>>,
    /// `with` scopes, innermost first.
    pub with: Option<Rc<With>>,
}

/// The slots of one `let`, function call or `rec` set.
pub struct Frame {
    /// Filled while the frame is being made, since bindings see each other.
    pub slots: RefCell<Vec<Thunk>>,
    /// The scope around.
    pub parent: Option<Rc<Frame>>,
    /// Who it was opened for.
    pub owner: Owner,
    /// The scope for what all configurations share.
    pub twin: Option<Twin>,
}

/// One `with`.
pub struct With {
    /// The set.
    pub namespace: Thunk,
    /// The `with` around.
    pub parent: Option<Rc<With>>,
    /// Whether this is no `with` but what `scopedImport` was given: it hides the global names.
    pub outermost: bool,
}

thread_local! {
    /// What thunks held that are being dropped, and whether somebody is at it.
    static DROPPED: RefCell<(bool, Vec<State>)> = const { RefCell::new((false, vec![])) };
}

/// Thunks hold scopes that hold thunks: a chain of millions must not be dropped by recursion.
impl Drop for Delayed {
    fn drop(&mut self) {
        let state = std::mem::replace(self.state.get_mut(), State::Forcing);
        if let State::Forcing | State::Failed(_) = state {
            return;
        }
        let first = DROPPED.try_with(|dropped| {
            let mut dropped = dropped.borrow_mut();
            dropped.1.push(state);
            !std::mem::replace(&mut dropped.0, true)
        });
        if first != Ok(true) {
            return;
        }
        let next = || DROPPED.try_with(|dropped| dropped.borrow_mut().1.pop()).ok().flatten();
        while let Some(state) = next() {
            drop(state);
        }
        let _ = DROPPED.try_with(|dropped| dropped.borrow_mut().0 = false);
    }
}

impl Env {
    /// The outermost scope of a file.
    pub fn top(tree: Rc<Tree>) -> Env {
        Env { tree, frame: None, with: None }
    }

    /// This scope with one more frame.
    pub fn with_frame(&self, frame: Rc<Frame>) -> Env {
        Env { tree: self.tree.clone(), frame: Some(frame), with: self.with.clone() }
    }

    /// A delayed evaluation of `expr` in this scope.
    pub fn delay(&self, expr: ExprId) -> Thunk {
        if let Some(frame) = &self.frame
            && let Some(twin) = &frame.twin
            && let Some(shared) = twin.thunk(frame, expr)
        {
            return shared;
        }
        self.delay_here(expr)
    }

    /// The same, whether or not it is shared.
    pub(super) fn delay_here(&self, expr: ExprId) -> Thunk {
        Thunk::make(State::Expr(self.clone(), expr), Origin::Written(self.tree.span(expr)))
    }

    /// The thunk in a slot.
    pub fn slot(&self, depth: u32, slot: u32) -> Option<Thunk> {
        let mut frame = self.frame.as_ref()?;
        for _ in 0..depth {
            frame = frame.parent.as_ref()?;
        }
        frame.slots.borrow().get(slot as usize).cloned()
    }
}

impl Thunk {
    fn make(state: State, origin: Origin) -> Thunk {
        Thunk(Rc::new(Delayed { state: RefCell::new(state), origin }))
    }

    /// A value that is there already.
    pub fn done(value: Val) -> Thunk {
        let origin = value.origin;
        Thunk::make(State::Done(value), origin)
    }

    /// A value computed by this program.
    pub fn native(origin: Origin, run: impl FnOnce(&mut Eval) -> R + 'static) -> Thunk {
        Thunk::make(State::Native(Box::new(run)), origin)
    }

    /// Takes its value back: it is computed by `run` if it is asked for again.
    pub fn reset(&self, run: impl FnOnce(&mut Eval) -> R + 'static) {
        let before = self.0.state.replace(State::Native(Box::new(run)));
        drop(before);
    }

    pub(super) fn downgrade(&self) -> WeakThunk {
        WeakThunk(Rc::downgrade(&self.0))
    }

    /// The expression it stands for (not where its value was born).
    pub fn origin(&self) -> Origin {
        self.0.origin
    }

    /// Whether both are one and the same.
    pub fn is_same(&self, other: &Thunk) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }

    /// Something to tell it from others as long as it lives.
    pub(super) fn address(&self) -> usize {
        Rc::as_ptr(&self.0) as usize
    }

    /// The value, if it was computed already.
    pub fn peek(&self) -> Option<Val> {
        match &*self.0.state.borrow() {
            State::Done(value) => Some(value.clone()),
            _ => None,
        }
    }

    /// The expression and its scope, as long as it was not evaluated.
    pub fn expression(&self) -> Option<(Env, ExprId)> {
        match &*self.0.state.borrow() {
            State::Expr(env, expr) => Some((env.clone(), *expr)),
            _ => None,
        }
    }
}

impl Eval {
    /// Computes a thunk. What refers to itself is unknown.
    pub fn force(&mut self, thunk: &Thunk) -> R {
        match &*thunk.0.state.borrow() {
            State::Done(value) => {
                self.meet(value);
                return Ok(value.clone());
            }
            State::Failed(failure) => return Err(failure.clone()),
            State::Forcing => return Ok(self.unknown(Cause::Recursion, thunk.0.origin)),
            _ => (),
        }
        let state = thunk.0.state.replace(State::Forcing);
        // What the program computes may be shared, whoever asks first.
        let owner = if let State::Expr(env, _) = &state { env.owner() } else { Owner::SHARED };
        let again = match &state {
            State::Expr(env, expr) if owner == Owner::KEPT => Some((env.clone(), *expr, self.cuts)),
            _ => None,
        };
        let result = self.deeper(thunk.0.origin, |eval| match state {
            State::Expr(env, expr) => eval.for_owner(owner, |eval| eval.expr(&env, expr)),
            State::Native(run) => eval.for_owner(Owner::SHARED, run),
            State::Forcing | State::Done(_) | State::Failed(_) => unreachable!("checked above"),
        });
        // What all configurations share is not what one of them had no steps left for.
        if let Some((env, expr, cuts)) = again
            && cuts != self.cuts
        {
            *thunk.0.state.borrow_mut() = State::Expr(env, expr);
            return result;
        }
        *thunk.0.state.borrow_mut() = match &result {
            Ok(value) => {
                self.note_value(owner, thunk, value);
                State::Done(value.clone())
            }
            Err(failure) => State::Failed(failure.clone()),
        };
        result
    }

    /// Runs `f` one level deeper; unknown when that is too deep or took too long.
    pub fn deeper(&mut self, at: Origin, f: impl FnOnce(&mut Eval) -> R) -> R {
        if self.depth >= self.limits.depth {
            return Ok(self.unknown(Cause::Budget("too deep"), at));
        }
        if self.budget.steps >= self.budget.stop {
            return Ok(self.unknown(Cause::Budget("too many steps"), at));
        }
        if self.stopped.as_ref().is_some_and(|flag| flag.load(Relaxed)) {
            return Ok(self.unknown(Cause::Budget(super::STOPPED), at));
        }
        self.depth += 1;
        self.budget.steps += 1;
        let result = f(self);
        self.depth -= 1;
        if let Ok(value) = &result {
            self.meet(value);
        }
        result
    }

    /// Takes note of what is not known: Nix may fail there.
    fn meet(&mut self, value: &Val) {
        if let Kind::Unknown(unknown) = &value.kind {
            self.met = (self.met.0 + 1, Some(unknown.clone()));
        }
    }

    /// The same value, of which note is taken if it is not known.
    pub fn met(&mut self, value: Val) -> Val {
        self.meet(&value);
        value
    }

    /// Like [`Eval::force`], but a failure becomes an unknown with Nix's message.
    pub fn force_or_unknown(&mut self, thunk: &Thunk) -> Val {
        self.force(thunk).unwrap_or_else(|failure| self.failed(&failure))
    }

    /// A failure as an unknown value.
    pub fn failed(&mut self, failure: &Failure) -> Val {
        self.unknown(Cause::Fails(failure.message.clone()), failure.at)
    }

    /// A new unknown value.
    pub fn unknown(&mut self, cause: Cause, at: Origin) -> Val {
        Val::new(Kind::Unknown(self.new_unknown(cause, at)), at)
    }
}
