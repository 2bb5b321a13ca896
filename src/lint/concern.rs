//! Whether a rule has anything to say of a configuration at all.
//!
//! Most machines run few of the services that rules are about. Where users define nothing of what a rule is
//! about, it is not asked (docs/decisions/011-rules-that-are-not-asked.md).

use super::Page;
use crate::option::{Ask, Configuration, Deferred, OptionEntry, OptionPattern, PatternStep, Resolver, Segment, Wish};
use crate::value::{Shape, Str, Unknown};

/// Whether somebody defines any of some options, as far as nothing has to be resolved for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Concern {
    /// Nobody does.
    None,
    /// Nobody in what was read; what was not read may.
    Unread,
    /// Nobody, unless a definition of NixOS's own modules turns out to hold: these are to be looked at.
    Unless(Vec<Ask>),
    /// Somebody does, or may.
    Some,
}

impl Concern {
    /// What a configuration has of what a rule is about.
    pub(super) fn of(page: &Page, configuration: &Configuration) -> Self {
        // In a module on its own anything may be defined elsewhere, and Nix resolved all there is.
        if !configuration.whole || configuration.resolved_by == Resolver::Nix {
            return Self::Some;
        }
        Self::as_written(page, configuration)
    }

    /// The same, for a module on its own as if there were no others.
    pub(super) fn as_written(page: &Page, configuration: &Configuration) -> Self {
        let Some(about) = page.about() else { return Self::Some };
        about.iter().fold(Self::None, |all, pattern| all.or(|| Searched(configuration).pattern(pattern)))
    }

    /// What is to be looked at.
    pub(super) fn asks(&self) -> &[Ask] {
        match self {
            Self::Unless(asks) => asks,
            _ => &[],
        }
    }

    /// Of one thing or the other.
    fn or(self, other: impl FnOnce() -> Self) -> Self {
        if self == Self::Some {
            return self;
        }
        match (self, other()) {
            (_, Self::Some) => Self::Some,
            (Self::Unless(all), Self::Unless(more)) => Self::Unless(all.into_iter().chain(more).collect()),
            (Self::Unless(asks), _) | (_, Self::Unless(asks)) => Self::Unless(asks),
            (Self::Unread, _) | (_, Self::Unread) => Self::Unread,
            (one, _) => one,
        }
    }
}

/// A configuration that is searched for definitions.
struct Searched<'c>(&'c Configuration);

impl Searched<'_> {
    /// Of what a pattern names, without a look at what is behind its first `<name>`.
    fn pattern(&self, pattern: &OptionPattern) -> Concern {
        let mut entry = &self.0.root;
        for step in &pattern.0 {
            let PatternStep::Name(name) = step else { break };
            match entry.child(name) {
                Some(child) => entry = child,
                None => return self.missing(entry, name),
            }
            if entry.is_deferred() {
                break;
            }
        }
        self.entry(entry)
    }

    /// Of an attribute that is not among those of `entry`.
    fn missing(&self, entry: &OptionEntry, name: &str) -> Concern {
        let name = Str::new(name);
        let may_be_it = |child: &OptionEntry| !child.name().equals(&name).is_false();
        if entry.partly_named.iter().any(may_be_it) {
            return Concern::Some;
        }
        self.own(entry).or(|| self.hidden(&entry.value.shape))
    }

    /// Of an entry and all below it.
    fn entry(&self, entry: &OptionEntry) -> Concern {
        match &entry.deferred {
            Deferred::All { defined: true, .. } => {
                let path = entry.path.0.iter().filter_map(Segment::as_name).map(Into::into).collect();
                return Concern::Unless(vec![Ask { path, what: Wish::Definitions }]);
            }
            Deferred::All { open, .. } => return if *open { Concern::Unread } else { Concern::None },
            Deferred::Nothing | Deferred::Below => {}
        }
        let mut children = entry.children.values().chain(&entry.partly_named).peekable();
        let own = self.own(entry);
        if children.peek().is_none() {
            return own.or(|| self.hidden(&entry.value.shape));
        }
        children.fold(own, |all, child| all.or(|| self.entry(child)))
    }

    /// Of what is defined right here.
    fn own(&self, entry: &OptionEntry) -> Concern {
        if !entry.definitions.is_empty() || entry.by_nixos {
            return Concern::Some;
        }
        entry.others.as_ref().map_or(Concern::None, |unknown| self.unknown(unknown))
    }

    fn hidden(&self, shape: &Shape) -> Concern {
        if let Shape::Unknown(unknown) = shape { self.unknown(unknown) } else { Concern::None }
    }

    /// What may be behind an unknown.
    fn unknown(&self, unknown: &Unknown) -> Concern {
        let is_same = |other: &Unknown| other.cause.root() == unknown.cause.root();
        let mut alone = self.0.root.others.iter().filter(|_| !self.0.whole);
        if unknown.cause.is_unsaid() || alone.any(is_same) {
            Concern::None
        } else if self.0.gaps.iter().any(|gap| is_same(&gap.unknown)) {
            Concern::Unread
        } else {
            Concern::Some
        }
    }
}
