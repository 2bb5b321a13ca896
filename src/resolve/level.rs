//! Attribute sets of options, name by name (nixpkgs: `mergeModules`).

use super::context::{Context, undefined};
use super::declared::depends_on;
use super::definition::{Beside, Discharged, MOST, Opened, Place, Raw, push_down_properties};
use super::module::{Collected, show};
use super::node::{Fallback, Node};
use super::presence::{Presence, doubt, presence};
use super::types::Type;
use crate::eval::{AttrSet, Attribute, Eval, Kind, Rest, Thunk, Val};
use crate::source::Origin;
use crate::value::{Cause, Name, Str, Unknown};
use std::cell::{OnceCell, RefCell};
use std::collections::BTreeMap;
use std::rc::Rc;

/// An attribute set whose attributes are options, or parts of an option's value.
pub(super) struct Level {
    /// Its path from the root of the configuration.
    pub path: Vec<Str>,
    /// The attributes with a known name.
    pub children: BTreeMap<Name, Rc<Node>>,
    /// Attributes whose name has holes.
    pub partly: Vec<(Str, Rc<Node>)>,
    /// One of those may not be there: its name may be `null`.
    nullable: bool,
    /// Those of the children that may not be there after all, and why.
    pub unsure: BTreeMap<Name, Unknown>,
    /// Why there may be more; `None`: these are all.
    pub others: Option<Unknown>,
    /// Options nobody read a declaration of may be here, and are undefined as far as we know.
    pub undeclared: bool,
    /// Whether only what is declared may be defined.
    pub closed: bool,
    /// Why Nix cannot even list the attributes.
    pub refused: Option<Unknown>,
    context: Rc<Context>,
    value: RefCell<Option<Val>>,
}

/// Option declarations of one module at one place.
#[derive(Clone)]
pub(super) struct Options {
    pub tree: Thunk,
    pub embedded: bool,
    /// Why nobody knows whether their module is there.
    pub doubt: Option<Unknown>,
}

/// Attributes under construction.
#[derive(Default)]
struct Parts {
    raws: BTreeMap<Name, Vec<Raw>>,
    options: BTreeMap<Name, Vec<Options>>,
    partly: Vec<(Str, Vec<Raw>)>,
    nullable: bool,
    others: Option<Unknown>,
    /// Why Nix refuses them.
    refused: Option<Unknown>,
    /// Sets of unknown names, which may define the children too.
    beside: Vec<Open>,
    /// Whose they are.
    whose: Beside,
}

/// A definition that may give attributes it does not name.
struct Open {
    raw: Raw,
    /// What the names hang on.
    unknown: Unknown,
    /// A name with holes; `None`: any names.
    name: Option<Str>,
    /// The names it gives for sure: it gives none of them twice.
    own: Option<Rc<AttrSet>>,
}

/// The root of an evaluation: all modules, merged.
pub(super) fn root(eval: &mut Eval, context: &Rc<Context>, collected: &Collected) -> Rc<Level> {
    let raws: Vec<Raw> = collected.modules.iter().filter_map(|module| module.config.clone()).collect();
    let options: Vec<Options> = collected.modules.iter().filter_map(|module| module.declarations()).collect();
    let without = if context.is_closed() { Fallback::Closed } else { Fallback::Undeclared };
    let given = freeform(eval, collected);
    let fallback = given.clone().map_or(without, Fallback::Freeform);
    let (level, _) = of_raws(eval, context, context.prefix.clone(), &options, raws.clone(), fallback);
    // The freeform type may be a definition like others.
    match level.find(eval, &["_module", "freeformType"]) {
        Some(node) if node.has_definitions() => {
            let ty = match node.raws() {
                [raw] if given.is_none() && raw.conditions.is_empty() && raw.condition.is_always() => raw.value.clone(),
                _ => undecided(eval, node.first_site()),
            };
            if matches!(eval.force_or_unknown(&ty).kind, Kind::Null) {
                return level;
            }
            of_raws(eval, context, context.prefix.clone(), &options, raws, Fallback::Freeform(ty)).0
        }
        _ => level,
    }
}

