//! Files that no configuration found so far is made of: entry points without a flake, networks,
//! tests, and machines that stand alone. What is left are modules on their own.

use super::entry::Found;
use super::network::{self, Network};
use super::system::Registry;
use super::{StandIn, test};
use crate::eval::{AttrSet, Eval, Kind, Rest, Thunk, Val};
use crate::source::Origin;
use crate::value::{Cause, Name};
use std::path::{Path, PathBuf};
use std::rc::Rc;

/// Words one of which is in every file that makes a configuration without a flake.
const MAKERS: [&str; 6] = ["eval-config", "nixos>", "/nixos\"", "/nixos)", ".nixos", "nixosSystem"];
/// What is built from the configuration of a machine.
const BUILT: [&str; 6] = ["build.toplevel", "build.vm", "build.isoImage", "build.sdImage", ").system", ").vm"];
/// How deep configurations may stand in sets.
const DEEPEST: u32 = 3;
/// Sets with more attributes than this are not searched.
const WIDEST: usize = 500;

/// Configurations and the files that make them.
pub(super) struct Entry {
    pub files: Vec<PathBuf>,
    pub found: Vec<Found>,
}

/// What `files` make when they are evaluated, without anything else to tell them from modules.
pub(super) fn entries(
    eval: &mut Eval,
    root: &Path,
    files: &[&PathBuf],
    registry: &Registry,
    stand_in: StandIn,
) -> Vec<Entry> {
    let mut entries = vec![];
    let mut networks: Vec<(PathBuf, Network)> = vec![];
    for file in files {
        let Ok(text) = eval.files().read(file) else { continue };
        let has = |words: &[&str]| words.iter().any(|word| text.contains(word));
        eval.refill_all();
        if has(&["testScript"]) {
            let found = tests(eval, root, file, registry, stand_in);
            if !found.is_empty() {
                entries.push(Entry { files: vec![(*file).clone()], found });
                continue;
            }
        }
        if has(&["deployment"]) {
            networks.extend(network_of(eval, file, stand_in));
        }
        if has(&MAKERS) {
            let found = made(eval, root, file, &text, registry);
            if !found.is_empty() {
                entries.push(Entry { files: vec![(*file).clone()], found });
            }
        }
    }
    add_parts(eval, files, &mut networks, stand_in);
    entries.extend(network::join(eval, root, &networks, stand_in));
    entries
}

fn network_of(eval: &mut Eval, file: &Path, stand_in: StandIn) -> Option<(PathBuf, Network)> {
    let value = eval.import_file(file, Origin::Default);
    let value = eval.force_or_unknown(&value);
    Some((file.to_path_buf(), network::read(eval, &value, stand_in)?))
}

/// Adds the files that may say more of machines that are known by now.
fn add_parts(eval: &mut Eval, files: &[&PathBuf], networks: &mut Vec<(PathBuf, Network)>, stand_in: StandIn) {
    let names: Vec<Name> = networks
        .iter()
        .filter(|(_, network)| network.is_sure())
        .flat_map(|(_, network)| network.hosts.keys().cloned())
        .collect();
    for file in files {
        if networks.iter().any(|(known, _)| known == *file) {
            continue;
        }
        let Ok(text) = eval.files().read(file) else { continue };
        if names.iter().any(|name| text.contains(name.as_str())) && text.contains('=') {
            networks.extend(network_of(eval, file, stand_in));
        }
    }
}

/// The configurations that a file's value holds, or is made from.
fn made(eval: &mut Eval, root: &Path, file: &Path, text: &str, registry: &Registry) -> Vec<Found> {
    let before = registry.count();
    let value = eval.import_file(file, Origin::Default);
    let mut value = eval.force_or_unknown(&value);
    // One whose arguments all have defaults is called by `nix-build` and `nixos-rebuild`.
    if let Some(formals) = eval.formals(&value)
        && formals.iter().all(|(_, has_default)| *has_default)
        && !formals.is_empty()
    {
        let nothing = Thunk::done(Val::attrs([], Origin::Default));
        match eval.apply(&value, nothing, Origin::Default) {
            Ok(result) => value = result,
            Err(_) => return vec![],
        }
    }
    let mut found = vec![];
    search(eval, registry, &value, "", 0, &mut found);
    // `(import <nixpkgs/nixos> { … }).config.system.build.toplevel` is made from one. Documentation
    // is, too, and that is no machine.
    if !BUILT.iter().any(|word| text.contains(word)) {
        return found;
    }
    let name = shown(root, file);
    for modules in registry.since(before) {
        if !found.iter().any(|have: &Found| Rc::ptr_eq(&have.modules, &modules)) {
            found.push(Found::named(name.clone(), modules));
        }
    }
    found
}

fn search(eval: &mut Eval, registry: &Registry, value: &Val, name: &str, depth: u32, found: &mut Vec<Found>) {
    if let Some(modules) = registry.find(value) {
        if !name.is_empty() && !found.iter().any(|have| Rc::ptr_eq(&have.modules, &modules)) {
            found.push(Found::named(name.to_owned(), modules));
        }
        return;
    }
    let Kind::Attrs(set) = &value.kind else { return };
    if depth >= DEEPEST || set.known.len() > WIDEST || set.known.contains_key("type") {
        return;
    }
    for (key, attribute) in &set.known {
        let value = eval.force_or_unknown(&attribute.value);
        let name = if name.is_empty() { key.to_string() } else { format!("{name}.{key}") };
        search(eval, registry, &value, &name, depth + 1, found);
    }
}

/// The machines of the test that a file holds, if it does.
fn tests(eval: &mut Eval, root: &Path, file: &Path, registry: &Registry, stand_in: StandIn) -> Vec<Found> {
    let thunk = eval.import_file(file, Origin::Default);
    let mut value = eval.force_or_unknown(&thunk);
    let mut found = None;
    // A function of arguments, of which a test's own function may want one set more.
    for _ in 0..3 {
        found = registry
            .find_test(&value)
            .or_else(|| test::is_test(&value).then(|| test::machines(eval, &Thunk::done(value.clone()), stand_in)));
        if found.is_some() || !eval.is_callable(&value) {
            break;
        }
        let arguments = arguments(eval);
        match eval.apply(&value, arguments, Origin::Default) {
            Ok(result) => value = result,
            Err(_) => break,
        }
    }
    let mut machines = found.unwrap_or_default();
    for machine in &mut machines {
        if !machine.name.contains('/') {
            machine.name = format!("{}/{}", shown(root, file), machine.name);
        }
    }
    machines
}

/// What a file is called with that is a function of `pkgs` and of others nobody knows.
fn arguments(eval: &mut Eval) -> Thunk {
    let mut set = AttrSet::default();
    let pkgs = eval.pkgs();
    set.insert("pkgs", Thunk::done(pkgs), Origin::Default);
    set.insert("lib", eval.library(), Origin::Default);
    let unknown = eval.new_unknown(Cause::Argument("…".into()), Origin::Default);
    let get = |eval: &mut Eval, name: &Name| eval.unknown(Cause::Argument(name.clone()), Origin::Default);
    set.rest = Some(Rest::Named(Rc::new(get), unknown));
    Thunk::done(Val::new(Kind::Attrs(Rc::new(set)), Origin::Default))
}

/// A file as it is named in reports.
pub(super) fn shown(root: &Path, file: &Path) -> String {
    file.strip_prefix(root).unwrap_or(file).to_string_lossy().into_owned()
}
