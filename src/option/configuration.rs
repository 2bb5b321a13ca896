//! What all modules together define.

use super::{Asked, Deferred, Definition, OptionPath, Segment};
use crate::source::{FileId, Origin};
use crate::value::{Name, Shape, Str, Truth, Unknown, Value};
use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

/// The options of interest of one NixOS configuration, or of one module on its own.
#[derive(Clone, Debug)]
pub struct Configuration {
    /// What people call it: the attribute of `nixosConfigurations`, or the file's path.
    pub name: String,
    /// Whether this is a whole configuration, where what is not defined is at its default;
    /// in a module on its own it is unknown.
    pub whole: bool,
    /// Whether it is a system inside another one: a container or a virtual machine.
    pub guest: bool,
    /// Whether the user's files define an option of interest: a file that only mentions one's name may be no
    /// module at all.
    pub defines: bool,
    /// The root of the option tree.
    pub root: OptionEntry,
    /// What was asked of its deferred options.
    pub asked: Asked,
    /// What could not be read or followed.
    pub gaps: Vec<Gap>,
    /// The files whose modules or values it is made of.
    pub files: BTreeSet<FileId>,
    /// What it is for.
    pub purpose: Purpose,
    /// Who answered.
    pub resolved_by: Resolver,
    /// How it was recognised, in words: the mechanism and what names it.
    pub recognised_by: String,
    /// Where it is made: the call, the attribute or the file.
    pub entry: Origin,
    /// What gives it to others than us.
    pub entry_point: EntryPoint,
}

/// What names a configuration for Nix.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EntryPoint {
    /// An attribute of the outputs of the project's flake.
    Output(Vec<Name>),
    /// The same of a flake in a folder of the project.
    OutputBelow(PathBuf, Vec<Name>),
    /// A file that holds the module of a whole machine.
    Module(PathBuf),
    /// A file whose value is the configuration.
    File(PathBuf),
    /// Nothing that could be told: a guest, a node of a network.
    Other,
}

/// What a configuration is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Purpose {
    /// A system that somebody runs.
    System,
    /// A machine of a NixOS test, which lives for minutes and holds dummy secrets on purpose.
    Test,
}

/// Who filled a configuration.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Resolver {
    /// The built-in static resolver.
    Static,
    /// The user's own Nix.
    Nix,
}

/// Something that was not read, so that definitions may be missing.
#[derive(Clone, Debug)]
pub struct Gap {
    /// Why, and where.
    pub unknown: Unknown,
    /// Where the import stands.
    pub at: Origin,
    /// The option in whose value it is: nothing else may be defined there. Empty: the configuration.
    pub within: Vec<Str>,
    /// Whether it may define an option of interest, as far as is known.
    pub matters: bool,
}

impl Gap {
    /// Whether what was not read may say something of what is at `path`.
    pub fn concerns(&self, path: &[Str]) -> bool {
        path.len() >= self.within.len() && path.iter().zip(&self.within).all(|(a, b)| a.equals(b).is_true())
    }
}

/// An option, or any attribute inside an option's value: definitions are followed
/// down to the leaves of attribute sets.
#[derive(Clone, Debug)]
pub struct OptionEntry {
    /// Its path.
    pub path: OptionPath,
    /// Whether a declaration of it (or of an option around it) was read.
    pub declared: bool,
    /// Where somebody first wrote its name, also that of a set spelled out below.
    pub site: Origin,
    /// Where it is defined, in any case, by an expression of its own: for a set the places at which a
    /// further attribute would be part of it.
    pub expressions: Vec<Origin>,
    /// The definitions that count; for an attribute set only those that are not
    /// spelled out by `children` (an unknown value, an empty set).
    pub definitions: Vec<Definition>,
    /// Definitions that lost by priority.
    pub overridden: Vec<Definition>,
    /// Whether NixOS's own modules define it, as far as they are known.
    pub by_nixos: bool,
    /// The merged value: the default where nothing is defined, unknown where nobody knows.
    pub value: Value,
    /// The attributes of a set, each an entry of its own, known names first in order.
    pub children: BTreeMap<Name, OptionEntry>,
    /// Attributes whose name has holes.
    pub partly_named: Vec<OptionEntry>,
    /// `None`: there are no other attributes. Otherwise why there might be.
    pub others: Option<Unknown>,
    /// How much of it has not been looked at yet.
    pub deferred: Deferred,
}

