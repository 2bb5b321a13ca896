//! The argument `options`: what modules can ask of declarations, and of what defines them.

use super::context::Context;
use super::declared::is_option;
use super::level::Options;
use super::node::{Found, Node};
use super::types::Type;
use crate::eval::{AttrSet, Elem, Eval, Kind, Rest, Thunk, Val};
use crate::option::Priority;
use crate::source::Origin;
use crate::value::{Cause, Name, Str};
use std::collections::BTreeMap;
use std::rc::Rc;

/// The declarations of all modules as a tree of options. Needs no definitions, so that
/// modules can ask for it while definitions are being put together.
pub(super) fn argument(eval: &mut Eval, context: &Rc<Context>) -> Val {
    let Some(collected) = context.collected(eval) else {
        return eval.unknown(Cause::Recursion, Origin::Default);
    };
    let declared = collected.modules.iter().filter_map(|module| module.declarations());
    tree(eval, context, vec![], declared.collect())
}

/// The options below `path`.
fn tree(eval: &mut Eval, context: &Rc<Context>, path: Vec<Name>, declared: Vec<Options>) -> Val {
    let mut names: BTreeMap<Name, Vec<Options>> = BTreeMap::new();
    let (mut why, mut found, mut types): (_, Option<AttrSet>, _) = (None, None, vec![]);
    for options in &declared {
        match eval.force_or_unknown(&options.tree).kind {
            Kind::Attrs(set) if is_option(eval, &set) => {
                types.extend(set.known.get("type").map(|attribute| attribute.value.clone()));
                found = Some(together(found, &set));
            }
            Kind::Attrs(set) => {
                for (name, attribute) in &set.known {
                    let below = Options { tree: attribute.value.clone(), ..options.clone() };
                    names.entry(name.clone()).or_default().push(below);
                }
            }
            Kind::Unknown(unknown) => why = Some(unknown),
            _ => (),
        }
    }
    if let Some(mut found) = found {
        if types.len() > 1 {
            let merged = Thunk::native(Origin::Default, move |eval| Ok(merged_type(eval, &types)));
            found.insert("type", merged, Origin::Default);
        }
        return option(eval, context, path, &found);
    }
    let mut set = AttrSet::default();
    for (name, declared) in names {
        let (context, mut path) = (context.clone(), path.clone());
        path.push(name.clone());
        let below = Thunk::native(Origin::Default, move |eval| Ok(tree(eval, &context, path, declared)));
        set.insert(name, below, Origin::Default);
    }
    if path.is_empty() && context.is_closed() {
        let own = eval.unknown(Cause::Unsupported("options._module".into()), Origin::Default);
        set.insert("_module", Thunk::done(own), Origin::Default);
    }
    if context.is_root() && !context.is_closed() || why.is_some() {
        let path: Vec<Str> = path.iter().map(|name| Str::new(name.as_str())).collect();
        let unknown = why.unwrap_or_else(|| super::context::undefined(eval, context, &path));
        set.rest = Some(Rest::Unknown(eval.derive(&unknown, "options")));
    }
    Val::new(Kind::Attrs(Rc::new(set)), Origin::Default)
}

/// A declaration and one more: what the first says counts.
fn together(first: Option<AttrSet>, second: &AttrSet) -> AttrSet {
    let Some(mut both) = first else { return second.clone() };
    for (name, attribute) in &second.known {
        both.known.entry(name.clone()).or_insert_with(|| attribute.clone());
    }
    both
}

/// The type on which all declarations of an option agree.
fn merged_type(eval: &mut Eval, types: &[Thunk]) -> Val {
    let mut merged = types[0].clone();
    for ty in &types[1..] {
        match Type::merged(eval, merged, ty) {
            Ok(Some(both)) => merged = both,
            Ok(None) => return eval.unknown(Cause::Fails("an option is declared twice".into()), Origin::Default),
            Err(unknown) => return eval.follows(&unknown, Origin::Default),
        }
    }
    eval.force_or_unknown(&merged)
}

