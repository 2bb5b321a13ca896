//! What Nix refuses a set of modules for as a whole: definitions of options that nothing declares
//! (nixpkgs: `checkUnmatched`).

use super::context::Context;
use super::level::Level;
use super::module::show;
use super::node::Node;
use crate::eval::Eval;
use crate::value::{Cause, Name, Str, Unknown};
use std::rc::Rc;

/// Why Nix refuses modules that declare everything there is: something is defined that they do not
/// declare. Those that do not check that leave it out.
pub(super) fn refused(eval: &mut Eval, context: &Context, level: &Rc<Level>) -> Option<Unknown> {
    // A module that was not read may declare it.
    if !level.closed || context.open.borrow().is_some() {
        return None;
    }
    let own = |name: &Name| &**name == "_module";
    let (path, node) = stray(eval, level, &own)?;
    let at = node.written_site(eval);
    if is_unchecked(eval, level) {
        let cause = Cause::Unsupported("modules that leave out what they do not declare".into());
        return Some(eval.new_unknown(cause, at));
    }
    Some(eval.new_unknown(Cause::Fails(format!("the option `{}` is not declared", show(&path))), at))
}

/// The first definition that no declaration takes: no condition keeps its module out, and those
/// around it do not count.
fn stray(eval: &mut Eval, level: &Rc<Level>, skipped: &dyn Fn(&Name) -> bool) -> Option<(Vec<Str>, Rc<Node>)> {
    for (name, node) in level.children.iter().filter(|(name, _)| !skipped(name)) {
        if !node.is_declared() {
            let counts = node.raws().iter().any(|raw| raw.condition.is_always() && raw.beside.is_none());
            if counts {
                let path = level.path.iter().cloned().chain([Str::new(name.as_str())]).collect();
                return Some((path, node.clone()));
            }
        } else if node.has_definitions() && !node.is_option(eval) {
            let below = node.resolve(eval).and_then(|resolved| resolved.level.clone());
            let found = below.and_then(|below| stray(eval, &below, &|_| false));
            if found.is_some() {
                return found;
            }
        }
    }
    None
}

/// Whether modules may say of themselves that they take what they do not declare (`_module.check`).
fn is_unchecked(eval: &mut Eval, level: &Level) -> bool {
    let Some(node) = level.children.get("_module").cloned() else { return false };
    let Some(resolved) = node.resolve(eval) else { return true };
    resolved.level.as_ref().is_none_or(|own| own.children.contains_key("check") || own.others.is_some())
}
