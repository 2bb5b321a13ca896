//! Entry points: what in a flake, or beside one, makes whole configurations.

use super::framework::Frameworks;
use super::system::Registry;
use super::{Modules, Request, flake, image, network, test};
use crate::eval::{Eval, Kind, Thunk, Val};
use crate::option::{Configuration, EntryPoint};
use crate::source::Origin;
use crate::value::{Cause, Name, Str, Unknown};
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
    /// What names it for Nix.
    point: EntryPoint,
}

impl Found {
    /// A configuration that nothing but itself names.
    pub(super) fn named(name: String, modules: Rc<Modules>) -> Found {
        Found { name, modules, within: None, site: Origin::Default, point: EntryPoint::Other }
    }

    /// The same, which an output or a file names in words, by the attribute at `site`.
    pub(super) fn within(self, within: String, site: Origin) -> Found {
        Found { within: Some(within), site, ..self }
    }

    /// The same, named for Nix.
    pub(super) fn at(self, point: EntryPoint) -> Found {
        Found { point, ..self }
    }

    /// The same, which the flake in `folder` names for Nix, rather than the project's own.
    pub(super) fn below(self, folder: &Path) -> Found {
        let point = match self.point {
            EntryPoint::Output(path) => EntryPoint::OutputBelow(folder.to_path_buf(), path),
            other => other,
        };
        Found { point, ..self }
    }

    /// The same with the folder of its flake in front of its name.
    pub(super) fn within_folder(self, folder: &str) -> Found {
        Found { name: format!("{folder}/{}", self.name), ..self }
    }

    /// The options that are requested, resolved.
    pub(super) fn resolve(&self, eval: &mut Eval, request: &mut Request<'_>) -> Configuration {
        self.modules.requested(eval, request, |eval, resolved| self.described(eval, resolved))
    }

    /// The same without any options.
    pub(super) fn unresolved(&self, eval: &mut Eval, request: &Request<'_>) -> Configuration {
        let unresolved = self.modules.unresolved(eval, request);
        self.described(eval, unresolved)
    }

    /// Whether `configuration` was made of this.
    pub(super) fn is(&self, configuration: &Configuration) -> bool {
        (&self.name, &self.point) == (&configuration.name, &configuration.entry_point)
    }

    /// The configuration as people know it.
    fn described(&self, eval: &Eval, resolved: Configuration) -> Configuration {
        let recognised_by = match &self.within {
            Some(within) => format!("{within}: {}", resolved.recognised_by),
            None => resolved.recognised_by,
        };
        let site = eval.public_origin(self.site);
        let entry = if resolved.entry == Origin::Default { site } else { resolved.entry };
        let entry_point = self.point.clone();
        Configuration { name: self.name.clone(), recognised_by, entry, entry_point, ..resolved }
    }
}

/// The configurations that the flake at `root` gives, whose file is called `file` in words; `None` when it
/// is not made to give any. What should give some and cannot be told is noted.
pub(super) fn of_flake(eval: &mut Eval, root: &Path, file: &str, frameworks: &Frameworks) -> Option<Vec<Found>> {
    let registry = &frameworks.registry;
    let outputs = flake::outputs(eval, root, frameworks)?;
    let mut made_for_it = false;
    let mut found: Vec<Found> = vec![];
    for path in outputs_of(eval, &outputs) {
        let output = path[0].as_str();
        let steps: Vec<Str> = path.iter().map(|step| Str::new(step.as_str())).collect();
        let set = match eval.select_from(&outputs, &steps, None, Origin::Default) {
            Ok(set) => set,
            Err(_) => continue,
        };
        made_for_it = true;
        // A machine that several outputs name is one, and so is one that is there for several kinds of
        // machine; a container is none of them.
        let machines = found.iter().filter(|_| output != CONTAINERS);
        let before: Vec<String> = machines.map(|one| one.name.clone()).collect();
        for set in alternatives(eval, &set) {
            let Kind::Attrs(hosts) = &set.kind else {
                // The others are there in few flakes: that nobody knows whether is not worth a word.
                if output == "nixosConfigurations" {
                    note(eval, root, output, &set, set.origin);
                }
                continue;
            };
            let perhaps = hosts.perhaps.iter().map(|(name, attribute)| (name, attribute));
            for (name, attribute) in hosts.known.iter().chain(perhaps) {
                if before.iter().any(|have| *have == **name) {
                    continue;
                }
                eval.refill_all();
                let value = eval.force_or_unknown(&attribute.value);
                match configuration_of(eval, registry, &value) {
                    Some(modules) if !found.iter().any(|have| Rc::ptr_eq(&have.modules, &modules)) => {
                        let within = Some(format!("`{}.{name}` of `{file}`", path.join(".")));
                        let point = path.iter().chain([name]).cloned().collect();
                        let (site, point) = (attribute.site, EntryPoint::Output(point));
                        found.push(Found { name: name.to_string(), modules, within, site, point });
                    }
                    Some(_) => (),
                    None => note(eval, root, &format!("{output}.{name}"), &value, attribute.site),
                }
            }
        }
    }
    if let Ok(hive) = eval.select_from(&outputs, &[Str::new("colmena")], None, Origin::Default) {
        made_for_it = true;
        let hive = of_hive(eval, &hive, &format!("`colmena` of `{file}`"), frameworks);
        let new = |one: &Found| !found.iter().any(|have| have.name == one.name);
        found.extend(hive.into_iter().filter(new).collect::<Vec<_>>());
    }
    if let Some(networks) = network::of_outputs(eval, &outputs, frameworks.stand_in) {
        made_for_it = true;
        found.extend(networks);
    }
    let images = image::of_outputs(eval, &outputs, registry, &found, file);
    made_for_it |= !images.is_empty();
    found.extend(images);
    found.extend(test::of_outputs(eval, &outputs, registry));
    made_for_it.then_some(found)
}

