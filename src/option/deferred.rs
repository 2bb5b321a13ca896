//! Options that no user defines are not resolved before a rule asks for them.

use super::{OptionEntry, OptionPath, Segment};
use crate::value::{Name, Unknown};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// More questions than this are not kept: who asked them asks again.
const MOST: usize = 64;

/// What somebody asked of one configuration, in order. Configurations may go from thread to thread.
#[derive(Clone, Debug, Default)]
pub struct Asked(Arc<Mutex<Vec<Ask>>>);

/// A question about a deferred option.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ask {
    /// The option, or one around it.
    pub path: Vec<Name>,
    /// What is asked of it.
    pub what: Wish,
}

/// What somebody wants to know of an option.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wish {
    /// Whether it is defined.
    Definitions,
    /// All there is to know.
    All,
}

/// How much of an entry has not been looked at yet.
#[derive(Clone, Debug, Default)]
pub enum Deferred {
    /// Nothing.
    #[default]
    Nothing,
    /// Perhaps options in it: it is a set of options.
    Below,
    /// The entry itself, and so all that is in it.
    All {
        /// Who is told that somebody asks for it.
        asked: Asked,
        /// Whether there may be definitions.
        defined: bool,
        /// Whether users wrote one, though it may not hold.
        written: bool,
        /// Whether modules that were not read may define it.
        open: bool,
    },
}

impl Asked {
    /// What was asked since the last time, in order.
    pub fn take(&self) -> Vec<Ask> {
        std::mem::take(&mut self.asks())
    }

    /// Asks for what `asks` ask for.
    pub fn again(&self, asks: &[Ask]) {
        asks.iter().for_each(|ask| self.note(ask.clone()));
    }

    fn note(&self, ask: Ask) {
        let mut asks = self.asks();
        if asks.len() < MOST && !asks.contains(&ask) {
            asks.push(ask);
        }
    }

    fn asks(&self) -> MutexGuard<'_, Vec<Ask>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl OptionEntry {
    /// An option that is resolved once somebody asks for it; until then it is unknown.
    pub fn deferred(path: OptionPath, unknown: Unknown, deferred: Deferred) -> Self {
        Self { declared: true, deferred, ..Self::unknown(path, unknown) }
    }

    /// Whether what was asked for is there, as seen from the root of the tree.
    pub fn answers(&self, ask: &Ask) -> bool {
        let mut entry = self;
        for name in &ask.path {
            match entry.child(name) {
                Some(child) => entry = child,
                None => return true,
            }
            if let Deferred::All { defined, .. } = entry.deferred {
                return ask.what == Wish::Definitions && !defined;
            }
        }
        true
    }

    /// Asks for all that is deferred here or below.
    pub fn ask_below(&self) {
        match self.deferred {
            Deferred::Nothing => (),
            Deferred::Below => self.children.values().for_each(OptionEntry::ask_below),
            Deferred::All { .. } => self.ask([]),
        }
    }

    /// Whether it is deferred itself.
    pub fn is_deferred(&self) -> bool {
        matches!(self.deferred, Deferred::All { .. })
    }

    /// Asks for this option, if it is deferred, or for what is in it at `below`. What is said of it
    /// meanwhile is worth nothing.
    pub fn ask<'n>(&'n self, below: impl IntoIterator<Item = &'n str>) {
        self.ask_for(Wish::All, below);
    }

    /// Asks something in particular of this option, or of what is in it at `below`.
    pub fn ask_for<'n>(&'n self, what: Wish, below: impl IntoIterator<Item = &'n str>) {
        let Deferred::All { asked, .. } = &self.deferred else { return };
        let names = self.path.0.iter().filter_map(Segment::as_name).chain(below);
        asked.note(Ask { path: names.map(Name::from).collect(), what });
    }
}

#[cfg(test)]
mod tests {
    use super::{Ask, Asked, Deferred, OptionEntry, OptionPath, Unknown, Wish};
    use crate::source::Origin;
    use crate::value::{Cause, Truth, UnknownId};

    fn shown(asked: &Asked) -> Vec<String> {
        let shown = |Ask { path, what }: Ask| format!("{what:?} {}", path.join("."));
        asked.take().into_iter().map(shown).collect()
    }

    #[test]
    fn what_is_asked_for() {
        let asked = Asked::default();
        let unknown = Unknown { id: UnknownId(1), cause: Cause::Undefined("a".into()).into(), at: Origin::Default };
        let of = asked.clone();
        let deferred = Deferred::All { asked: of, defined: false, written: false, open: false };
        let deferred = OptionEntry::deferred(OptionPath::parse("a.b"), unknown.clone(), deferred);
        let around = OptionEntry {
            children: [("b".into(), deferred)].into(),
            others: None,
            deferred: Deferred::Below,
            ..OptionEntry::unknown(OptionPath::parse("a"), unknown)
        };
        around.ask(["c"]);
        assert_eq!(shown(&asked), [""; 0], "it is not deferred itself");
        around.children["b"].ask(["c"]);
        around.children["b"].ask_for(Wish::Definitions, []);
        assert!(matches!(around.is_defined(), Truth::Unknown(_)));
        assert_eq!(around.definitions_below().count(), 0);
        assert_eq!(shown(&asked), ["All a.b.c", "Definitions a.b", "All a.b"]);
        around.ask_below();
        let asks = asked.take();
        around.children["b"].ask([]);
        asked.again(&asks);
        assert_eq!(shown(&asked), ["All a.b"]);
        assert_eq!(shown(&asked), [""; 0]);
        (0..100).for_each(|at| around.children["b"].ask([&*at.to_string()]));
        assert_eq!(asked.take().len(), super::MOST);
    }
}