impl OptionEntry {
    /// An option about which nothing is known, for the given reason.
    pub fn unknown(path: OptionPath, unknown: Unknown) -> Self {
        Self {
            path,
            declared: false,
            site: Origin::Default,
            expressions: vec![],
            definitions: vec![],
            overridden: vec![],
            by_nixos: false,
            value: Value::unknown(unknown.clone()),
            children: BTreeMap::new(),
            partly_named: vec![],
            others: Some(unknown),
            deferred: Deferred::Nothing,
        }
    }

    /// The child of this name, if there is one.
    pub fn child(&self, name: &str) -> Option<&OptionEntry> {
        self.children.get(name)
    }

    /// Whether somebody defines this option or anything in it. A default is no definition.
    pub fn is_defined(&self) -> Truth {
        self.ask([]);
        let sure = self.definitions.iter().any(|definition| definition.condition.is_always());
        if sure {
            return Truth::True;
        }
        let below = Truth::any(self.children.values().chain(&self.partly_named).map(OptionEntry::is_defined));
        let maybe = self.definitions.iter().find_map(|definition| definition.condition.literals().next());
        let maybe = match maybe {
            Some((unknown, _)) => Truth::Unknown(unknown.clone()),
            None => Truth::False,
        };
        let others = match &self.others {
            Some(unknown) => Truth::Unknown(unknown.clone()),
            None => Truth::False,
        };
        below | maybe | others
    }

    /// Whether a definition at or below this entry holds in any case.
    pub fn has_sure_definition(&self) -> bool {
        self.definitions_below().any(|definition| definition.condition.is_always())
    }

    /// Whether users' files define this option or anything in it, as far as it is resolved.
    pub fn is_written(&self) -> bool {
        let is_written = |definition: &Definition| definition.site.file().or(definition.expression.file()).is_some();
        self.entries().any(|entry| match entry.deferred {
            Deferred::All { written, .. } => written,
            Deferred::Nothing | Deferred::Below => entry.definitions.iter().any(is_written),
        })
    }

    /// Every definition at or below this entry that counts, in order of path, as far as somebody asks for them.
    pub fn definitions_below(&self) -> impl Iterator<Item = &Definition> {
        self.entries().inspect(|entry| entry.ask([])).flat_map(|entry| &entry.definitions)
    }

    /// The same without asking for what is deferred.
    pub fn definitions_so_far(&self) -> impl Iterator<Item = &Definition> {
        self.entries().flat_map(|entry| &entry.definitions)
    }

    /// This entry and those below, in order of path.
    fn entries(&self) -> impl Iterator<Item = &OptionEntry> {
        // Most have nothing below, and then no list is made.
        let (mut first, mut todo) = (Some(self), vec![]);
        std::iter::from_fn(move || {
            let entry = first.take().or_else(|| todo.pop())?;
            todo.extend(entry.partly_named.iter().rev().chain(entry.children.values().rev()));
            Some(entry)
        })
    }
}

impl Configuration {
    /// The entry at `path`, if the tree has one there.
    pub fn entry(&self, path: &[&str]) -> Option<&OptionEntry> {
        path.iter().try_fold(&self.root, |entry, name| entry.child(name))
    }

    /// Why there may be an option at `path` although the tree has none: the first
    /// entry on the way that may have other names. `None`: there is none for sure.
    pub fn may_exist(&self, path: &[&str]) -> Option<&Unknown> {
        let mut entry = &self.root;
        for name in path {
            match entry.child(name) {
                Some(child) => entry = child,
                None => {
                    return entry.others.as_ref().or(match &entry.value.shape {
                        Shape::Unknown(unknown) => Some(unknown),
                        _ => None,
                    });
                }
            }
        }
        None
    }
}

