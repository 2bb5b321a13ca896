//! Where the text of files comes from: the disk, or memory for examples and unsaved buffers.

use super::load;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

pub use load::FileKind;

/// What the evaluator may ask of a file tree. All paths are absolute and normalised.
pub trait Files {
    /// The text of a file, or a plain sentence why there is none.
    fn read(&self, path: &Path) -> Result<String, String>;
    /// What is at this path, if anything.
    fn kind(&self, path: &Path) -> Option<FileKind>;
    /// The names in a folder, sorted; `None` when it is none or cannot be read.
    fn list(&self, path: &Path) -> Option<Vec<(String, FileKind)>>;
}

/// The real file tree, limited to some folders: nothing outside them is read.
#[derive(Debug)]
pub struct Disk {
    roots: Vec<PathBuf>,
}

impl Disk {
    /// Reads below `roots` only.
    pub fn new(roots: Vec<PathBuf>) -> Self {
        Self { roots }
    }

    fn inside(&self, path: &Path) -> bool {
        self.roots.iter().any(|root| path.starts_with(root))
            && !path.components().any(|part| part.as_os_str() == ".git")
    }
}

impl Files for Disk {
    fn read(&self, path: &Path) -> Result<String, String> {
        if !self.inside(path) {
            return Err(format!("`{}` lies outside the project", path.display()));
        }
        load::read_text(path).map_err(|error| error.to_string())
    }

    fn kind(&self, path: &Path) -> Option<FileKind> {
        self.inside(path).then(|| load::kind(path)).flatten()
    }

    fn list(&self, path: &Path) -> Option<Vec<(String, FileKind)>> {
        self.inside(path).then(|| load::read_dir(path).ok()).flatten()
    }
}

/// The real file tree, with some texts that stand in it otherwise, or not yet: unsaved buffers,
/// and fixes that are not written.
#[derive(Debug)]
pub struct Overlay {
    disk: Disk,
    texts: Memory,
}

impl Overlay {
    /// `texts` over `disk`.
    pub fn new(disk: Disk, texts: Memory) -> Self {
        Self { disk, texts }
    }
}

impl Files for Overlay {
    fn read(&self, path: &Path) -> Result<String, String> {
        self.texts.read(path).or_else(|_| self.disk.read(path))
    }

    fn kind(&self, path: &Path) -> Option<FileKind> {
        // A folder is what it is on the disk, perhaps a symlink.
        let text = self.texts.kind(path);
        if text == Some(FileKind::File) { text } else { self.disk.kind(path).or(text) }
    }

    fn list(&self, path: &Path) -> Option<Vec<(String, FileKind)>> {
        match (self.disk.list(path), self.texts.list(path)) {
            (Some(disk), Some(texts)) => {
                let names: BTreeMap<String, FileKind> = texts.into_iter().chain(disk).collect();
                Some(names.into_iter().collect())
            }
            (disk, texts) => disk.or(texts),
        }
    }
}

/// A file tree in memory.
#[derive(Clone, Debug, Default)]
pub struct Memory {
    files: BTreeMap<PathBuf, String>,
}

impl Memory {
    /// A tree of these files.
    pub fn new(files: impl IntoIterator<Item = (PathBuf, String)>) -> Self {
        Self { files: files.into_iter().collect() }
    }
}

impl Files for Memory {
    fn read(&self, path: &Path) -> Result<String, String> {
        self.files.get(path).cloned().ok_or_else(|| format!("`{}` does not exist", path.display()))
    }

    fn kind(&self, path: &Path) -> Option<FileKind> {
        if self.files.contains_key(path) {
            return Some(FileKind::File);
        }
        self.files.keys().any(|file| file.starts_with(path)).then_some(FileKind::Directory)
    }

    fn list(&self, path: &Path) -> Option<Vec<(String, FileKind)>> {
        let mut names = BTreeMap::new();
        for file in self.files.keys() {
            let Ok(below) = file.strip_prefix(path) else { continue };
            let mut parts = below.components();
            let Some(first) = parts.next() else { continue };
            let kind = if parts.next().is_some() { FileKind::Directory } else { FileKind::File };
            names.insert(first.as_os_str().to_string_lossy().into_owned(), kind);
        }
        (!names.is_empty()).then(|| names.into_iter().collect())
    }
}
