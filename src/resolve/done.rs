//! What was resolved of a project so far, by whichever thread.

use super::Request;
use super::entry::Found;
use super::relevance::Search;
use super::team::{Piece, Visits};
use crate::eval::{Eval, Notes};
use crate::option::{Configuration, Purpose};
use crate::source::FileId;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;

impl Piece {
    /// The same with what was noted meanwhile.
    pub(super) fn noting(self, eval: &mut Eval, request: &Request<'_>) -> Self {
        Self { notes: request.member.as_ref().map(|_| Arc::new(eval.notes())), ..self }
    }
}

/// What was resolved so far.
#[derive(Default)]
pub(super) struct Done<'p> {
    pub(super) root: PathBuf,
    /// For what has to do with the files that are looked at, if that is not all.
    pub(super) near: Option<Search<'p>>,
    /// What has nothing to do with them, as it seems.
    pub(super) far: Vec<Found>,
    pub(super) configurations: Vec<Arc<Configuration>>,
    /// The visits in which these were looked at.
    pub(super) counting: Vec<Visits>,
    /// What was noted meanwhile.
    pub(super) notes: Vec<Arc<Notes>>,
    /// The files they are made of.
    pub(super) reached: BTreeSet<FileId>,
}

impl Done<'_> {
    pub(super) fn take(&mut self, eval: &Eval, configurations: &[Arc<Configuration>]) {
        for one in configurations {
            // What a test imports is not only there for tests.
            let counts =
                |file: &FileId| one.purpose != Purpose::Test || is_for_tests(&self.root, &eval.sources.path(*file));
            self.reached.extend(one.files.iter().copied().filter(counts));
            self.configurations.push(one.clone());
        }
    }

    /// The same with what came of a file, unless something in front of it turned out to reach that.
    pub(super) fn take_unless_had(&mut self, eval: &Eval, file: &Path, piece: Piece) -> bool {
        let takes = !self.has(eval, file);
        if takes {
            self.take(eval, &piece.own);
            self.take(eval, &piece.inside);
            self.counting.push(piece.visits);
            self.notes.extend(piece.notes);
        }
        takes
    }

    /// Takes note of what was noted between pieces of work: where there are several threads, what is noted in
    /// one counts only if the piece does.
    pub(super) fn note(&mut self, eval: &mut Eval, request: &Request<'_>) {
        if request.member.is_some() {
            self.notes.push(Arc::new(eval.notes()));
        }
    }

    /// Whether a file may have to do with those that are looked at.
    pub(super) fn is_near(&mut self, eval: &Eval, file: &Path) -> bool {
        self.near.as_mut().is_none_or(|near| near.concerns(eval, file))
    }

    pub(super) fn has(&self, eval: &Eval, file: &Path) -> bool {
        eval.sources.id(file).is_some_and(|file| self.reached.contains(&file))
    }

    pub(super) fn not_in<'f>(&self, eval: &Eval, files: &[&'f PathBuf]) -> Vec<&'f PathBuf> {
        files.iter().filter(|file| !self.has(eval, file)).copied().collect()
    }
}

/// Whether a file is in a folder of tests.
fn is_for_tests(root: &Path, file: &Path) -> bool {
    let folders = file.strip_prefix(root).ok().and_then(Path::parent).into_iter().flat_map(Path::components);
    folders.filter_map(|part| part.as_os_str().to_str()).any(|name| ["test", "tests", "checks"].contains(&name))
}
