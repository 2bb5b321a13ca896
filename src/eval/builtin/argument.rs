//! How builtins take their arguments: forced, spread over choices, open where they are unknown.

use crate::eval::Eval;
use crate::eval::string::Coerce;
use crate::eval::thunk::Thunk;
use crate::eval::val::{AttrSet, Elem, Kind, R, Rest, Val};
use crate::source::Origin;
use crate::value::{Cause, Condition, Str, Unknown};
use std::rc::Rc;

/// Lists whose conditional elements hang on more undecided values than this are not split up.
const MOST_UNDECIDED: usize = 3;

/// Lists of more elements than this are remembered when they are firm, so many of them.
const LONG: usize = 64;
const REMEMBERED: usize = 8;

/// A list.
pub(super) fn list(items: Vec<Elem>, at: Origin) -> Val {
    Val::new(Kind::List(Rc::new(items)), at)
}

/// A set.
pub(super) fn set(set: AttrSet, at: Origin) -> Val {
    Val::new(Kind::Attrs(Rc::new(set)), at)
}

/// A boolean.
pub(super) fn bool(known: bool, at: Origin) -> Val {
    Val::new(Kind::Bool(known), at)
}

/// An integer.
pub(super) fn int(known: i64, at: Origin) -> Val {
    Val::new(Kind::Int(known), at)
}

/// The elements of a list whose length and order are known, else why they are not.
pub(super) fn firm(items: &[Elem]) -> Result<Vec<Thunk>, Unknown> {
    items
        .iter()
        .map(|item| match item {
            Elem::One(thunk) => Ok(thunk.clone()),
            Elem::Rest(unknown) => Err(unknown.clone()),
            Elem::Maybe(condition, _) => Err(literal(condition)),
        })
        .collect()
}

/// What a conditional element hangs on. An element that is always there is [`Elem::One`].
fn literal(condition: &Condition) -> Unknown {
    condition.literals().next().map(|(unknown, _)| unknown.clone()).unwrap_or_else(|| Unknown {
        id: crate::value::UnknownId(0),
        cause: Cause::Recursion.into(),
        at: Origin::Default,
    })
}

impl Eval {
    /// Forces an argument and applies `f` to it, or to each alternative of it.
    pub(super) fn each(&mut self, arg: &Thunk, by: &str, at: Origin, mut f: impl FnMut(&mut Eval, &Val) -> R) -> R {
        let value = self.force(arg)?;
        self.lift(&value, by, at, &mut f)
    }

    /// [`Eval::each`] for a list; an unknown one has any number of unknown elements.
    pub(super) fn each_list(
        &mut self,
        arg: &Thunk,
        at: Origin,
        mut f: impl FnMut(&mut Eval, &Rc<Vec<Elem>>) -> R,
    ) -> R {
        let value = self.force(arg)?;
        if let Kind::Unknown(unknown) = &value.kind {
            return f(self, &Rc::new(vec![Elem::Rest(unknown.clone())]));
        }
        self.lift(&value, "", at, &mut |eval, value| match &value.kind {
            Kind::List(items) => f(eval, items),
            Kind::Package(_) => {
                let unknown = eval.new_unknown(Cause::Package("a list of a package".into()), at);
                f(eval, &Rc::new(vec![Elem::Rest(unknown)]))
            }
            other => eval.fail(format!("value is {} while a list was expected", other.describe()), at),
        })
    }

