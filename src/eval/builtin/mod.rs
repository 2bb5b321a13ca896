//! `builtins`, one file a family; here only the tables.

pub(super) mod affix;
mod argument;
pub(super) mod attr_path;
mod attrs;
pub(super) mod check;
mod context;
mod core;
mod derivation;
mod digest;
mod file;
mod flake_ref;
mod gather;
mod hash;
pub(super) mod json;
mod list;
mod number;
mod order;
mod outside;
mod package;
mod path;
mod pattern;
pub(super) mod posix;
mod regex;
mod search;
mod string;
pub(super) mod text;
mod toml;
mod version;
mod writer;
mod xml;

use super::Eval;
use super::thunk::Thunk;
use super::val::{AttrSet, Attribute, Kind, R, Val};
use crate::source::Origin;
use crate::value::Name;
use std::collections::HashMap;
use std::rc::Rc;

/// A builtin: its name, how many arguments it takes, what it does.
type Builtin = (&'static str, usize, fn(&mut Eval, &[Thunk], Origin) -> R);

/// The families.
const FAMILIES: &[&[Builtin]] = &[
    core::TABLE,
    number::TABLE,
    string::TABLE,
    regex::TABLE,
    version::TABLE,
    context::TABLE,
    list::TABLE,
    order::TABLE,
    attrs::TABLE,
    gather::TABLE,
    path::TABLE,
    file::TABLE,
    flake_ref::TABLE,
    json::TABLE,
    toml::TABLE,
    hash::TABLE,
    digest::TABLE,
    derivation::TABLE,
    search::TABLE,
    outside::TABLE,
    xml::TABLE,
];

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
    for (name, what) in outside::UNKNOWN {
        let value = eval.unknown(crate::value::Cause::Outside((*what).to_owned()), Origin::Default);
        all.insert((*name).into(), value);
    }
    let mut globals: HashMap<Name, Val> = HashMap::new();
    for (name, value) in &all {
        globals.insert(format!("__{name}").into(), value.clone());
        if GLOBAL.contains(&name.as_str()) || ["true", "false", "null"].contains(&name.as_str()) {
            globals.insert(name.clone(), value.clone());
        }
    }
    let set = all.into_iter().map(|(name, value)| (name, Thunk::done(value)));
    let known = set.map(|(name, value)| (name, Attribute { value, site: Origin::Default })).collect();
    let rest = Some(eval.other_names("builtins"));
    let builtins = Val::new(Kind::Attrs(Rc::new(AttrSet { known, rest, ..AttrSet::default() })), Origin::Default);
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

pub(super) use package::package_function;
