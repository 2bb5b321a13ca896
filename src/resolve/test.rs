//! NixOS tests: sets of machines with a script. A test is written as a module of its own kind,
//! `{ name; nodes.<machine> = module; testScript; }`, and handed to one of a few functions; each of
//! its machines is a configuration, though none that anybody deploys.

use super::entry::Found;
use super::nested::modules;
use super::node::Node;
use super::system::Registry;
use super::types::text;
use super::{Modules, StandIn};
use crate::eval::{Eval, Kind, Thunk, Val};
use crate::option::Purpose;
use crate::source::Origin;
use crate::value::{Cause, Name, Str};
use std::collections::BTreeMap;
use std::rc::Rc;

/// Functions of `pkgs` that take a test.
const OF_PACKAGES: [&str; 5] =
    ["nixosTest", "testers.nixosTest", "testers.runNixOSTest", "testers.runNixOSTest'", "testers.evalNixOSTest"];
/// Functions of nixpkgs' `nixos/lib` that take a test.
const OF_LIBRARY: [&str; 5] = ["runTest", "evalTest", "makeTest", "simpleTest", "evalTestPython"];

/// Makes the functions that take a test known to `pkgs`.
pub(super) fn install(eval: &mut Eval, registry: &Registry, stand_in: StandIn) {
    for path in OF_PACKAGES {
        eval.set_package(path, function(registry, stand_in));
    }
}

/// What `import (nixpkgs + "/nixos/lib") { … }` and `lib.nixos` of nixpkgs' flake offer.
pub(super) fn library(registry: &Registry, stand_in: StandIn) -> Val {
    let functions = OF_LIBRARY.map(|name| (Name::from(name), Thunk::done(function(registry, stand_in))));
    Val::attrs(functions, Origin::Default)
}

/// What nixpkgs' `make-test-python.nix` holds: a function of a test, then of arguments.
pub(super) fn make_test_file(registry: &Registry, stand_in: StandIn) -> Val {
    let registry = registry.clone();
    Val::closure("make-test", 2, move |eval, args, at| Ok(made(eval, &registry, &args[0], stand_in, at)))
}

fn function(registry: &Registry, stand_in: StandIn) -> Val {
    let registry = registry.clone();
    Val::closure("runTest", 1, move |eval, args, at| Ok(made(eval, &registry, &args[0], stand_in, at)))
}

/// A test as the derivation that its function gives.
fn made(eval: &mut Eval, registry: &Registry, test: &Thunk, stand_in: StandIn, at: Origin) -> Val {
    let machines = machines(eval, test, stand_in);
    let mark = registry.mark_test(machines, at);
    let unknown = eval.new_unknown(Cause::Package("a NixOS test".into()), at);
    let mut set = crate::eval::AttrSet::default();
    set.insert("type", Thunk::done(Val::text("derivation", at)), at);
    set.insert(mark.0, mark.1, at);
    set.rest = Some(crate::eval::Rest::Unknown(unknown));
    Val::new(Kind::Attrs(Rc::new(set)), at)
}

/// The machines of the tests among a flake's `checks`, for the first kind of machine there is.
pub(super) fn of_outputs(eval: &mut Eval, outputs: &Val, registry: &Registry) -> Vec<Found> {
    let Ok(checks) = eval.select_from(outputs, &[Str::new("checks")], None, Origin::Default) else { return vec![] };
    let Kind::Attrs(systems) = &checks.kind else { return vec![] };
    let Some((_, system)) = systems.known.iter().next_back() else { return vec![] };
    let Kind::Attrs(checks) = eval.force_or_unknown(&system.value).kind else { return vec![] };
    let mut found = vec![];
    for (name, check) in &checks.known {
        eval.refill_all();
        let value = eval.force_or_unknown(&check.value);
        for mut machine in registry.find_test(&value).unwrap_or_default() {
            if !machine.name.contains('/') {
                machine.name = format!("{name}/{}", machine.name);
            }
            found.push(machine);
        }
    }
    found
}

/// Whether a value is a test that no function took: a set with a script and machines.
pub(super) fn is_test(value: &Val) -> bool {
    let Kind::Attrs(set) = &value.kind else { return false };
    let has = |name: &str| set.known.contains_key(name);
    has("testScript") && (has("nodes") || has("machine"))
}

/// The machines of a test, each a configuration.
pub(super) fn machines(eval: &mut Eval, test: &Thunk, stand_in: StandIn) -> Vec<Found> {
    let test = Modules::new(eval, "test", vec![test.clone()], BTreeMap::new(), true, StandIn::default());
    let Some(root) = test.context.root(eval) else { return vec![] };
    let defaults = root.find(eval, &["defaults"]).map(|node| modules(eval, &node)).unwrap_or_default();
    let special = root.find(eval, &["node", "specialArgs"]).map(|node| node.value(eval));
    let special = match special.map(|value| value.kind) {
        Some(Kind::Attrs(set)) => set.known.clone(),
        _ => BTreeMap::new(),
    };
    let mut nodes: Vec<(Name, Rc<Node>)> = vec![];
    if let Some(resolved) = root.find(eval, &["nodes"]).and_then(|nodes| nodes.resolve(eval))
        && let Some(level) = &resolved.level
    {
        nodes.extend(level.children.iter().map(|(name, node)| (name.clone(), node.clone())));
    }
    // The short form for a single one.
    nodes.extend(
        root.find(eval, &["machine"]).filter(|node| node.has_definitions()).map(|node| ("machine".into(), node)),
    );
    let title = root.find(eval, &["name"]).filter(|node| node.has_definitions()).map(|node| node.value(eval));
    let title = title.and_then(|title| text(eval, &Thunk::done(title)));
    let mut found = vec![];
    for (name, node) in nodes {
        let mut args: BTreeMap<Name, Thunk> =
            special.iter().map(|(name, attribute)| (name.clone(), attribute.value.clone())).collect();
        args.insert("name".into(), Thunk::done(Val::text(&name, node.first_site())));
        let modules = defaults.iter().cloned().chain(modules(eval, &node)).collect();
        let name = match &title {
            Some(title) => format!("{title}/{name}"),
            None => name.to_string(),
        };
        let machine = Modules::new(eval, &name, modules, args, true, stand_in)
            .of_purpose(Purpose::Test)
            .made("a machine of a NixOS test", node.first_site());
        // The framework names the machines, connects them and more; none of that is read.
        let cause = Cause::NotRead("NixOS tests define options of their machines, too".into());
        machine.add_gap(eval, cause, node.first_site());
        found.push(Found::named(name, Rc::new(machine)));
    }
    found
}
