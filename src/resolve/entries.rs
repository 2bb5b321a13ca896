//! From the lazy option tree to the plain one that rules ask.

use super::context::{Context, undefined};
use super::definition::Discharged;
use super::level::Level;
use super::node::{Node, Resolved};
use super::presence::Holding;
use super::wanted::Wanted;
use crate::eval::{Eval, Kind, Thunk};
use crate::option::{Ask, Asked, Deferred, Definition, OptionEntry, OptionPath, Order, Segment, Wish};
use crate::source::Origin;
use crate::value::{Attrs, Cause, Name, Shape, Unknown, Value};
use std::collections::BTreeMap;
use std::rc::Rc;

/// How deep option values are followed.
const DEEPEST: usize = 20;
/// How many entries are made of one configuration.
const MOST: u32 = 50_000;

/// How deep definitions are searched for one that holds.
const SEARCHED: u32 = 3;

/// Makes entries of a configuration's options: of all that are wanted, or of those that users define,
/// and of the others when somebody asks for them.
pub(super) struct Entries<'w> {
    wanted: &'w Wanted,
    /// How many more there may be.
    left: u32,
    later: Option<Later>,
}

/// What is left for later.
struct Later {
    asked: Asked,
    /// What stands for it until then.
    unknown: Unknown,
}

/// The paths that are wanted somewhere, all of which may name what is there.
type Paths<'a> = [&'a Wanted];

impl<'w> Entries<'w> {
    /// All that is wanted.
    pub(super) fn all(wanted: &'w Wanted) -> Self {
        Self { wanted, left: MOST, later: None }
    }

    /// What users define; the rest once somebody asks for it.
    pub(super) fn on_demand(eval: &mut Eval, wanted: &'w Wanted) -> Self {
        let unknown = eval.new_unknown(Cause::NotRead("nobody has asked for it".into()), Origin::Default);
        Self { later: Some(Later { asked: Asked::default(), unknown }), ..Self::all(wanted) }
    }

    /// What is told of questions about what is left for later.
    pub(super) fn asked(&self) -> Asked {
        self.later.as_ref().map(|later| later.asked.clone()).unwrap_or_default()
    }

    /// The root of the tree.
    pub(super) fn root(&mut self, eval: &mut Eval, root: &Rc<Level>) -> OptionEntry {
        self.of_level(eval, root, OptionPath::default(), &[self.wanted], false)
    }

    /// Puts what was asked for into its place below `entry`, the tree's root; whether that made a difference.
    pub(super) fn supply(&mut self, eval: &mut Eval, root: &Rc<Level>, entry: &mut OptionEntry, ask: &Ask) -> bool {
        self.supply_one(eval, root, entry, &[self.wanted], (&ask.path, ask.what))
    }

    fn supply_one(
        &mut self,
        eval: &mut Eval,
        level: &Rc<Level>,
        entry: &mut OptionEntry,
        wanted: &Paths<'_>,
        (path, what): (&[Name], Wish),
    ) -> bool {
        let Some((name, rest)) = path.split_first() else { return false };
        let (Some(child), Some(node)) = (entry.children.get_mut(name), level.children.get(name)) else { return false };
        let below = following(wanted, Some(name));
        let mut supplied = false;
        if let Deferred::All { defined, open, .. } = &mut child.deferred {
            if what == Wish::Definitions {
                let holding = node.holding(eval, SEARCHED);
                *open |= holding == Holding::Unread;
                if holding != Holding::Something {
                    return std::mem::replace(defined, false);
                }
            }
            *child = self.of_node(eval, node, child.path.clone(), &below, false);
            supplied = true;
        }
        if let Some(level) = node.resolve(eval).and_then(|resolved| resolved.level.clone()) {
            supplied |= self.supply_one(eval, &level, child, &below, (rest, what));
        }
        supplied
    }

    /// `now`: nothing of it is left for later, as it is the value of an option.
    fn of_level(
        &mut self,
        eval: &mut Eval,
        level: &Rc<Level>,
        path: OptionPath,
        wanted: &Paths<'_>,
        now: bool,
    ) -> OptionEntry {
        let mut entry = empty(path, Value::new(Shape::Null, Origin::Default));
        entry.others = level.why_open(eval);
        let whole = level.is_whole();
        for (name, node) in &level.children {
            let below = following(wanted, Some(name));
            if below.is_empty() {
                continue;
            }
            // In a module on its own, what it does not define is unknown: `others` says so.
            if !whole && !node.has_definitions() {
                continue;
            }
            let path = entry.path.child(Segment::Name(name.clone()));
            let (written, defined) = (node.is_users(eval), node.has_definitions());
            let may_wait = |eval: &mut Eval| whole && node.is_option(eval) && node.is_of_modules(eval);
            let child = match self.later.as_ref().filter(|_| !now && (!written || may_wait(eval))) {
                Some(Later { asked, unknown }) => {
                    let (asked, open) = (asked.clone(), node.may_be_hidden());
                    OptionEntry::deferred(path, unknown.clone(), Deferred::All { asked, defined, written, open })
                }
                None => self.of_node(eval, node, path, &below, now),
            };
            entry.children.insert(name.clone(), child);
        }
        for (name, node) in &level.partly {
            let below = following(wanted, None);
            if below.is_empty() {
                continue;
            }
            let path = entry.path.child(Segment::Partly(name.clone()));
            entry.partly_named.push(self.of_node(eval, node, path, &below, true));
        }
        entry.value = value_of(&entry, &level.unsure);
        if self.later.is_some() && !now {
            entry.deferred = Deferred::Below;
        }
        entry
    }

