//! Option paths as a tree: those that rules read, or those that are declared.

use crate::option::{OptionPattern, PatternStep};
use crate::value::Name;
use std::collections::BTreeMap;

/// The paths below some place.
#[derive(Debug, Default)]
pub(super) struct Wanted {
    /// What is here, and all below, is meant.
    pub all: bool,
    /// What is meant below any name.
    pub any: Option<Box<Wanted>>,
    /// What is meant below these.
    pub names: BTreeMap<Name, Wanted>,
}

impl Wanted {
    /// The paths that `patterns` name.
    pub(super) fn new<'p>(patterns: impl IntoIterator<Item = &'p OptionPattern>) -> Wanted {
        let mut paths = Wanted::default();
        for pattern in patterns {
            let mut at = &mut paths;
            for step in &pattern.0 {
                at = match step {
                    PatternStep::Any => at.any.get_or_insert_default(),
                    PatternStep::Name(name) => at.below(name.clone()),
                };
            }
            at.all = true;
        }
        paths
    }

    /// What is meant below this very name.
    pub(super) fn below(&mut self, name: Name) -> &mut Wanted {
        self.names.entry(name).or_default()
    }

    /// What is meant below an attribute, by its name and by any name; `None`: a name with holes.
    pub(super) fn following(&self, name: Option<&str>) -> impl Iterator<Item = &Wanted> {
        name.and_then(|name| self.names.get(name)).into_iter().chain(self.any.as_deref())
    }
}

#[cfg(test)]
mod tests {
    use super::Wanted;
    use crate::option::OptionPattern;

    #[test]
    fn what_is_meant_below() {
        let wanted = Wanted::new(&["a.b", "a.<name>.c", "d"].map(OptionPattern::parse));
        let a = &wanted.names["a"];
        assert_eq!(a.following(Some("b")).count(), 2);
        assert_eq!(a.following(Some("x")).count(), 1);
        assert_eq!(a.following(None).count(), 1);
        assert!(a.names["b"].all && wanted.names["d"].all && !a.all);
        assert_eq!(wanted.following(Some("c")).count(), 0);
    }
}
