//! Values that are joined: lists and lines.

use super::{Merge, sort_properties};
use crate::eval::{Elem, Eval, Kind, Thunk, Val};
use crate::resolve::context::{Context, Reach};
use crate::resolve::definition::{Discharged, Raw};
use crate::resolve::level::{Presence, presence};
use crate::resolve::node::{Fallback, Node};
use crate::resolve::types::Type;
use crate::source::Origin;
use crate::value::{Condition, Str};
use std::rc::Rc;

impl Merge<'_> {
    /// Lists joined in order; elements of definitions under a condition are conditional.
    pub(super) fn list(&self, eval: &mut Eval, ty: &Type, definitions: &[Discharged]) -> Val {
        let mut sorted = definitions.to_vec();
        sort_properties(&mut sorted);
        let element = match ty {
            Type::List(element) => Some(element.clone()),
            _ => None,
        };
        let mut items = vec![];
        let origin = sorted.first().map_or(Origin::Default, |definition| definition.value.origin);
        for definition in &sorted {
            let list = match &definition.value.kind {
                Kind::List(list) => list.clone(),
                Kind::Unknown(unknown) => {
                    items.push(Elem::Rest(unknown.clone()));
                    continue;
                }
                _ => return self.conflict(eval, definitions),
            };
            for item in list.iter() {
                let merged = |thunk: &Thunk, at: usize| self.element(element.as_ref(), thunk, definition, at);
                let condition = &definition.condition;
                let item = match (item, &element) {
                    (Elem::One(thunk), Some(_)) => match self.presence(eval, thunk, definition) {
                        Presence::Sure => item.clone(),
                        Presence::Maybe(unknown) => Elem::Rest(unknown),
                        Presence::None => continue,
                    },
                    _ => item.clone(),
                };
                match &item {
                    Elem::One(thunk) if condition.is_always() => items.push(Elem::One(merged(thunk, items.len()))),
                    Elem::One(thunk) => items.push(Elem::Maybe(condition.clone(), merged(thunk, items.len()))),
                    Elem::Maybe(inner, thunk) => {
                        if let Some(both) = condition.and(inner) {
                            items.push(Elem::Maybe(both, merged(thunk, items.len())));
                        }
                    }
                    Elem::Rest(unknown) => items.push(Elem::Rest(unknown.clone())),
                }
            }
        }
        if let Some(unknown) = &self.undefined.unread {
            items.push(Elem::Rest(unknown.clone()));
        }
        Val::new(Kind::List(Rc::new(items)), origin)
    }

    /// Whether an element is there: those without a definition that holds are left out.
    fn presence(&self, eval: &mut Eval, thunk: &Thunk, definition: &Discharged) -> Presence {
        let value = eval.force_or_unknown(thunk);
        match &value.kind {
            Kind::Attrs(set) if set.known.contains_key("_type") => {
                let raw = Raw { value: thunk.clone(), site: definition.site, ..Raw::empty() };
                presence(eval, &[raw])
            }
            Kind::OneOf(alternatives) => {
                let property = |(condition, thunk): &(Condition, Thunk)| {
                    let value = eval.force_or_unknown(thunk);
                    let property = matches!(&value.kind, Kind::Attrs(set) if set.known.contains_key("_type"));
                    condition.literals().next().filter(|_| property).map(|(unknown, _)| unknown.clone())
                };
                alternatives.iter().find_map(property).map_or(Presence::Sure, Presence::Maybe)
            }
            _ => Presence::Sure,
        }
    }

    /// One element, merged by the element type: a submodule gets its defaults.
    pub(super) fn element(&self, element: Option<&Thunk>, thunk: &Thunk, definition: &Discharged, at: usize) -> Thunk {
        let Some(element) = element.cloned() else { return thunk.clone() };
        let raw = Raw { value: thunk.clone(), site: definition.site, expression: thunk.origin(), ..Raw::empty() };
        let mut path = self.path.to_vec();
        path.push(Str::new(at.to_string()));
        // No other module can add to an element of this list: what it leaves out is at its default.
        let closed = Context::new(path.clone(), self.context.args.clone(), Reach::new(true, Rc::default()), vec![]);
        let node = Node::new(&closed, path, vec![], vec![raw], Fallback::Typed(element));
        Thunk::native(thunk.origin(), move |eval| Ok(node.value(eval)))
    }

    pub(super) fn text(&self, eval: &mut Eval, separator: &str, values: &[Val]) -> Val {
        let mut whole = values[0].clone();
        for value in &values[1..] {
            let joined = eval
                .join(whole.clone(), Val::text(separator, Origin::Default), whole.origin)
                .and_then(|start| eval.join(start, value.clone(), whole.origin));
            whole = joined.unwrap_or_else(|failure| eval.failed(&failure)).at(whole.origin);
        }
        whole
    }
}