    /// [`Eval::each`] for a list whose length and order must be known; otherwise the result is not.
    pub(super) fn each_firm(
        &mut self,
        arg: &Thunk,
        by: &str,
        at: Origin,
        mut f: impl FnMut(&mut Eval, &Rc<Vec<Elem>>) -> R,
    ) -> R {
        let value = self.force(arg)?;
        let value = match &value.kind {
            Kind::List(items) if self.is_firm(items) => return f(self, items),
            Kind::List(items) => self.decide(items, value.origin)?,
            _ => value,
        };
        self.lift(&value, by, at, &mut |eval, value| match &value.kind {
            Kind::List(items) => {
                let loose = items.iter().find_map(|item| match item {
                    Elem::One(_) => None,
                    Elem::Rest(unknown) => Some(unknown.clone()),
                    Elem::Maybe(condition, _) => Some(literal(condition)),
                });
                match loose {
                    Some(unknown) => Ok(eval.follows(&unknown, at)),
                    None => f(eval, items),
                }
            }
            Kind::Package(_) => Ok(eval.unknown(Cause::Package("a list of a package".into()), at)),
            other => eval.fail(format!("value is {} while a list was expected", other.describe()), at),
        })
    }

    /// Whether length and order of a list are known. Long lists that were looked at last are
    /// remembered, so that asking for one element after the other takes no quadratic time.
    fn is_firm(&mut self, items: &Rc<Vec<Elem>>) -> bool {
        if items.len() > LONG && self.firm.iter().any(|list| Rc::ptr_eq(list, items)) {
            return true;
        }
        let firm = items.iter().all(|item| matches!(item, Elem::One(_)));
        if firm && items.len() > LONG {
            self.firm.push_front(items.clone());
            self.firm.truncate(REMEMBERED);
        }
        firm
    }

    /// A list whose conditional elements hang on few undecided values, as a choice between
    /// lists without such elements; any other list as it is.
    pub(in crate::eval) fn decide(&mut self, items: &Rc<Vec<Elem>>, at: Origin) -> R {
        let mut unknowns: Vec<Unknown> = vec![];
        for item in items.iter() {
            let Elem::Maybe(condition, _) = item else { continue };
            for (unknown, _) in condition.literals() {
                if !unknowns.contains(unknown) {
                    unknowns.push(unknown.clone());
                }
            }
            if unknowns.len() > MOST_UNDECIDED {
                break;
            }
        }
        if unknowns.is_empty() || unknowns.len() > MOST_UNDECIDED {
            return Ok(Val::new(Kind::List(items.clone()), at));
        }
        let mut alternatives = vec![];
        for bits in 0..1_u32 << unknowns.len() {
            let mut condition = Condition::always();
            for (index, unknown) in unknowns.iter().enumerate() {
                let wanted = bits >> index & 1 == 0;
                if let Some(both) = condition.and(&Condition::when(unknown.clone(), wanted)) {
                    condition = both;
                }
            }
            let chosen = items.iter().filter_map(|item| match item {
                Elem::Maybe(when, thunk) => when.follows_from(&condition).then(|| Elem::One(thunk.clone())),
                other => Some(other.clone()),
            });
            let chosen = list(chosen.collect(), at);
            alternatives.push((condition, Thunk::done(chosen)));
        }
        self.one_of(alternatives, at)
    }

    /// [`Eval::each`] for a set; an unknown one has unknown names.
    pub(super) fn each_set(&mut self, arg: &Thunk, at: Origin, mut f: impl FnMut(&mut Eval, &Rc<AttrSet>) -> R) -> R {
        let value = self.force(arg)?;
        self.each_set_of(&value, at, &mut f)
    }

    /// [`Eval::each_set`] for a value.
    pub(super) fn each_set_of(
        &mut self,
        value: &Val,
        at: Origin,
        f: &mut dyn FnMut(&mut Eval, &Rc<AttrSet>) -> R,
    ) -> R {
        if let Kind::Unknown(unknown) = &value.kind {
            return f(self, &Rc::new(AttrSet { rest: Some(Rest::Unknown(unknown.clone())), ..AttrSet::default() }));
        }
        self.lift(value, "", at, &mut |eval, value| match &value.kind {
            Kind::Attrs(set) => f(eval, set),
            Kind::Package(package) => {
                let set = eval.package_attrs(&package.clone(), at);
                f(eval, &set)
            }
            other => eval.fail(format!("value is {} while a set was expected", other.describe()), at),
        })
    }

