//! Values that are joined: lists and lines.

use super::{Merge, sort_properties};
use crate::eval::{Elem, Eval, Kind, Thunk, Val};
use crate::resolve::context::{Context, Reach};
use crate::resolve::definition::{Discharged, Raw};
use crate::resolve::node::{Fallback, Node};
use crate::resolve::presence::{Presence, presence};
use crate::resolve::types::Type;
use crate::source::Origin;
use crate::value::{Cause, Condition, Str, Unknown};
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
        let whole = sorted.iter().all(|definition| definition.condition.is_always());
        for (number, definition) in sorted.iter().enumerate() {
            let list = match &definition.value.kind {
                Kind::List(list) => list.clone(),
                Kind::Unknown(unknown) => {
                    items.push(Elem::Rest(unknown.clone()));
                    continue;
                }
                _ => return self.conflict(eval, definitions),
            };
            let whole = whole && list.iter().all(|item| matches!(item, Elem::One(_)));
            for (entry, item) in list.iter().enumerate() {
                // What Nix calls the element; which number it has may depend on conditions.
                let name = match whole {
                    true => Str::new(format!("[definition {}-entry {}]", number + 1, entry + 1)),
                    false => Str::hole(eval.new_unknown(Cause::Argument("name".into()), Origin::Default)),
                };
                let merged = |thunk: &Thunk| self.element(element.as_ref(), thunk, definition, &name);
                let condition = &definition.condition;
                let item = match (item, &element) {
                    (Elem::One(thunk), Some(_)) => match self.presence(eval, thunk, definition) {
                        Presence::Sure => item.clone(),
                        Presence::Maybe(unknown) => Elem::Rest(unknown),
                        // Nix looks at every element to know which there are.
                        Presence::Fails(unknown) => return eval.follows(&unknown, origin),
                        Presence::None => continue,
                    },
                    _ => item.clone(),
                };
                match &item {
                    Elem::One(thunk) if condition.is_always() => items.push(Elem::One(merged(thunk))),
                    Elem::One(thunk) => items.push(Elem::Maybe(condition.clone(), merged(thunk))),
                    Elem::Maybe(inner, thunk) => {
                        if let Some(both) = condition.and(inner) {
                            items.push(Elem::Maybe(both, merged(thunk)));
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
            Kind::Unknown(unknown) if unknown.cause.is_failure() => Presence::Fails(unknown.clone()),
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
    pub(super) fn element(&self, element: Option<&Thunk>, thunk: &Thunk, definition: &Discharged, name: &Str) -> Thunk {
        let Some(element) = element.cloned() else { return thunk.clone() };
        let raw = Raw { value: thunk.clone(), site: definition.site, expression: thunk.origin(), ..Raw::empty() };
        let mut path = self.path.to_vec();
        path.push(name.clone());
        // No other module can add to an element of this list: what it leaves out is at its default.
        let reach = Reach::inside(&self.context.reach);
        if !self.undefined.embedded {
            reach.note_own(self.path);
        }
        let closed = Context::new(path.clone(), self.context.args.clone(), reach, vec![]);
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
        match self.undefined.unread.clone() {
            // Of a module on its own only what it says itself is asked.
            Some(unknown) if self.undefined.embedded && self.context.reach.whole => self.opened(eval, whole, &unknown),
            _ => whole,
        }
    }

    /// A text before and after which modules that were not read may say something.
    fn opened(&self, eval: &mut Eval, text: Val, unknown: &Unknown) -> Val {
        let path = crate::resolve::module::show(self.path);
        let mut hole = |side: &str| {
            let unknown = eval.derive(unknown, &format!("{side} {path}"));
            Val::str(Str::hole(unknown), Origin::Default)
        };
        let (before, after) = (hole("before"), hole("after"));
        let origin = text.origin;
        let joined = eval.join(before, text, origin).and_then(|text| eval.join(text, after, origin));
        joined.unwrap_or_else(|failure| eval.failed(&failure)).at(origin)
    }
}
