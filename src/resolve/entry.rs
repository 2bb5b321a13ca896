//! Entry points: what in a flake, or beside one, makes whole configurations.

use super::system::Registry;
use super::{Modules, StandIn, flake};
use crate::eval::{Eval, Kind, Thunk, Val};
use crate::option::{Configuration, OptionPattern};
use crate::source::Origin;
use crate::value::{Name, Str, Unknown};
use std::collections::BTreeMap;
use std::path::Path;
use std::rc::Rc;

/// A configuration and what people call it.
#[derive(Clone)]
pub(super) struct Found {
    pub name: String,
    pub modules: Rc<Modules>,
    /// The output or the file that names it, in words; nothing where the modules say all.
    within: Option<String>,
    /// The attribute that names it.
    site: Origin,
}

impl Found {
    /// A configuration that nothing but itself names.
    pub(super) fn named(name: String, modules: Rc<Modules>) -> Found {
        Found { name, modules, within: None, site: Origin::Default }
    }

    /// The options that `patterns` name, resolved.
    pub(super) fn resolve(&self, eval: &mut Eval, patterns: &[OptionPattern]) -> Configuration {
        let resolved = self.modules.resolve(eval, patterns);
        let recognised_by = match &self.within {
            Some(within) => format!("{within}: {}", resolved.recognised_by),
            None => resolved.recognised_by,
        };
        let site = eval.public_origin(self.site);
        let entry = if resolved.entry == Origin::Default { site } else { resolved.entry };
        Configuration { name: self.name.clone(), recognised_by, entry, ..resolved }
    }
}

/// The configurations a flake gives; `None` when it is not made to give any. What should give
/// some and cannot be told is noted.
pub(super) fn of_flake(eval: &mut Eval, root: &Path, registry: &Registry, stand_in: StandIn) -> Option<Vec<Found>> {
    let outputs = flake::outputs(eval, root)?;
    let mut made_for_it = false;
    let mut found: Vec<Found> = vec![];
    for (output, path) in [("nixosConfigurations", &[][..]), ("nodes", &[]), ("colmenaHive", &["nodes"][..])] {
        let path: Vec<_> = std::iter::once(output).chain(path.iter().copied()).map(Str::new).collect();
        let set = match eval.select_from(&outputs, &path, None, Origin::Default) {
            Ok(set) => set,
            Err(_) => continue,
        };
        made_for_it = true;
        let Kind::Attrs(set) = &set.kind else {
            // The others are there in few flakes: that nobody knows whether is not worth a word.
            if output == "nixosConfigurations" {
                note(eval, root, output, &set);
            }
            continue;
        };
        for (name, attribute) in &set.known {
            eval.refill_all();
            let value = eval.force_or_unknown(&attribute.value);
            match configuration_of(eval, registry, &value) {
                Some(modules) if !found.iter().any(|have| Rc::ptr_eq(&have.modules, &modules)) => {
                    let within = Some(format!("`{output}.{name}` of `flake.nix`"));
                    found.push(Found { name: name.to_string(), modules, within, site: attribute.site });
                }
                Some(_) => (),
                None => note(eval, root, &format!("{output}.{name}"), &value),
            }
        }
    }
    if let Ok(hive) = eval.select_from(&outputs, &[Str::new("colmena")], None, Origin::Default) {
        made_for_it = true;
        let hive = of_hive(eval, &hive, "`colmena` of `flake.nix`", stand_in);
        let new = |one: &Found| !found.iter().any(|have| have.name == one.name);
        found.extend(hive.into_iter().filter(new).collect::<Vec<_>>());
    }
    made_for_it.then_some(found)
}

/// Says that an output that should be a configuration, or a set of them, is not understood.
fn note(eval: &mut Eval, root: &Path, output: &str, value: &Val) {
    let unknown: Option<&Unknown> = match &value.kind {
        Kind::Unknown(unknown) => Some(unknown),
        Kind::Attrs(set) => set.why_open(),
        _ => None,
    };
    let Some(unknown) = unknown else { return };
    // A flake without this output is no gap.
    if matches!(&*unknown.cause, crate::value::Cause::Fails(message) if message.contains("missing")) {
        return;
    }
    let message = format!("`{output}` cannot be told without Nix: {}", unknown.cause);
    let at = eval.public_origin(unknown.at);
    eval.not_understood.push((root.join("flake.nix"), at, message));
}

/// The configuration behind a value; of several that depend on an undecided condition, the first.
fn configuration_of(eval: &mut Eval, registry: &Registry, value: &Val) -> Option<Rc<Modules>> {
    match &value.kind {
        Kind::OneOf(alternatives) => alternatives.iter().find_map(|(_, thunk)| {
            let value = eval.force_or_unknown(thunk);
            registry.find(&value)
        }),
        _ => registry.find(value),
    }
}

/// The nodes of a colmena hive: every attribute but `meta` and `defaults` is a module.
/// `place` says in words where the hive was found.
pub(super) fn of_hive(eval: &mut Eval, hive: &Val, place: &str, stand_in: StandIn) -> Vec<Found> {
    let Kind::Attrs(hive) = &hive.kind else { return vec![] };
    let meta = attribute(eval, hive, "meta").or_else(|| attribute(eval, hive, "network"));
    let special = meta.as_ref().and_then(|meta| set_in(eval, meta, "specialArgs")).unwrap_or_default();
    let by_node = meta.as_ref().and_then(|meta| set_in(eval, meta, "nodeSpecialArgs")).unwrap_or_default();
    let mut found = vec![];
    for (name, node) in &hive.known {
        if ["meta", "network", "defaults"].contains(&name.as_str()) || name.starts_with('_') {
            continue;
        }
        let mut args = special.clone();
        if let Some(own) = by_node.get(name)
            && let Kind::Attrs(own) = &eval.force_or_unknown(own).kind
        {
            args.extend(own.known.iter().map(|(name, attribute)| (name.clone(), attribute.value.clone())));
        }
        args.insert("name".into(), Thunk::done(Val::text(name, node.site)));
        let defaults = hive.known.get("defaults").map(|defaults| defaults.value.clone());
        let modules = defaults.into_iter().chain([node.value.clone()]).collect();
        let modules = Modules::new(eval, name, modules, args, true, stand_in).made("a node of a hive", node.site);
        let within = Some(place.to_owned());
        found.push(Found { name: name.to_string(), modules: Rc::new(modules), within, site: node.site });
    }
    found
}

fn attribute(eval: &mut Eval, set: &crate::eval::AttrSet, name: &str) -> Option<Val> {
    let value = set.known.get(name)?.value.clone();
    Some(eval.force_or_unknown(&value))
}

fn set_in(eval: &mut Eval, value: &Val, name: &str) -> Option<BTreeMap<Name, Thunk>> {
    let Kind::Attrs(set) = &value.kind else { return None };
    match attribute(eval, set, name)?.kind {
        Kind::Attrs(set) => {
            Some(set.known.iter().map(|(name, attribute)| (name.clone(), attribute.value.clone())).collect())
        }
        _ => None,
    }
}
