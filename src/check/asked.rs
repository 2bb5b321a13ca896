//! What was asked of a file tree, and what it said, so that it can be asked again.
//!
//! Whoever goes by nothing but these answers comes to the same end while they are the same.

mod answers;
mod still;

pub use answers::Answers;
pub use still::still;

use crate::hash::Hash;
use crate::source::files::{FileKind, Files};
use crate::source::load::{self, Mark, Walked};
use answers::{FolderAnswers, WalkAnswer};
use std::collections::{BTreeMap, HashMap};
use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// How a folder is walked for the files of a project.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Walk {
    /// All of it.
    All,
    /// Not into folders that look like a project.
    Own,
}

impl Walk {
    /// For `paths` in the project `root`. Somebody who names a file in a folder that is no project, such as one
    /// for all sorts of things, does not ask about the projects that lie there, too.
    pub(super) fn new(root: &Path, paths: &[PathBuf]) -> Walk {
        let mut here = paths.iter().filter(|path| load::project_root(path) == root);
        let loose = !load::is_project(root) && here.all(|path| load::target_kind(path) != Some(FileKind::Directory));
        if loose { Walk::Own } else { Walk::All }
    }

    /// What is found below `root`.
    pub(super) fn look(self, root: &Path) -> Walked {
        match self {
            Walk::All => load::walk(root),
            Walk::Own => load::walk_own(root),
        }
    }
}

/// All that was asked so far, by all that share it.
#[derive(Clone, Debug)]
pub struct Asked {
    /// Where marks of folders are followed up to.
    roots: Arc<[PathBuf]>,
    notes: Arc<Mutex<Notes>>,
}

#[derive(Debug, Default)]
struct Notes {
    folders: HashMap<PathBuf, Folder>,
    walks: BTreeMap<PathBuf, WalkAnswer<'static>>,
}

impl Notes {
    /// Whether no more was said of a folder than that nothing is in it, which follows from that it is none.
    fn follows(&self, path: &Path, Folder { mark: _, walked, list, kinds, reads }: &Folder) -> bool {
        let (above, name) = within(path);
        let is_none = || Some([FILE, NOTHING].contains(self.folders.get(above)?.kinds.get(name)?));
        let is_empty = !walked && list.is_none() && reads.is_empty();
        is_empty && kinds.values().all(|kind| *kind == NOTHING) && is_none() == Some(true)
    }
}

/// What was asked about a folder and about the names in it.
#[derive(Debug, Default)]
struct Folder {
    /// Its mark before anything of that was asked.
    mark: Option<Mark>,
    /// Whether a walk looked into it.
    walked: bool,
    list: Option<String>,
    kinds: HashMap<OsString, char>,
    reads: HashMap<OsString, (String, Option<Mark>)>,
}

impl Asked {
    /// Nothing yet, of projects with these roots.
    pub fn new(roots: Vec<PathBuf>) -> Asked {
        Asked { roots: roots.into(), notes: Arc::default() }
    }

    /// Takes note of what a walk found below `root`.
    pub(super) fn walked(&self, root: &Path, walk: Walk, found: &Walked) {
        let mut notes = self.notes();
        for (path, mark) in &found.seen.folders {
            let new = || Folder { mark: *mark, ..Folder::default() };
            notes.folders.entry(path.clone()).or_insert_with(new).walked = true;
        }
        notes.walks.insert(root.to_path_buf(), WalkAnswer::new(root, walk, found));
    }

