//! Systems inside a system: containers and microVMs, whose modules stand in an option of the host,
//! and specialisations, which are the host itself with more modules.

use super::context::Context;
use super::definition::{Place, discharge_properties};
use super::module::{ModuleSource, show};
use super::node::Node;
use super::{Modules, StandIn};
use crate::eval::{Eval, Kind, Thunk, Val};
use crate::source::Origin;
use crate::value::{Cause, Condition, Str};
use std::collections::BTreeMap;
use std::rc::Rc;

/// Systems that stand inside a system: sets of `{ config = module; specialArgs = { … }; }`, by name.
#[derive(Clone, Copy, Debug)]
pub struct Guests {
    /// The option's path.
    pub path: &'static [&'static str],
    /// The flake input whose modules each guest gets, where they are not nixpkgs' own.
    pub input: Option<&'static str>,
    /// A function from `{ name, unread }` to the module each guest gets: the text's name in angle
    /// brackets, and the text. `unread` stands for the input's modules.
    pub module: (&'static str, &'static str),
}

/// Variants of the system, which are chosen when it starts.
pub(super) const VARIANTS: &str = "specialisation";

impl Modules {
    /// The systems inside this one, with the names `host/guest`.
    pub(super) fn nested(&self, eval: &mut Eval, host: &str, stand_in: StandIn) -> Vec<(String, Rc<Modules>)> {
        let mut found = vec![];
        let Some(root) = self.context.root(eval) else { return found };
        for kind in stand_in.guests {
            let path = kind.path;
            let guests = root.find(eval, path).and_then(|node| node.resolve(eval));
            let Some(guests) = guests.and_then(|resolved| resolved.level.clone()) else { continue };
            for (name, guest) in &guests.children {
                let Some(guest) = guest.resolve(eval).and_then(|resolved| resolved.level.clone()) else { continue };
                let Some(config) = guest.find(eval, &["config"]) else { continue };
                let mut modules = modules(eval, &config);
                modules.push(kind.module(eval, name));
                let args = match guest.find(eval, &["specialArgs"]).map(|args| args.value(eval).kind) {
                    Some(Kind::Attrs(args)) => {
                        args.known.iter().map(|(name, one)| (name.clone(), one.value.clone())).collect()
                    }
                    _ => BTreeMap::new(),
                };
                let name = format!("{host}/{}", show(&[Str::new(name.as_str())]));
                let system = Modules::new(eval, &name, modules, args, self.context.reach.whole, stand_in)
                    .made(format!("`{}.<name>.config` of `{host}`", path.join(".")), config.first_site());
                let system = system.of_purpose(self.purpose);
                found.push((name, Rc::new(Modules { guest: true, ..system })));
            }
        }
        found.extend(self.variants(eval, host, stand_in));
        found
    }

    /// The specialisations, with the names `host/specialisation.name`. Unless it says otherwise, one
    /// has all modules of its host and its own.
    fn variants(&self, eval: &mut Eval, host: &str, stand_in: StandIn) -> Vec<(String, Rc<Modules>)> {
        let mut found = vec![];
        let Some(root) = self.context.root(eval) else { return found };
        let variants = root.find(eval, &[VARIANTS]).and_then(|node| node.resolve(eval));
        let Some(variants) = variants.and_then(|resolved| resolved.level.clone()) else { return found };
        for (name, variant) in &variants.children {
            let Some(level) = variant.resolve(eval).and_then(|resolved| resolved.level.clone()) else { continue };
            let Some(own) = level.find(eval, &["configuration"]) else { continue };
            let (own, site) = (modules(eval, &own), own.first_site());
            let inherits = level.find(eval, &["inheritParentConfig"]).filter(|node| node.has_definitions());
            let name = format!("{host}/{}", show(&[Str::new(VARIANTS), Str::new(name.as_str())]));
            let reach = self.context.reach.variant();
            let system = match inherits.map(|node| node.value(eval).kind) {
                None | Some(Kind::Bool(true)) => {
                    let sources =
                        self.context.sources.iter().cloned().chain(own.into_iter().map(ModuleSource::written));
                    let context = Context::new(vec![], self.context.args.clone(), reach, sources.collect());
                    Modules::in_context(context, &name, self.is_system)
                }
                Some(Kind::Bool(false)) => {
                    let args = self.context.args.clone();
                    Modules::new(eval, &name, own, args, self.context.reach.whole, stand_in)
                }
                // Which modules it has cannot be told.
                Some(_) => continue,
            };
            let system = Modules { guest: self.guest, ..system.of_purpose(self.purpose) };
            found.push((name, Rc::new(system.made(format!("`{VARIANTS}.<name>.configuration` of `{host}`"), site))));
        }
        found
    }
}

impl Guests {
    /// The module that a guest of this name gets.
    fn module(&self, eval: &mut Eval, name: &str) -> Thunk {
        let unread = match self.input {
            Some(input) => eval.unknown(Cause::Input(input.into(), None), Origin::Default),
            None => Val::attrs([], Origin::Default),
        };
        let name = Val::text(name, Origin::Default);
        let given = [("name".into(), Thunk::done(name)), ("unread".into(), Thunk::done(unread))];
        let function = eval.embedded(self.module.0, self.module.1);
        eval.delay_apply(function, vec![Thunk::done(Val::attrs(given, Origin::Default))], Origin::Default)
    }
}

/// The definitions of an option as modules.
pub(super) fn modules(eval: &mut Eval, node: &Node) -> Vec<Thunk> {
    let (definitions, _) = discharge_properties(eval, node.raws(), Place::Value);
    let module = |condition: Condition, value: Val| match condition.is_always() {
        true => Thunk::done(value),
        false => {
            let origin = value.origin;
            Thunk::done(Val::new(Kind::OneOf(Rc::new(vec![(condition, Thunk::done(value))])), origin))
        }
    };
    definitions.into_iter().map(|definition| module(definition.condition, definition.value)).collect()
}
