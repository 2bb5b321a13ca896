//! Which files those of configurations name by a path, and these in turn: whether a configuration
//! reaches such a file nobody can tell from the modules it is made of.

use crate::eval::Eval;
use crate::source::{FileId, load};
use crate::syntax::{Expr, PathKind, StrPart, Tree};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::rc::Rc;

/// The files of `from`, and those that they name by a path without holes, directly or through others.
pub(super) fn named(eval: &Eval, from: impl IntoIterator<Item = FileId>) -> BTreeSet<FileId> {
    let trees: BTreeMap<FileId, &Rc<Tree>> = eval.parsed().map(|tree| (tree.file, tree)).collect();
    let mut found = BTreeSet::new();
    let mut todo: Vec<FileId> = from.into_iter().collect();
    while let Some(file) = todo.pop() {
        let Some(tree) = trees.get(&file).filter(|_| found.insert(file)) else { continue };
        let Some(folder) = eval.sources.file(file).path.parent() else { continue };
        for path in tree.expressions().filter_map(|expr| literal(expr, folder)) {
            let files = [path.join("default.nix"), path];
            todo.extend(files.iter().filter_map(|path| eval.sources.find(path)));
        }
    }
    found
}

/// The path that a literal without holes names.
fn literal(expr: &Expr, folder: &Path) -> Option<PathBuf> {
    let Expr::Path { kind, parts } = expr else { return None };
    match (kind, &parts[..]) {
        (PathKind::Relative, [StrPart::Text(text)]) => Some(load::normalize(&folder.join(&**text))),
        (PathKind::Absolute, [StrPart::Text(text)]) => Some(load::normalize(Path::new(&**text))),
        _ => None,
    }
}