impl OptionEntry {
    /// The last step of the path, as text with holes.
    pub fn name(&self) -> crate::value::Str {
        self.path.last().map(Segment::to_str).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::{Configuration, EntryPoint, OptionEntry, Purpose, Resolver, Unknown};
    use crate::option::{Definition, OptionPath, Order, Priority};
    use crate::source::Origin;
    use crate::value::{Cause, Condition, Shape, Truth, UnknownId, Value};
    use std::collections::BTreeSet;
    use std::sync::Arc;

    fn unknown() -> Unknown {
        Unknown { id: UnknownId(1), cause: Arc::new(Cause::Undefined("a".into())), at: Origin::Default }
    }

    fn configuration(root: OptionEntry) -> Configuration {
        Configuration {
            name: "a".into(),
            whole: true,
            guest: false,
            defines: true,
            root,
            asked: Default::default(),
            gaps: vec![],
            files: BTreeSet::new(),
            purpose: Purpose::System,
            resolved_by: Resolver::Static,
            recognised_by: String::new(),
            entry: Origin::Default,
            entry_point: EntryPoint::Other,
        }
    }

    /// An option that has no other attributes than those it is given.
    fn entry() -> OptionEntry {
        OptionEntry { others: None, ..OptionEntry::unknown(OptionPath::parse("a.b"), unknown()) }
    }

    fn defined(condition: Condition) -> OptionEntry {
        let definition = Definition {
            path: OptionPath::parse("a.b"),
            value: Value::unknown(unknown()),
            priority: Priority::NORMAL,
            order: Order::NORMAL,
            condition,
            site: Origin::Default,
            expression: Origin::Default,
        };
        OptionEntry { definitions: vec![definition], ..entry() }
    }

    fn within(child: OptionEntry) -> OptionEntry {
        OptionEntry { children: [("b".into(), child)].into(), ..entry() }
    }

    fn beside(child: OptionEntry) -> OptionEntry {
        OptionEntry { partly_named: vec![child], ..entry() }
    }

    #[test]
    fn what_is_defined() {
        let sure = || defined(Condition::always());
        let perhaps = || defined(Condition::when(unknown(), true));
        let open = || OptionEntry::unknown(OptionPath::parse("a.b"), unknown());
        for (entry, is_defined, for_sure) in [
            (entry(), "no", false),
            (sure(), "yes", true),
            (perhaps(), "unknown", false),
            (open(), "unknown", false),
            (within(sure()), "yes", true),
            (beside(sure()), "yes", true),
            (within(perhaps()), "unknown", false),
            (OptionEntry { others: Some(unknown()), ..sure() }, "yes", true),
            (OptionEntry { definitions: perhaps().definitions, ..within(sure()) }, "yes", true),
            (OptionEntry { partly_named: vec![open()], ..within(entry()) }, "unknown", false),
        ] {
            let found = match entry.is_defined() {
                Truth::True => "yes",
                Truth::False => "no",
                Truth::Unknown(_) => "unknown",
            };
            assert_eq!((found, entry.has_sure_definition()), (is_defined, for_sure), "{entry:?}");
        }
    }

    #[test]
    fn what_may_be_there_besides() {
        let may = |root: OptionEntry, path: &[&str]| configuration(root).may_exist(path).is_some();
        let known = || OptionEntry { value: Value { shape: Shape::Null, ..Value::unknown(unknown()) }, ..entry() };
        assert!(!may(known(), &["b"]) && !may(within(known()), &["b"]) && !may(within(known()), &["b", "c"]));
        assert!(may(OptionEntry { others: Some(unknown()), ..known() }, &["b"]));
        assert!(may(within(entry()), &["b", "c"]), "the value is unknown");
    }

    #[test]
    fn of_what_nothing_is_known() {
        let entry = OptionEntry::unknown(OptionPath::parse("a.b"), unknown());
        assert!(matches!(entry.value.shape, Shape::Unknown(_)) && entry.others.is_some());
        assert_eq!(entry.name().known(), Some("b"));
    }
}