/// The output in which nixos-nspawn looks for containers, by system.
const CONTAINERS: &str = "nixosContainers";

/// Where Nix looks for what it does not find among the outputs themselves, by system.
const BY_SYSTEM: [&str; 2] = ["packages", "legacyPackages"];

/// The paths of the sets of configurations among a flake's outputs.
fn outputs_of(eval: &mut Eval, outputs: &Val) -> Vec<Vec<Name>> {
    let mut paths: Vec<Vec<Name>> =
        vec![vec!["nixosConfigurations".into()], vec!["nodes".into()], vec!["colmenaHive".into(), "nodes".into()]];
    let containers = eval.select_from(outputs, &[Str::new(CONTAINERS)], None, Origin::Default);
    if let Ok(Val { kind: Kind::Attrs(systems), .. }) = containers {
        paths.extend(systems.known.keys().map(|system| vec![CONTAINERS.into(), system.clone()]));
    }
    for output in BY_SYSTEM {
        let Ok(packages) = eval.select_from(outputs, &[Str::new(output)], None, Origin::Default) else { continue };
        let Kind::Attrs(systems) = packages.kind else { continue };
        for (system, packages) in systems.known.iter().rev() {
            if matches!(eval.force_or_unknown(&packages.value).kind, Kind::Attrs(set) if set.known.contains_key("nixosConfigurations"))
            {
                paths.push(vec![output.into(), system.clone(), "nixosConfigurations".into()]);
            }
        }
    }
    paths
}

/// Says that an output that should be a configuration, or a set of them, is not understood;
/// `site` is where it is written.
fn note(eval: &mut Eval, root: &Path, output: &str, value: &Val, site: Origin) {
    let unknown: Option<&Unknown> = match &value.kind {
        Kind::Unknown(unknown) => Some(unknown),
        Kind::Attrs(set) => set.why_open(),
        _ => None,
    };
    let message = match unknown {
        // A flake without this output is no gap.
        Some(unknown) if matches!(&*unknown.cause, Cause::Fails(message) if message.contains(&format!("'{output}' missing"))) =>
        {
            return;
        }
        Some(unknown) => format!("`{output}` cannot be told without Nix: {}", unknown.cause),
        None => format!("`{output}` is not made by a function that makes configurations, as far as is known"),
    };
    let places = [unknown.map_or(Origin::Default, |unknown| unknown.at), site].map(|at| eval.public_origin(at));
    let at = places.into_iter().find(|at| *at != Origin::Default).unwrap_or(Origin::Default);
    eval.not_understood.push((root.join("flake.nix"), at, message));
}

/// What a value may be. A search for entry points wants all of them: each stands in the flake.
fn alternatives(eval: &mut Eval, value: &Val) -> Vec<Val> {
    match &value.kind {
        Kind::OneOf(alternatives) => alternatives.iter().map(|(_, thunk)| eval.force_or_unknown(thunk)).collect(),
        _ => vec![value.clone()],
    }
}

/// The configuration behind a value; of several that depend on an undecided condition, the first.
fn configuration_of(eval: &mut Eval, registry: &Registry, value: &Val) -> Option<Rc<Modules>> {
    alternatives(eval, value).iter().find_map(|value| registry.find(value))
}

/// The nodes of a colmena hive; `place` says in words where the hive was found.
pub(super) fn of_hive(eval: &mut Eval, hive: &Val, place: &str, frameworks: &Frameworks) -> Vec<Found> {
    let from = eval.new_unknown(Cause::Input("colmena".into(), None), Origin::Default);
    let Some(colmena) = frameworks.outputs(eval, "colmena", None, &from) else { return vec![] };
    let colmena = Val::new(Kind::Attrs(colmena), Origin::Default);
    let nodes =
        eval.select_from(&colmena, &["lib", "makeHive"].map(Str::new), None, Origin::Default).and_then(|make| {
            let hive = eval.apply(&make, Thunk::done(hive.clone()), Origin::Default)?;
            eval.select_from(&hive, &[Str::new("nodes")], None, Origin::Default)
        });
    let Ok(Val { kind: Kind::Attrs(nodes), .. }) = nodes else { return vec![] };
    let mut found = vec![];
    for (name, node) in &nodes.known {
        let value = eval.force_or_unknown(&node.value);
        if let Some(modules) = configuration_of(eval, &frameworks.registry, &value) {
            let within = Some(place.to_owned());
            found.push(Found { name: name.to_string(), modules, within, site: node.site, point: EntryPoint::Other });
        }
    }
    found
}
