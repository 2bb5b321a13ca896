//! Values in weak head normal form, as the evaluator handles them.
//!
//! They never leave the evaluator: [`super::freeze`] turns them into [`crate::value::Value`].

use super::Eval;
use super::package::PackageVal;
use super::thunk::{Env, Thunk};
use crate::source::Origin;
use crate::syntax::ExprId;
use crate::value::{Condition, Name, Str, Unknown};
use std::any::Any;
use std::cell::OnceCell;
use std::collections::BTreeMap;
use std::rc::Rc;

/// A value and where it was born.
#[derive(Clone)]
pub struct Val {
    /// What it is.
    pub kind: Kind,
    /// Where it was born.
    pub origin: Origin,
}

/// What a value is.
#[derive(Clone)]
#[allow(missing_docs)]
pub enum Kind {
    Null,
    Bool(bool),
    Int(i64),
    Float(f64),
    Str(Rc<Str>),
    /// Absolute, normalised unless it has holes.
    Path(Rc<Str>),
    List(Rc<Vec<Elem>>),
    Attrs(Rc<AttrSet>),
    Lambda(Rc<Closure>),
    Native(Rc<Native>),
    Package(Rc<PackageVal>),
    /// Depends on conditions nobody could decide; at least one alternative.
    OneOf(Rc<Vec<(Condition, Thunk)>>),
    Unknown(Unknown),
}

impl Kind {
    /// Whether thunks stand in it, or scopes.
    pub(super) fn holds_others(&self) -> bool {
        match self {
            Kind::Attrs(_) | Kind::Lambda(_) | Kind::Native(_) | Kind::Package(_) | Kind::OneOf(_) => true,
            Kind::List(items) => !items.is_empty(),
            Kind::Null | Kind::Bool(_) | Kind::Int(_) | Kind::Float(_) => false,
            Kind::Str(_) | Kind::Path(_) | Kind::Unknown(_) => false,
        }
    }
}

/// A piece of a list.
#[derive(Clone)]
pub enum Elem {
    /// An element.
    One(Thunk),
    /// An element that is there only under a condition.
    Maybe(Condition, Thunk),
    /// Any number of unknown elements.
    Rest(Unknown),
}

/// An attribute set of which not every name need be known.
#[derive(Clone, Default)]
pub struct AttrSet {
    /// Attributes with known names.
    pub known: BTreeMap<Name, Attribute>,
    /// Attributes whose name has holes.
    pub partly: Vec<(Str, Attribute)>,
    /// One of those may not be there: its name may be `null`, or that of another attribute.
    pub nullable: bool,
    /// What other names would give; `None`: there are no others.
    pub rest: Option<Rest>,
    /// Some of those other names: they are there under conditions that nobody could decide. For whoever
    /// searches; nothing is computed from them.
    pub perhaps: Vec<(Name, Attribute)>,
    /// What was read from the set, as long as it stays as it is.
    pub reading: Reading,
}

/// What somebody made of a set, to be used by whoever asks for the same. A copy has none: copies are
/// made to be changed.
#[derive(Default)]
pub struct Reading(OnceCell<Rc<dyn Any>>);

impl Clone for Reading {
    fn clone(&self) -> Self {
        Self::default()
    }
}

impl Reading {
    /// What was made, if it was this.
    pub fn get<T: 'static>(&self) -> Option<Rc<T>> {
        self.0.get()?.clone().downcast().ok()
    }

    /// Keeps it, if nothing is kept yet.
    pub fn keep<T: 'static>(&self, made: &Rc<T>) {
        let _ = self.0.set(made.clone());
    }
}

/// One attribute.
#[derive(Clone)]
pub struct Attribute {
    /// Its value.
    pub value: Thunk,
    /// The attribute path as written.
    pub site: Origin,
}

/// Makes a value from an attribute's name.
pub(super) type ByName = Rc<dyn Fn(&mut Eval, &Name) -> Val>;

/// What is behind the names a set does not list.
#[derive(Clone)]
pub enum Rest {
    /// Nobody knows.
    Unknown(Unknown),
    /// Any name gives a value, computed from the name (`pkgs`, the undefined options of `config`).
    Named(ByName, Unknown),
}

impl Rest {
    /// Why there may be other names.
    pub fn unknown(&self) -> &Unknown {
        match self {
            Rest::Unknown(unknown) | Rest::Named(_, unknown) => unknown,
        }
    }
}

/// A Nix function.
pub struct Closure {
    /// The scope it was made in.
    pub env: Env,
    /// The [`crate::syntax::Expr::Lambda`].
    pub expr: ExprId,
}

/// A builtin, applied to fewer arguments than it takes.
pub struct Native {
    /// Its name, for messages.
    pub name: &'static str,
    /// How many arguments it takes.
    pub arity: usize,
    /// Those it has.
    pub args: Vec<Thunk>,
    /// What it does.
    pub run: Run,
}

/// A builtin that holds data.
pub(super) type NativeFn = dyn Fn(&mut Eval, &[Thunk], Origin) -> R;

