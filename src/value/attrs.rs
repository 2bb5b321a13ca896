//! Attribute sets of which not every name need be known.

use super::{Name, Str, Unknown, Value};
use std::collections::BTreeMap;

/// An attribute set, as far as it is known.
#[derive(Clone, Debug, Default)]
pub struct Attrs {
    /// Attributes with a known name.
    pub known: BTreeMap<Name, Value>,
    /// Attributes whose name has a hole: `virtualHosts."element.${fqdn}"`.
    pub partly_named: Vec<(Str, Value)>,
    /// `None`: there are no others. Otherwise why there might be.
    pub rest: Option<Unknown>,
}

impl Attrs {
    /// The attribute of this name, if it is known to be there.
    pub fn get(&self, name: &str) -> Option<&Value> {
        self.known.get(name)
    }

    /// Whether every name is known, so that a name that is not there is absent.
    pub fn is_complete(&self) -> bool {
        self.rest.is_none() && self.partly_named.is_empty()
    }
}
