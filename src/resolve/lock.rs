//! `flake.lock`: which inputs a flake has, and where each comes from.

use crate::eval::Eval;
use serde_json::Value;
use std::collections::BTreeMap;
use std::path::Path;

/// What a lock file says. An empty one says nothing.
#[derive(Default)]
pub(super) struct Lock {
    nodes: BTreeMap<String, Node>,
    root: String,
}

struct Node {
    /// A reference to its source, as one would write it in `url`.
    url: Option<String>,
    inputs: BTreeMap<String, Follows>,
}

/// What an input of a node is.
enum Follows {
    Node(String),
    /// The input found from the root along these names.
    Path(Vec<String>),
}

/// No real lock takes more steps than this from an input to its node: inputs that follow others, which
/// follow others, could double them each time.
const MOST_STEPS: usize = 1_000;

impl Lock {
    /// The lock beside the flake in `folder`.
    pub(super) fn read(eval: &Eval, folder: &Path) -> Lock {
        let text = eval.files().read(&folder.join("flake.lock")).unwrap_or_default();
        let Ok(lock) = serde_json::from_str::<Value>(&text) else { return Lock::default() };
        let root = lock["root"].as_str().unwrap_or("root").to_owned();
        let nodes = lock["nodes"].as_object().into_iter().flatten();
        Lock { nodes: nodes.map(|(name, node)| (name.clone(), Node::of(node))).collect(), root }
    }

    /// The node of the flake that the lock belongs to.
    pub(super) fn root(&self) -> Option<String> {
        self.nodes.contains_key(&self.root).then(|| self.root.clone())
    }

    /// The node behind an input of a node.
    pub(super) fn input(&self, node: &str, name: &str) -> Option<String> {
        let mut steps = MOST_STEPS;
        self.find(node, name, &mut steps)
    }

    fn find(&self, node: &str, name: &str, steps: &mut usize) -> Option<String> {
        *steps = steps.checked_sub(1)?;
        match self.nodes.get(node)?.inputs.get(name)? {
            Follows::Node(node) => Some(node.clone()),
            Follows::Path(path) if path.is_empty() => None,
            Follows::Path(path) => path.iter().try_fold(self.root.clone(), |node, name| self.find(&node, name, steps)),
        }
    }

    /// The names of a node's inputs.
    pub(super) fn inputs(&self, node: &str) -> Vec<String> {
        self.nodes.get(node).map(|node| node.inputs.keys().cloned().collect()).unwrap_or_default()
    }

    /// Where a node comes from.
    pub(super) fn url(&self, node: &str) -> Option<&str> {
        self.nodes.get(node)?.url.as_deref()
    }
}

impl Node {
    fn of(node: &Value) -> Node {
        let inputs = node["inputs"].as_object().into_iter().flatten().filter_map(|(name, input)| {
            let input = match input {
                Value::String(node) => Follows::Node(node.clone()),
                Value::Array(path) => {
                    Follows::Path(path.iter().filter_map(|one| one.as_str().map(str::to_owned)).collect())
                }
                _ => return None,
            };
            Some((name.clone(), input))
        });
        let url = [&node["original"], &node["locked"]].into_iter().find_map(|source| {
            let fields = source.as_object()?;
            let text = |name: &str| fields.get(name).and_then(Value::as_str).map(str::to_owned);
            // An indirect reference says less than what it was resolved to.
            (text("type")? != "indirect").then(|| reference(&text)).flatten()
        });
        let locked = |name: &str| node["locked"][name].as_str().map(str::to_owned);
        Node { url: url.or_else(|| reference(&locked)), inputs: inputs.collect() }
    }
}

/// A flake reference from its attributes.
pub(super) fn reference(text: &dyn Fn(&str) -> Option<String>) -> Option<String> {
    let kind = text("type")?;
    Some(match kind.as_str() {
        "github" | "gitlab" | "sourcehut" => format!("{kind}:{}/{}", text("owner")?, text("repo")?),
        "git" | "hg" => format!("{kind}+{}", text("url")?),
        "path" => format!("path:{}", text("path")?),
        "indirect" => format!("flake:{}", text("id")?),
        _ => text("url")?,
    })
}
