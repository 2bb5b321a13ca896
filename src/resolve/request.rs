//! What is resolved of configurations, and who looks at each while what it is made of is at hand.

use super::Modules;
use super::entries::Entries;
use super::level::Level;
use super::team::{Member, Visits};
use super::wanted::Wanted;
use crate::eval::Eval;
use crate::option::{Ask, Configuration, OptionPattern};
use std::rc::Rc;

/// Looks at a configuration, whose options that nobody defines are deferred: what was asked for
/// [`Supply::supply`] puts into its place.
pub type Visitor<'a> = dyn FnMut(&mut Eval, &mut Configuration, &mut Supply<'_>) + 'a;

/// Which options are to be resolved, and when.
pub struct Request<'a> {
    /// Those that are of interest.
    pub(super) patterns: &'a [OptionPattern],
    pub(super) wanted: Wanted,
    pub(super) visitor: Option<&'a mut Visitor<'a>>,
    /// How often the visitor was called.
    pub(super) visits: usize,
    pub(super) member: Option<Member<'a>>,
    /// The visits that count, of whichever thread.
    pub(super) counting: Vec<Visits>,
}

impl<'a> Request<'a> {
    /// All options that `patterns` name.
    pub fn all(patterns: &'a [OptionPattern]) -> Self {
        Self { patterns, wanted: Wanted::new(patterns), visitor: None, visits: 0, member: None, counting: vec![] }
    }

    /// Those that users define, the others when `visitor` asks for them. Afterwards nothing is left of
    /// a configuration's options.
    pub fn visited(patterns: &'a [OptionPattern], visitor: &'a mut Visitor<'a>) -> Self {
        Self { visitor: Some(visitor), ..Self::all(patterns) }
    }

    /// The same, for one of several threads.
    pub fn by(self, member: Member<'a>) -> Self {
        Self { member: Some(member), ..self }
    }

    /// The visits of configurations that there are in the end: some are looked at although they are a part of others,
    /// which nobody could know before.
    pub fn counting(&self) -> &[Visits] {
        &self.counting
    }

    /// Which thread this is.
    pub(super) fn number(&self) -> usize {
        self.member.as_ref().map_or(0, Member::number)
    }
}

/// Resolves what was asked of one configuration.
pub struct Supply<'s> {
    pub(super) modules: &'s Modules,
    pub(super) patterns: &'s [OptionPattern],
    pub(super) entries: Entries<'s>,
    pub(super) root: Rc<Level>,
}

impl Supply<'_> {
    /// Puts what was asked for into its place, unless it is there.
    pub fn supply(&mut self, eval: &mut Eval, configuration: &mut Configuration, ask: &Ask) {
        if self.entries.supply(eval, &self.root, &mut configuration.root, ask) {
            // Imports inside values may have been met.
            self.modules.note_gaps(configuration, self.patterns);
        }
    }
}
