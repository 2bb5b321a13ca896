//! What was asked of a file tree, and what it said, so that it can be asked again.
//!
//! Whoever goes by nothing but these answers comes to the same end while they are the same.

use crate::hash::Hash;
use crate::source::files::{FileKind, Files};
use crate::source::load::{self, Problem};
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering::Relaxed};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::Builder;

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

    /// The Nix files, and what could not be read.
    pub(super) fn files(self, root: &Path) -> (Vec<PathBuf>, Vec<Problem>) {
        match self {
            Walk::All => load::walk(root),
            Walk::Own => load::walk_own(root),
        }
    }
}

/// What can be asked about a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
enum Question {
    /// Which Nix files are below it.
    Walk,
    /// The same for a folder that is no project.
    WalkOwn,
    /// What its text is.
    Read,
    /// What it is.
    Kind,
    /// What is in it.
    List,
}

/// A question about a path, and what was said: a word, or a hash of what is longer.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Answer<'a>(Question, #[serde(borrow)] Cow<'a, str>, #[serde(borrow)] Cow<'a, str>);

/// All that was asked so far, by all that share it.
#[derive(Clone, Debug, Default)]
pub struct Asked(Arc<Mutex<[HashMap<PathBuf, String>; 5]>>);

impl Asked {
    /// Takes note of what a walk found below `root`.
    pub(super) fn walked(&self, root: &Path, walk: Walk, found: &(Vec<PathBuf>, Vec<Problem>)) {
        let question = match walk {
            Walk::All => Question::Walk,
            Walk::Own => Question::WalkOwn,
        };
        self.note(question, root, || walked(found));
    }

    /// The answers, in order.
    pub fn answers(&self) -> Vec<Answer<'static>> {
        let asked = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let of = |question: Question| {
            let answers = asked[question as usize].iter();
            answers.map(move |(path, said)| {
                Answer(question, path.to_string_lossy().into_owned().into(), said.clone().into())
            })
        };
        let all = [Question::Walk, Question::WalkOwn, Question::Read, Question::Kind, Question::List];
        let mut answers: Vec<Answer<'_>> = all.into_iter().flat_map(of).collect();
        answers.sort();
        answers
    }

    /// The first answer counts: a file that is another one later in the run is so the next time, too.
    fn note(&self, question: Question, path: &Path, said: impl FnOnce() -> String) {
        let mut asked = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let answers = &mut asked[question as usize];
        if !answers.contains_key(path) {
            answers.insert(path.to_path_buf(), said());
        }
    }
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
        let text = self.files.read(path);
        self.asked.note(Question::Read, path, || read(&text));
        text
    }

    fn kind(&self, path: &Path) -> Option<FileKind> {
        let found = self.files.kind(path);
        self.asked.note(Question::Kind, path, || kind(found).to_owned());
        found
    }

    fn list(&self, path: &Path) -> Option<Vec<(String, FileKind)>> {
        let names = self.files.list(path);
        self.asked.note(Question::List, path, || list(names.as_deref()));
        names
    }
}

/// So many questions are asked in a row, and worth a thread of their own.
const PIECE: usize = 100;

