//! The files of one run.

use super::{FileId, LineIndex, Position, Span};
use std::collections::{BTreeSet, HashMap};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

/// One file's text and lines.
#[derive(Debug)]
pub struct SourceFile {
    /// Absolute path; for an embedded file a name in angle brackets.
    pub path: PathBuf,
    /// The whole text.
    pub text: Arc<str>,
    /// Part of this program (the library, the option declarations), not of the user's project.
    pub embedded: bool,
    lines: OnceLock<LineIndex>,
}

/// What the name of a file begins with, behind the bracket, that is in nobody's project and not ours.
pub const OUTSIDE: &str = "outside the project";

impl SourceFile {
    /// Whether it is in nobody's project and not ours: only its name is known.
    pub fn is_outside(&self) -> bool {
        self.embedded && self.path.to_string_lossy().strip_prefix('<').is_some_and(|name| name.starts_with(OUTSIDE))
    }

    /// The line index, made on first use.
    pub fn lines(&self) -> &LineIndex {
        self.lines.get_or_init(|| LineIndex::new(&self.text))
    }
}

/// Every file that was read. Several threads may each have one: the numbers of files are then the same
/// for all, and a file is read once.
#[derive(Debug, Default)]
pub struct Sources {
    /// By number, what was read here.
    files: Vec<Option<Arc<SourceFile>>>,
    by_path: HashMap<PathBuf, FileId>,
    shared: Arc<Mutex<Shared>>,
    /// Those that were read for nothing.
    hidden: BTreeSet<FileId>,
}

/// What those of several threads have in common: all files that have a number, read or not.
#[derive(Debug, Default)]
struct Shared {
    by_path: HashMap<Arc<Path>, FileId>,
    files: Vec<(Arc<Path>, Option<Arc<SourceFile>>)>,
}

impl Shared {
    fn number(&mut self, path: &Path) -> FileId {
        if let Some(id) = self.by_path.get(path) {
            return *id;
        }
        let (id, path) = (FileId(self.files.len() as u32), Arc::<Path>::from(path));
        self.by_path.insert(path.clone(), id);
        self.files.push((path, None));
        id
    }
}

