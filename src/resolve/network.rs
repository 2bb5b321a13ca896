//! Networks of machines in one file: NixOps and morph. `{ network = …; defaults = module; host = module; }`,
//! where a host's module says in `deployment` how to reach it.

use super::entry::Found;
use super::unreached::{Entry, shown};
use super::{Modules, StandIn};
use crate::eval::{AttrSet, Eval, Kind, Rest, Thunk, Val};
use crate::source::Origin;
use crate::value::{Cause, Name, Str};
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::rc::Rc;

/// Attributes of a network that are no machine.
const RESERVED: [&str; 7] = ["network", "meta", "defaults", "resources", "require", "nixpkgs", "_file"];
/// What `network` may say, by which it is known; of these the second list says that the file is the whole network.
const FACTS: [&str; 8] = [
    "description",
    "enableRollback",
    "lock",
    "specialArgs",
    "ordering",
    "nodeNixpkgs",
    "runConfigurations",
    "evalConfig",
];
const WHOLE: [&str; 3] = ["storage", "pkgs", "nixpkgs"];
/// What a machine's `deployment` may say, by which it is known.
const DEPLOYMENT: [&str; 9] = [
    "targetEnv",
    "targetHost",
    "targetPort",
    "targetUser",
    "keys",
    "secrets",
    "healthChecks",
    "tags",
    "substituteOnDestination",
];
/// Arguments of a module, one of which a machine's function takes.
const ARGUMENTS: [&str; 8] = ["config", "pkgs", "lib", "nodes", "options", "modulesPath", "name", "resources"];

/// One file of a network.
pub(super) struct Network {
    /// What `network` says.
    facts: Option<Rc<AttrSet>>,
    /// The module of every machine.
    defaults: Option<Thunk>,
    /// The machines.
    pub hosts: BTreeMap<Name, Thunk>,
    /// Whether `network` is there.
    is_named: bool,
    /// Whether each machine says how it is reached.
    is_deployed: bool,
    /// Whether nothing in it speaks of other files.
    is_whole: bool,
}

/// Reads a value as a network: `None` when it does not look like one.
///
/// A set of functions that take module arguments is one if `network` is there and says what networks
/// say, or if its machines say how they are reached; otherwise it may be a part of one.
pub(super) fn read(eval: &mut Eval, value: &Val, stand_in: StandIn) -> Option<Network> {
    let given = value;
    let value = called(eval, given)?;
    let Kind::Attrs(set) = &value.kind else { return None };
    if set.known.contains_key("_type") || set.known.contains_key("meta") {
        return None;
    }
    let facts = match set.known.get("network") {
        Some(network) => match eval.force_or_unknown(&network.value).kind {
            Kind::Attrs(facts) => Some(facts),
            _ => return None,
        },
        None => None,
    };
    let says =
        |names: &[&str]| facts.as_ref().is_some_and(|facts| names.iter().any(|name| facts.known.contains_key(*name)));
    let named = says(&FACTS) || says(&WHOLE);
    if facts.is_some() && !named {
        return None;
    }
    let mut hosts = BTreeMap::new();
    for (name, attribute) in &set.known {
        if RESERVED.contains(&name.as_str()) {
            continue;
        }
        let host = eval.force_or_unknown(&attribute.value);
        if !is_module(eval, &host, named) {
            return None;
        }
        hosts.insert(name.clone(), attribute.value.clone());
    }
    let defaults = set.known.get("defaults").map(|defaults| defaults.value.clone());
    if hosts.is_empty() {
        return None;
    }
    let is_deployed = hosts.values().all(|host| is_deployed(eval, defaults.as_ref(), host, stand_in));
    let alone = !eval.is_callable(given) && set.is_complete() && !set.known.contains_key("require");
    let is_whole = alone && (says(&WHOLE) || is_deployed);
    Some(Network { facts, defaults, hosts, is_named: named, is_deployed, is_whole })
}

