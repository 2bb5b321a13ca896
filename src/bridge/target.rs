//! What to hand to Nix: which expression gives a configuration.

use super::export::string;
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
                let flake = string(&format!("git+file://{}", encoded(root)));
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

    /// Whether there must be a store: a flake is copied into it.
    pub(super) fn needs_store(&self) -> bool {
        matches!(self, Target::Output(_))
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
