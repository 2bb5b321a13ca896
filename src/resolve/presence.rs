//! Whether attributes are there that only definitions under a condition give.

use super::definition::{Place, Raw, discharge_properties};
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

/// What is left of definitions once their conditions are judged.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Holding {
    /// Nothing, for sure.
    Nothing,
    /// Something only if what was not read makes it hold.
    Unread,
    /// Perhaps something.
    Something,
}

/// Whether a definition holds, or an attribute of one; sets are followed `depth` steps down. `is_unread`: whether
/// something can only be so (or not so) if a module that was not read says so.
pub(super) fn holding(
    eval: &mut Eval,
    raws: &[Raw],
    depth: u32,
    is_unread: &dyn Fn(&mut Eval, &Unknown, bool) -> bool,
) -> Holding {
    let (definitions, open) = discharge_properties(eval, raws, Place::Value);
    let mut all = match open {
        None => Holding::Nothing,
        Some(unknown) if is_unread(eval, &unknown, true) => Holding::Unread,
        Some(_) => Holding::Something,
    };
    for definition in &definitions {
        if all == Holding::Something {
            break;
        }
        let mut literals = definition.condition.literals_by_number();
        if literals.any(|(unknown, wanted)| is_unread(eval, unknown, wanted)) {
            all = Holding::Unread;
            continue;
        }
        // That a set is empty is said by somebody, too.
        let set = match &definition.value.kind {
            Kind::Attrs(set) if depth > 0 && set.is_complete() && !set.known.is_empty() => set,
            _ => return Holding::Something,
        };
        let raw = Raw { value: Thunk::done(definition.value.clone()), ..Raw::empty() };
        for attribute in set.known.values() {
            let inner = raw.attribute(eval, attribute);
            all = all.max(holding(eval, &[inner], depth - 1, is_unread));
        }
    }
    all
}
