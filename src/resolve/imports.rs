//! Which modules import which: the order of their definitions, and which are left out.

use super::module::Module;
use crate::eval::Eval;
use crate::value::{Condition, Unknown};
use std::collections::{BTreeMap, BTreeSet, VecDeque};

/// Modules and their imports.
#[derive(Default)]
pub(super) struct Graph {
    nodes: Vec<Imported>,
}

/// A module, and what it says of others.
struct Imported {
    module: Module,
    condition: Condition,
    /// Two modules with one key are one.
    key: Option<String>,
    imports: Vec<usize>,
    disables: Vec<(String, Condition)>,
}

impl Graph {
    pub(super) fn len(&self) -> usize {
        self.nodes.len()
    }

    /// A module with nothing imported yet.
    pub(super) fn add(&mut self, module: Module, condition: Condition) -> usize {
        self.nodes.push(Imported { module, condition, key: None, imports: vec![], disables: vec![] });
        self.nodes.len() - 1
    }

    /// Gives a module a key, unless it says its own.
    pub(super) fn name(&mut self, node: usize, key: &str) {
        self.nodes[node].key.get_or_insert_with(|| key.to_owned());
    }

    /// The module disables another one, under a condition.
    pub(super) fn disable(&mut self, node: usize, key: String, condition: Condition) {
        self.nodes[node].disables.push((key, condition));
    }

    /// A module that only imports.
    pub(super) fn wrap(&mut self, imported: Vec<usize>) -> usize {
        let nothing = Module { options: None, config: None, freeform: None, embedded: true, doubt: None };
        let node = self.add(nothing, Condition::always());
        self.import(node, imported);
        node
    }

    pub(super) fn import(&mut self, node: usize, imported: Vec<usize>) {
        self.nodes[node].imports = imported;
    }

    /// What is reached from `roots`, each key once, in the order of definitions: Nix walks
    /// breadth first and then turns the whole list around.
    ///
    /// What may be disabled, and what only that imports, counts under a condition of its own.
    pub(super) fn modules(mut self, eval: &mut Eval, roots: Vec<usize>) -> Vec<Module> {
        let (disabled, doubtful) = (self.disabled(), self.doubtful());
        let mut seen: BTreeSet<usize> = BTreeSet::new();
        let mut under: BTreeMap<String, Vec<Condition>> = BTreeMap::new();
        let mut waiting: VecDeque<(usize, Option<Unknown>)> = roots.into_iter().map(|root| (root, None)).collect();
        let mut unsure: BTreeMap<String, Unknown> = BTreeMap::new();
        let mut order = vec![];
        while let Some((at, doubt)) = waiting.pop_front() {
            let node = &mut self.nodes[at];
            let off = node.key.as_ref().is_some_and(|key| disabled.contains(key));
            if off || !seen.insert(at) {
                continue;
            }
            let mut instead = None;
            if let Some(key) = &node.key {
                let before = under.entry(key.clone()).or_default();
                if before.iter().any(|condition| condition.follows_from(&node.condition)) {
                    // One of the same key counts where the first was disabled.
                    match unsure.get(key) {
                        Some(unknown) => instead = Some(unknown.clone()),
                        None => continue,
                    }
                }
                before.push(node.condition.clone());
            }
            let own = node.key.as_ref().and_then(|key| doubtful.get(key)).cloned();
            let doubt = own.or(doubt).or(instead);
            if let (Some(key), Some(unknown)) = (&node.key, &doubt) {
                unsure.insert(key.clone(), unknown.clone());
            }
            if let Some(unknown) = &doubt {
                node.module.doubt.get_or_insert_with(|| unknown.clone());
            }
            if let (Some(unknown), Some(config)) = (&doubt, &mut node.module.config) {
                let counts = Condition::when(eval.after(unknown), true);
                config.condition = config.condition.and(&counts).unwrap_or(counts);
            }
            order.push(at);
            waiting.extend(node.imports.iter().map(|import| (*import, doubt.clone())));
        }
        order.reverse();
        let mut modules: Vec<Option<Module>> = self.nodes.into_iter().map(|node| Some(node.module)).collect();
        order.into_iter().filter_map(|at| modules[at].take()).collect()
    }

    /// The keys that modules disable, those of disabled ones included.
    fn disabled(&self) -> BTreeSet<String> {
        let all = self.nodes.iter().flat_map(|node| &node.disables);
        all.filter(|(_, condition)| condition.is_always()).map(|(key, _)| key.clone()).collect()
    }

    /// The keys that are disabled under a condition, and what that hangs on.
    fn doubtful(&self) -> BTreeMap<String, Unknown> {
        let all = self.nodes.iter().flat_map(|node| &node.disables);
        all.filter_map(|(key, condition)| Some((key.clone(), condition.literals().next()?.0.clone()))).collect()
    }
}
