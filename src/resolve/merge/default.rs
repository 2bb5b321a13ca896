//! What an option is that nothing defines.

use super::Merge;
use crate::eval::{Eval, Kind, Thunk, Val};
use crate::resolve::definition::Discharged;
use crate::resolve::types::{Nested, Type};
use crate::source::Origin;
use crate::value::{Cause, Condition};

impl Merge<'_> {
    /// The values that decide the shape: those of the definitions, else of the default.
    pub(super) fn values(&self, winners: &[Discharged]) -> Vec<Val> {
        let default = self.undefined.default.iter().filter(|_| winners.is_empty() && self.may_be_default());
        let sure = winners.iter().filter(|definition| definition.beside.is_none());
        sure.chain(default).map(|definition| definition.value.clone()).collect()
    }

    /// The submodule that an option is of which nothing says anything, though its type is called otherwise.
    pub(super) fn submodule_of_nothing(&self, eval: &mut Eval, ty: &Type, winners: &[Discharged]) -> Option<Nested> {
        let (Type::Unique(inner) | Type::Coerced { to: inner, .. }) = ty else { return None };
        if !self.values(winners).is_empty() || !winners.is_empty() {
            return None;
        }
        match self.inner(eval, inner) {
            Type::Submodule(nested) => Some(nested),
            inner => self.submodule_of_nothing(eval, &inner, winners),
        }
    }

    /// Whether an undefined option is at its default.
    pub(super) fn may_be_default(&self) -> bool {
        self.undefined.unread.is_none() || !self.undefined.embedded
    }

    /// No definition: the default, as far as it is one.
    pub(super) fn nothing(&self, eval: &mut Eval, ty: &Type) -> Val {
        let nothing = Val::new(Kind::Unknown(self.undefined.nothing.clone()), Origin::Default);
        match (&self.undefined.default, &self.undefined.unread) {
            (Some(default), None) => self.default(eval, ty, default),
            (Some(default), Some(unread)) if !self.undefined.embedded => {
                // The project's own option: at its default unless another module of the project sets it.
                let value = self.default(eval, ty, default);
                let elsewhere = eval.derive(unread, &format!("sets {}", crate::resolve::module::show(self.path)));
                let alternatives = vec![
                    (Condition::when(elsewhere.clone(), false), Thunk::done(value)),
                    (Condition::when(elsewhere, true), Thunk::done(nothing)),
                ];
                eval.one_of(alternatives, Origin::Default).unwrap_or_else(|failure| eval.failed(&failure))
            }
            // Every module was read, and none defines it. Older releases refuse what has no default.
            (None, None) if !self.undefined.embedded => {
                if let Some(empty) = self.empty_value(eval) {
                    return eval.force_or_unknown(&empty);
                }
                let message = format!("`{}` has no value: nothing defines it", crate::resolve::module::show(self.path));
                eval.unknown(Cause::Fails(message), Origin::Default)
            }
            (_, Some(unread)) if unread.cause.is_elsewhere() => {
                Val::new(Kind::Unknown(unread.clone()), Origin::Default)
            }
            _ => nothing,
        }
    }

    /// What the type says that an option is without a definition.
    fn empty_value(&self, eval: &mut Eval) -> Option<Thunk> {
        let mut get = |thunk: &Thunk, name: &str| match &eval.force_or_unknown(thunk).kind {
            Kind::Attrs(set) => set.known.get(name).map(|attribute| attribute.value.clone()),
            _ => None,
        };
        let empty = get(self.check?, "emptyValue")?;
        get(&empty, "value")
    }

    fn default(&self, eval: &mut Eval, ty: &Type, default: &Discharged) -> Val {
        match ty {
            Type::Attrs(_) | Type::LazyAttrs(_) | Type::Submodule(_) => {
                self.through_set(eval, ty, vec![default.clone()])
            }
            _ => self.sure(eval, ty, vec![default.clone()]),
        }
    }
}
