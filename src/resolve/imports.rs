//! Which modules import which: the order of their definitions, and which are left out.

use super::module::Module;
use crate::value::Condition;
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
    disables: Vec<String>,
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

    pub(super) fn disable(&mut self, node: usize, key: String) {
        self.nodes[node].disables.push(key);
    }

    /// A module that only imports.
    pub(super) fn wrap(&mut self, imported: Vec<usize>) -> usize {
        let nothing = Module { options: None, config: None, freeform: None, embedded: true };
        let node = self.add(nothing, Condition::always());
        self.import(node, imported);
        node
    }

    pub(super) fn import(&mut self, node: usize, imported: Vec<usize>) {
        self.nodes[node].imports = imported;
    }

    /// What is reached from `roots`, each key once, in the order of definitions: Nix walks
    /// breadth first and then turns the whole list around.
    pub(super) fn modules(self, roots: Vec<usize>) -> Vec<Module> {
        let disabled = self.disabled();
        let mut seen: BTreeSet<usize> = BTreeSet::new();
        let mut under: BTreeMap<String, Vec<Condition>> = BTreeMap::new();
        let mut waiting: VecDeque<usize> = roots.into();
        let mut order = vec![];
        while let Some(at) = waiting.pop_front() {
            let node = &self.nodes[at];
            let off = node.key.as_ref().is_some_and(|key| disabled.contains(key));
            if off || !seen.insert(at) {
                continue;
            }
            if let Some(key) = &node.key {
                let before = under.entry(key.clone()).or_default();
                if before.iter().any(|condition| condition.follows_from(&node.condition)) {
                    continue;
                }
                before.push(node.condition.clone());
            }
            order.push(at);
            waiting.extend(&node.imports);
        }
        order.reverse();
        let mut modules: Vec<Option<Module>> = self.nodes.into_iter().map(|node| Some(node.module)).collect();
        order.into_iter().filter_map(|at| modules[at].take()).collect()
    }

    /// The keys that modules disable, those of disabled ones included.
    fn disabled(&self) -> BTreeSet<String> {
        let sure = self.nodes.iter().filter(|node| node.condition.is_always());
        sure.flat_map(|node| node.disables.iter().cloned()).collect()
    }
}
