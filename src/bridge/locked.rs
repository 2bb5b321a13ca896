//! Whether all inputs of a flake are those that its lock file names: others can change unseen.

use crate::source::{Sources, load};
use crate::syntax::{BindingValue, Bindings, Expr, ExprId, Param, StrPart, Tree, parse};
use serde_json::Value as Json;
use std::collections::BTreeMap;
use std::path::Path;

/// Whether the flake in a folder has no input that is not locked, as far as its text tells: in doubt it has.
pub(super) fn is_locked(folder: &Path) -> bool {
    let Ok(text) = load::read_text(&folder.join("flake.nix")) else { return false };
    let mut sources = Sources::default();
    let file = sources.add(folder.join("flake.nix"), text.as_str());
    let Some(inputs) = inputs(&parse(file, &text)) else { return false };
    if inputs.is_empty() {
        return true;
    }
    let lock = load::read_text(&folder.join("flake.lock")).ok().and_then(|text| serde_json::from_str(&text).ok());
    lock.is_some_and(|lock: Json| inputs.iter().all(|(name, input)| is_in(&lock, name, input)) && is_whole(&lock))
}

/// An input as it is written.
#[derive(Debug, PartialEq)]
enum Input {
    /// It has this address.
    Url(String),
    /// It is another one's, or the registry's of its name.
    Elsewhere,
}

/// What a flake asks for; `None` where that is not written out.
fn inputs(tree: &Tree) -> Option<BTreeMap<String, Input>> {
    let Expr::Attrs { bindings, .. } = tree.expr(tree.root) else { return None };
    let mut found = BTreeMap::new();
    for one in attributes(bindings)? {
        match (one.0.as_str(), tree.expr(one.1)) {
            ("inputs", Expr::Attrs { bindings, .. }) => {
                for (name, value) in attributes(bindings)? {
                    found.insert(name, input(tree, value)?);
                }
            }
            ("inputs", _) => return None,
            ("outputs", Expr::Lambda { param, .. }) => {
                if let Param::Pattern { formals, .. } = &**param {
                    for formal in formals.iter().filter(|formal| formal.name != "self") {
                        found.entry(formal.name.to_string()).or_insert(Input::Elsewhere);
                    }
                }
            }
            _ => {}
        }
    }
    Some(found)
}

fn input(tree: &Tree, value: ExprId) -> Option<Input> {
    let Expr::Attrs { bindings, .. } = tree.expr(value) else { return None };
    let mut input = Input::Elsewhere;
    for (name, value) in attributes(bindings)? {
        match (name.as_str(), tree.expr(value)) {
            ("url", Expr::Str(parts)) => match &parts[..] {
                [StrPart::Text(url)] => input = Input::Url(url.to_string()),
                _ => return None,
            },
            ("url" | "type", _) => return None,
            _ => {}
        }
    }
    Some(input)
}

/// The attributes of a set that is written out.
fn attributes(bindings: &Bindings) -> Option<Vec<(String, ExprId)>> {
    let own = bindings.statics.iter().map(|one| match one.value {
        BindingValue::Own(value) => Some((one.name.to_string(), value)),
        _ => None,
    });
    if bindings.dynamics.is_empty() { own.collect() } else { None }
}

/// Whether the lock file names an input, under the address it has now.
fn is_in(lock: &Json, name: &str, input: &Input) -> bool {
    let nodes = &lock["nodes"];
    let Some(root) = lock["root"].as_str() else { return false };
    let (node, Input::Url(url)) = (&nodes[root]["inputs"][name], input) else {
        return !nodes[root]["inputs"][name].is_null();
    };
    let Some(original) = node.as_str().map(|node| &nodes[node]["original"]) else { return false };
    let part = |name: &str| original[name].as_str();
    let branch = part("ref").or(part("rev")).map(|branch| format!("/{branch}")).unwrap_or_default();
    let plain = url.split('?').next().unwrap_or_default();
    match (part("type"), part("owner"), part("repo"), part("id")) {
        (Some(kind @ ("github" | "gitlab" | "sourcehut")), Some(owner), Some(repo), _) => {
            plain == format!("{kind}:{owner}/{repo}{branch}")
        }
        (Some("indirect"), _, _, Some(id)) => plain.strip_prefix("flake:").unwrap_or(plain) == format!("{id}{branch}"),
        _ => part("url").or(part("path")).is_some_and(|address| url.contains(address)),
    }
}

/// Whether every input of an input is locked to its contents.
fn is_whole(lock: &Json) -> bool {
    let root = lock["root"].as_str().unwrap_or_default();
    let nodes = lock["nodes"].as_object().into_iter().flatten();
    nodes.filter(|(name, _)| *name != root).all(|(_, node)| node["locked"]["narHash"].is_string())
}

#[cfg(test)]
mod tests {
    use super::is_locked;

    #[test]
    fn inputs_must_be_locked() {
        let folder = tempfile::tempdir().unwrap();
        let check = |flake: &str, lock: &str, expected: bool| {
            std::fs::write(folder.path().join("flake.nix"), flake).unwrap();
            std::fs::write(folder.path().join("flake.lock"), lock).unwrap();
            assert_eq!(is_locked(folder.path()), expected, "{flake}\n{lock}");
        };
        let lock = |original: &str| {
            let node = format!(r#"{{"locked":{{"narHash":"sha256-x"}},"original":{original}}}"#);
            format!(r#"{{"nodes":{{"a":{node},"root":{{"inputs":{{"a":"a","b":["a"]}}}}}},"root":"root","version":7}}"#)
        };
        let github = r#"{"type":"github","owner":"o","repo":"r","ref":"main"}"#;
        check("{ outputs = _: { }; }", "", true);
        check("{ outputs = { self }: { }; }", "", true);
        check("{ outputs = { self, nixpkgs }: { }; }", "", false);
        check("{ inputs = import ./inputs.nix; outputs = _: { }; }", "", false);
        check(r#"{ inputs.a.url = "github:o/r/main"; outputs = _: { }; }"#, &lock(github), true);
        check(r#"{ inputs.a.url = "github:o/r/main"; outputs = _: { }; }"#, "", false);
        check(r#"{ inputs.a.url = "github:o/r/other"; outputs = _: { }; }"#, &lock(github), false);
        check(r#"{ inputs.c.url = "github:o/r/main"; outputs = _: { }; }"#, &lock(github), false);
        check(
            r#"{ inputs.a.url = "github:o/r/main"; inputs.b.follows = "a"; outputs = _: { }; }"#,
            &lock(github),
            true,
        );
        let indirect = r#"{"type":"indirect","id":"nixos"}"#;
        check(r#"{ inputs = { a.url = "nixos"; }; outputs = { a, ... }: { }; }"#, &lock(indirect), true);
        let path = lock(r#"{"type":"path","path":"./a"}"#);
        let flake = r#"{ inputs.a.url = "path:./a"; outputs = _: { }; }"#;
        check(flake, &path, true);
        check(flake, &path.replace("narHash", "lastModified"), false);
    }
}