impl Sources {
    /// Gives numbers to files that may be read, in this order, which then is also that of their numbers.
    pub fn number<'p>(&self, paths: impl IntoIterator<Item = &'p PathBuf>) {
        let mut shared = self.shared();
        for path in paths {
            shared.number(path);
        }
    }

    /// Nothing read yet, for another thread of the same run.
    pub fn beside(&self) -> Sources {
        Sources { shared: self.shared.clone(), ..Sources::default() }
    }

    /// Files that were read in another run, with the numbers that they had there: number, path, text, and whether
    /// it is part of this program.
    pub fn again(files: impl IntoIterator<Item = (FileId, PathBuf, Arc<str>, bool)>) -> Sources {
        let mut sources = Sources::default();
        for (id, path, text, embedded) in files {
            sources.hold(id, Arc::new(SourceFile { path, text, embedded, lines: OnceLock::new() }));
        }
        sources
    }

    /// Takes in what other threads have read. Of the user's files only those in `counting` are
    /// among [all files](Self::iter) then.
    pub fn gather(&mut self, counting: &[FileId]) {
        let read: Vec<_> = self.shared().files.iter().map(|(_, file)| file.clone()).collect();
        for (at, file) in read.into_iter().enumerate() {
            if let Some(file) = file {
                self.hold(FileId(at as u32), file);
            }
        }
        let counting: BTreeSet<FileId> = counting.iter().copied().collect();
        let other = self.by_path.values().filter(|id| !self.file(**id).embedded && !counting.contains(id));
        self.hidden = other.copied().collect();
    }

    /// Takes in a file of the user's; the same path again gives the id it has.
    pub fn add(&mut self, path: PathBuf, text: impl Into<Arc<str>>) -> FileId {
        self.insert(path, text.into(), false)
    }

    /// Takes in a file that ships with this program, under a name such as `<lib/lists.nix>`.
    pub fn add_embedded(&mut self, name: &str, text: impl Into<Arc<str>>) -> FileId {
        self.insert(PathBuf::from(name), text.into(), true)
    }

    fn insert(&mut self, path: PathBuf, text: Arc<str>, embedded: bool) -> FileId {
        if let Some(id) = self.by_path.get(&path) {
            return *id;
        }
        let mut shared = self.shared();
        let id = shared.number(&path);
        let read = &mut shared.files[id.0 as usize].1;
        let new = || Arc::new(SourceFile { path, text, embedded, lines: OnceLock::new() });
        let file = read.get_or_insert_with(new).clone();
        drop(shared);
        self.hold(id, file);
        id
    }

    fn hold(&mut self, id: FileId, file: Arc<SourceFile>) {
        let at = id.0 as usize;
        if self.files.len() <= at {
            self.files.resize(at + 1, None);
        }
        if self.files[at].is_none() {
            self.by_path.insert(file.path.clone(), id);
            self.files[at] = Some(file);
        }
    }

    fn shared(&self) -> MutexGuard<'_, Shared> {
        // What is in it is whole at any time.
        self.shared.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The file with this id.
    ///
    /// # Panics
    ///
    /// If only another thread has read it: see [`Sources::gather`].
    pub fn file(&self, id: FileId) -> &SourceFile {
        match &self.files[id.0 as usize] {
            Some(file) => file,
            None => unreachable!("an id comes from somebody who read the file"),
        }
    }

    /// The id of a file that was taken in already.
    pub fn find(&self, path: &Path) -> Option<FileId> {
        self.by_path.get(path).copied()
    }

    /// The same of a file that another thread has read, and not this one.
    pub fn find_elsewhere(&mut self, path: &Path) -> Option<FileId> {
        let shared = self.shared();
        let id = *shared.by_path.get(path)?;
        let file = shared.files[id.0 as usize].1.clone()?;
        drop(shared);
        self.hold(id, file);
        Some(id)
    }

    /// The number of a file, whether it was read or not.
    pub fn id(&self, path: &Path) -> Option<FileId> {
        self.find(path).or_else(|| self.shared().by_path.get(path).copied())
    }

    /// The path of a file with a number, whoever has read it.
    pub fn path(&self, id: FileId) -> Arc<Path> {
        self.shared().files[id.0 as usize].0.clone()
    }

    /// All files with their ids.
    pub fn iter(&self) -> impl Iterator<Item = (FileId, &SourceFile)> {
        let numbered = self.files.iter().enumerate();
        let held = numbered.filter_map(|(at, file)| Some((FileId(at as u32), &**file.as_ref()?)));
        held.filter(|(id, _)| !self.hidden.contains(id))
    }

    /// The text a span covers.
    pub fn text(&self, span: Span) -> &str {
        self.file(span.file).text.get(span.start as usize..span.end as usize).unwrap_or_default()
    }

    /// Line and column of a byte offset.
    pub fn position(&self, file: FileId, byte: u32) -> Position {
        let file = self.file(file);
        file.lines().position(&file.text, byte)
    }
}

#[cfg(test)]
mod tests {
    use super::Sources;
    use std::path::{Path, PathBuf};

    #[test]
    fn threads_number_files_alike_and_read_them_once() {
        let mut one = Sources::default();
        let paths = ["/a", "/b", "/c"].map(PathBuf::from);
        one.number(&paths);
        let mut other = one.beside();
        let b = other.add(paths[1].clone(), "read by the other");
        assert_eq!((one.find(&paths[1]), one.id(&paths[1])), (None, Some(b)));
        assert_eq!(one.add(paths[1].clone(), "changed meanwhile"), b);
        assert_eq!(&*one.file(b).text, "read by the other");
        let new = other.add("/d".into(), "");
        assert_eq!(&*one.path(new), Path::new("/d"));
        let read = |sources: &Sources| sources.iter().map(|(id, _)| id).collect::<Vec<_>>();
        assert_eq!(read(&one), [b]);
        one.gather(&[b, new]);
        assert_eq!(read(&one), [b, new]);
        assert!(b < new && one.id(Path::new("/a")) < Some(b) && one.find_elsewhere(Path::new("/a")).is_none());
        one.gather(&[new]);
        assert_eq!((read(&one), &*one.file(b).text), (vec![new], "read by the other"));
    }
}
