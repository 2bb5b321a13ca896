//! Whether a file can matter to the rules at all, without evaluating it.
//!
//! A module on its own is worth resolving only if it, or a file that it names, holds a word that
//! what rules find is about. Files that are named by a path with holes, or by the list of a folder,
//! may be any: then it is resolved.

use crate::eval::Eval;
use crate::source::FileId;
use crate::source::load::{self, FileKind};
use crate::syntax::{Attr, AttrName, Expr, PathKind, StrPart, Tree, Var};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// What a text has in it that names another file; one without any is looked at no further.
const LINKS: [&str; 5] = ["./", ".nix", "import", "call", "read"];
/// Functions that name files which their caller does not.
const LISTS: [&str; 2] = ["readDir", "filesystem"];

/// The words that tell.
pub(super) struct Subjects<'w> {
    words: &'w [String],
    /// Files that hold none, nor any that they name does.
    without: BTreeSet<PathBuf>,
}

impl<'w> Subjects<'w> {
    pub(super) fn new(words: &'w [String]) -> Self {
        Self { words, without: BTreeSet::new() }
    }

    /// Whether `file`, or one that it names, holds one of the words.
    pub(super) fn concern(&mut self, eval: &mut Eval, file: &Path) -> bool {
        let (mut seen, mut todo) = (BTreeSet::new(), vec![file.to_path_buf()]);
        while let Some(file) = todo.pop() {
            if self.without.contains(&file) || !seen.insert(file.clone()) {
                continue;
            }
            let Ok(text) = eval.files().read(&file) else { continue };
            if self.words.iter().any(|word| text.contains(word.as_str())) {
                return true;
            }
            let is_nix = file.extension().is_some_and(|extension| extension == "nix");
            if !is_nix || !LINKS.iter().any(|link| text.contains(link)) {
                continue;
            }
            let Ok(id) = eval.read_source(&file) else { continue };
            match named(eval, id, &file) {
                Some(files) => todo.extend(files),
                None => return true,
            }
        }
        self.without.extend(seen);
        false
    }
}

/// The files that one names by paths; `None`: it may name any.
fn named(eval: &mut Eval, id: FileId, file: &Path) -> Option<Vec<PathBuf>> {
    let folder = file.parent()?;
    let tree = eval.tree(id);
    let modules = modules(&tree);
    let mut named = vec![];
    for (at, expr) in tree.expressions().enumerate() {
        match expr {
            Expr::Path { kind: PathKind::Home, .. } => (),
            Expr::Path { parts, .. } => {
                let [StrPart::Text(text)] = &parts[..] else { return None };
                let path = load::normalize(&folder.join(&**text));
                match eval.files().kind(&path) {
                    // Something may be put behind it, unless it is a module.
                    Some(FileKind::Directory) if !modules.contains(&at) => return None,
                    Some(FileKind::Directory) => named.push(path.join("default.nix")),
                    Some(_) => named.push(path),
                    None => (),
                }
            }
            Expr::Var(Var::Free { name, .. }) if LISTS.contains(&name.as_str()) => return None,
            Expr::Select { path, .. } if path.iter().any(is_list) => return None,
            _ => (),
        }
    }
    Some(named)
}

/// Where expressions stand that are elements of a list, or what `import` is given.
fn modules(tree: &Tree) -> BTreeSet<usize> {
    let mut modules = BTreeSet::new();
    for expr in tree.expressions() {
        match expr {
            Expr::List(items) => modules.extend(items.iter().map(|item| item.0 as usize)),
            Expr::Apply { function, argument } => {
                if matches!(tree.expr(*function), Expr::Var(Var::Free { name, .. }) if *name == "import") {
                    modules.insert(argument.0 as usize);
                }
            }
            _ => (),
        }
    }
    modules
}

fn is_list(attr: &Attr) -> bool {
    matches!(&attr.name, AttrName::Static(name) if LISTS.contains(&name.as_str()))
}
