//! One value given to one option.

use super::{OptionPath, Order, Priority};
use crate::source::Origin;
use crate::value::{Condition, Value};

/// One value given to one option, properties (`mkIf`, `mkForce` …) already taken off.
#[derive(Clone, Debug)]
pub struct Definition {
    /// The option.
    pub path: OptionPath,
    /// The value given.
    pub value: Value,
    /// From `mkForce`, `mkDefault`, `mkOverride`.
    pub priority: Priority,
    /// From `mkBefore`, `mkAfter`, `mkOrder`.
    pub order: Order,
    /// What must hold for this definition to count, as far as nobody could decide it.
    pub condition: Condition,
    /// The attribute path as written (`services.x.y` of `services.x.y = 1;`).
    pub site: Origin,
    /// The expression written for the value (`1`, or `secret` when it comes from a `let`);
    /// the value itself knows where it was born.
    pub expression: Origin,
}