    fn of_node(
        &mut self,
        eval: &mut Eval,
        node: &Rc<Node>,
        path: OptionPath,
        wanted: &Paths<'_>,
        now: bool,
    ) -> OptionEntry {
        let question = || path.to_string();
        eval.refill_for(question);
        if path.0.len() > DEEPEST || self.left == 0 {
            let unknown = eval.new_unknown(Cause::Budget("too large a value"), node.first_site());
            return OptionEntry::unknown(path, unknown);
        }
        self.left -= 1;
        let Some(resolved) = node.resolve(eval) else {
            let unknown = eval.new_unknown(Cause::Recursion, node.first_site());
            return OptionEntry::unknown(path, unknown);
        };
        eval.note_if_too_much(question);
        let mut entry = match &resolved.level {
            Some(level) => {
                let now = now || !node.is_declared() || node.is_option(eval);
                self.of_level(eval, level, path, wanted, now)
            }
            None => {
                let value = eval.freeze(&Thunk::done(resolved.value.clone()));
                eval.note_if_too_much(question);
                empty(path, value)
            }
        };
        if resolved.applied && resolved.level.is_some() {
            entry.value = eval.freeze(&Thunk::done(resolved.value.clone()));
        }
        entry.declared = resolved.declared;
        entry.site = node.written_site(eval);
        entry.expressions = node.expressions(eval);
        definitions(eval, &resolved, &mut entry);
        entry
    }
}

/// What is wanted below an attribute; `None`: a name with holes.
fn following<'a>(wanted: &Paths<'a>, name: Option<&str>) -> Vec<&'a Wanted> {
    match wanted.iter().find(|wanted| wanted.all) {
        Some(all) => vec![all],
        None => wanted.iter().flat_map(|wanted| wanted.following(name)).collect(),
    }
}

/// The root of modules on their own that define nothing of interest.
pub(super) fn nothing(eval: &mut Eval, context: &Context) -> OptionEntry {
    let mut entry = empty(OptionPath::default(), Value::new(Shape::Null, Origin::Default));
    entry.others = Some(undefined(eval, context, &[crate::value::Str::new("…")]));
    entry.value = value_of(&entry, &BTreeMap::new());
    entry
}

fn definitions(eval: &mut Eval, resolved: &Resolved, entry: &mut OptionEntry) {
    let path = entry.path.clone();
    let mut plain = |definition: &Discharged| Definition {
        path: path.clone(),
        value: eval.freeze_val(&definition.value),
        priority: definition.priority,
        order: definition.order.unwrap_or(Order::NORMAL),
        condition: definition.condition.clone(),
        site: eval.public_origin(definition.site),
        expression: eval.public_origin(definition.expression),
    };
    // The stand-in's own definitions have no place a user could look at; they are defaults to him.
    let written = |definition: &&Discharged| {
        definition.site != Origin::Default || matches!(definition.value.kind, Kind::Unknown(_))
    };
    entry.definitions = resolved.winners.iter().filter(written).map(&mut plain).collect();
    entry.by_nixos = resolved.winners.iter().any(|winner| !written(&winner));
    entry.overridden = resolved.losers.iter().filter(written).map(&mut plain).collect();
}

fn empty(path: OptionPath, value: Value) -> OptionEntry {
    OptionEntry {
        path,
        declared: false,
        site: Origin::Default,
        expressions: vec![],
        definitions: vec![],
        overridden: vec![],
        by_nixos: false,
        value,
        children: Default::default(),
        partly_named: vec![],
        others: None,
        deferred: Deferred::Nothing,
    }
}

/// The value of a set of entries.
///
/// Those that may not be there are among the others that there may be.
fn value_of(entry: &OptionEntry, unsure: &BTreeMap<Name, Unknown>) -> Value {
    let sure = entry.children.iter().filter(|(name, _)| !unsure.contains_key(*name));
    let known = sure.map(|(name, child)| (name.clone(), child.value.clone())).collect();
    let partly_named = entry.partly_named.iter().map(|child| (child.name(), child.value.clone())).collect();
    let rest = entry.others.clone().or_else(|| unsure.values().next().cloned());
    let attrs = Attrs { known, partly_named, rest };
    let origin =
        entry.children.values().find_map(|child| child.definitions.first()).map_or(Origin::Default, |d| d.site);
    Value::new(Shape::Attrs(attrs.into()), origin)
}