/// What the modules say of what they do not declare: several types are merged like an option's.
pub(super) fn freeform(eval: &mut Eval, collected: &Collected) -> Option<Thunk> {
    let mut found: Option<Thunk> = None;
    for module in &collected.modules {
        let Some(ty) = &module.freeform else { continue };
        let doubtful = module.doubt.is_some();
        match (eval.force_or_unknown(ty).kind, found.take()) {
            _ if doubtful => return Some(undecided(eval, ty.origin())),
            (Kind::Null, before) => found = before,
            (_, None) => found = Some(ty.clone()),
            (_, Some(first)) => match Type::merged(eval, ty.clone(), &first) {
                Ok(Some(merged)) => found = Some(merged),
                Ok(None) => return Some(contradiction(eval, ty.origin())),
                Err(_) => return Some(undecided(eval, ty.origin())),
            },
        }
    }
    found
}

/// A freeform type of which nothing is known.
fn undecided(eval: &mut Eval, at: Origin) -> Thunk {
    Thunk::done(eval.unknown(Cause::Unsupported("a freeform type that is undecided".to_owned()), at))
}

/// What Nix refuses, and with it all options around it.
fn contradiction(eval: &mut Eval, at: Origin) -> Thunk {
    let message = "two freeform types contradict each other".to_owned();
    Thunk::done(eval.unknown(Cause::Fails(message), at))
}

/// A set of options from definitions whose properties are pushed down unjudged.
/// The second result holds definitions that are no sets.
pub(super) fn of_raws(
    eval: &mut Eval,
    context: &Rc<Context>,
    path: Vec<Str>,
    options: &[Options],
    raws: Vec<Raw>,
    fallback: Fallback,
) -> (Rc<Level>, Vec<Raw>) {
    let mut leaves = vec![];
    // What no declaration was read for may be an option's value.
    let place = if options.is_empty() && !path.is_empty() { Place::Either } else { Place::Namespace };
    let whose = if context.prefix.is_empty() { Beside::Module } else { Beside::Value };
    let mut parts = Parts { whose, ..Parts::default() };
    let mut todo: Vec<Raw> = raws.into_iter().rev().collect();
    let mut opened = 0;
    while let Some(raw) = todo.pop() {
        opened += 1;
        if opened > MOST {
            let unknown = eval.new_unknown(Cause::Budget("too many definitions"), raw.site);
            parts.others.get_or_insert(unknown);
            break;
        }
        let around = raw.clone();
        match push_down_properties(eval, raw, place) {
            Opened::Plain(raw, value) => match &value.kind {
                Kind::Attrs(set) if !eval.is_derivation_set(set) => {
                    let sealed = raw.sealed && place == Place::Namespace;
                    if place == Place::Namespace && raw.broken && raw.order.is_some() {
                        let cause = Cause::Fails("`mkOrder` cannot stand around a set of options".to_owned());
                        parts.others.get_or_insert(eval.new_unknown(cause, raw.site));
                    }
                    parts.add_set(eval, &Raw { sealed, ..raw }, set);
                }
                Kind::Unknown(unknown) => {
                    parts.add_open(&raw, unknown, None);
                    if raw.beside.is_none() {
                        leaves.push(raw);
                    }
                }
                kind => {
                    if place == Place::Namespace {
                        parts.refuse(eval, &path, &raw, kind);
                    }
                    leaves.push(raw);
                }
            },
            Opened::Several(several) => todo.extend(several.into_iter().rev()),
            Opened::Open(several, unknown) => {
                parts.add_open(&around, &unknown, None);
                todo.extend(several.into_iter().rev());
            }
        }
    }
    for tree in options {
        parts.add_options(eval, tree);
    }
    (parts.finish(eval, context, path, fallback), leaves)
}