/// Whether the tree that `files` gives, once for each of at most so many `threads`, says the same as before.
pub fn still<F: Files>(answers: &[Answer<'_>], files: impl Fn() -> F + Sync, threads: usize) -> bool {
    let (next, same) = (AtomicUsize::new(0), AtomicBool::new(true));
    let pieces: Vec<_> = answers.chunks(PIECE).collect();
    let work = || {
        let files = files();
        while let Some(piece) = pieces.get(next.fetch_add(1, Relaxed)).filter(|_| same.load(Relaxed)) {
            if piece.iter().any(|Answer(question, path, said)| *said != ask(&files, *question, Path::new(&**path))) {
                same.store(false, Relaxed);
            }
        }
    };
    std::thread::scope(|scope| {
        // Where there is no room for another one, those that are there do it.
        (1..threads.min(pieces.len())).for_each(|_| _ = Builder::new().spawn_scoped(scope, work));
        work();
    });
    same.into_inner()
}

fn ask(files: &impl Files, question: Question, path: &Path) -> String {
    match question {
        Question::Walk => walked(&Walk::All.files(path)),
        Question::WalkOwn if load::is_project(path) => String::new(),
        Question::WalkOwn => walked(&Walk::Own.files(path)),
        Question::Read => read(&files.read(path)),
        Question::Kind => kind(files.kind(path)).to_owned(),
        Question::List => list(files.list(path).as_deref()),
    }
}

fn walked((files, problems): &(Vec<PathBuf>, Vec<Problem>)) -> String {
    let files = files.iter().map(|path| path.as_os_str().as_encoded_bytes());
    let problems = problems.iter().flat_map(|one| [one.path.as_os_str().as_encoded_bytes(), one.message.as_bytes()]);
    Hash::of(files.chain([&b"\0"[..]]).chain(problems)).hex()
}

fn read(text: &Result<String, String>) -> String {
    match text {
        Ok(text) => Hash::of(["text", text]).hex(),
        Err(why) => Hash::of(["none", why]).hex(),
    }
}

fn kind(kind: Option<FileKind>) -> &'static str {
    match kind {
        Some(FileKind::File) => "file",
        Some(FileKind::Directory) => "folder",
        Some(FileKind::Symlink) => "link",
        Some(FileKind::Other) => "other",
        None => "",
    }
}

fn list(names: Option<&[(String, FileKind)]>) -> String {
    let Some(names) = names else { return String::new() };
    Hash::of(names.iter().flat_map(|(name, found)| [name, kind(Some(*found))])).hex()
}

#[cfg(test)]
mod tests {
    use super::{Asked, Noting, still};
    use crate::source::files::{Files, Memory};
    use std::path::{Path, PathBuf};

    fn tree(files: &[(String, &str)]) -> Memory {
        Memory::new(files.iter().map(|(path, text)| (PathBuf::from(path), (*text).to_owned())))
    }

    /// Whether what was asked of `/p/a` … `/p/e` is the same in other files, for one thread and for several.
    fn check(files: &[(&str, &str)], expected: bool) {
        let numbered = || (0..300).map(|n| (format!("/p/many/x{n}"), "same"));
        let before: Vec<_> = [("/p/a", "1"), ("/p/b", "2"), ("/p/c/d", "3")].map(|(p, t)| (p.to_owned(), t)).into();
        let before = tree(&before.into_iter().chain(numbered()).collect::<Vec<_>>());
        let asked = Asked::default();
        let noting = Noting::new(before, asked.clone());
        let (mut read, at) = (vec![], |name: &str| PathBuf::from(format!("/p/{name}")));
        read.push(noting.read(&at("a")).ok());
        read.push(noting.read(&at("e")).ok());
        noting.kind(&at("b"));
        noting.list(&at("c"));
        (0..300).for_each(|n| _ = noting.read(&at(&format!("many/x{n}"))));
        assert_eq!((read, noting.kind(Path::new("/p/e"))), (vec![Some("1".to_owned()), None], None));
        let after: Vec<_> = files.iter().map(|(path, text)| ((*path).to_owned(), *text)).collect();
        let after = tree(&after.into_iter().chain(numbered()).collect::<Vec<_>>());
        for threads in [1, 2, 8] {
            assert_eq!(still(&asked.answers(), || after.clone(), threads), expected, "{files:?}, {threads}");
        }
    }

    #[test]
    fn only_what_was_asked_counts() {
        check(&[("/p/a", "1"), ("/p/b", "2"), ("/p/c/d", "3")], true);
        // Only what it is was asked, only that it is there.
        check(&[("/p/a", "1"), ("/p/b", "other"), ("/p/c/d", "other"), ("/p/f", "new")], true);
        check(&[("/p/a", "other"), ("/p/b", "2"), ("/p/c/d", "3")], false);
        check(&[("/p/a", "1"), ("/p/b/now a folder", "2"), ("/p/c/d", "3")], false);
        check(&[("/p/a", "1"), ("/p/b", "2"), ("/p/c/d", "3"), ("/p/c/new", "")], false);
        check(&[("/p/a", "1"), ("/p/b", "2"), ("/p/c/d", "3"), ("/p/e", "new")], false);
        check(&[("/p/b", "2"), ("/p/c/d", "3")], false);
    }
}
