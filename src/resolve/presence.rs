//! Whether attributes are there that only definitions under a condition give.

use super::definition::{Discharged, Place, Raw, discharge_properties};
use crate::eval::{Eval, Kind, Thunk};
use crate::option::Priority;
use crate::value::{Condition, Unknown};

/// Whether an attribute of an `attrsOf` is there.
pub(super) enum Presence {
    Sure,
    Maybe(Unknown),
    /// Nix fails when it asks.
    Fails(Unknown),
    None,
}

/// Why an attribute may not be there: no set that has it counts for sure.
pub(super) fn doubt(raws: &[Raw]) -> Option<Unknown> {
    match raws.iter().any(|raw| raw.condition.is_always()) {
        true => None,
        false => raws.iter().find_map(|raw| raw.condition.literals().next()).map(|(unknown, _)| unknown.clone()),
    }
}

/// Looks at the conditions of an attribute's definitions, but not into their values.
pub(super) fn presence(eval: &mut Eval, raws: &[Raw]) -> Presence {
    let (definitions, open) = discharge_properties(eval, raws, Place::Value);
    let failing = definitions.iter().find_map(|definition| match &definition.value.kind {
        Kind::Unknown(unknown) if definition.priority == Priority::NORMAL && definition.condition.is_always() => {
            Some(unknown.clone())
        }
        _ => None,
    });
    if let Some(unknown) = open.clone().or(failing).filter(|unknown| unknown.cause.is_failure()) {
        return Presence::Fails(unknown);
    }
    if Condition::one_holds(&definitions.iter().map(|definition| &definition.condition).collect::<Vec<_>>()) {
        return Presence::Sure;
    }
    let condition = definitions.iter().find_map(|definition| definition.condition.literals().next());
    match open.or(condition.map(|(unknown, _)| unknown.clone())) {
        Some(unknown) => Presence::Maybe(unknown),
        None => Presence::None,
    }
}

/// Whether no definition holds, nor an attribute of one; sets are followed `depth` steps down. Only says so where
/// it is sure.
pub(super) fn nothing_holds(eval: &mut Eval, raws: &[Raw], depth: u32) -> bool {
    let (definitions, open) = discharge_properties(eval, raws, Place::Value);
    let mut none_in = |definition: &Discharged| {
        let Kind::Attrs(set) = &definition.value.kind else { return false };
        let raw = Raw { value: Thunk::done(definition.value.clone()), ..Raw::empty() };
        let mut attributes = set.known.values();
        // That a set is empty is said by somebody, too.
        depth > 0
            && set.is_complete()
            && !set.known.is_empty()
            && attributes.all(|attribute| {
                let inner = raw.attribute(eval, attribute);
                nothing_holds(eval, &[inner], depth - 1)
            })
    };
    open.is_none() && definitions.iter().all(&mut none_in)
}