/// A set from discharged definitions: the value of an option of type `attrsOf`.
pub(super) fn of_definitions(
    eval: &mut Eval,
    context: &Rc<Context>,
    path: Vec<Str>,
    definitions: &[Discharged],
    others: Option<Unknown>,
    fallback: Fallback,
) -> Rc<Level> {
    let mut parts = Parts { others, whose: Beside::Value, ..Parts::default() };
    for definition in definitions {
        let raw = Raw {
            value: Thunk::done(definition.value.clone()),
            condition: definition.condition.clone(),
            site: definition.site,
            expression: definition.expression,
            beside: definition.beside,
            ..Raw::empty()
        };
        match &definition.value.kind {
            Kind::Attrs(set) => parts.add_set(eval, &raw, set),
            Kind::Unknown(unknown) => parts.add_open(&raw, unknown, None),
            _ => (),
        }
    }
    parts.finish(eval, context, path, fallback)
}

impl Parts {
    /// A set of which nothing is known, or no more than the names in `own`.
    fn add_open(&mut self, raw: &Raw, unknown: &Unknown, own: Option<&Rc<AttrSet>>) {
        self.others.get_or_insert_with(|| unknown.clone());
        self.beside.push(Open { raw: raw.clone(), unknown: unknown.clone(), name: None, own: own.cloned() });
    }

    fn add_set(&mut self, eval: &mut Eval, raw: &Raw, set: &Rc<AttrSet>) {
        for (name, attribute) in &set.known {
            self.raws.entry(name.clone()).or_default().push(raw.attribute(eval, attribute));
        }
        self.nullable |= set.nullable;
        for (name, attribute) in &set.partly {
            let raw = raw.attribute(eval, attribute);
            if let Some(unknown) = name.holes().next().cloned() {
                let (own, name) = (Some(set.clone()), Some(name.clone()));
                self.beside.push(Open { raw: raw.clone(), unknown, name, own });
            }
            match self.partly.iter_mut().find(|(have, _)| have.equals(name).is_true()) {
                Some((_, raws)) => raws.push(raw),
                None => self.partly.push((name.clone(), vec![raw])),
            }
        }
        if let Some(rest) = &set.rest {
            self.add_open(raw, rest.unknown(), Some(set));
        }
    }

    /// Nix takes nothing but a set for one of options.
    fn refuse(&mut self, eval: &mut Eval, path: &[Str], raw: &Raw, kind: &Kind) {
        if matches!(kind, Kind::Package(_)) || !raw.condition.is_always() || raw.beside.is_some() {
            return;
        }
        let (place, given) = (show(path), kind.describe());
        let message = match path {
            [] => format!("what a module defines is {given}, not a set"),
            _ => format!("`{place}` is a set of options, and {given} here"),
        };
        let at = eval.public_origin(raw.expression);
        self.refused.get_or_insert_with(|| eval.new_unknown(Cause::Fails(message), at));
    }

    fn add_options(&mut self, eval: &mut Eval, options: &Options) {
        let value = eval.force_or_unknown(&options.tree);
        match &value.kind {
            Kind::Attrs(set) => {
                for (name, attribute) in &set.known {
                    let options = Options { tree: attribute.value.clone(), ..options.clone() };
                    self.options.entry(name.clone()).or_default().push(options);
                }
                if let Some(rest) = &set.rest {
                    self.others.get_or_insert_with(|| rest.unknown().clone());
                }
            }
            Kind::Unknown(unknown) => {
                self.others.get_or_insert_with(|| unknown.clone());
            }
            Kind::OneOf(alternatives) => {
                let doubt = options.doubt.clone().or_else(|| depends_on(alternatives));
                for (_, tree) in alternatives.iter() {
                    self.add_options(eval, &Options { tree: tree.clone(), doubt: doubt.clone(), ..*options });
                }
            }
            _ => (),
        }
    }

