//! What files of nixpkgs give when they are imported: the package set, `lib`, and the functions
//! that make configurations without a flake. None of them is read; their places are well known.

use super::system::Registry;
use super::{Modules, StandIn, test};
use crate::eval::{AttrSet, Elem, Eval, Kind, Place, R, Rest, Thunk, Val};
use crate::source::Origin;
use crate::value::{Cause, Unknown};
use std::collections::BTreeMap;
use std::rc::Rc;

/// Makes imports from nixpkgs, and functions of `pkgs`, give configurations.
pub(super) fn install(eval: &mut Eval, registry: &Registry, stand_in: StandIn) {
    let for_imports = registry.clone();
    eval.set_import_beyond(move |eval, place, _| import(eval, &for_imports, place, stand_in));
    let for_packages = registry.clone();
    let system = Val::closure("nixos", 1, move |eval, args, at| {
        let modules = listed(eval, &args[0]);
        let modules = Modules::new(eval, "", modules, BTreeMap::new(), true, stand_in).made("`pkgs.nixos`", at);
        Ok(for_packages.make(eval, modules, at))
    });
    eval.set_package("nixos", system);
    test::install(eval, registry, stand_in);
}

/// What the file or folder at `place` gives, if it is one of those everybody knows.
fn import(eval: &mut Eval, registry: &Registry, place: &Place, stand_in: StandIn) -> Option<Val> {
    let path = place.path.trim_end_matches('/');
    let path = path.strip_suffix("/default.nix").unwrap_or(path);
    let registry = registry.clone();
    // Nothing but nixpkgs has these.
    match path.strip_suffix(".nix").unwrap_or(path) {
        "/nixos/lib/eval-config" => {
            return Some(Val::closure("eval-config", 1, move |eval, args, at| {
                registry.system(eval, "`eval-config.nix`".to_owned(), &args[0], stand_in, at)
            }));
        }
        "/nixos/tests/make-test-python" | "/nixos/tests/make-test" => {
            return Some(test::make_test_file(&registry, stand_in));
        }
        "/nixos/lib/testing-python" | "/nixos/lib/testing" => return Some(test::library(&registry, stand_in)),
        _ => {}
    }
    if !is_nixpkgs(&place.tree) {
        return None;
    }
    match path {
        // The same function under three names.
        "" | "/pkgs/top-level" | "/pkgs/top-level/impure.nix" => {
            Some(Val::closure("nixpkgs", 1, |eval, args, at| Ok(packages(eval, &args[0], at))))
        }
        "/lib" => {
            let library = eval.library();
            Some(eval.force_or_unknown(&library))
        }
        "/nixos" => {
            Some(Val::closure("nixos", 1, move |eval, args, at| nixos(eval, &registry, &args[0], stand_in, at)))
        }
        "/nixos/lib" => Some(Val::closure("nixos-lib", 1, move |_, _, _| Ok(test::library(&registry, stand_in)))),
        _ => None,
    }
}

/// A module of nixpkgs, named by its path there: unknown, but with a cause that says which it is.
pub(super) fn module(eval: &mut Eval, value: &Val) -> Option<Val> {
    let place = eval.place_of(value)?;
    let path = match &*place.tree {
        "modulesPath" => &place.path,
        tree if is_nixpkgs(tree) => place.path.strip_prefix("/nixos/modules")?,
        _ => return None,
    };
    let path = path.strip_prefix('/').filter(|path| !path.is_empty())?;
    let from = match &value.kind {
        Kind::Unknown(unknown) => unknown.clone(),
        Kind::Str(text) | Kind::Path(text) => text.holes().next()?.clone(),
        _ => return None,
    };
    let cause = Cause::Fetched(
        format!("nixos/modules/{path}").into(),
        format!("`nixos/modules/{path}` of nixpkgs, which is not read"),
    );
    let unknown = eval.derive(&from, path);
    Some(Val::new(Kind::Unknown(Unknown { cause: cause.into(), ..unknown }), value.origin))
}

/// What is named after nixpkgs and is another project: tools for it, and sets of packages beside it.
const BESIDE_NIXPKGS: [&str; 10] =
    ["check", "esp", "firefox", "fmt", "hammering", "lint", "mozilla", "review", "wayland", "xr"];

/// Whether a name of one step, in small letters, says that it is nixpkgs: `nixpkgs-unstable`, not `nixpkgs-fmt`.
pub(super) fn says_nixpkgs(name: &str) -> bool {
    let rest = name.split_once("nixpkgs").map(|(_, rest)| rest.trim_start_matches(['-', '_']));
    rest.is_some_and(|rest| rest.split(['-', '_']).next().is_none_or(|first| !BESIDE_NIXPKGS.contains(&first)))
}

/// Whether a source tree of this name is a nixpkgs: `nixpkgs-unstable`, `nixos-24.05`.
fn is_nixpkgs(name: &str) -> bool {
    let name = name.to_lowercase();
    let after = |word: &str| name.split_once(word).map(|(_, rest)| rest.trim_start_matches(['-', '_']));
    let first = |rest: &str| rest.split(['-', '_']).next().map(str::to_owned).unwrap_or_default();
    if name.contains("nixpkgs") {
        return says_nixpkgs(&name);
    }
    // A release is named by year and month.
    let is_release = |rest: &str| {
        let mut start = rest.chars().filter(|c| !['.', '-', '_'].contains(c)).take(4);
        rest.len() >= 4 && start.all(|c| c.is_ascii_digit())
    };
    let is_channel = |rest: &str| rest.is_empty() || ["unstable", "stable"].contains(&first(rest).as_str());
    name.starts_with("nixos") && after("nixos").is_some_and(|rest| is_channel(rest) || is_release(rest))
}

