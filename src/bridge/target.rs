//! What to hand to Nix: which expression gives a configuration.

use super::export::string;
use super::log::Failure;
use crate::source::load;
use std::path::{Path, PathBuf};

/// Something that gives `{ options, config, … }`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    /// An attribute of the outputs of the project's flake.
    Output(Vec<String>),
    /// A module that is a whole NixOS system, with the nixpkgs of the search path.
    Module(PathBuf),
    /// A file with an expression that gives a configuration, or a function of nothing that does.
    File(PathBuf),
}

impl Target {
    /// The attribute set of `target`, and `roots` where Nix has other names for the project's folder.
    pub(super) fn expression(&self, root: &Path) -> String {
        match self {
            Target::Output(path) => {
                let flake = string(&address(root));
                let path: String = path.iter().map(|name| format!(".{}", string(name))).collect();
                format!(
                    "(let flake = builtins.getFlake {flake}; in {{ target = flake{path}; roots = [ flake.sourceInfo.outPath ]; }})"
                )
            }
            Target::Module(file) => {
                format!(
                    "{{ target = import <nixpkgs/nixos/lib/eval-config.nix> {{ modules = [ {} ]; }}; }}",
                    path(file)
                )
            }
            Target::File(file) => {
                let given = format!("(import {})", path(file));
                format!("{{ target = if builtins.isFunction {given} then {given} {{ }} else {given}; }}")
            }
        }
    }

    /// The file that gives the configuration.
    pub fn file(&self, root: &Path) -> PathBuf {
        match self {
            Target::Output(_) => root.join("flake.nix"),
            Target::Module(file) | Target::File(file) => file.clone(),
        }
    }

    /// The folder that Nix copies into the store; otherwise the project's.
    pub(super) fn top(&self, root: &Path) -> PathBuf {
        match self {
            Target::Output(_) => repository(root).unwrap_or(root).to_path_buf(),
            Target::Module(_) | Target::File(_) => root.to_path_buf(),
        }
    }

    /// The words for a failure with what a user may not know: a flake consists of the files that Git knows.
    pub(super) fn explained(&self, words: String, failure: &Failure, top: &Path) -> String {
        let message = &failure.message;
        let missing = ["does not exist", "getting status of", "No such file", "not tracked"];
        if !self.needs_store() || !missing.iter().any(|word| message.contains(word)) {
            return words;
        }
        let paths = message.split(|c: char| c.is_whitespace() || "'`\"".contains(c));
        let inside = paths.filter_map(|path| path.split_once("-source/").map(|(_, rest)| rest));
        let there =
            inside.map(|path| path.trim_end_matches([',', '.', ':'])).find(|path| load::exists(&top.join(path)));
        match there {
            Some(path) => format!("{words}; the file is there, but Git does not know it: `git add -N {path}`"),
            None => words,
        }
    }

    /// Whether there must be a store: a flake is copied into it.
    pub(super) fn needs_store(&self) -> bool {
        matches!(self, Target::Output(_))
    }
}

/// The top of the Git repository that a folder is in.
fn repository(folder: &Path) -> Option<&Path> {
    folder.ancestors().find(|folder| load::exists(&folder.join(".git")))
}

/// A flake's address: files that Git ignores stay out of the store.
fn address(root: &Path) -> String {
    match repository(root) {
        None => format!("path:{}", encoded(root)),
        Some(top) => match root.strip_prefix(top) {
            Ok(inner) if inner.as_os_str().is_empty() => format!("git+file://{}", encoded(top)),
            Ok(inner) => format!("git+file://{}?dir={}", encoded(top), encoded(inner)),
            Err(_) => format!("git+file://{}", encoded(root)),
        },
    }
}

/// A path as a Nix expression, whatever characters it has.
fn path(file: &Path) -> String {
    format!("(/. + {})", string(&file.to_string_lossy()))
}

/// A path in an address.
fn encoded(path: &Path) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"/-_.~+".contains(&byte);
    let text = path.to_string_lossy();
    text.bytes().map(|byte| if plain(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") }).collect()
}