    /// What may define an attribute although it does not say its name.
    fn perhaps(&self, eval: &mut Eval, name: &Name) -> Vec<Raw> {
        if &**name == "_module" {
            return vec![];
        }
        let mut beside = vec![];
        for open in &self.beside {
            let possible = open.name.as_ref().is_none_or(|have| !have.equals(&Str::new(name)).is_false());
            if possible && !open.own.as_ref().is_some_and(|own| own.known.contains_key(name)) {
                beside.extend(open.raw.perhaps(eval, &open.unknown, name, self.whose));
            }
        }
        beside
    }

    fn finish(mut self, eval: &mut Eval, context: &Rc<Context>, path: Vec<Str>, fallback: Fallback) -> Rc<Level> {
        // First what is defined, then what is only declared.
        let mut parts: Vec<(Name, Vec<Raw>, Vec<Options>)> = vec![];
        for (name, raws) in std::mem::take(&mut self.raws) {
            let options = self.options.remove(&name).unwrap_or_default();
            parts.push((name, raws, options));
        }
        parts.extend(std::mem::take(&mut self.options).into_iter().map(|(name, options)| (name, vec![], options)));
        let strict = fallback.is_strict(eval);
        let whole = fallback.whole(eval);
        self.others = self.others.or_else(|| whole.clone());
        let failing = whole.clone().filter(|unknown| unknown.cause.is_failure());
        let (mut children, mut unsure, mut refused) = (vec![], BTreeMap::new(), self.refused.take().or(failing));
        let around = Rc::<OnceCell<String>>::default();
        for (name, raws, options) in parts {
            if !options.is_empty() && options.iter().all(|options| options.doubt.is_some()) {
                unsure.extend(options[0].doubt.clone().map(|unknown| (name.clone(), unknown)));
            }
            if strict && options.is_empty() {
                match presence(eval, &raws) {
                    Presence::Sure => (),
                    Presence::Maybe(unknown) => drop(unsure.insert(name.clone(), unknown)),
                    Presence::Fails(unknown) => {
                        unsure.insert(name.clone(), unknown.clone());
                        refused = Some(unknown);
                    }
                    Presence::None => continue,
                }
            } else if let Fallback::Typed(_) | Fallback::Freeform(_) = fallback
                && options.is_empty()
                && let Some(unknown) = whole.clone().or_else(|| doubt(&raws))
            {
                unsure.insert(name.clone(), unknown);
            }
            let path = below(&path, Str::new(&name));
            // The module system's own options are no freeform values.
            let fallback = if &*name == "_module" { Fallback::Undeclared } else { fallback.clone() };
            let beside = self.perhaps(eval, &name);
            children.push((name, Node::among(context, path, &around, options, raws, beside, fallback)));
        }
        let partly = self
            .partly
            .into_iter()
            .map(|(name, raws)| (name.clone(), Node::new(context, below(&path, name), vec![], raws, fallback.clone())));
        let partly = partly.collect();
        Rc::new(Level {
            path,
            children: children.into_iter().collect(),
            partly,
            nullable: self.nullable,
            unsure,
            others: self.others,
            undeclared: matches!(fallback, Fallback::Undeclared),
            closed: matches!(fallback, Fallback::Closed),
            refused,
            context: context.clone(),
            value: RefCell::new(None),
        })
    }
}

impl Level {
    /// The node at a path of known names below this level.
    pub(super) fn find(self: &Rc<Self>, eval: &mut Eval, path: &[&str]) -> Option<Rc<Node>> {
        let (first, rest) = path.split_first()?;
        let node = self.children.get(*first)?.clone();
        if rest.is_empty() {
            return Some(node);
        }
        let resolved = node.resolve(eval)?;
        resolved.level.as_ref()?.find(eval, rest)
    }