    /// The answers, in order.
    pub fn answers(&self) -> Answers<'static> {
        let notes = self.notes();
        let telling = notes.folders.iter().filter(|(path, folder)| !notes.follows(path, folder));
        let mut folders: Vec<_> = telling.map(|(path, folder)| FolderAnswers::new(path, folder)).collect();
        folders.sort();
        Answers { walks: notes.walks.values().cloned().collect(), folders }
    }

    fn notes(&self) -> MutexGuard<'_, Notes> {
        self.notes.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes the marks of a folder, and of those it is in, before anything is asked about it; `false` if
    /// that answer has been noted already.
    fn begin(&self, files: &impl Files, folder: &Path, is_new: impl Fn(&Folder) -> bool) -> bool {
        let mut notes = self.notes();
        if let Some(known) = notes.folders.get(folder) {
            return is_new(known);
        }
        let is_below = |path: &&Path| self.roots.iter().any(|root| path.starts_with(root));
        for path in folder.ancestors().take_while(is_below) {
            if notes.folders.contains_key(path) {
                break;
            }
            notes.folders.insert(path.to_path_buf(), Folder { mark: files.mark(path), ..Folder::default() });
        }
        notes.folders.entry(folder.to_path_buf()).or_default();
        true
    }

    /// Notes an answer. The first one counts: a file that is another one later in the run is so the next time, too.
    fn note(&self, folder: &Path, answer: impl FnOnce(&mut Folder)) {
        answer(self.notes().folders.entry(folder.to_path_buf()).or_default());
    }
}

/// A path as a name in a folder.
fn within(path: &Path) -> (&Path, &OsStr) {
    (path.parent().unwrap_or(path), path.file_name().unwrap_or_default())
}

/// A file tree, and a note of each question to it.
#[derive(Debug)]
pub struct Noting<F> {
    files: F,
    asked: Asked,
}

impl<F> Noting<F> {
    /// `files`, with notes in `asked`.
    pub fn new(files: F, asked: Asked) -> Self {
        Self { files, asked }
    }
}

impl<F: Files> Files for Noting<F> {
    fn read(&self, path: &Path) -> Result<String, String> {
        let (folder, name) = within(path);
        if !self.asked.begin(&self.files, folder, |known| !known.reads.contains_key(name)) {
            return self.files.read(path);
        }
        // Looked at before it is read: what is changed in between shows.
        let mark = self.files.mark(path);
        let text = self.files.read(path);
        let answer = (said(&text), mark.filter(|_| text.is_ok()));
        self.asked.note(folder, |notes| _ = notes.reads.entry(name.to_owned()).or_insert(answer));
        text
    }

    fn kind(&self, path: &Path) -> Option<FileKind> {
        let (folder, name) = within(path);
        let is_new = self.asked.begin(&self.files, folder, |known| !known.kinds.contains_key(name));
        let found = self.files.kind(path);
        if is_new {
            let letter = match letter(found) {
                UNSEEN if self.files.mark(path) == Some(Mark::NOTHING) => NOTHING,
                letter => letter,
            };
            self.asked.note(folder, |notes| _ = notes.kinds.entry(name.to_owned()).or_insert(letter));
        }
        found
    }

    fn list(&self, path: &Path) -> Option<Vec<(String, FileKind)>> {
        let is_new = self.asked.begin(&self.files, path, |known| known.list.is_none());
        let names = self.files.list(path);
        if is_new {
            self.asked.note(path, |notes| _ = notes.list.get_or_insert_with(|| list(names.as_deref())));
        }
        names
    }

    fn mark(&self, path: &Path) -> Option<Mark> {
        self.files.mark(path)
    }
}

/// A regular file.
const FILE: char = 'f';
/// A link: what it leads to decides whether it is seen at all.
const LINK: char = 'l';
/// There is nothing.
const NOTHING: char = 'n';
/// There is something that may not be looked at.
const UNSEEN: char = 'u';

/// What stands in front of the hash of why there is no text. A mark does not tell that.
const REFUSED: char = '!';

fn letter(kind: Option<FileKind>) -> char {
    match kind {
        Some(FileKind::File) => FILE,
        Some(FileKind::Directory) => 'd',
        Some(FileKind::Symlink) => LINK,
        Some(FileKind::Other) => 'o',
        None => UNSEEN,
    }
}

fn said(text: &Result<String, String>) -> String {
    match text {
        Ok(text) => Hash::of([text]).hex(),
        Err(why) => format!("{REFUSED}{}", Hash::of([why]).hex()),
    }
}

fn list(names: Option<&[(String, FileKind)]>) -> String {
    let Some(names) = names else { return String::new() };
    let letter = |kind: FileKind| letter(Some(kind)).to_string();
    Hash::of(names.iter().flat_map(|(name, found)| [name.clone(), letter(*found)])).hex()
}

#[cfg(test)]
mod tests;