/// A network file may be a function of flake inputs, or of arguments with defaults; not of a module's.
fn called(eval: &mut Eval, value: &Val) -> Option<Val> {
    if !eval.is_callable(value) {
        return Some(value.clone());
    }
    let formals = eval.formals(value)?;
    if formals.iter().any(|(name, _)| ["config", "options", "modulesPath"].contains(&name.as_str())) {
        return None;
    }
    let unknown = eval.new_unknown(Cause::Argument("…".into()), value.origin);
    let arguments = AttrSet { rest: Some(Rest::Unknown(unknown)), ..AttrSet::default() };
    let arguments = Thunk::done(Val::new(Kind::Attrs(Rc::new(arguments)), value.origin));
    eval.apply(value, arguments, value.origin).ok()
}

/// Whether a machine is written as a module is. Where nothing else says that this is a network, a
/// set is not enough: it may be data.
fn is_module(eval: &mut Eval, value: &Val, named: bool) -> bool {
    match &value.kind {
        Kind::Lambda(_) => match eval.formals(value) {
            Some(formals) => {
                formals.is_empty() || formals.iter().any(|(name, _)| ARGUMENTS.contains(&name.as_str())) || named
            }
            None => named,
        },
        Kind::Attrs(set) => named && !set.known.contains_key("_type") && !set.known.contains_key("outPath"),
        Kind::Path(_) => named,
        _ => false,
    }
}

/// Whether a machine's modules say how to reach it.
fn is_deployed(eval: &mut Eval, defaults: Option<&Thunk>, host: &Thunk, stand_in: StandIn) -> bool {
    let modules = defaults.into_iter().chain([host]).cloned().collect();
    let modules = Modules::new(eval, "host", modules, BTreeMap::new(), false, stand_in);
    let Some(root) = modules.context.root(eval) else { return false };
    DEPLOYMENT.iter().any(|name| root.find(eval, &["deployment", name]).is_some_and(|node| node.has_definitions()))
}

impl Network {
    /// Whether this is the start of a network, not only perhaps a part of one.
    pub(super) fn is_sure(&self) -> bool {
        self.is_named || self.is_deployed
    }

    /// Whether this is one of morph, which knows no `defaults` and takes the packages to use.
    fn is_morph(&self) -> bool {
        self.facts.as_ref().is_some_and(|facts| facts.known.contains_key("pkgs"))
    }

    /// Whether `other` says more of these machines: what they do, where this one says how they are reached.
    fn goes_with(&self, other: &Network) -> bool {
        self.is_deployed && !other.is_deployed && other.hosts.keys().all(|name| self.hosts.contains_key(name))
    }

    /// The machines as configurations, with what `others` say of them.
    fn configurations(&self, eval: &mut Eval, others: &[&Network], stand_in: StandIn) -> Vec<Found> {
        let special = self.facts.as_ref().and_then(|facts| facts.known.get("specialArgs")).cloned();
        let special = match special.map(|special| eval.force_or_unknown(&special.value).kind) {
            Some(Kind::Attrs(set)) => set.known.clone(),
            _ => BTreeMap::new(),
        };
        let peers = Peers::default();
        let mut found = vec![];
        for (name, host) in &self.hosts {
            let mut args: BTreeMap<Name, Thunk> =
                special.iter().map(|(name, attribute)| (name.clone(), attribute.value.clone())).collect();
            args.insert("name".into(), Thunk::done(Val::text(name, host.origin())));
            args.insert("nodes".into(), peers.nodes());
            let mut modules = vec![host.clone()];
            modules.extend(others.iter().filter_map(|other| other.hosts.get(name)).cloned());
            let defaults = std::iter::once(self).chain(others.iter().copied());
            modules.extend(defaults.filter_map(|network| network.defaults.clone()).filter(|_| !self.is_morph()));
            modules.extend(stand_in.network.map(|(name, text)| eval.embedded(name, text)));
            let modules = Modules::new(eval, name, modules, args, true, stand_in);
            let modules = Rc::new(modules.made("a machine of a network", host.origin()));
            if !self.is_morph() {
                let cause = Cause::Fetched("nixops".into(), "the modules of NixOps, which are not read".to_owned());
                modules.add_gap(eval, cause, host.origin());
            }
            if !self.is_whole || !others.is_empty() {
                // NixOps is told on the command line which files make a network.
                let cause = Cause::NotRead("other files of the network may define it".to_owned());
                modules.add_gap(eval, cause, host.origin());
            }
            peers.add(name, modules.config());
            found.push(Found::named(name.to_string(), modules));
        }
        found
    }
}

