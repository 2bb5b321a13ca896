//! flake-parts: flakes written as modules.

use super::Modules;
use crate::eval::{Eval, Kind, R, Thunk, Val};
use crate::source::Origin;
use crate::value::{Cause, Name};
use std::collections::BTreeMap;

/// What flake-parts declares, as far as configurations are made from it.
const STAND_IN: super::StandIn = super::StandIn {
    class: Some("flake"),
    declarations: &[("<flake-parts.nix>", include_str!("parts.nix"))],
    inputs: None,
    flakes: &[],
    network: None,
    of_hosts: &[],
    name_of_hosts: &[],
    guests: &[],
};

/// The function `evalFlakeModules`: `{ specialArgs; … }: module: config`.
pub(super) fn evaluate() -> Val {
    Val::closure("evalFlakeModules", 2, |eval, args, at| run(eval, &args[0], &args[1], at))
}

fn run(eval: &mut Eval, given: &Thunk, module: &Thunk, at: Origin) -> R {
    let given = eval.force(given)?;
    let Kind::Attrs(given) = &given.kind else {
        return Ok(eval.unknown(Cause::Unsupported("mkFlake".into()), at));
    };
    let special: BTreeMap<Name, Thunk> =
        given.known.iter().map(|(name, attribute)| (name.clone(), attribute.value.clone())).collect();
    let modules = Modules::new(eval, "flake", vec![module.clone()], special, true, STAND_IN).made("`mkFlake`", at);
    eval.force(&modules.config())
}

/// A module that an option keeps for later, as its type wraps it.
pub(super) fn deferred(eval: &mut Eval, module: Val) -> Val {
    let origin = module.origin;
    let file = eval.unknown(Cause::Unsupported("the file of a definition".into()), origin);
    let imports = Thunk::done(Val::list(vec![Thunk::done(module)], origin));
    Val::attrs([("_file".into(), Thunk::done(file)), ("imports".into(), imports)], origin)
}

/// Several modules as the one module that imports them all.
pub(super) fn imports(modules: Vec<Thunk>, origin: Origin) -> Val {
    let list = Thunk::done(Val::list(modules, origin));
    Val::attrs([("imports".into(), list)], origin)
}
