//! An option, or any part of an option's value, as a rule sees it.

use super::Listed;
use super::alternatives::{alternatives, common};
use super::part::Part;
use crate::option::{Configuration, Deferred, Definition, OptionEntry, OptionPath, Segment, Wish};
use crate::source::Origin;
use crate::value::{Condition, Item, Shape, Str, Truth, Unknown, Value};
use std::ops::Deref;
use std::rc::Rc;
use std::sync::Arc;

/// An option, one of its definitions, or a part of its value, *given a condition*:
/// every answer is the answer in case the condition holds. A finding about a view
/// whose condition is not trivial is `possible`.
#[derive(Clone, Debug)]
pub struct OptionView<'a> {
    pub(super) node: Node<'a>,
    pub(super) value: Held<'a>,
    pub(super) path: HeldPath<'a>,
    pub(super) condition: Condition,
    pub(super) listed: &'a Listed,
    /// Whether all modules of the configuration are at hand.
    pub(super) whole: bool,
}

/// What a view stands for.
#[derive(Clone, Debug)]
pub(super) enum Node<'a> {
    /// An entry of the option tree.
    Entry(&'a OptionEntry),
    /// A definition, or a part of a value that the tree does not follow.
    Part { presence: Truth, place: Origin, definition: Option<&'a Definition> },
}

/// A value of the configuration, or one made up for a view.
#[derive(Clone, Debug)]
pub(super) enum Held<'a> {
    Tree(&'a Value),
    Made(Arc<Value>),
}

/// The path of a view: that of an entry, or one made up for a part of a value.
#[derive(Clone, Debug)]
pub(super) enum HeldPath<'a> {
    Tree(&'a OptionPath),
    Made(Arc<OptionPath>),
}

impl Deref for HeldPath<'_> {
    type Target = OptionPath;
    fn deref(&self) -> &OptionPath {
        match self {
            HeldPath::Tree(path) => path,
            HeldPath::Made(path) => path,
        }
    }
}

impl Held<'_> {
    pub(super) fn get(&self) -> &Value {
        match self {
            Held::Tree(value) => value,
            Held::Made(value) => value,
        }
    }
}

impl<'a> OptionView<'a> {
    /// The view of a whole tree.
    pub(super) fn root(configuration: &'a Configuration, listed: &'a Listed) -> Self {
        let (entry, condition) = (&configuration.root, Condition::always());
        let (node, value, path) = (Node::Entry(entry), Held::Tree(&entry.value), HeldPath::Tree(&entry.path));
        Self { node, value, path, condition, listed, whole: configuration.whole }
    }

    /// The view of an entry of the same tree.
    fn entry(&self, entry: &'a OptionEntry, condition: Condition) -> Self {
        entry.ask([]);
        let value = restricted(&entry.value, &condition);
        Self { node: Node::Entry(entry), value, path: HeldPath::Tree(&entry.path), condition, ..*self }
    }

