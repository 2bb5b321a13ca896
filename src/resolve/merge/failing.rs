//! Definitions that Nix refuses to evaluate where an undecided condition holds.

use super::{Undefined, merge_all};
use crate::eval::{Eval, Kind, Thunk, Val};
use crate::option::Priority;
use crate::resolve::context::Context;
use crate::resolve::definition::Discharged;
use crate::resolve::node::Resolved;
use crate::resolve::types::Type;
use crate::source::Origin;
use crate::value::{Condition, Str, Unknown};
use std::rc::Rc;

/// Why a definition fails: whether it has a priority, Nix only sees once it has its value.
pub(super) fn failure(definition: &Discharged) -> Option<Unknown> {
    match &definition.value.kind {
        Kind::Unknown(unknown) if definition.priority == Priority::NORMAL && unknown.cause.is_failure() => {
            Some(unknown.clone())
        }
        _ => None,
    }
}

/// What holds where `condition` does not; `None`: nothing.
pub(super) fn otherwise(eval: &mut Eval, condition: &Condition) -> Option<Condition> {
    let literals: Vec<_> = condition.literals().collect();
    match &literals[..] {
        [] => None,
        [(unknown, wanted)] => Some(Condition::when((*unknown).clone(), !wanted)),
        [(unknown, _), ..] => {
            let all: Vec<_> = literals.iter().map(|(one, wanted)| format!("{}={wanted}", one.id.0)).collect();
            Some(Condition::when(eval.derive(unknown, &format!("not {}", all.join(" and "))), true))
        }
    }
}

/// Merges definitions by type, those that lose by priority left out (nixpkgs: `filterOverrides`).
/// The type comes read, and as it was written. Where a definition fails, the option does; elsewhere
/// it is what the others give.
pub(in crate::resolve) fn merge_definitions(
    eval: &mut Eval,
    context: &Rc<Context>,
    path: &[Str],
    types: (&Type, Option<&Thunk>),
    definitions: Vec<Discharged>,
    open: Option<Unknown>,
    undefined: Undefined,
) -> Resolved {
    let sometimes = |definition: &Discharged| !definition.condition.is_always() && failure(definition).is_some();
    let (failing, others): (Vec<_>, Vec<_>) = match definitions.iter().any(sometimes) {
        true => definitions.into_iter().partition(sometimes),
        false => (vec![], definitions),
    };
    let mut resolved = merge_all(eval, context, path, types, others, open, undefined);
    for definition in failing {
        let value = match (&resolved.level, otherwise(eval, &definition.condition)) {
            // What is in a set is what the others give, in all that Nix does not refuse.
            (Some(_), Some(_)) => {
                resolved.winners.push(definition);
                continue;
            }
            (None, Some(otherwise)) => {
                let fails = Thunk::done(definition.value.clone());
                let alternatives =
                    vec![(definition.condition.clone(), fails), (otherwise, Thunk::done(resolved.value.clone()))];
                eval.one_of(alternatives, Origin::Default).unwrap_or_else(|failure| eval.failed(&failure))
            }
            (_, None) => Val::new(definition.value.kind.clone(), Origin::Default),
        };
        resolved = Resolved { value, level: None, ..resolved };
        resolved.winners.push(definition);
    }
    resolved
}
