//! The bindings of a set or `let` before names are resolved: dotted keys become nested sets here,
//! and are merged as Nix does, since what is merged into a set sees that set's frame.

use super::{Range, SyntaxError, node, refuse, repair, string};
use crate::value::Name;
use rnix::SyntaxKind::*;
use rnix::SyntaxNode;
use std::collections::{HashMap, HashSet};

/// What reading a file collects on the way.
#[derive(Default)]
pub(super) struct Notes {
    pub(super) errors: Vec<SyntaxError>,
    names: HashSet<Name>,
}

impl Notes {
    /// Notes an error.
    pub(super) fn error(&mut self, range: Range, message: impl Into<String>) {
        self.errors.push(SyntaxError { range, message: message.into() });
    }

    /// The name `text`; equal names share their text.
    pub(super) fn name(&mut self, text: &str) -> Name {
        if let Some(name) = self.names.get(text) {
            return name.clone();
        }
        let name = Name::from(text);
        self.names.insert(name.clone());
        name
    }
}

/// A set or `let` whose dotted keys are merged.
#[derive(Default)]
pub(super) struct Draft {
    /// Where the set stands; for one that a dotted key made, the whole binding.
    pub(super) range: Range,
    pub(super) recursive: bool,
    pub(super) statics: Vec<DraftBinding>,
    pub(super) dynamics: Vec<DraftDynamic>,
    /// The `e` of every `inherit (e) …`; `None` if it is missing.
    pub(super) sources: Vec<(Option<SyntaxNode>, Range)>,
    index: HashMap<Name, usize>,
}

pub(super) struct DraftBinding {
    pub(super) name: Name,
    pub(super) range: Range,
    pub(super) value: DraftValue,
}

pub(super) struct DraftDynamic {
    /// A `NODE_DYNAMIC` or a `NODE_STRING`.
    pub(super) name: SyntaxNode,
    pub(super) range: Range,
    pub(super) value: DraftValue,
    /// Whether some versions of Nix leave it out.
    pub(super) doubtful: bool,
}

pub(super) enum DraftValue {
    /// An expression, or the place where one is missing.
    Expr(Result<SyntaxNode, Range>),
    /// A set that was made by, or merged with, a dotted key.
    Set(Box<Draft>),
    /// `inherit name;`
    Inherit,
    /// `inherit (sources[n]) name;`
    InheritFrom(u32),
}

/// One step of an attribute path.
pub(super) enum Key {
    Static(Name),
    /// A `NODE_DYNAMIC` or a `NODE_STRING`.
    Dynamic(SyntaxNode),
    /// Not readable.
    Broken,
}

/// Reads one step of an attribute path.
pub(super) fn key(attr: &SyntaxNode, notes: &mut Notes) -> Key {
    match (attr.kind(), constant(attr)) {
        (_, Some(text)) => Key::Static(notes.name(&text)),
        (NODE_DYNAMIC, None) => Key::Dynamic(attr.clone()),
        (NODE_STRING, None) if string::parts(attr).is_some() => Key::Dynamic(attr.clone()),
        _ => Key::Broken,
    }
}

/// The text of a name that Nix knows when it parses: `a`, `"a"`, `${"a"}`.
fn constant(attr: &SyntaxNode) -> Option<String> {
    match attr.kind() {
        NODE_IDENT => Some(attr.text().to_string()).filter(|name| name != repair::HOLE),
        NODE_STRING => string::plain_text(attr),
        NODE_DYNAMIC => {
            let inner = node::without_parens(node::first_expr(attr)?);
            match inner.kind() {
                NODE_STRING => string::plain_text(&inner),
                NODE_LITERAL => node::token(&inner, TOKEN_URI).map(|uri| uri.text().to_owned()),
                _ => None,
            }
        }
        _ => None,
    }
}

/// The steps of a `NODE_ATTRPATH` with their nodes; `None` if one is missing or broken.
pub(super) fn keys(attrpath: &SyntaxNode, notes: &mut Notes) -> Option<Vec<(Key, SyntaxNode)>> {
    let attrs = attrpath.children().filter(|attr| matches!(attr.kind(), NODE_IDENT | NODE_STRING | NODE_DYNAMIC));
    let keys: Vec<_> = attrs.map(|attr| (key(&attr, notes), attr)).collect();
    let dots = node::tokens(attrpath).filter(|token| token.kind() == TOKEN_DOT).count();
    let whole = keys.len() == dots + 1 && !keys.iter().any(|(key, _)| matches!(key, Key::Broken));
    whole.then_some(keys)
}

impl Draft {
    /// The bindings of a `NODE_ATTR_SET`, `NODE_LET_IN` or `NODE_LEGACY_LET`.
    pub(super) fn read(set: &SyntaxNode, notes: &mut Notes) -> Self {
        let recursive = set.kind() != NODE_ATTR_SET || node::token(set, TOKEN_REC).is_some();
        let mut draft = Draft { range: node::range(set), recursive, ..Draft::default() };
        for entry in set.children() {
            match entry.kind() {
                NODE_ATTRPATH_VALUE => draft.read_binding(&entry, notes),
                NODE_INHERIT => draft.read_inherit(&entry, notes),
                _ => {}
            }
        }
        draft
    }

