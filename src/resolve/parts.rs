//! flake-parts: flakes written as modules.

use super::Modules;
use crate::eval::{Eval, Kind, Thunk, Val};
use crate::source::Origin;
use crate::value::{Cause, Str};

/// What flake-parts declares, as far as configurations are made from it.
const STAND_IN: super::StandIn =
    super::StandIn { declarations: &[("<flake-parts.nix>", include_str!("parts.nix"))], inputs: None };

/// Gives `lib` the function `mkFlake`.
pub(super) fn install(eval: &mut Eval) {
    let make = Val::closure("mkFlake", 2, |eval, args, at| {
        let given = eval.force(&args[0])?;
        let Kind::Attrs(given) = &given.kind else {
            return Ok(eval.unknown(Cause::Unsupported("mkFlake".into()), at));
        };
        let mut special = std::collections::BTreeMap::new();
        if let Some(inputs) = given.known.get("inputs") {
            special.insert("inputs".into(), inputs.value.clone());
            let inputs = inputs.value.clone();
            let itself = Thunk::native(at, move |eval| {
                let inputs = eval.force(&inputs)?;
                eval.select_from(&inputs, &[Str::new("self")], None, at)
            });
            special.insert("self".into(), itself);
        }
        if let Some(more) = given.known.get("specialArgs")
            && let Kind::Attrs(more) = &eval.force_or_unknown(&more.value).kind
        {
            special.extend(more.known.iter().map(|(name, attribute)| (name.clone(), attribute.value.clone())));
        }
        let modules = Modules::new(eval, "flake", vec![args[1].clone()], special, true, STAND_IN).made("`mkFlake`", at);
        let config = eval.force(&modules.config())?;
        eval.select_from(&config, &[Str::new("flake")], None, at)
    });
    eval.set_native("mkFlake", make);
}

/// Several modules as the one module that imports them all.
pub(super) fn imports(modules: Vec<Thunk>, origin: Origin) -> Val {
    let list = Thunk::done(Val::list(modules, origin));
    Val::attrs([("imports".into(), list)], origin)
}