/// One option: its declaration, and what is known of its definitions.
fn option(eval: &mut Eval, context: &Rc<Context>, path: Vec<Name>, declaration: &AttrSet) -> Val {
    let mut set = declaration.clone();
    let location =
        Val::list(path.iter().map(|name| Thunk::done(Val::text(name, Origin::Default))).collect(), Origin::Default);
    let location = match context.args.get("_prefix").cloned() {
        None => Thunk::done(location),
        Some(prefix) => Thunk::native(Origin::Default, move |eval| {
            let prefix = eval.force(&prefix)?;
            eval.concat_lists(&prefix, &location, Origin::Default)
        }),
    };
    if !set.known.contains_key("type") && set.is_complete() {
        let unspecified = Thunk::native(Origin::Default, |eval| {
            let library = eval.library();
            let library = eval.force(&library)?;
            eval.select_from(&library, &[Str::new("types"), Str::new("unspecified")], None, Origin::Default)
        });
        set.insert("type", unspecified, Origin::Default);
    }
    set.insert("loc", location, Origin::Default);
    let mut ask = |name: &'static str, answer: fn(&mut Eval, &Rc<Node>) -> Val| {
        let (context, path) = (context.clone(), path.clone());
        let thunk = Thunk::native(Origin::Default, move |eval| {
            let names: Vec<&str> = path.iter().map(Name::as_str).collect();
            let root = context.root(eval);
            Ok(match root.and_then(|root| root.find(eval, &names)) {
                Some(node) => answer(eval, &node),
                None => eval.unknown(Cause::Recursion, Origin::Default),
            })
        });
        set.insert(name, thunk, Origin::Default);
    };
    ask("value", |eval, node| node.value(eval));
    ask("isDefined", is_defined);
    ask("definitions", definitions);
    ask("highestPrio", highest_prio);
    for name in ["files", "definitionsWithLocations", "declarations", "declarationPositions", "valueMeta"] {
        let unknown = eval.unknown(Cause::Unsupported(format!("the `{name}` of an option")), Origin::Default);
        set.insert(name, Thunk::done(unknown), Origin::Default);
    }
    Val::new(Kind::Attrs(Rc::new(set)), Origin::Default)
}

/// Why Nix fails as soon as it is asked for definitions: it looks whether each has a property, and
/// so at its value.
fn refused(eval: &mut Eval, found: &Found) -> Option<Val> {
    let failing = found.definitions.iter().find_map(|definition| match &definition.value.kind {
        Kind::Unknown(unknown) if unknown.cause.is_failure() => Some(unknown.clone()),
        _ => None,
    });
    let failing = failing.or(found.open.clone().filter(|unknown| unknown.cause.is_failure()));
    // At the default only where there is nothing else.
    let default = found.default.as_ref().filter(|_| found.definitions.is_empty() && found.open.is_none());
    let failing = failing.or_else(|| match eval.force_or_unknown(default?).kind {
        Kind::Unknown(unknown) if unknown.cause.is_failure() => Some(unknown),
        _ => None,
    });
    Some(eval.follows(&failing?, Origin::Default))
}

fn is_defined(eval: &mut Eval, node: &Rc<Node>) -> Val {
    let found = node.discharged(eval);
    if let Some(refused) = refused(eval, &found) {
        return refused;
    }
    let sure = found.definitions.iter().any(|definition| definition.condition.is_always());
    if sure || found.default.is_some() {
        return Val::new(Kind::Bool(true), Origin::Default);
    }
    let maybe = found.definitions.iter().find_map(|definition| definition.condition.literals().next());
    match found.open.as_ref().or(maybe.map(|(unknown, _)| unknown)) {
        Some(unknown) => eval.follows(&unknown.clone(), Origin::Default),
        None => Val::new(Kind::Bool(false), Origin::Default),
    }
}

/// The definitions of the highest priority, without their properties.
fn definitions(eval: &mut Eval, node: &Rc<Node>) -> Val {
    let found = node.discharged(eval);
    if let Some(refused) = refused(eval, &found) {
        return refused;
    }
    let (winners, _) = super::merge::filter_overrides(found.definitions);
    let mut winners = super::merge::exclusive(eval, winners);
    super::merge::sort_properties(&mut winners);
    let mut items: Vec<Elem> = vec![];
    // The default is a definition where there is no other.
    let sure = winners.iter().any(|definition| definition.condition.is_always());
    if let Some(default) = found.default.filter(|_| !sure) {
        let value = eval.force_or_unknown(&default);
        let property = matches!(&value.kind, Kind::Attrs(set) if set.known.contains_key("_type"));
        items.push(match winners.is_empty() && !property {
            true => Elem::One(default),
            false => {
                Elem::Rest(eval.new_unknown(Cause::Unsupported("a default among definitions".into()), Origin::Default))
            }
        });
    }
    for definition in winners {
        let value = Thunk::done(definition.value);
        items.push(match definition.condition.is_always() {
            true => Elem::One(value),
            false => Elem::Maybe(definition.condition, value),
        });
    }
    items.extend(found.open.map(Elem::Rest));
    Val::new(Kind::List(Rc::new(items)), Origin::Default)
}

fn highest_prio(eval: &mut Eval, node: &Rc<Node>) -> Val {
    let found = node.discharged(eval);
    if let Some(refused) = refused(eval, &found) {
        return refused;
    }
    let (winners, _) = super::merge::filter_overrides(found.definitions);
    let sure = winners.iter().any(|definition| definition.condition.is_always());
    let mut priorities = winners.iter().map(|definition| definition.priority);
    match (priorities.next(), &found.open) {
        (Some(first), None) if sure && priorities.all(|priority| priority == first) => {
            Val::new(Kind::Int(first.0), Origin::Default)
        }
        // The default is a definition of the lowest priority.
        (None, None) if found.default.is_some() => Val::new(Kind::Int(Priority::OPTION_DEFAULT.0), Origin::Default),
        (_, Some(open)) => eval.follows(open, Origin::Default),
        _ => eval.unknown(Cause::Unsupported("the priority of an option".into()), Origin::Default),
    }
}
