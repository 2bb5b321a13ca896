//! What was asked and said, as it is written down.

use super::{Folder, Walk};
use crate::hash::Hash;
use crate::source::load::{Mark, Seen, Walked};
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use std::path::{Path, PathBuf};

type Text<'a> = Cow<'a, str>;

/// Questions and answers.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answers<'a> {
    #[serde(borrow)]
    pub(super) walks: Vec<WalkAnswer<'a>>,
    /// In order of their paths: a folder stands before those in it.
    #[serde(borrow)]
    pub(super) folders: Vec<FolderAnswers<'a>>,
}

/// What a walk found, as a hash, and what it went by besides folders.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct WalkAnswer<'a> {
    #[serde(borrow)]
    pub root: Text<'a>,
    /// Whether it went into folders that look like a project.
    pub all: bool,
    pub said: String,
    pub patterns: Vec<(PathBuf, Written)>,
    pub links: Vec<(PathBuf, String)>,
}

/// What was asked about a folder and the names in it: its path, its mark, whether a walk looked into it, a hash of
/// what it holds, what names in it are, hashes of their texts with their marks.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(super) struct FolderAnswers<'a>(
    #[serde(borrow)] pub Text<'a>,
    pub Written,
    pub bool,
    #[serde(borrow)] pub Option<Text<'a>>,
    #[serde(borrow)] pub Vec<Kind<'a>>,
    #[serde(borrow)] pub Vec<Read<'a>>,
);

/// A name, and what it is, as a letter.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(super) struct Kind<'a>(#[serde(borrow)] pub Text<'a>, pub char);

/// A name, a hash of what was read there, the mark.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(super) struct Read<'a>(#[serde(borrow)] pub Text<'a>, #[serde(borrow)] pub Text<'a>, pub Written);

/// A mark by its number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(super) struct Written(pub Option<u64>);

impl From<Option<Mark>> for Written {
    fn from(mark: Option<Mark>) -> Written {
        Written(mark.map(Mark::number))
    }
}

impl From<Written> for Option<Mark> {
    fn from(written: Written) -> Option<Mark> {
        written.0.map(Mark::numbered)
    }
}

impl WalkAnswer<'static> {
    pub(super) fn new(root: &Path, walk: Walk, found: &Walked) -> Self {
        let Seen { folders: _, patterns, links } = &found.seen;
        let patterns = patterns.iter().map(|(path, mark)| (path.clone(), Written::from(*mark))).collect();
        let files = found.files.iter().map(|path| path.as_os_str().as_encoded_bytes());
        let problems = found.problems.iter();
        let problems = problems.flat_map(|one| [one.path.as_os_str().as_encoded_bytes(), one.message.as_bytes()]);
        WalkAnswer {
            root: text(root.as_os_str()),
            all: walk == Walk::All,
            said: Hash::of(files.chain([&b"\0"[..]]).chain(problems)).hex(),
            patterns,
            links: links.clone(),
        }
    }
}

impl WalkAnswer<'_> {
    pub(super) fn walk(&self) -> Walk {
        if self.all { Walk::All } else { Walk::Own }
    }

    /// Whether what it went by is the same but for the folders.
    pub(super) fn holds_besides_folders(&self) -> bool {
        let patterns: Vec<_> = self.patterns.iter().map(|(path, mark)| (path.clone(), (*mark).into())).collect();
        Seen::besides_folders(Path::new(&*self.root), &patterns, &self.links)
    }
}

impl FolderAnswers<'static> {
    pub(super) fn new(path: &Path, folder: &Folder) -> Self {
        let kinds = folder.kinds.iter().map(|(name, letter)| Kind(text(name), *letter));
        let reads = folder.reads.iter().map(|(name, (said, mark))| {
            let said = Cow::Owned(said.clone());
            Read(text(name), said, (*mark).into())
        });
        let (mut kinds, mut reads): (Vec<_>, Vec<_>) = (kinds.collect(), reads.collect());
        kinds.sort();
        reads.sort();
        let list = folder.list.clone().map(Cow::Owned);
        FolderAnswers(text(path.as_os_str()), folder.mark.into(), folder.walked, list, kinds, reads)
    }
}

fn text(name: &(impl AsRef<std::ffi::OsStr> + ?Sized)) -> Text<'static> {
    Cow::Owned(name.as_ref().to_string_lossy().into_owned())
}