    fn read_binding(&mut self, entry: &SyntaxNode, notes: &mut Notes) {
        let Some(attrpath) = node::child(entry, NODE_ATTRPATH) else { return };
        let value = node::expr_after(entry, TOKEN_ASSIGN).ok_or_else(|| node::end_of(entry));
        let Some(keys) = keys(&attrpath, notes) else { return };
        let range = node::range(&attrpath);
        let end = value.as_ref().map_or(range.end, |value| node::range(value).end);
        let written = Written { range, whole: Range { start: range.start, end } };
        self.add(keys.into_iter().map(|(key, _)| key), &written, value, notes);
    }

    fn add(
        &mut self,
        keys: impl Iterator<Item = Key>,
        written: &Written,
        value: Result<SyntaxNode, Range>,
        notes: &mut Notes,
    ) {
        let mut set = self;
        let mut keys = keys.peekable();
        while let Some(key) = keys.next() {
            if keys.peek().is_none() {
                return set.put(key, written.range, DraftValue::Expr(value), notes);
            }
            match set.enter(key, written, notes) {
                Some(inner) => set = inner,
                None => return,
            }
        }
    }

    /// The nested set under `key`, made if there is none.
    fn enter(&mut self, key: Key, written: &Written, notes: &mut Notes) -> Option<&mut Draft> {
        let nested = DraftValue::Set(Box::new(Draft { range: written.whole, ..Draft::default() }));
        let value = match key {
            Key::Broken => return None,
            Key::Dynamic(name) => {
                self.dynamics.push(DraftDynamic { name, range: written.range, value: nested, doubtful: false });
                &mut self.dynamics.last_mut()?.value
            }
            Key::Static(name) => {
                let at = match self.index.get(&name) {
                    Some(at) => *at,
                    None => self.push(DraftBinding { name, range: written.range, value: nested }),
                };
                let binding = self.statics.get_mut(at)?;
                if binding.value.open(notes).is_none() {
                    duplicate(&binding.name, written.range, notes);
                    return None;
                }
                &mut binding.value
            }
        };
        value.open(notes)
    }

    fn put(&mut self, key: Key, range: Range, value: DraftValue, notes: &mut Notes) {
        match key {
            Key::Broken => {}
            Key::Dynamic(name) => self.dynamics.push(DraftDynamic { name, range, value, doubtful: false }),
            Key::Static(name) => self.put_static(DraftBinding { name, range, value }, notes),
        }
    }

    fn put_static(&mut self, mut new: DraftBinding, notes: &mut Notes) {
        let Some(at) = self.index.get(&new.name) else {
            self.push(new);
            return;
        };
        let old = &mut self.statics[*at];
        match (new.value.is_set() && old.value.is_set()).then(|| (old.value.open(notes), new.value.open(notes))) {
            Some((Some(into), Some(from))) => into.merge(std::mem::take(from), notes),
            _ => duplicate(&new.name, new.range, notes),
        }
    }

    /// Takes in the bindings of another literal of the same name, and those of literals inside both.
    /// Whether a set is `rec` stays as it was. Nix of before 2024 merges one level only and refuses
    /// what lies deeper; who writes it has a newer one.
    fn merge(&mut self, other: Draft, notes: &mut Notes) {
        let first_source = self.sources.len() as u32;
        self.sources.extend(other.sources);
        self.dynamics.extend(other.dynamics.into_iter().map(|dynamic| DraftDynamic { doubtful: true, ..dynamic }));
        for mut binding in other.statics {
            if let DraftValue::InheritFrom(source) = &mut binding.value {
                *source += first_source;
            }
            self.put_static(binding, notes);
        }
    }

    fn push(&mut self, binding: DraftBinding) -> usize {
        let at = self.statics.len();
        self.index.insert(binding.name.clone(), at);
        self.statics.push(binding);
        at
    }

    fn read_inherit(&mut self, entry: &SyntaxNode, notes: &mut Notes) {
        let source = node::child(entry, NODE_INHERIT_FROM).map(|from| {
            self.sources.push((node::first_expr(&from), node::range(&from)));
            self.sources.len() as u32 - 1
        });
        for attr in entry.children() {
            let range = node::range(&attr);
            match attr.kind() {
                NODE_IDENT | NODE_STRING | NODE_DYNAMIC => match key(&attr, notes) {
                    Key::Static(name) => {
                        let value = source.map_or(DraftValue::Inherit, DraftValue::InheritFrom);
                        self.put_static(DraftBinding { name, range, value }, notes);
                    }
                    Key::Dynamic(_) => notes.error(range, "`inherit` takes written names only, not computed ones"),
                    Key::Broken => {}
                },
                _ => {}
            }
        }
    }
}

impl DraftValue {
    fn is_set(&self) -> bool {
        match self {
            DraftValue::Set(_) => true,
            DraftValue::Expr(Ok(value)) => node::without_parens(value.clone()).kind() == NODE_ATTR_SET,
            _ => false,
        }
    }

    /// The set to add bindings to, if this is a set that Nix can add to.
    fn open(&mut self, notes: &mut Notes) -> Option<&mut Draft> {
        if let DraftValue::Expr(Ok(value)) = self
            && let set = node::without_parens(value.clone())
            && set.kind() == NODE_ATTR_SET
        {
            refuse::check(&set, notes);
            *self = DraftValue::Set(Box::new(Draft::read(&set, notes)));
        }
        match self {
            DraftValue::Set(draft) => Some(draft),
            _ => None,
        }
    }
}

/// Where a binding was written.
struct Written {
    /// The attribute path.
    range: Range,
    /// The attribute path and the value.
    whole: Range,
}

fn duplicate(name: &Name, range: Range, notes: &mut Notes) {
    notes.error(range, format!("`{name}` is defined a second time in the same set"));
}
