//! Values that are sets: each attribute becomes a node of its own.

use super::{Merge, SetType, sort_properties};
use crate::eval::{Eval, Kind, Thunk, Val};
use crate::resolve::context::Context;
use crate::resolve::definition::{Discharged, Raw};
use crate::resolve::level::{Level, of_definitions};
use crate::resolve::module::ModuleSource;
use crate::resolve::node::Resolved;
use crate::resolve::types::Nested;
use crate::resolve::undeclared;
use crate::source::Origin;
use crate::value::{Cause, Name, Unknown};
use std::collections::BTreeMap;
use std::rc::Rc;

/// What Nix refuses around the definitions of a submodule, and where it stands.
fn misplaced_property(winners: &[Discharged]) -> Option<(&'static str, Origin)> {
    let marked = |value: &Val| matches!(&value.kind, Kind::Attrs(set) if set.known.contains_key("_type"));
    let find = |test: &dyn Fn(&Discharged) -> bool| winners.iter().find(|definition| test(definition));
    // Nix hands a definition's order on to the submodule, which has no place for it.
    let ordered = find(&|definition| definition.order.is_some())
        .map(|at| ("`mkBefore`, `mkAfter` and `mkOrder` cannot stand around a submodule's definitions", at.expression));
    ordered.or_else(|| {
        let below = find(&|definition| marked(&definition.value))?;
        Some(("a property stands below `mkForce` around a submodule", below.expression))
    })
}

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
        if let (SetType::Submodule(_), Some((message, at))) = (ty, misplaced_property(&winners)) {
            let value = eval.unknown(Cause::Fails(message.to_owned()), at);
            return Resolved::leaf(value, winners, losers, false);
        }
        let default = self.undefined.default.clone().filter(|_| !sure && self.may_be_default());
        let default = default.filter(|_| self.undefined.unread.is_some());
        let mut definitions = winners.clone();
        definitions.extend(default.filter(|default| winners.is_empty() || is_empty_set(&default.value)));
        sort_properties(&mut definitions);
        let defined = !definitions.is_empty() || matches!(ty, SetType::Submodule(_));
        let mut others = self.undefined.unread.clone();
        if !defined && others.is_none() && self.undefined.embedded {
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
            SetType::Submodule(nested) => {
                match self.submodule(eval, nested, &definitions, unknown.clone().or(others)) {
                    Ok(level) => level,
                    Err(unknown) => {
                        let value = Val::new(Kind::Unknown(unknown), Origin::Default);
                        return Resolved::leaf(value, winners, losers, false);
                    }
                }
            }
        };
        if let Some(unknown) = level.refused.clone().filter(|_| !self.undefined.embedded) {
            return Resolved::leaf(Val::new(Kind::Unknown(unknown), Origin::Default), winners, losers, false);
        }
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

    /// Evaluates the modules of a submodule together with the definitions. Fails where that is under
    /// way, and where Nix refuses them.
    pub(super) fn submodule(
        &self,
        eval: &mut Eval,
        nested: &Nested,
        definitions: &[Discharged],
        others: Option<Unknown>,
    ) -> Result<Rc<Level>, Unknown> {
        // The declaration of an option imports the submodule's own modules.
        let own = |module: &Thunk| ModuleSource {
            embedded: self.undefined.embedded,
            wrapped: !nested.plain,
            ..ModuleSource::written(module.clone())
        };
        let mut sources: Vec<_> = nested.modules.iter().map(own).collect();
        if let Some(definition) = definitions.iter().find(|definition| definition.tagged) {
            let cause = Cause::Unsupported("`mkDefinition` of a submodule".into());
            return Err(eval.new_unknown(cause, definition.expression));
        }
        for definition in definitions {
            let is_set = matches!(definition.value.kind, Kind::Attrs(_));
            let only_config = is_set && nested.shorthand && !eval.is_callable(&definition.value);
            let value = match &definition.value.kind {
                // Whatever it defines, it is no module that was not read.
                Kind::Unknown(_) => {
                    let config = ("config".into(), Thunk::done(definition.value.clone()));
                    Val::attrs([config], definition.value.origin)
                }
                _ => definition.value.clone(),
            };
            sources.push(ModuleSource {
                value: Thunk::done(value),
                condition: definition.condition.clone(),
                only_config,
                // Nix imports what is not simply a set of definitions, which puts it first.
                wrapped: !only_config,
                embedded: false,
                inherited: Raw {
                    site: definition.site,
                    expression: definition.expression,
                    beside: definition.beside,
                    ..Raw::empty()
                },
            });
        }
        let name = match definitions.iter().any(|definition| definition.condition.is_always()) {
            // Versions of nixpkgs differ in what a submodule is called that nobody defines.
            false => eval.unknown(Cause::Argument("name".into()), Origin::Default),
            true => Val::str(self.path.last().cloned().unwrap_or_default(), Origin::Default),
        };
        let late = [("name".into(), Thunk::done(name))];
        let args = self.special_args(eval, nested);
        let inner = Context::nested(self.path.to_vec(), args, late.into(), self.context.reach.clone(), sources);
        let root = inner.root(eval).ok_or_else(|| eval.new_unknown(Cause::Recursion, Origin::Default))?;
        let stray = if self.undefined.embedded { None } else { undeclared::refused(eval, &inner, &root) };
        let open = inner.open.borrow().clone();
        match (stray, others.or(open)) {
            (Some(unknown), _) => Err(unknown),
            (None, Some(unknown)) if root.others.is_none() => Ok(Rc::new(root.opened(unknown))),
            (None, _) => Ok(root),
        }
    }

    /// What a submodule's modules are given from the start.
    fn special_args(&self, eval: &mut Eval, nested: &Nested) -> BTreeMap<Name, Thunk> {
        let mut args = BTreeMap::new();
        args.extend(nested.library.clone().map(|library| ("lib".into(), library)));
        if let Some(given) = &nested.special_args
            && let Kind::Attrs(given) = eval.force_or_unknown(given).kind
        {
            args.extend(given.known.iter().map(|(name, attribute)| (name.clone(), attribute.value.clone())));
        }
        let none = || Thunk::done(Val::attrs([], Origin::Default));
        args.entry("specialArgs".into()).or_insert_with(|| nested.special_args.clone().unwrap_or_else(none));
        let null = || Thunk::done(Val::new(Kind::Null, Origin::Default));
        args.entry("_class".into()).or_insert_with(|| nested.class.clone().unwrap_or_else(null));
        args.entry("_prefix".into()).or_insert_with(|| {
            let path = self.path.iter().map(|name| Thunk::done(Val::str(name.clone(), Origin::Default)));
            Thunk::done(Val::list(path.collect(), Origin::Default))
        });
        args
    }
}

fn is_empty_set(value: &Val) -> bool {
    matches!(&value.kind, Kind::Attrs(set) if set.known.is_empty() && set.is_complete())
}
