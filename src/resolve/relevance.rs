//! Whether a file can matter to the rules at all, without evaluating it.
//!
//! A module on its own is worth resolving only if it, or a file that it names, holds a word that what
//! rules find is about. A folder that is named stands for all that is below it: something may be put
//! behind its path, or its files may be listed.

use crate::eval::Eval;
use crate::source::load::{FileKind, normalize};
use crate::syntax::{PathLiteral, path_literals};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// The words that tell.
pub(super) struct Subjects<'w> {
    words: &'w [String],
    /// Files and folders that hold none, nor does any that they name.
    without: BTreeSet<PathBuf>,
}

impl<'w> Subjects<'w> {
    pub(super) fn new(words: &'w [String]) -> Self {
        Self { words, without: BTreeSet::new() }
    }

    /// Whether `file`, or one that it names, directly or through others, holds one of the words.
    pub(super) fn concern(&mut self, eval: &Eval, file: &Path) -> bool {
        let (mut seen, mut todo) = (BTreeSet::new(), vec![file.to_path_buf()]);
        while let Some(path) = todo.pop() {
            if self.without.contains(&path) || !seen.insert(path.clone()) {
                continue;
            }
            if eval.files().kind(&path) == Some(FileKind::Directory) {
                let below = eval.files().list(&path).unwrap_or_default();
                todo.extend(below.into_iter().filter(|(name, _)| name != ".git").map(|(name, _)| path.join(name)));
                continue;
            }
            let Ok(text) = eval.files().read(&path) else { continue };
            if self.words.iter().any(|word| text.contains(word.as_str())) {
                return true;
            }
            if path.extension().is_some_and(|extension| extension == "nix") {
                let folder = path.parent().unwrap_or(Path::new("/"));
                let named = path_literals(&text);
                todo.extend(named.iter().filter_map(PathLiteral::sure).map(|path| normalize(&folder.join(path))));
            }
        }
        self.without.extend(seen);
        false
    }
}