    /// A value as a set; an unknown one has unknown names. Not for choices.
    pub(super) fn as_set(&mut self, value: &Val, at: Origin) -> R<Rc<AttrSet>> {
        match &value.kind {
            Kind::Attrs(set) => Ok(set.clone()),
            Kind::Package(package) => Ok(self.package_attrs(&package.clone(), at)),
            Kind::Unknown(unknown) => {
                Ok(Rc::new(AttrSet { rest: Some(Rest::Unknown(unknown.clone())), ..AttrSet::default() }))
            }
            other => self.fail(format!("value is {} while a set was expected", other.describe()), at),
        }
    }

    /// [`Eval::each`] for a string, which must be one already.
    pub(super) fn each_text(
        &mut self,
        arg: &Thunk,
        by: &str,
        at: Origin,
        mut f: impl FnMut(&mut Eval, &Rc<Str>) -> R,
    ) -> R {
        let value = self.force(arg)?;
        self.lift(&value, by, at, &mut |eval, value| match &value.kind {
            Kind::Str(text) => f(eval, text),
            Kind::Package(_) => Ok(eval.unknown(Cause::Package("a package's attribute".into()), at)),
            other => eval.fail(format!("value is {} while a string was expected", other.describe()), at),
        })
    }

    /// [`Eval::each`] for what becomes a string as in `"${x}"`.
    pub(super) fn each_coerced(&mut self, arg: &Thunk, at: Origin, mut f: impl FnMut(&mut Eval, &Rc<Str>) -> R) -> R {
        let value = self.force(arg)?;
        let value = self.coerce(&value, Coerce::Interpolation, at)?;
        self.lift(&value, "", at, &mut |eval, value| match &value.kind {
            Kind::Str(text) => f(eval, text),
            other => eval.fail(format!("value is {} while a string was expected", other.describe()), at),
        })
    }

    /// [`Eval::each`] for an integer.
    pub(super) fn each_int(&mut self, arg: &Thunk, by: &str, at: Origin, mut f: impl FnMut(&mut Eval, i64) -> R) -> R {
        let value = self.force(arg)?;
        self.lift(&value, by, at, &mut |eval, value| match &value.kind {
            Kind::Int(number) => f(eval, *number),
            Kind::Package(_) => Ok(eval.unknown(Cause::Package("a package's attribute".into()), at)),
            other => eval.fail(format!("value is {} while an integer was expected", other.describe()), at),
        })
    }

    /// [`Eval::each_int`] for a position or a length. Up to some release Nix looks at 32 bits of it, and then at all.
    pub(super) fn each_position(&mut self, arg: &Thunk, at: Origin, mut f: impl FnMut(&mut Eval, i64) -> R) -> R {
        self.each_int(arg, "", at, |eval, number| match i32::try_from(number) {
            Ok(_) => f(eval, number),
            Err(_) => Ok(eval.unknown(Cause::Unsupported("positions of more than 32 bits".into()), at)),
        })
    }

    /// What follows from a text with holes by `by`, the rest of the operation's input being in `by`.
    pub(super) fn after_holes(&mut self, text: &Str, by: &str, at: Origin) -> Val {
        let holes: Vec<_> = text.holes().cloned().collect();
        match &holes[..] {
            [] => self.unknown(Cause::Unsupported(by.to_owned()), at),
            [hole] => {
                let known: Vec<_> = text
                    .parts()
                    .iter()
                    .map(|part| match part {
                        crate::value::Part::Text(text) => format!("{text:?}"),
                        crate::value::Part::Hole(_) => "_".to_owned(),
                    })
                    .collect();
                let unknown = self.derive(hole, &format!("{by} {}", known.join("+")));
                Val::new(Kind::Unknown(unknown), at)
            }
            [first, ..] => self.follows(first, at),
        }
    }
}