/// The machines of `nixopsConfigurations`; `None` where a flake has none.
pub(super) fn of_outputs(eval: &mut Eval, outputs: &Val, stand_in: StandIn) -> Option<Vec<Found>> {
    let networks = eval.select_from(outputs, &[Str::new("nixopsConfigurations")], None, Origin::Default).ok()?;
    let Kind::Attrs(networks) = &networks.kind else { return None };
    let mut found = vec![];
    for attribute in networks.known.values() {
        let value = eval.force_or_unknown(&attribute.value);
        if let Some(network) = read(eval, &value, stand_in) {
            let network = Network { is_whole: true, ..network };
            found.extend(network.configurations(eval, &[], stand_in));
        }
    }
    Some(found)
}

/// The machines of a network as they see each other: the argument `nodes`.
#[derive(Clone, Default)]
pub(super) struct Peers(Rc<RefCell<BTreeMap<Name, Thunk>>>);

impl Peers {
    /// Adds a machine.
    pub(super) fn add(&self, name: &Name, config: Thunk) {
        self.0.borrow_mut().insert(name.clone(), config);
    }

    /// `nodes.<name>.config`; read once all machines were added.
    pub(super) fn nodes(&self) -> Thunk {
        let peers = self.clone();
        Thunk::native(Origin::Default, move |eval| {
            let mut nodes = AttrSet::default();
            for (name, config) in peers.0.borrow().iter() {
                let unknown = eval.new_unknown(Cause::Argument("nodes".into()), Origin::Default);
                let mut node = AttrSet { rest: Some(Rest::Unknown(unknown)), ..AttrSet::default() };
                node.insert("config", config.clone(), Origin::Default);
                node.insert("pkgs", Thunk::done(eval.pkgs()), Origin::Default);
                let node = Val::new(Kind::Attrs(Rc::new(node)), Origin::Default);
                nodes.insert(name.clone(), Thunk::done(node), Origin::Default);
            }
            Ok(Val::new(Kind::Attrs(Rc::new(nodes)), Origin::Default))
        })
    }
}

/// What `networks` configure: each that starts one, with those that go with it.
pub(super) fn join(eval: &mut Eval, root: &Path, networks: &[(PathBuf, Network)], stand_in: StandIn) -> Vec<Entry> {
    let mut entries: Vec<Entry> = vec![];
    for (file, network) in networks.iter().filter(|(_, network)| network.is_sure()) {
        if networks.iter().any(|(_, other)| other.goes_with(network)) {
            continue;
        }
        let others: Vec<_> = networks.iter().filter(|(_, other)| network.goes_with(other)).collect();
        let files = others.iter().map(|(file, _)| file).chain([file]).cloned().collect();
        let others: Vec<&Network> = others.into_iter().map(|(_, other)| other).collect();
        let mut found = network.configurations(eval, &others, stand_in);
        // Several networks may have a machine of one name.
        let is_taken = |name: &str| entries.iter().flat_map(|entry| &entry.found).any(|have| have.name == name);
        for host in found.iter_mut().filter(|host| is_taken(&host.name)) {
            host.name = format!("{}/{}", shown(root, file), host.name);
        }
        entries.push(Entry { files, found });
    }
    entries
}
