//! Systems inside a system: containers and microVMs, whose modules stand in an option of the host.

use super::definition::discharge_properties;
use super::module::show;
use super::node::Node;
use super::{Modules, StandIn};
use crate::eval::{Eval, Kind, Thunk, Val};
use crate::value::Condition;
use std::collections::BTreeMap;
use std::rc::Rc;

/// Where systems stand inside a system: sets of `{ config = module; }`, by name.
const SYSTEMS: [&[&str]; 2] = [&["containers"], &["microvm", "vms"]];

impl Modules {
    /// The systems inside this one, with the names `host/guest`.
    pub(super) fn nested(&self, eval: &mut Eval, host: &str, stand_in: StandIn) -> Vec<(String, Rc<Modules>)> {
        let mut found = vec![];
        let Some(root) = self.context.root(eval) else { return found };
        for path in SYSTEMS {
            let guests = root.find(eval, path).and_then(|node| node.resolve(eval));
            let Some(guests) = guests.and_then(|resolved| resolved.level.clone()) else { continue };
            for (name, guest) in &guests.children {
                let config = guest.resolve(eval).and_then(|resolved| resolved.level.clone());
                let Some(config) = config.and_then(|level| level.find(eval, &["config"])) else { continue };
                let modules = modules(eval, &config);
                let name = format!("{host}/{}", show(&[crate::value::Str::new(name.as_str())]));
                let system = Modules::new(eval, &name, modules, BTreeMap::new(), self.context.reach.whole, stand_in)
                    .made(format!("`{}.<name>.config` of `{host}`", path.join(".")), config.first_site());
                found.push((name, Rc::new(system)));
            }
        }
        found
    }
}

/// The definitions of an option as modules.
fn modules(eval: &mut Eval, node: &Node) -> Vec<Thunk> {
    let (definitions, _) = discharge_properties(eval, node.raws());
    let module = |condition: Condition, value: Val| match condition.is_always() {
        true => Thunk::done(value),
        false => {
            let origin = value.origin;
            Thunk::done(Val::new(Kind::OneOf(Rc::new(vec![(condition, Thunk::done(value))])), origin))
        }
    };
    definitions.into_iter().map(|definition| module(definition.condition, definition.value)).collect()
}
