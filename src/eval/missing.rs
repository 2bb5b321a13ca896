//! Attributes that may be missing, and what Nix refuses.

use super::Eval;
use super::thunk::Thunk;
use super::val::{Kind, R, Val};
use crate::source::Origin;
use crate::value::{Str, Unknown};

impl Eval {
    /// Runs `f` for a rule, which asks about values that were computed: what Nix refuses among them is no more
    /// than unknown to it, for without a value there is no configuration that the rule could be wrong about.
    pub fn for_rule<T>(&mut self, f: impl FnOnce(&mut Eval) -> T) -> T {
        let before = std::mem::replace(&mut self.asked_by_rule, true);
        let result = f(self);
        self.asked_by_rule = before;
        result
    }

    /// Whether Nix has no value, either, and neither has what is computed from it.
    pub(in crate::eval) fn refuses(&self, unknown: &Unknown) -> bool {
        unknown.cause.is_failure() && !self.asked_by_rule
    }

    /// The same of a value.
    pub(super) fn is_refused(&self, value: &Val) -> bool {
        matches!(&value.kind, Kind::Unknown(unknown) if self.refuses(unknown))
    }

    /// What a text or path is of which Nix refuses a part: refused as well, whatever else is known of it.
    pub(super) fn refused_part(&self, value: &Val) -> Option<Val> {
        let (Kind::Str(text) | Kind::Path(text)) = &value.kind else { return None };
        let refused = text.holes().find(|hole| self.refuses(hole))?;
        Some(Val::new(Kind::Unknown(refused.clone()), value.origin))
    }

    /// A name that may be there or not.
    pub(super) fn select_unknown(
        &mut self,
        unknown: &Unknown,
        name: &Str,
        rest: &[Str],
        default: Option<&Thunk>,
        at: Origin,
    ) -> R {
        let value = Val::new(Kind::Unknown(self.derive_by_name(unknown, &format!(".{name}"), name)), at);
        let value = self.select_from(&value, rest, None, at)?;
        match default {
            None => Ok(value),
            Some(default) => {
                let names: Vec<Str> = std::iter::once(name).chain(rest).cloned().collect();
                self.unless_missing(unknown, &names, value, default, at)
            }
        }
    }

    /// `value`, that of the first name, may be there or not: what is behind it, or the default.
    pub(super) fn select_computed(
        &mut self,
        why: &Unknown,
        value: &Val,
        names: &[Str],
        default: &Thunk,
        at: Origin,
    ) -> R {
        let (first, rest) = names.split_at(1);
        let Ok(inner) = self.select_from(value, rest, None, at) else {
            // If it is there, what is asked for is not in it.
            let inner = self.select_from(value, rest, Some(default), at)?;
            return self.unless_missing(why, first, inner, default, at);
        };
        let has_rest = self.has_path(value, rest, at);
        let asked = if has_rest.is_ok_and(|has| matches!(has.kind, Kind::Bool(true))) { first } else { names };
        self.unless_missing(why, asked, inner, default, at)
    }

    /// `value`, or the default where there is no attribute at `names`.
    fn unless_missing(&mut self, why: &Unknown, names: &[Str], value: Val, default: &Thunk, at: Origin) -> R {
        let there = self.may_have(why, names, at);
        self.branch(&there, Thunk::done(value), default.clone(), at)
    }

    /// The same known name of the same unknown is the same unknown; a name with holes is not.
    fn derive_by_name(&mut self, unknown: &Unknown, by: &str, name: &Str) -> Unknown {
        match name.known() {
            Some(_) => self.derive(unknown, by),
            None => match self.follows(unknown, unknown.at).kind {
                Kind::Unknown(unknown) => unknown,
                _ => unreachable!("follows gives an unknown"),
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::eval::{Eval, Kind};
    use crate::source::files::Memory;

    #[test]
    fn to_a_rule_what_nix_refuses_is_no_more_than_unknown() {
        let text = "let x = x; in x && false";
        let answer = |eval: &mut Eval| {
            let thunk = eval.text_as("/p/default.nix".into(), text);
            eval.force_or_unknown(&thunk).kind
        };
        crate::syntax::with_big_stack(|| {
            let mut eval = Eval::new(Box::new(Memory::new([])));
            assert!(matches!(answer(&mut eval), Kind::Unknown(_)));
            assert!(matches!(eval.for_rule(answer), Kind::Bool(false)));
        });
    }
}
