//! From what Nix told of options to the tree that rules ask.

use super::discharge::{Contribution, Merged, discharge};
use super::locate::{Locator, Site};
use super::record::{Around, Told};
use super::session::{Answers, OptionAnswer};
use super::values::Source;
use crate::option::{Deferred, Definition, OptionEntry, OptionPath, Order, Priority, Segment};
use crate::source::OUTSIDE;
use crate::source::Origin;
use crate::value::{Attrs, Cause, Item, Name, Shape, Unknown, Value};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Builds the tree.
pub(super) struct Builder<'l, 'e> {
    pub locator: &'l mut Locator<'e>,
    pub answers: &'l Answers,
}

impl Builder<'_, '_> {
    /// The root of the option tree.
    pub(super) fn root(&mut self) -> OptionEntry {
        let all: Vec<_> = self.answers.options.iter().collect();
        self.namespace(&all, OptionPath::default(), 0)
    }

    /// A set of options: those of `options` are all below it, `depth` steps down.
    fn namespace(&mut self, options: &[(&Vec<String>, &OptionAnswer)], path: OptionPath, depth: usize) -> OptionEntry {
        let mut entry = empty(path);
        let names: BTreeSet<&String> = options.iter().filter_map(|(path, _)| path.get(depth)).collect();
        for name in names {
            let below: Vec<_> = options.iter().filter(|(path, _)| path.get(depth) == Some(name)).copied().collect();
            let path = entry.path.child(Segment::Name(name.as_str().into()));
            let child = match below[..] {
                [(full, answer)] if full.len() == depth + 1 => self.option(full, answer, path),
                _ => self.namespace(&below, path, depth + 1),
            };
            entry.children.insert(name.as_str().into(), child);
        }
        entry.declared = true;
        entry.site = entry.children.values().map(|child| child.site).find(is_written).unwrap_or(Origin::Default);
        entry.value = of_children(&entry);
        entry
    }

    fn option(&mut self, full: &[String], answer: &OptionAnswer, path: OptionPath) -> OptionEntry {
        let contributions = self.contributions(full, answer);
        let merged = match &answer.value {
            Some(told) => Merged::Told(told),
            None if answer.told && !answer.defined && self.answers.failure(full).is_none() => Merged::Undefined,
            None => Merged::Unknown(self.why(full)),
        };
        let mut entry = self.entry(path, full, merged, contributions);
        entry.declared = true;
        entry
    }

    /// Why Nix told nothing of an option.
    fn why(&mut self, full: &[String]) -> Unknown {
        let failure = self.answers.failure(full).cloned();
        let (message, at) = match (failure, &self.answers.cut) {
            (Some(failure), _) => {
                let at = super::locate::failure_place(self.locator, &failure.at);
                (self.locator.words(&failure), at)
            }
            (None, Some(cut)) => (format!("it was not asked any more: {}", self.locator.words(cut)), Origin::Default),
            (None, None) => ("it throws".to_owned(), Origin::Default),
        };
        self.locator.eval.new_unknown(Cause::Fails(message), at)
    }

    /// The definitions of an option: those of the user's modules as they are written, others as
    /// the module system tells them.
    fn contributions(&mut self, full: &[String], answer: &OptionAnswer) -> Vec<Contribution> {
        let own: Vec<_> = self.answers.definitions.iter().filter(|one| one.path == *full).collect();
        let winning: Option<BTreeSet<&str>> =
            answer.winners.as_ref().map(|list| list.iter().map(|(file, _)| file.as_str()).collect());
        let mut found = vec![];
        for one in own.iter().filter(|one| one.of_type) {
            // It counts whatever the option's other definitions are.
            let value = Told::Override(answer.priority.unwrap_or(Priority::NORMAL.0), Box::new(one.value.clone()));
            found.push(Contribution { value, file: one.file.clone(), site: Site::default(), own: true });
        }
        let own: Vec<_> = own.into_iter().filter(|one| !one.of_type).collect();
        for one in &own {
            let site = self.site(one, full);
            let value = one.around.iter().rev().fold(one.value.clone(), |value, around| match around {
                Around::Override(priority) => Told::Override(*priority, Box::new(value)),
                Around::Order(order) => Told::Order(*order, Box::new(value)),
            });
            let contribution = Contribution { value, file: one.file.clone(), site, own: true };
            // A module that was disabled is read again, but does not count.
            let priority = discharge(&contribution).first().map_or(Priority::NORMAL.0, |one| one.priority);
            let counts = answer.priority.is_none_or(|won| priority <= won);
            let unknown_file = |files: &BTreeSet<&str>| !files.iter().any(|file| is_same_module(file, one.module()));
            if counts && winning.as_ref().is_some_and(unknown_file) {
                continue;
            }
            found.push(contribution);
        }
        let told: BTreeSet<&str> = own.iter().map(|one| one.module()).collect();
        for (file, value) in answer.winners.iter().flatten() {
            if told.iter().any(|own| is_same_module(own, file)) {
                continue;
            }
            let priority = answer.priority.unwrap_or(Priority::NORMAL.0);
            // An option's own default is no definition.
            if priority >= Priority::OPTION_DEFAULT.0 {
                continue;
            }
            let own = self.locator.folders.of_user(file).is_some();
            let site = self.locator.search(file, full).unwrap_or_default();
            let value = Told::Override(priority, Box::new(value.clone()));
            found.push(Contribution { value, file: file.clone(), site, own });
        }
        found
    }

