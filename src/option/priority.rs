//! Priorities and orders of definitions, as in nixpkgs `lib/modules.nix`.

/// Lower wins.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Priority(pub i64);

impl Priority {
    /// `mkForce`.
    pub const FORCE: Priority = Priority(50);
    /// A plain definition.
    pub const NORMAL: Priority = Priority(100);
    /// `mkDefault`.
    pub const DEFAULT: Priority = Priority(1000);
    /// An option's own default.
    pub const OPTION_DEFAULT: Priority = Priority(1500);
}

/// Sorts the definitions of lists and lines; lower comes first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Order(pub i64);

impl Order {
    /// `mkBefore`.
    pub const BEFORE: Order = Order(500);
    /// A plain definition.
    pub const NORMAL: Order = Order(1000);
    /// `mkAfter`.
    pub const AFTER: Order = Order(1500);
}
