//! Values that are sets: each attribute becomes a node of its own.

use super::{Merge, SetType, sort_properties};
use crate::eval::{Eval, Kind, Thunk, Val};
use crate::resolve::context::Context;
use crate::resolve::definition::{Discharged, Raw};
use crate::resolve::level::{Level, of_definitions};
use crate::resolve::module::ModuleSource;
use crate::resolve::node::Resolved;
use crate::source::Origin;
use crate::value::{Cause, Unknown};
use std::rc::Rc;

impl Merge<'_> {
    /// A set: each attribute becomes a node of its own.
    pub(super) fn set(
        &self,
        eval: &mut Eval,
        ty: &SetType,
        winners: Vec<Discharged>,
        losers: Vec<Discharged>,
    ) -> Resolved {
        let sure = winners.iter().any(|definition| definition.condition.is_always());
        // Nix hands a definition's order on to the submodule, which has no place for it.
        if let (SetType::Submodule(_), Some(at)) = (ty, winners.iter().find(|definition| definition.order.is_some())) {
            let message = "`mkBefore`, `mkAfter` and `mkOrder` cannot stand around a submodule's definitions";
            let value = eval.unknown(Cause::Fails(message.to_owned()), at.expression);
            return Resolved::leaf(value, winners, losers, false);
        }
        let marked = |value: &Val| matches!(&value.kind, Kind::Attrs(set) if set.known.contains_key("_type"));
        if let (SetType::Submodule(_), Some(at)) = (ty, winners.iter().find(|definition| marked(&definition.value))) {
            let cause = Cause::Unsupported("a property below `mkForce` around a submodule".to_owned());
            let value = eval.unknown(cause, at.expression);
            return Resolved::leaf(value, winners, losers, false);
        }
        let default = self.undefined.default.clone().filter(|_| !sure && self.may_be_default());
        let default = default.filter(|_| self.undefined.unread.is_some());
        let mut definitions = winners.clone();
        definitions.extend(default.filter(|default| winners.is_empty() || is_empty_set(&default.value)));
        sort_properties(&mut definitions);
        let defined = !definitions.is_empty() || matches!(ty, SetType::Submodule(_));
        let mut others = self.undefined.unread.clone();
        if !defined && others.is_none() {
            others = Some(self.undefined.nothing.clone());
        }
        let unknown = winners.iter().find_map(|definition| match &definition.value.kind {
            Kind::Unknown(unknown) => Some(unknown.clone()),
            _ => None,
        });
        let level = match ty {
            SetType::Elements(fallback) => of_definitions(
                eval,
                self.context,
                self.path.to_vec(),
                &definitions,
                unknown.clone().or(others),
                fallback.clone(),
            ),
            SetType::Submodule(modules) => {
                match self.submodule(eval, modules, &definitions, unknown.clone().or(others)) {
                    Some(level) => level,
                    None => {
                        let value = eval.unknown(Cause::Recursion, Origin::Default);
                        return Resolved::leaf(value, winners, losers, false);
                    }
                }
            }
        };
        let spelled_out = |definition: &Discharged| matches!(&definition.value.kind, Kind::Attrs(set) if !set.known.is_empty() || !set.partly.is_empty());
        let shown = winners.into_iter().filter(|definition| !spelled_out(definition)).collect();
        Resolved {
            value: level.value(eval),
            winners: shown,
            losers,
            level: Some(level),
            declared: false,
            applied: false,
        }
    }

    /// Evaluates the modules of a submodule together with the definitions.
    pub(super) fn submodule(
        &self,
        eval: &mut Eval,
        modules: &[Thunk],
        definitions: &[Discharged],
        others: Option<Unknown>,
    ) -> Option<Rc<Level>> {
        let mut sources: Vec<_> = modules
            .iter()
            .map(|module| ModuleSource { embedded: self.undefined.embedded, ..ModuleSource::written(module.clone()) })
            .collect();
        for definition in definitions {
            let is_set = matches!(definition.value.kind, Kind::Attrs(_));
            let only_config = is_set && !eval.is_callable(&definition.value);
            sources.push(ModuleSource {
                value: Thunk::done(definition.value.clone()),
                condition: definition.condition.clone(),
                only_config,
                // Nix imports what is not simply a set of definitions, which puts it first.
                wrapped: !only_config,
                embedded: false,
                inherited: Raw { site: definition.site, expression: definition.expression, ..Raw::empty() },
            });
        }
        let name = match definitions {
            // Versions of nixpkgs differ in what a submodule is called that nobody defines.
            [] => eval.unknown(Cause::Argument("name".into()), Origin::Default),
            _ => Val::str(self.path.last().cloned().unwrap_or_default(), Origin::Default),
        };
        let args = [("name".into(), Thunk::done(name))];
        let inner = Context::new(self.path.to_vec(), args.into(), self.context.reach.clone(), sources);
        let root = inner.root(eval)?;
        match others {
            Some(unknown) if root.others.is_none() => Some(Rc::new(root.opened(unknown))),
            _ => Some(root),
        }
    }
}

fn is_empty_set(value: &Val) -> bool {
    matches!(&value.kind, Kind::Attrs(set) if set.known.is_empty() && set.is_complete())
}