    /// Where a definition is written: exactly, or as its file's text tells, or inside the nearest name around it.
    fn site(&mut self, definition: &super::record::Definition, full: &[String]) -> Site {
        let file = &definition.file;
        let mut at = |name: &String| self.locator.binding(file, definition.at.as_ref()?, name);
        let (name, around) = full.split_last().map_or((None, full), |(name, around)| (Some(name), around));
        if let Some(site) = name.and_then(&mut at) {
            return site;
        }
        let enclosing = around.iter().rev().find_map(at).map(|site| Site { value: None, ..site });
        self.locator.search(file, full).or(enclosing).unwrap_or_default()
    }

    /// Whether a file belongs to the modules that declare the options.
    fn is_of_nixos(&self, file: &str) -> bool {
        let tree = self.answers.lib.as_deref().and_then(|lib| lib.rsplit_once("/lib/"));
        let declares = self.answers.declaring.contains(file) && self.locator.folders.of_user(file).is_none();
        declares
            || tree.is_some_and(|(tree, _)| file.strip_prefix(tree).is_some_and(|rest| rest.starts_with('/')))
            || !file.starts_with('/')
    }

    /// One option, or one attribute inside its value.
    fn entry(&mut self, path: OptionPath, full: &[String], merged: Merged<'_>, all: Vec<Contribution>) -> OptionEntry {
        let mut entry = empty(path);
        let items: Vec<_> = all.iter().flat_map(discharge).collect();
        let best = items.iter().map(|item| item.priority).min();
        let (winners, losers): (Vec<_>, Vec<_>) = items.into_iter().partition(|item| Some(item.priority) == best);
        let sites: Vec<Origin> = all.iter().filter_map(|one| one.site.at).collect();
        entry.site = sites.into_iter().find(is_written).unwrap_or(Origin::Default);
        for loser in losers {
            let definition = self.definition(&entry.path, &loser);
            entry.overridden.push(definition);
        }
        let spelled_out =
            |item: &Contribution| matches!(&item.value, Told::Set(set) if !set.parts.is_empty() || set.more);
        let is_set = matches!(merged, Merged::Told(Told::Set(_)) | Merged::Unknown(_));
        let mut values = vec![];
        for winner in winners.iter().filter(|winner| !is_set || !spelled_out(&winner.contribution)) {
            let definition = self.definition(&entry.path, winner);
            values.push(definition.value.clone());
            entry.definitions.push(definition);
        }
        if is_set {
            let sets: Vec<Contribution> = winners.into_iter().map(|winner| winner.contribution).collect();
            self.children(&mut entry, full, &merged, &sets);
        }
        entry.value = match merged {
            Merged::Told(Told::Set(set)) => {
                let mut value = of_children(&entry);
                if let (Shape::Attrs(attrs), true) = (&mut value.shape, set.more && entry.children.is_empty()) {
                    Arc::make_mut(attrs).rest = Some(
                        self.locator
                            .eval
                            .new_unknown(Cause::Unsupported(super::combine::NOT_ASKED.into()), Origin::Default),
                    );
                }
                value
            }
            Merged::Told(Told::Throws) if entry.definitions.is_empty() => self.undefined(&entry.path),
            Merged::Told(Told::Skipped) => Value::unknown(self.why(full)),
            Merged::Told(told) => {
                let mut value = self.locator.value(told, &Source::default());
                adopt(&mut value, &values);
                value
            }
            Merged::Undefined => self.undefined(&entry.path),
            Merged::Unknown(unknown) => Value::unknown(unknown),
        };
        entry
    }

    /// The attributes of a set: those of the merged value, and where there is none, those defined.
    fn children(&mut self, entry: &mut OptionEntry, full: &[String], merged: &Merged<'_>, sets: &[Contribution]) {
        let defined = sets.iter().filter_map(|one| match &one.value {
            Told::Set(set) => Some(set.parts.keys()),
            _ => None,
        });
        let names: BTreeSet<String> = match merged {
            Merged::Told(Told::Set(set)) => set.parts.keys().cloned().collect(),
            _ => defined.flatten().cloned().collect(),
        };
        for name in names {
            let inner: Vec<String> = full.iter().chain([&name]).cloned().collect();
            let merged = match merged {
                Merged::Told(Told::Set(set)) => match set.parts.get(&name) {
                    Some(told) => Merged::Told(told),
                    None => continue,
                },
                Merged::Unknown(unknown) => Merged::Unknown(unknown.clone()),
                _ => continue,
            };
            let parts = sets.iter().filter_map(|one| self.part(one, &name)).collect();
            let path = entry.path.child(Segment::Name(name.as_str().into()));
            let child = self.entry(path, &inner, merged, parts);
            entry.children.insert(Name::from(name), child);
        }
    }

