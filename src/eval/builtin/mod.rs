//! `builtins`, one file a family; here only the tables.

mod core;

use super::Eval;
use super::thunk::Thunk;
use super::val::{Kind, R, Val};
use crate::source::Origin;
use crate::value::Name;
use std::collections::HashMap;
use std::rc::Rc;

/// A builtin: its name, how many arguments it takes, what it does.
type Builtin = (&'static str, usize, fn(&mut Eval, &[Thunk], Origin) -> R);

/// The families.
const FAMILIES: &[&[Builtin]] = &[core::TABLE];

/// Names that are there without `builtins.`.
const GLOBAL: &[&str] = &[
    "abort",
    "baseNameOf",
    "break",
    "derivation",
    "derivationStrict",
    "dirOf",
    "fetchGit",
    "fetchMercurial",
    "fetchTarball",
    "fetchTree",
    "fromTOML",
    "import",
    "isNull",
    "map",
    "placeholder",
    "removeAttrs",
    "scopedImport",
    "throw",
    "toString",
];

/// The outermost scope.
pub(super) fn globals(eval: &mut Eval) -> HashMap<Name, Val> {
    let constants = [
        ("true", Kind::Bool(true)),
        ("false", Kind::Bool(false)),
        ("null", Kind::Null),
        ("nixVersion", Kind::Str(Rc::new(crate::value::Str::new("2.18.1")))),
        ("langVersion", Kind::Int(6)),
        ("storeDir", Kind::Str(Rc::new(crate::value::Str::new("/nix/store")))),
    ];
    let mut all: HashMap<Name, Val> = HashMap::new();
    for (name, kind) in constants {
        all.insert(name.into(), Val::new(kind, Origin::Default));
    }
    for (name, arity, run) in FAMILIES.iter().copied().flatten() {
        all.insert((*name).into(), Val::native(name, *arity, *run));
    }
    let mut globals: HashMap<Name, Val> = HashMap::new();
    for (name, value) in &all {
        globals.insert(format!("__{name}").into(), value.clone());
        if GLOBAL.contains(&name.as_str()) || ["true", "false", "null"].contains(&name.as_str()) {
            globals.insert(name.clone(), value.clone());
        }
    }
    let set = all.into_iter().map(|(name, value)| (name, Thunk::done(value)));
    let builtins = Val::attrs(set, Origin::Default);
    let itself = builtins.clone();
    let builtins = eval.update(
        &builtins,
        &Val::attrs([("builtins".into(), Thunk::done(itself))], Origin::Default),
        Origin::Default,
    );
    if let Ok(builtins) = builtins {
        globals.insert("builtins".into(), builtins);
    }
    globals
}

/// Functions and sets below `pkgs` that are modelled.
pub(super) fn package_function(eval: &mut Eval, path: &[Name]) -> Option<Val> {
    let path: Vec<_> = path.iter().map(Name::as_str).collect();
    match path[..] {
        ["lib"] => {
            let library = eval.library();
            Some(eval.force_or_unknown(&library))
        }
        _ => None,
    }
}