/// What a builtin does: given all arguments and the place of the call.
#[derive(Clone)]
#[allow(missing_docs)]
pub enum Run {
    Static(fn(&mut Eval, &[Thunk], Origin) -> R),
    Closure(Rc<NativeFn>),
}

/// Why Nix would refuse to go on.
#[derive(Debug)]
pub struct Failure {
    /// Nix's words, roughly; never a user's secret.
    pub message: String,
    /// `throw` and `assert`, which `tryEval` catches.
    pub catchable: bool,
    /// Where.
    pub at: Origin,
}

/// A result of evaluation.
pub type R<T = Val> = Result<T, Rc<Failure>>;

impl Val {
    /// A value born at `origin`.
    pub fn new(kind: Kind, origin: Origin) -> Val {
        Val { kind, origin }
    }

    /// A known string.
    pub fn text(text: &str, origin: Origin) -> Val {
        Val::new(Kind::Str(Rc::new(Str::new(text))), origin)
    }

    /// A string.
    pub fn str(text: Str, origin: Origin) -> Val {
        Val::new(Kind::Str(Rc::new(text)), origin)
    }

    /// A list of known elements.
    pub fn list(items: Vec<Thunk>, origin: Origin) -> Val {
        Val::new(Kind::List(Rc::new(items.into_iter().map(Elem::One).collect())), origin)
    }

    /// A complete attribute set.
    pub fn attrs(known: impl IntoIterator<Item = (Name, Thunk)>, origin: Origin) -> Val {
        let known = known.into_iter().map(|(name, value)| (name, Attribute { value, site: origin })).collect();
        Val::new(Kind::Attrs(Rc::new(AttrSet { known, ..AttrSet::default() })), origin)
    }

    /// A builtin.
    pub fn native(name: &'static str, arity: usize, run: fn(&mut Eval, &[Thunk], Origin) -> R) -> Val {
        let native = Native { name, arity, args: vec![], run: Run::Static(run) };
        Val::new(Kind::Native(Rc::new(native)), Origin::Default)
    }

    /// A builtin that holds data.
    pub fn closure(name: &'static str, arity: usize, run: impl Fn(&mut Eval, &[Thunk], Origin) -> R + 'static) -> Val {
        let native = Native { name, arity, args: vec![], run: Run::Closure(Rc::new(run)) };
        Val::new(Kind::Native(Rc::new(native)), Origin::Default)
    }

    /// The same value, said to be born elsewhere.
    pub fn at(mut self, origin: Origin) -> Val {
        self.origin = origin;
        self
    }
}

impl Kind {
    /// What `builtins.typeOf` says; `None` where it depends on what is unknown.
    pub fn type_name(&self) -> Option<&'static str> {
        Some(match self {
            Kind::Null => "null",
            Kind::Bool(_) => "bool",
            Kind::Int(_) => "int",
            Kind::Float(_) => "float",
            Kind::Str(_) => "string",
            Kind::Path(_) => "path",
            Kind::List(_) => "list",
            Kind::Attrs(_) => "set",
            Kind::Lambda(_) | Kind::Native(_) => "lambda",
            Kind::Package(package) if package.is_derivation() => "set",
            Kind::Package(_) | Kind::OneOf(_) | Kind::Unknown(_) => return None,
        })
    }

    /// The type as messages name it.
    pub fn describe(&self) -> &'static str {
        match self {
            Kind::Null => "null",
            Kind::Bool(_) => "a Boolean",
            Kind::Int(_) => "an integer",
            Kind::Float(_) => "a float",
            Kind::Str(_) => "a string",
            Kind::Path(_) => "a path",
            Kind::List(_) => "a list",
            Kind::Attrs(_) | Kind::Package(_) => "a set",
            Kind::Lambda(_) | Kind::Native(_) => "a function",
            Kind::OneOf(_) | Kind::Unknown(_) => "an unknown value",
        }
    }
}

impl AttrSet {
    /// Whether every name is known.
    pub fn is_complete(&self) -> bool {
        self.rest.is_none() && self.partly.is_empty()
    }

    /// Why a name that is not listed may be there all the same.
    pub fn why_open(&self) -> Option<&Unknown> {
        match &self.rest {
            Some(rest) => Some(rest.unknown()),
            None => self.partly.iter().find_map(|(name, _)| name.holes().next()),
        }
    }

    /// Takes note of names with holes that may be those of other attributes.
    pub(crate) fn note_same_names(&mut self) {
        let known = |name: &Str| self.known.keys().any(|have| !name.equals(&Str::new(have)).is_false());
        let other = |at: usize, name: &Str| self.partly[..at].iter().any(|(have, _)| !have.equals(name).is_false());
        self.nullable |= self.partly.iter().enumerate().any(|(at, (name, _))| known(name) || other(at, name));
    }

    /// Adds an attribute.
    pub fn insert(&mut self, name: impl Into<Name>, value: Thunk, site: Origin) {
        self.known.insert(name.into(), Attribute { value, site });
    }
}