    /// What a definition that is a set gives one of its names.
    fn part(&mut self, whole: &Contribution, name: &str) -> Option<Contribution> {
        let Told::Set(set) = &whole.value else { return None };
        let value = set.parts.get(name)?.clone();
        let mut site = self.locator.site_in(set, name, Some(&whole.file));
        if site.at.is_none() {
            // The nearest enclosing name stands for it.
            site = super::locate::Site { value: None, ..whole.site.clone() };
        }
        Some(Contribution { value, file: whole.file.clone(), site, own: whole.own })
    }

    /// A file as a place, the user's or not.
    fn named(&mut self, file: &str) -> Origin {
        match self.is_of_nixos(file) {
            true => self.locator.named(file, "NixOS"),
            false => self.locator.named(file, OUTSIDE),
        }
    }

    fn definition(&mut self, path: &OptionPath, item: &super::discharge::Discharged) -> Definition {
        let site = &item.contribution.site;
        let written = site.value.clone().map(super::values::inside_properties);
        let expression = match &written {
            Some((tree, expr)) => Origin::Written(tree.span(*expr)),
            None => site.expression.or(site.at).unwrap_or_else(|| self.named(&item.contribution.file)),
        };
        let at = site.at.unwrap_or(expression);
        let source = Source { file: Some(&item.contribution.file), written, at: Some(expression) };
        let value = self.locator.value(&item.contribution.value, &source);
        Definition {
            path: path.clone(),
            value,
            priority: Priority(item.priority),
            order: Order(item.order),
            condition: crate::value::Condition::always(),
            site: at,
            expression,
        }
    }

    fn undefined(&mut self, path: &OptionPath) -> Value {
        Value::unknown(self.locator.eval.new_unknown(Cause::Undefined(path.to_string()), Origin::Default))
    }
}

/// Whether two names of a module's file are the same; those of modules without a file are.
fn is_same_module(one: &str, other: &str) -> bool {
    one == other || !one.starts_with('/') && !other.starts_with('/')
}

/// Gives parts of a merged value the places they have in the definitions.
fn adopt(value: &mut Value, definitions: &[Value]) {
    if let [only] = definitions {
        copy_places(value, only);
        return;
    }
    let Some(first) = definitions.first() else { return };
    (value.origin, value.place) = (first.origin, first.place);
    let Shape::List(items) = &mut value.shape else { return };
    let mut left: Vec<&Value> = definitions.iter().flat_map(ones).collect();
    for item in items {
        let Item::One(item) = item else { continue };
        let shown = item.to_string();
        if let Some(at) = left.iter().position(|one| one.to_string() == shown) {
            copy_places(item, left.remove(at));
        }
    }
}

fn ones(value: &Value) -> Vec<&Value> {
    let Shape::List(items) = &value.shape else { return vec![] };
    items.iter().filter_map(|item| if let Item::One(one) = item { Some(one) } else { None }).collect()
}

fn copy_places(value: &mut Value, from: &Value) {
    (value.origin, value.place) = (from.origin, from.place);
    match (&mut value.shape, &from.shape) {
        (Shape::List(items), Shape::List(others)) if items.len() == others.len() => {
            for (item, other) in items.iter_mut().zip(others) {
                if let (Item::One(item), Item::One(other)) = (item, other) {
                    copy_places(item, other);
                }
            }
        }
        (Shape::Attrs(attrs), Shape::Attrs(others)) => {
            for (name, part) in &mut Arc::make_mut(attrs).known {
                if let Some(other) = others.get(name) {
                    copy_places(part, other);
                }
            }
        }
        _ => {}
    }
}

fn is_written(origin: &Origin) -> bool {
    *origin != Origin::Default
}

fn empty(path: OptionPath) -> OptionEntry {
    OptionEntry {
        path,
        declared: true,
        site: Origin::Default,
        expressions: vec![],
        definitions: vec![],
        overridden: vec![],
        by_nixos: false,
        value: Value::new(Shape::Null, Origin::Default),
        children: BTreeMap::new(),
        partly_named: vec![],
        others: None,
        deferred: Deferred::Nothing,
    }
}

/// The value of a set of entries.
pub(super) fn of_children(entry: &OptionEntry) -> Value {
    let known = entry.children.iter().map(|(name, child)| (name.clone(), child.value.clone())).collect();
    let attrs = Attrs { known, partly_named: vec![], rest: entry.others.clone() };
    let first = entry.children.values().find_map(|child| child.definitions.first());
    Value::new(Shape::Attrs(attrs.into()), first.map_or(Origin::Default, |definition| definition.site))
}
