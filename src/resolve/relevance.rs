//! Whether a file can matter at all, without evaluating it.
//!
//! A module on its own is worth resolving only if it, or a file that it names, holds a word that what
//! rules find is about. Where only some files are looked at, a configuration is worth resolving only if it
//! has a file that is one of them, or that names one. A folder that is named stands for all that is below it:
//! something may be put behind its path, or its files may be listed.

use crate::eval::Eval;
use crate::source::load::{FileKind, normalize};
use crate::syntax::{PathLiteral, path_literals};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// What is searched for in files and in those that they name.
pub(super) struct Search<'w> {
    what: What<'w>,
    /// Files and folders that have nothing of it, nor does any that they name.
    without: BTreeSet<PathBuf>,
}

enum What<'w> {
    /// One of these words.
    Words(&'w [String]),
    /// One of these files, or a file in one of these folders.
    Files(&'w [PathBuf]),
}

impl<'w> Search<'w> {
    /// For a file that holds one of `words`.
    pub(super) fn words(words: &'w [String]) -> Self {
        Self { what: What::Words(words), without: BTreeSet::new() }
    }

    /// For one of `paths`: files, or folders with all that is below them.
    pub(super) fn files(paths: &'w [PathBuf]) -> Self {
        Self { what: What::Files(paths), without: BTreeSet::new() }
    }

    /// Whether `file` is one of those, or one that it names, directly or through others.
    pub(super) fn concerns(&mut self, eval: &Eval, file: &Path) -> bool {
        let (mut seen, mut todo) = (BTreeSet::new(), vec![file.to_path_buf()]);
        while let Some(path) = todo.pop() {
            if self.without.contains(&path) || !seen.insert(path.clone()) {
                continue;
            }
            let is_folder = eval.files().kind(&path) == Some(FileKind::Directory);
            if self.what.is_at(&path, is_folder) {
                return true;
            }
            if is_folder {
                let below = match self.what {
                    What::Words(_) => eval.files().list(&path).unwrap_or_default(),
                    What::Files(_) => vec![("default.nix".into(), FileKind::File)],
                };
                todo.extend(below.into_iter().filter(|(name, _)| name != ".git").map(|(name, _)| path.join(name)));
                continue;
            }
            let Ok(text) = eval.files().read(&path) else { continue };
            if self.what.is_in(&text) {
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

impl What<'_> {
    fn is_at(&self, path: &Path, is_folder: bool) -> bool {
        match self {
            What::Words(_) => false,
            What::Files(files) => {
                files.iter().any(|file| path.starts_with(file) || is_folder && file.starts_with(path))
            }
        }
    }

    fn is_in(&self, text: &str) -> bool {
        match self {
            What::Words(words) => words.iter().any(|word| text.contains(word.as_str())),
            // A path may also be put together from texts.
            What::Files(files) => files.iter().filter_map(|file| called(file)).any(|name| text.contains(name)),
        }
    }
}

/// What a text calls a file that it names: by its own name, or by its folder's.
fn called(file: &Path) -> Option<&str> {
    let named = if file.ends_with("default.nix") { file.parent()? } else { file };
    named.file_name()?.to_str()
}
