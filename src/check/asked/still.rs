//! Whether what was said is still so.
//!
//! First everything's marks are taken, which is cheap; only what left another one, or none, is asked about.

use super::answers::{Answers, FolderAnswers, Kind, Read, WalkAnswer, Written};
use super::{LINK, NOTHING, REFUSED, UNSEEN, letter, list, said};
use crate::source::files::{FileKind, Files};
use crate::source::load::{Mark, Walked};
use std::borrow::Cow;
use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering::Relaxed};
use std::thread::Builder;

/// So many folders are looked at in a row, and worth a thread of their own.
const PIECE: usize = 40;

/// The marks of a folder, and of what was read in it, now.
struct Now {
    folder: Option<Mark>,
    reads: Vec<Option<Mark>>,
}

/// If the tree that `files` gives, once for each of at most so many `threads`, still says the same: its answers, and
/// whether some of them are newer, in that they bear marks that the old ones do not.
pub fn still<'a, F: Files>(
    mut answers: Answers<'a>,
    roots: &[PathBuf],
    files: impl Fn() -> F + Sync,
    threads: usize,
) -> Option<(Answers<'a>, bool)> {
    let folders = &answers.folders;
    let now: Vec<Now> = side_by_side(folders, &files, threads, |files, _, folder| Some(marks(files, folder)))?;
    let same = same(folders, &now, roots);
    side_by_side(folders, &files, threads, |files, at, folder| says(files, folder, &now[at], same[at]).then_some(()))?;
    let walked_same = folders.iter().zip(&same).all(|(folder, same)| !folder.2 || *same);
    let walked = |root: &str| folders.iter().any(|folder| folder.2 && folder.0 == root);
    let mut walks = vec![];
    for walk in &answers.walks {
        if walked_same && walked(&walk.root) && walk.holds_besides_folders() {
            continue;
        }
        let root = Path::new(&*walk.root);
        let found = walk.walk().look(root);
        let again = WalkAnswer::new(root, walk.walk(), &found);
        if again.said != walk.said {
            return None;
        }
        walks.push((again, found));
    }
    let mut is_newer = false;
    for (folder, now) in answers.folders.iter_mut().zip(now) {
        is_newer |= renew(&mut folder.1, now.folder);
        for (read, now) in folder.5.iter_mut().zip(now.reads) {
            is_newer |= renew(&mut read.2, now);
        }
    }
    for (again, found) in walks {
        is_newer |= answers.renew_walk(again, found);
    }
    Some((answers, is_newer))
}

fn marks(files: &impl Files, folder: &FolderAnswers<'_>) -> Now {
    let path = Path::new(&*folder.0);
    let of_read =
        |Read(name, was, _): &Read<'_>| (!was.starts_with(REFUSED)).then(|| files.mark(&path.join(&**name)))?;
    Now { folder: files.mark(path), reads: folder.5.iter().map(of_read).collect() }
}

/// Which folders are the same, and lie below a root without links on the way, which leave no marks.
fn same(folders: &[FolderAnswers<'_>], now: &[Now], roots: &[PathBuf]) -> Vec<bool> {
    let mut direct: HashSet<&Path> = HashSet::with_capacity(folders.len());
    let mut all = Vec::with_capacity(folders.len());
    for (folder, now) in folders.iter().zip(now) {
        let path = Path::new(&*folder.0);
        let is_root = roots.iter().any(|root| root == path);
        let is_direct = now.folder.is_some() && (is_root || path.parent().is_some_and(|above| direct.contains(above)));
        if is_direct {
            direct.insert(path);
        }
        all.push(is_direct && folder.1 == now.folder.into());
    }
    all
}

/// Whether what is asked about a folder and the names in it is answered as before; in one that is the same, what its
/// mark does not tell.
fn says(files: &impl Files, folder: &FolderAnswers<'_>, now: &Now, same: bool) -> bool {
    let path = Path::new(&*folder.0);
    let kinds = folder.4.iter().filter(|Kind(_, was)| !same || [LINK, UNSEEN].contains(was));
    let mut kinds = kinds.map(|Kind(name, was)| (letter(files.kind(&path.join(&**name))), *was));
    let unseen = |is, was| is == UNSEEN && was == NOTHING;
    let mut reads = folder.5.iter().zip(&now.reads);
    kinds.all(|(is, was)| is == was || unseen(is, was))
        && (same || folder.3.as_ref().is_none_or(|was| list(files.list(path).as_deref()) == **was))
        && reads.all(|(Read(name, was, mark), now)| {
            let path = path.join(&**name);
            let marked = now.is_some() && *mark == (*now).into();
            marked && (same || files.kind(&path) == Some(FileKind::File)) || said(&files.read(&path)) == **was
        })
}

/// What is seen of each folder by at most so many threads; `None` if one of them sees nothing.
fn side_by_side<F: Files, T: Send>(
    folders: &[FolderAnswers<'_>],
    files: impl Fn() -> F + Sync,
    threads: usize,
    look: impl Fn(&F, usize, &FolderAnswers<'_>) -> Option<T> + Sync,
) -> Option<Vec<T>> {
    let (next, ended) = (AtomicUsize::new(0), AtomicBool::new(false));
    let pieces: Vec<_> = folders.chunks(PIECE).collect();
    let work = || {
        let (files, mut seen) = (files(), vec![]);
        loop {
            let piece = next.fetch_add(1, Relaxed);
            let Some(folders) = pieces.get(piece).filter(|_| !ended.load(Relaxed)) else { return seen };
            let of_piece = folders.iter().enumerate().map(|(at, folder)| look(&files, piece * PIECE + at, folder));
            match of_piece.collect::<Option<Vec<T>>>() {
                Some(of_piece) => seen.push((piece, of_piece)),
                None => ended.store(true, Relaxed),
            }
        }
    };
    let mut seen = std::thread::scope(|scope| {
        // Where there is no room for another one, those that are there do it.
        let others = (1..threads.min(pieces.len())).filter_map(|_| Builder::new().spawn_scoped(scope, work).ok());
        let others: Vec<_> = others.collect();
        let mut seen = work();
        others.into_iter().for_each(|other| seen.extend(other.join().unwrap_or_default()));
        seen
    });
    seen.sort_by_key(|(piece, _)| *piece);
    (seen.len() == pieces.len()).then(|| seen.into_iter().flat_map(|(_, of_piece)| of_piece).collect())
}

/// Takes a newer mark.
fn renew(written: &mut Written, now: Option<Mark>) -> bool {
    let is_newer = now.is_some() && *written != now.into();
    if is_newer {
        *written = now.into();
    }
    is_newer
}

impl Answers<'_> {
    /// Takes what a walk went by that found the same as before.
    fn renew_walk(&mut self, again: WalkAnswer<'static>, found: Walked) -> bool {
        let mut is_newer = false;
        for (path, mark) in found.seen.folders {
            let path = path.to_string_lossy().into_owned();
            match self.folders.binary_search_by(|folder| (*folder.0).cmp(&path)) {
                Ok(at) => is_newer |= !std::mem::replace(&mut self.folders[at].2, true),
                Err(at) => {
                    let new = FolderAnswers(Cow::Owned(path), mark.into(), true, None, vec![], vec![]);
                    self.folders.insert(at, new);
                    is_newer = true;
                }
            }
        }
        let of_root = self.walks.iter_mut().filter(|walk| walk.root == again.root);
        for walk in of_root {
            is_newer |= *walk != again;
            *walk = again.clone();
        }
        is_newer
    }
}
