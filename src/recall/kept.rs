//! What is remembered of a run.

use crate::check::Answers;
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
    pub(super) asked: Answers<'r>,
    /// The files that the report names a place in.
    #[serde(borrow)]
    pub(super) sources: Vec<Source<'r>>,
    /// What came of it.
    pub(super) report: Cow<'r, Report>,
}

/// A file by its number: its path, its text.
#[derive(Serialize, Deserialize)]
pub(super) struct Source<'r>(
    #[serde(with = "WrittenFile")] FileId,
    #[serde(borrow)] Cow<'r, str>,
    #[serde(borrow)] Text<'r>,
);

/// Where a file's text is to be had. Nobody's file is kept: it can hold secrets.
#[derive(Serialize, Deserialize)]
enum Text<'r> {
    /// On the disk.
    There,
    /// Nobody needs it.
    Unneeded,
    /// Here, as it is part of the program.
    Own(#[serde(borrow)] Cow<'r, str>),
}

/// A file as [`Sources::again`](crate::source::Sources::again) takes it.
pub(super) type Again = (FileId, PathBuf, Arc<str>, bool);

impl Source<'_> {
    /// One whose text is `needed`, or not; `None` if its path is no text.
    pub(super) fn new(id: FileId, file: &SourceFile, needed: bool) -> Option<Source<'static>> {
        let text = match (needed, file.embedded) {
            (false, _) => Text::Unneeded,
            (true, true) => Text::Own(file.text.to_string().into()),
            (true, false) => Text::There,
        };
        Some(Source(id, file.path.to_str()?.to_owned().into(), text))
    }

    /// The same with its text, and whether it is part of the program; `None` if it cannot be read any more.
    pub(super) fn again(&self, files: &impl Files) -> Option<Again> {
        let Source(id, path, text) = self;
        let path = PathBuf::from(&**path);
        let (text, embedded) = match text {
            Text::There => (files.read(&path).ok()?.into(), false),
            Text::Unneeded => (Arc::from(""), false),
            Text::Own(text) => (Arc::from(&**text), true),
        };
        Some((*id, path, text, embedded))
    }
}
