//! Functions and sets below `pkgs` that are modelled.

use crate::eval::Eval;
use crate::eval::val::Val;
use crate::value::Name;

/// What stands at a path below `pkgs`, if it is more than a package.
pub(in crate::eval) fn package_function(eval: &mut Eval, path: &[Name]) -> Option<Val> {
    let path: Vec<_> = path.iter().map(Name::as_str).collect();
    match path[..] {
        ["lib"] => {
            let library = eval.library();
            Some(eval.force_or_unknown(&library))
        }
        _ => None,
    }
}
