//! Moves every range of a tree.

use super::{Attr, Bindings, Expr, Param, Range, Tree};

/// Replaces every range in `tree`, those of its errors included.
pub(super) fn shift(tree: &mut Tree, moved: impl Fn(Range) -> Range) {
    let set = |range: &mut Range| *range = moved(*range);
    tree.ranges.iter_mut().for_each(set);
    tree.errors.iter_mut().for_each(|error| set(&mut error.range));
    let in_bindings = |bindings: &mut Bindings| {
        bindings.statics.iter_mut().for_each(|binding| set(&mut binding.range));
        bindings.dynamics.iter_mut().for_each(|binding| set(&mut binding.range));
    };
    let in_path = |path: &mut [Attr]| path.iter_mut().for_each(|attr| set(&mut attr.range));
    for expr in &mut tree.exprs {
        match expr {
            Expr::Attrs { bindings, .. } | Expr::Let { bindings, .. } => in_bindings(bindings),
            Expr::Select { path, .. } | Expr::HasAttr { path, .. } => in_path(path),
            Expr::Lambda { param, .. } => {
                if let Param::Pattern { formals, .. } = &mut **param {
                    formals.iter_mut().for_each(|formal| set(&mut formal.range));
                }
            }
            _ => {}
        }
    }
}