    /// What is below, by a path such as `locations."/".root`.
    pub fn at(&self, path: &str) -> OptionView<'a> {
        if path.is_empty() || path.contains('"') {
            return self.follow(OptionPath::parse(path).0.iter().filter_map(Segment::as_name));
        }
        self.follow(path.split('.'))
    }

    /// What is below, by the names on the way.
    pub(super) fn follow<'n>(&self, names: impl Iterator<Item = &'n str> + Clone) -> OptionView<'a> {
        // Most of a path is entries of the tree: views of those on the way are of no use.
        let (mut names, mut last) = (names.peekable(), None);
        while let Node::Entry(entry) = last.map_or_else(|| self.node.clone(), Node::Entry)
            && let Some(child) = names.peek().and_then(|name| entry.child(name))
        {
            names.next();
            last = Some(child);
        }
        // One question for all of the way is better than one for each step.
        if let Some(entry) = last.filter(|entry| entry.is_deferred()) {
            let rest: Vec<&str> = names.clone().collect();
            entry.ask(rest.iter().copied());
        }
        let view = last.map_or_else(|| self.clone(), |entry| self.entry(entry, self.condition.clone()));
        names.fold(view, |view, name| view.step(name))
    }

    /// Whether nobody defines what is below, nor anything in it; its value is not asked for.
    pub(super) fn is_left_alone<'n>(&self, mut path: impl Iterator<Item = &'n str>) -> bool {
        let Node::Entry(mut entry) = self.node else { return false };
        while let Some(child) = path.next().and_then(|name| entry.child(name)) {
            if let Deferred::All { defined, .. } = child.deferred {
                if defined {
                    let rest: Vec<&str> = path.collect();
                    child.ask_for(Wish::Definitions, rest.iter().copied());
                }
                return true;
            }
            entry = child;
        }
        false
    }

    /// One step down.
    pub(super) fn step(&self, name: &str) -> OptionView<'a> {
        if let Node::Entry(entry) = self.node {
            entry.ask([name]);
            if let Some(child) = entry.child(name) {
                return self.entry(child, self.condition.clone());
            }
            let other = Str::new(name);
            let same = entry.partly_named.iter().map(|child| (child.name().equals(&other), child));
            let maybe = same.filter(|(same, _)| !same.is_false()).map(|(same, _)| same).next();
            let hidden = match (maybe, &entry.others) {
                (Some(Truth::Unknown(hole)), _) => Some(hole),
                (_, Some(unknown)) => Some(unknown.clone()),
                _ => None,
            };
            // A default is part of the value without being an entry.
            if let Some(unknown) = hidden.filter(|_| !self.holds(name)) {
                return self.part(Segment::Name(name.into()), Part::perhaps(&unknown, name));
            }
        }
        if let Node::Part { presence: Truth::False, .. } = self.node {
            return self.part(Segment::Name(name.into()), Part::absent(&self.child_path(name)));
        }
        self.part(
            Segment::Name(name.into()),
            Part::attribute(self.held(), name, &self.child_path(name), &self.condition),
        )
    }

    /// The attributes, those with a known name first. One that is there only under a
    /// condition carries it.
    pub fn children(&self) -> Vec<OptionView<'a>> {
        self.listed.walk(&self.path);
        let mut children = Vec::new();
        if let Node::Entry(entry) = self.node {
            for child in entry.children.values().chain(&entry.partly_named) {
                let exists = match child.has_sure_definition() {
                    true => Condition::always(),
                    false => common(child.definitions_below().map(|definition| &definition.condition)),
                };
                if let Some(condition) = self.condition.and(&exists) {
                    children.push(self.entry(child, condition));
                }
            }
        }
        for (condition, value) in alternatives(self.held(), &self.condition) {
            let Shape::Attrs(attrs) = &value.shape else { continue };
            for (name, value) in &attrs.known {
                if !matches!(self.node, Node::Entry(entry) if entry.child(name).is_some()) {
                    children.push(self.part(Segment::Name(name.clone()), Part::there(value)).given(&condition));
                }
            }
            let partly = attrs.partly_named.iter().filter(|_| !matches!(self.node, Node::Entry(_)));
            children.extend(
                partly.map(|(name, value)| {
                    self.part(Segment::Partly(name.clone()), Part::there(value)).given(&condition)
                }),
            );
        }
        children
    }

    /// Why there may be more attributes; `None`: there are none.
    pub fn others(&self) -> Option<Unknown> {
        self.listed.walk(&self.path);
        let of_value = || {
            alternatives(self.held(), &self.condition).into_iter().find_map(|(_, value)| match &value.shape {
                Shape::Attrs(attrs) => attrs.rest.clone(),
                Shape::Unknown(unknown) => Some(unknown.clone()),
                _ => None,
            })
        };
        match self.node {
            Node::Entry(entry) if !entry.children.is_empty() || !entry.partly_named.is_empty() => entry.others.clone(),
            Node::Entry(entry) => entry.others.clone().or_else(of_value),
            Node::Part { .. } => of_value(),
        }
    }

    /// The elements of a list; one that may be missing carries its condition. Runs of
    /// unknown elements are left out: see [`has_unknown_items`](Self::has_unknown_items).
    pub fn items(&self) -> Vec<OptionView<'a>> {
        self.listed.walk(&self.path);
        let mut items = Vec::new();
        for (condition, value) in alternatives(self.held(), &self.condition) {
            let Shape::List(list) = &value.shape else { continue };
            for (at, item) in list.iter().enumerate() {
                let (value, given) = match item {
                    Item::One(value) => (value, Some(condition.clone())),
                    Item::Maybe(maybe, value) => (value, condition.and(maybe)),
                    Item::Rest(_) => continue,
                };
                if let Some(given) = given {
                    items.push(self.part(Segment::Index(at), Part::there(value)).given(&given));
                }
            }
        }
        items
    }

    /// Why a list may have more elements than [`items`](Self::items) gives.
    pub fn has_unknown_items(&self) -> Option<Unknown> {
        self.listed.walk(&self.path);
        alternatives(self.held(), &self.condition).into_iter().find_map(|(_, value)| match &value.shape {
            Shape::List(items) => items.iter().find_map(|item| match item {
                Item::Rest(unknown) => Some(unknown.clone()),
                Item::One(_) | Item::Maybe(..) => None,
            }),
            Shape::Unknown(unknown) => Some(unknown.clone()),
            _ => None,
        })
    }

    /// What a generated file holds, as the value it was generated from.
    pub fn contents(&self) -> Option<OptionView<'a>> {
        self.listed.read(&self.path);
        let Shape::Package(package) = &self.held().shape else { return None };
        let held = package.holds.as_ref().filter(|_| !package.altered)?;
        let place = written(&[held.place, held.origin, self.place()]);
        let node = Node::Part { presence: Truth::True, place, definition: None };
        Some(Self {
            node,
            value: Held::Made(held.clone()),
            path: self.path.clone(),
            condition: self.condition.clone(),
            ..*self
        })
    }

    /// One view per alternative of a value that is one of several, each with its
    /// condition; otherwise the view itself.
    pub fn alternatives(&self) -> Vec<OptionView<'a>> {
        self.listed.read(&self.path);
        self.ask_below();
        let several = alternatives(self.held(), &self.condition);
        if several.len() > 1 || matches!(self.held().shape, Shape::OneOf(_)) {
            return several.into_iter().map(|(condition, value)| self.alternative(condition, value)).collect();
        }
        let conditional = matches!(self.held().shape, Shape::Unknown(_)).then(|| self.own_definitions());
        match conditional.filter(|definitions| definitions.iter().any(|view| !view.condition.is_always())) {
            Some(definitions) => definitions.iter().flat_map(OptionView::alternatives).collect(),
            None => vec![self.clone()],
        }
    }

    fn alternative(&self, condition: Condition, value: &Value) -> OptionView<'a> {
        let source = self.own_definitions().into_iter().find(|definition| {
            definition.condition.follows_from(&condition)
                && alternatives(definition.held(), &Condition::always())
                    .iter()
                    .any(|(_, own)| own.origin == value.origin && own.origin != Origin::Default)
        });
        let node = match source {
            Some(definition) => definition.node,
            None => {
                let born = value.origin;
                let place = if born == Origin::Default { self.place() } else { born };
                Node::Part { presence: self.presence(), place, definition: None }
            }
        };
        let value = Held::Made(Arc::new(value.clone()));
        Self { node, value, path: self.path.clone(), condition, ..*self }
    }

    /// One view per definition that wins: its value, its condition, its place. A set
    /// that is spelled out attribute by attribute is one definition. Of a part: itself.
    pub fn definitions(&self) -> Vec<OptionView<'a>> {
        self.listed.read(&self.path);
        if let Node::Entry(entry) = self.node {
            let own = self.own_definitions();
            // Most options of a set are defined by nobody: that is told without looking for what may be hidden.
            if !own.is_empty() || entry.definitions_below().next().is_none() {
                return own;
            }
        }
        if self.presence().is_false() { vec![] } else { vec![self.clone()] }
    }

    /// Why nobody knows what is in a set, or some other value, that a definition gives as a whole.
    pub fn unknown_whole(&self) -> Option<Unknown> {
        self.listed.read(&self.path);
        match self.node {
            Node::Entry(_) => self.own_definitions().iter().find_map(OptionView::unknown),
            Node::Part { definition: Some(_), .. } => self.unknown(),
            Node::Part { .. } => None,
        }
    }

    /// What `read` makes of the view's text, or of an empty one: read once for all rules, where nothing
    /// in it is unknown. `read` gets the text and its place, and must depend on nothing else.
    pub fn read_text<T: 'static>(&self, read: fn(&Str, Origin) -> T) -> Rc<T> {
        let (text, at) = (self.text().cloned().unwrap_or_default(), self.place());
        self.listed.memo.of(&text, at, || read(&text, at))
    }

    /// Whether users' files define it or anything in it; nothing is asked for.
    pub fn is_written(&self) -> bool {
        self.listed.walk(&self.path);
        match self.node {
            Node::Entry(entry) => entry.is_written(),
            Node::Part { place, .. } => place.file().is_some(),
        }
    }

    /// Where somebody wrote it on which no condition lies: of a set the places where an attribute can
    /// be added.
    pub fn expressions(&self) -> &'a [Origin] {
        self.listed.read(&self.path);
        match self.node {
            Node::Entry(entry) => &entry.expressions,
            _ => &[],
        }
    }

    fn own_definitions(&self) -> Vec<OptionView<'a>> {
        let Node::Entry(entry) = self.node else { return vec![] };
        let view = |definition: &'a Definition| {
            let condition = self.condition.and(&definition.condition)?;
            let place = written(&[definition.expression, definition.site, definition.value.origin]);
            let value = restricted(&definition.value, &condition);
            let node = Node::Part { presence: Truth::True, place, definition: Some(definition) };
            Some(Self { node, value, path: self.path.clone(), condition, ..*self })
        };
        entry.definitions.iter().filter_map(view).collect()
    }

    /// A view below this one.
    fn part(&self, segment: Segment, part: Part) -> OptionView<'a> {
        let place = written(&[part.value.place, part.value.origin, self.place()]);
        let value = alternatives(&part.value, &self.condition);
        let value = match &value[..] {
            [(_, only)] => (*only).clone(),
            _ => part.value,
        };
        Self {
            node: Node::Part { presence: part.presence, place, definition: None },
            value: Held::Made(Arc::new(value)),
            path: HeldPath::Made(self.path.child(segment).into()),
            condition: self.condition.clone(),
            ..*self
        }
    }

    /// The same under a stronger condition.
    fn given(mut self, condition: &Condition) -> Self {
        self.condition = condition.clone();
        self
    }

    pub(super) fn held(&self) -> &Value {
        self.value.get()
    }

    fn child_path(&self, name: &str) -> OptionPath {
        self.path.child(Segment::Name(name.into()))
    }

    /// Whether the value itself has this attribute.
    fn holds(&self, name: &str) -> bool {
        self.held().as_attrs().is_some_and(|attrs| attrs.get(name).is_some())
    }
}

/// What is left of `value` when `given` holds.
fn restricted<'a>(value: &'a Value, given: &Condition) -> Held<'a> {
    if !matches!(value.shape, Shape::OneOf(_)) || given.is_always() {
        return Held::Tree(value);
    }
    let left = alternatives(value, given);
    match &left[..] {
        [] => Held::Tree(value),
        [(_, only)] => Held::Tree(only),
        _ => {
            let several = left.into_iter().map(|(condition, value)| (condition, value.clone())).collect();
            Held::Made(Arc::new(Value::new(Shape::OneOf(several), value.origin)))
        }
    }
}

/// The first place that somebody wrote, else the first that is a file.
pub(super) fn written(places: &[Origin]) -> Origin {
    let written = places.iter().find(|place| matches!(place, Origin::Written(_)));
    let file = || places.iter().find(|place| matches!(place, Origin::File(_)));
    written.or_else(file).copied().unwrap_or(Origin::Default)
}
