//! Options without a type, whose definitions are merged by what they are.

use super::Merge;
use crate::eval::{Eval, Kind, Val};
use crate::resolve::definition::Discharged;
use crate::resolve::types::Type;
use crate::value::Cause;

impl Merge<'_> {
    /// An option without a type: lists and texts are joined, sets laid over each other, one
    /// `true` is enough (nixpkgs: `mergeDefaultOption`).
    pub(super) fn unspecified(&self, eval: &mut Eval, values: &[Val], active: Vec<Discharged>) -> Val {
        if values.len() == 1 {
            return values[0].clone();
        }
        let all = |is: fn(&Kind) -> bool| values.iter().all(|value| is(&value.kind));
        if all(|kind| matches!(kind, Kind::List(_))) {
            return self.list(eval, &Type::Undeclared, &active);
        }
        if all(|kind| matches!(kind, Kind::Attrs(_))) {
            return self.sure(eval, &Type::ShallowAttrs, active);
        }
        if all(|kind| matches!(kind, Kind::Str(_))) {
            return self.text(eval, "", values);
        }
        if all(|kind| matches!(kind, Kind::Bool(_))) {
            let any = values.iter().any(|value| matches!(value.kind, Kind::Bool(true)));
            return Val::new(Kind::Bool(any), values[0].origin);
        }
        if all(|kind| matches!(kind, Kind::Int(_))) {
            return self.agree(eval, &active);
        }
        if values.iter().all(is_function) {
            return self.functions();
        }
        self.disagree(eval, values, &active)
    }

    /// Functions, whose results are merged once they are called.
    pub(super) fn functions(&self) -> Val {
        Val::closure("merged", 1, |eval, _, at| {
            Ok(eval.unknown(Cause::Unsupported("functions merged without a type".into()), at))
        })
    }
}

pub(super) fn is_function(value: &Val) -> bool {
    matches!(value.kind, Kind::Lambda(_) | Kind::Native(_))
}