    /// The set as modules see it: every attribute delayed.
    pub(super) fn value(self: &Rc<Self>, eval: &mut Eval) -> Val {
        if let Some(value) = &*self.value.borrow() {
            return value.clone();
        }
        let mut set = AttrSet::default();
        let attribute = |node: &Rc<Node>| {
            let (site, place) = (node.first_site(), node.first_place());
            let node = node.clone();
            Attribute { value: Thunk::native(place, move |eval| Ok(node.value(eval))), site }
        };
        // What the module system keeps in an evaluation is seen by its modules only.
        let is_root = self.path.len() == self.context.prefix.len();
        let seen = self.children.iter().filter(|(name, _)| !(is_root && &***name == "_module"));
        let seen = seen.map(|(name, node)| (name.clone(), attribute(node)));
        let (perhaps, known): (Vec<_>, Vec<_>) = seen.partition(|(name, _)| self.unsure.contains_key(name));
        (set.known, set.perhaps) = (known.into_iter().collect(), perhaps);
        set.partly = self.partly.iter().map(|(name, node)| (name.clone(), attribute(node))).collect();
        set.nullable = self.nullable;
        set.note_same_names();
        set.rest = self.rest(eval);
        let value = Val::new(Kind::Attrs(Rc::new(set)), Origin::Default);
        *self.value.borrow_mut() = Some(value.clone());
        self.context.reach.kept.level(self);
        value
    }

    /// Forgets the set, which refers to this level again.
    pub(super) fn forget(&self) {
        drop(self.value.replace(None));
    }

    /// Whether it is part of a whole configuration.
    pub(super) fn is_whole(&self) -> bool {
        self.context.reach.whole
    }

    /// The same attributes, and perhaps others.
    pub(super) fn opened(&self, others: Unknown) -> Level {
        Level { others: Some(others), ..self.copied() }
    }

    /// Nix cannot even list the attributes.
    pub(super) fn refusing(&self, unknown: Unknown) -> Level {
        Level { refused: Some(unknown), ..self.copied() }
    }

    fn copied(&self) -> Level {
        Level {
            path: self.path.clone(),
            children: self.children.clone(),
            partly: self.partly.clone(),
            nullable: self.nullable,
            unsure: self.unsure.clone(),
            others: self.others.clone(),
            undeclared: self.undeclared,
            closed: self.closed,
            refused: self.refused.clone(),
            context: self.context.clone(),
            value: RefCell::new(None),
        }
    }

    /// What the names that are not here give.
    fn rest(self: &Rc<Self>, eval: &mut Eval) -> Option<Rest> {
        let unknown = match (&self.others, self.undeclared, self.unsure.values().next()) {
            (Some(unknown), ..) if self.unsure.is_empty() => return Some(Rest::Unknown(unknown.clone())),
            (Some(unknown), ..) | (None, false, Some(unknown)) => unknown.clone(),
            (None, true, _) => self.undefined(eval, "…"),
            (None, false, None) => return None,
        };
        let (level, others) = (self.clone(), unknown.clone());
        let get = move |eval: &mut Eval, name: &Name| {
            if let (true, Some(node)) = (level.unsure.contains_key(name), level.children.get(name)) {
                return node.value(eval);
            }
            let unknown = match level.undeclared && level.others.is_none() {
                true => level.undefined(eval, name),
                false => eval.derive(&others, &format!(".{name}")),
            };
            Val::new(Kind::Unknown(unknown), Origin::Default)
        };
        Some(Rest::Named(Rc::new(get), unknown))
    }

    /// The value of an option that nobody defines: one unknown for one path.
    fn undefined(&self, eval: &mut Eval, name: &str) -> Unknown {
        let mut path = self.path.clone();
        path.push(Str::new(name));
        undefined(eval, &self.context, &path)
    }

    /// Why there may be an attribute of this name although it is not listed.
    pub(super) fn why_open(&self, eval: &mut Eval) -> Option<Unknown> {
        let hole = || self.partly.iter().find_map(|(name, _)| name.holes().next().cloned());
        match (&self.others, self.undeclared) {
            (Some(unknown), _) => Some(unknown.clone()),
            (None, true) => Some(self.undefined(eval, "…")),
            (None, false) => hole(),
        }
    }
}

/// The path with one more step; there are many of them, so none is longer than it has to be.
fn below(path: &[Str], name: Str) -> Vec<Str> {
    let mut below = Vec::with_capacity(path.len() + 1);
    below.extend_from_slice(path);
    below.push(name);
    below
}