/// `import <nixpkgs/nixos> { configuration; … }`.
fn nixos(eval: &mut Eval, registry: &Registry, argument: &Thunk, stand_in: StandIn, at: Origin) -> R {
    let argument = eval.force(argument)?;
    eval.lift(&argument, "", at, &mut |eval, argument| {
        let Kind::Attrs(set) = &argument.kind else { return eval.fail("the argument is not a set", at) };
        let modules = match set.known.get("configuration") {
            Some(given) => vec![given.value.clone()],
            None => {
                let cause = Cause::SearchPath("nixos-config".into());
                vec![Thunk::done(eval.unknown(cause, at))]
            }
        };
        let modules =
            Modules::new(eval, "", modules, BTreeMap::new(), true, stand_in).made("`import <nixpkgs/nixos>`", at);
        Ok(registry.make(eval, modules, at))
    })
}

/// `import <nixpkgs> { … }`: the packages, with what overlays make of their `lib`.
fn packages(eval: &mut Eval, argument: &Thunk, at: Origin) -> Val {
    let packages = eval.pkgs();
    let overlays = match eval.force_or_unknown(argument).kind {
        Kind::Attrs(set) if set.is_complete() => set.known.get("overlays").map(|overlays| overlays.value.clone()),
        _ => Some(argument.clone()),
    };
    let Some(overlays) = overlays else { return packages };
    if matches!(eval.force_or_unknown(&overlays).kind, Kind::List(items) if items.is_empty()) {
        return packages;
    }
    // Asked for late: overlays may need what they are laid over.
    let library = Thunk::native(at, move |eval| Ok(laid_over(eval, &overlays, at)));
    with_library(packages, library, at)
}

fn with_library(mut packages: Val, library: Thunk, at: Origin) -> Val {
    if let Kind::Attrs(set) = &mut packages.kind {
        Rc::make_mut(set).insert("lib", library, at);
    }
    packages
}

/// `lib` below overlays, each of which may give another one. One that was not followed may have added
/// to it, and those after it add to that.
fn laid_over(eval: &mut Eval, overlays: &Thunk, at: Origin) -> Val {
    let mut library = eval.library();
    let Kind::List(items) = eval.force_or_unknown(overlays).kind else { return open_library(eval, &library, at) };
    let mut all_followed = true;
    for item in items.iter() {
        match overlaid(eval, item, &library, at) {
            Some(None) => (),
            Some(Some(given)) => library = given,
            None => {
                all_followed = false;
                library = Thunk::done(open_library(eval, &library, at));
            }
        }
    }
    if all_followed { eval.force_or_unknown(&library) } else { open_library(eval, &library, at) }
}

/// The `lib` that an overlay gives, if it gives one, where it is laid over packages that have
/// `library`; `None`: nobody knows.
fn overlaid(eval: &mut Eval, item: &Elem, library: &Thunk, at: Origin) -> Option<Option<Thunk>> {
    let Elem::One(overlay) = item else { return None };
    let (overlay, packages) = (eval.force_or_unknown(overlay), eval.pkgs());
    // What the last overlay gives cannot be known before.
    let last = eval.unknown(Cause::Unsupported("packages changed by overlays".into()), at);
    let before = Thunk::done(with_library(packages, library.clone(), at));
    let laid = eval.apply(&overlay, Thunk::done(last), at).and_then(|overlay| eval.apply(&overlay, before, at));
    match laid.map(|laid| laid.kind) {
        Ok(Kind::Attrs(set)) => match set.known.get("lib") {
            Some(given) => Some(Some(given.value.clone())),
            None => set.is_complete().then_some(None),
        },
        _ => None,
    }
}

/// A library that may have been changed in a way that was not followed.
fn open_library(eval: &mut Eval, library: &Thunk, at: Origin) -> Val {
    let unknown = eval.new_unknown(Cause::Unsupported("lib changed by overlays".into()), at);
    match eval.force_or_unknown(library).kind {
        Kind::Attrs(library) => {
            let library = AttrSet { rest: Some(Rest::Unknown(unknown)), ..(*library).clone() };
            Val::new(Kind::Attrs(Rc::new(library)), at)
        }
        _ => Val::new(Kind::Unknown(unknown), at),
    }
}

/// A module, or a list of modules.
fn listed(eval: &mut Eval, modules: &Thunk) -> Vec<Thunk> {
    let value = eval.force_or_unknown(modules);
    match value.kind {
        Kind::List(_) => vec![Thunk::done(Val::attrs([("imports".into(), modules.clone())], value.origin))],
        _ => vec![modules.clone()],
    }
}

#[cfg(test)]
mod tests {
    use super::is_nixpkgs;

    #[test]
    fn names_of_nixpkgs() {
        let check = |name: &str, expected: bool| assert_eq!(is_nixpkgs(name), expected, "{name}");
        for name in [
            "nixpkgs",
            "nixpkgs-unstable",
            "my-nixpkgs",
            "nixos",
            "nixos-24.05",
            "nixos_unstable",
            "NixPkgs",
            "nixos-unstable-small",
            "nixos-2405",
            "nixos_23_11",
        ] {
            check(name, true);
        }
        for name in [
            "nixos-hardware",
            "nixos-mailserver",
            "home-manager",
            "nixosModules",
            "nixos-06cb-009a-fingerprint-sensor",
            "nixpkgs-mozilla",
            "nixpkgs-wayland",
            "",
        ] {
            check(name, false);
        }
    }
}
