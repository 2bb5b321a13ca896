//! What is remembered of a run.

use crate::check::Answer;
use crate::finding::{Report, WrittenFile};
use crate::source::files::Files;
use crate::source::{FileId, SourceFile};
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use std::path::PathBuf;
use std::sync::Arc;

/// A report, and all that it goes by on the disk.
#[derive(Serialize, Deserialize)]
pub(super) struct Remembered<'r> {
    /// What was asked, and what was said.
    #[serde(borrow)]
    pub(super) asked: Vec<Answer<'r>>,
    /// The files that were read, by number.
    pub(super) sources: Vec<Source>,
    /// What came of it.
    pub(super) report: Cow<'r, Report>,
}

/// A file of the user's that was read, or one that the report names a place in.
#[derive(Serialize, Deserialize)]
pub(super) struct Source {
    #[serde(with = "WrittenFile")]
    id: FileId,
    path: PathBuf,
    embedded: bool,
    text: Text,
}

/// Where a file's text is to be had. Nobody's file is kept: it can hold secrets.
#[derive(Serialize, Deserialize)]
enum Text {
    /// On the disk.
    There,
    /// Nobody needs it: the report names no place in the file.
    Unneeded,
    /// Here, as it is part of the program.
    Own(String),
}

impl Source {
    /// One whose text is `needed`, or not.
    pub(super) fn new(id: FileId, file: &SourceFile, needed: bool) -> Source {
        let text = match (file.embedded, needed) {
            (true, true) => Text::Own(file.text.to_string()),
            (false, true) => Text::There,
            (_, false) => Text::Unneeded,
        };
        Source { id, path: file.path.clone(), embedded: file.embedded, text }
    }

    /// The same with its text; `None` if that cannot be read any more.
    pub(super) fn again(self, files: &impl Files) -> Option<(FileId, PathBuf, Arc<str>, bool)> {
        let text = match self.text {
            Text::There => files.read(&self.path).ok()?.into(),
            Text::Unneeded => Arc::from(""),
            Text::Own(text) => text.into(),
        };
        Some((self.id, self.path, text, self.embedded))
    }
}
