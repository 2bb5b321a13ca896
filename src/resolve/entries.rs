//! From the lazy option tree to the plain one that rules ask.

use super::context::Context;
use super::definition::Discharged;
use super::level::{Level, undefined};
use super::node::{Node, Resolved};
use crate::eval::{Eval, Kind, Thunk};
use crate::option::{Definition, OptionEntry, OptionPath, OptionPattern, Order, PatternStep, Segment};
use crate::source::Origin;
use crate::value::{Attrs, Cause, Name, Shape, Unknown, Value};
use std::collections::BTreeMap;
use std::rc::Rc;

/// How deep option values are followed.
const DEEPEST: usize = 20;
/// How many entries are made of one configuration.
const MOST: u32 = 20_000;

/// The entries that any of `patterns` names, with all that is below them.
pub(super) fn entries(eval: &mut Eval, root: &Rc<Level>, patterns: &[OptionPattern]) -> OptionEntry {
    let steps: Vec<&[PatternStep]> = patterns.iter().map(|pattern| &pattern.0[..]).collect();
    of_level(eval, root, OptionPath::default(), &steps, &mut { MOST })
}

/// The root of modules on their own that define nothing of interest.
pub(super) fn nothing(eval: &mut Eval, context: &Context) -> OptionEntry {
    let mut entry = empty(OptionPath::default(), Value::new(Shape::Null, Origin::Default));
    entry.others = Some(undefined(eval, context, &[crate::value::Str::new("…")]));
    entry.value = value_of(&entry, &BTreeMap::new());
    entry
}

fn of_level(
    eval: &mut Eval,
    level: &Rc<Level>,
    path: OptionPath,
    wanted: &[&[PatternStep]],
    left: &mut u32,
) -> OptionEntry {
    let all = wanted.iter().any(|steps| steps.is_empty());
    let mut entry = empty(path, Value::new(Shape::Null, Origin::Default));
    entry.others = level.why_open(eval);
    let whole = level.is_whole();
    for (name, node) in &level.children {
        let below = if all { vec![&[][..]] } else { following(wanted, Some(name)) };
        if below.is_empty() {
            continue;
        }
        // In a module on its own, what it does not define is unknown: `others` says so.
        if !whole && !node.has_definitions() {
            continue;
        }
        let path = entry.path.child(Segment::Name(name.clone()));
        let child = of_node(eval, node, path, &below, left);
        entry.children.insert(name.clone(), child);
    }
    for (name, node) in &level.partly {
        let below = if all { vec![&[][..]] } else { following(wanted, None) };
        if below.is_empty() {
            continue;
        }
        let path = entry.path.child(Segment::Partly(name.clone()));
        entry.partly_named.push(of_node(eval, node, path, &below, left));
    }
    entry.value = value_of(&entry, &level.unsure);
    entry
}

/// What is wanted below an attribute; `None`: a name with holes.
fn following<'a>(wanted: &[&'a [PatternStep]], name: Option<&str>) -> Vec<&'a [PatternStep]> {
    let takes = |step: &PatternStep| match (step, name) {
        (PatternStep::Any, _) => true,
        (PatternStep::Name(wanted), Some(name)) => *wanted == *name,
        (PatternStep::Name(_), None) => false,
    };
    wanted
        .iter()
        .filter_map(|steps| steps.split_first().filter(|(first, _)| takes(first)).map(|(_, rest)| rest))
        .collect()
}

fn of_node(
    eval: &mut Eval,
    node: &Rc<Node>,
    path: OptionPath,
    wanted: &[&[PatternStep]],
    left: &mut u32,
) -> OptionEntry {
    let question = || path.to_string();
    eval.refill_for(question);
    if path.0.len() > DEEPEST || *left == 0 {
        let unknown = eval.new_unknown(Cause::Budget("too large a value"), node.first_site());
        return OptionEntry::unknown(path, unknown);
    }
    *left -= 1;
    let Some(resolved) = node.resolve(eval) else {
        let unknown = eval.new_unknown(Cause::Recursion, node.first_site());
        return OptionEntry::unknown(path, unknown);
    };
    eval.note_if_too_much(question);
    let mut entry = match &resolved.level {
        Some(level) => of_level(eval, level, path, wanted, left),
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
        value,
        children: Default::default(),
        partly_named: vec![],
        others: None,
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
