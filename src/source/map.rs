//! The files of one run.

use super::{FileId, LineIndex, Position, Span};
use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

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

/// Every file that was read, in the order of reading.
#[derive(Debug, Default)]
pub struct Sources {
    files: Vec<SourceFile>,
    by_path: HashMap<PathBuf, FileId>,
}

impl Sources {
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
        let id = FileId(self.files.len() as u32);
        self.by_path.insert(path.clone(), id);
        self.files.push(SourceFile { path, text, embedded, lines: OnceLock::new() });
        id
    }

    /// The file with this id.
    pub fn file(&self, id: FileId) -> &SourceFile {
        &self.files[id.0 as usize]
    }

    /// The id of a file that was taken in already.
    pub fn find(&self, path: &Path) -> Option<FileId> {
        self.by_path.get(path).copied()
    }

    /// All files with their ids.
    pub fn iter(&self) -> impl Iterator<Item = (FileId, &SourceFile)> {
        self.files.iter().enumerate().map(|(at, file)| (FileId(at as u32), file))
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
