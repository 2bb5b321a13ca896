//! What modules that were not read may say beside the definitions that were.

use super::Undefined;
use crate::eval::{Kind, Val};
use crate::option::Priority;
use crate::resolve::definition::{Beside, Discharged};
use crate::resolve::types::Type;
use crate::source::Origin;
use crate::value::{Condition, Unknown};

/// What the value hangs on where a definition may be there or not; sets and lists take it in.
pub(super) fn doubtful(ty: &Type, active: &[Discharged]) -> Option<Unknown> {
    if matches!(ty, Type::Attrs(_) | Type::LazyAttrs(_) | Type::Submodule(_) | Type::List(_)) {
        return None;
    }
    active.iter().filter(|definition| definition.beside.is_some()).find_map(|definition| match &definition.value.kind {
        Kind::Unknown(unknown) => Some(unknown.clone()),
        _ => None,
    })
}

/// Why modules of which only declarations are known say what a value is that is no list, no set and no text, to which
/// they would add: what is here is but a default.
pub(super) fn defined_better(ty: &Type, winners: &[Discharged], undefined: &Undefined) -> Option<Unknown> {
    let unknown = undefined.unread.clone().filter(|unknown| unknown.cause.is_elsewhere() && !winners.is_empty())?;
    let settled = |definition: &Discharged| {
        definition.condition.is_always() && definition.priority <= Priority::NORMAL || is_open(&definition.value)
    };
    (!matches!(ty, Type::Text(_)) && !winners.iter().any(settled)).then_some(unknown)
}

/// Whether a value is one that others add to.
fn is_open(value: &Val) -> bool {
    matches!(value.kind, Kind::List(_) | Kind::Attrs(_))
}

/// Leaves out what an unknown module would have to contradict.
pub(super) fn expected(ty: &Type, mut winners: Vec<Discharged>) -> Vec<Discharged> {
    let single = |definition: &Discharged| {
        definition.beside.is_none()
            && !definition.is_default
            && definition.condition.is_always()
            && !matches!(definition.value.kind, Kind::List(_) | Kind::Attrs(_) | Kind::Unknown(_))
    };
    if !matches!(ty, Type::Text(_)) && winners.iter().any(single) {
        winners.retain(|definition| definition.beside != Some(Beside::Module));
    }
    winners
}

/// Whether definitions of which nobody knows how many there are stand beside others of a set: what those say is known.
pub(super) fn is_set_beside(ty: &Type, winners: &[Discharged], unknown: Option<&Unknown>) -> bool {
    matches!(ty, Type::Attrs(_) | Type::LazyAttrs(_))
        && unknown.is_some_and(|unknown| !unknown.cause.is_failure())
        && winners.iter().any(|definition| matches!(definition.value.kind, Kind::Attrs(_)))
}

/// Those definitions, as one of a set of which nothing is known.
pub(super) fn unnamed(unknown: Unknown) -> Discharged {
    Discharged {
        value: Val::new(Kind::Unknown(unknown), Origin::Default),
        condition: Condition::always(),
        priority: Priority::NORMAL,
        order: None,
        is_default: false,
        beside: Some(Beside::Value),
        tagged: false,
        site: Origin::Default,
        expression: Origin::Default,
    }
}
