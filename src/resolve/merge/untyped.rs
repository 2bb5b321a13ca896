//! Options without a type, whose definitions are merged by what they are.

use super::Merge;
use crate::eval::{Eval, Kind, Thunk, Val};
use crate::resolve::definition::Discharged;
use crate::resolve::types::Type;
use crate::value::{Cause, Str};

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
            return unmerged_functions();
        }
        self.disagree(eval, values, &active)
    }

    /// Functions, whose results are merged once they are called (nixpkgs: `types.anything`).
    pub(super) fn functions(&self, ty: &Type, active: &[Discharged]) -> Val {
        if !matches!(ty, Type::Anything) || active.iter().any(|definition| !definition.condition.is_always()) {
            return unmerged_functions();
        }
        let functions: Vec<Val> = active.iter().map(|definition| definition.value.clone()).collect();
        let body = Str::new("<function body>");
        let path: Vec<Str> = self.path.iter().cloned().chain([body]).collect();
        Val::closure("merged", 1, move |eval, args, at| {
            let path = path.iter().map(|name| Thunk::done(Val::str(name.clone(), at)));
            let path = Val::list(path.collect(), at);
            let definition = |eval: &mut Eval, function: &Val| {
                let file = eval.unknown(Cause::Unsupported("the `file` of a definition".into()), at);
                let value = eval.delay_apply(Thunk::done(function.clone()), vec![args[0].clone()], at);
                Thunk::done(Val::attrs([("file".into(), Thunk::done(file)), ("value".into(), value)], at))
            };
            let definitions: Vec<Thunk> = functions.iter().map(|function| definition(eval, function)).collect();
            let types = eval.library_function("types");
            let merge = [Str::new("anything"), Str::new("merge")];
            let merge = eval.select_from(&types, &merge, None, at)?;
            eval.apply_all(&merge, &[Thunk::done(path), Thunk::done(Val::list(definitions, at))], at)
        })
    }
}

/// Functions of which nobody says how their results are merged.
fn unmerged_functions() -> Val {
    Val::closure("merged", 1, |eval, _, at| {
        Ok(eval.unknown(Cause::Unsupported("functions merged without a type".into()), at))
    })
}

pub(super) fn is_function(value: &Val) -> bool {
    matches!(value.kind, Kind::Lambda(_) | Kind::Native(_))
}
