//! Files, spans and lines.
//!
//! Everything else in the program speaks of places as [`Span`]s: byte ranges of
//! a file that [`Sources`] holds. Only [`load`] reads the disk.

pub mod files;
mod lines;
pub mod load;
mod map;

pub use lines::{LineIndex, Position};
pub use map::{OUTSIDE, SourceFile, Sources};

/// Names one file of a [`Sources`]; meaningless for another one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FileId(pub(crate) u32);

/// A byte range `start..end` (from 0, end exclusive) of one file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    /// The file the range lies in.
    pub file: FileId,
    /// First byte.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
}

impl Span {
    /// The range `start..end` of `file`.
    pub fn new(file: FileId, start: u32, end: u32) -> Self {
        Self { file, start, end }
    }

    /// Whether `other` lies wholly inside this span.
    pub fn contains(&self, other: &Span) -> bool {
        self.file == other.file && self.start <= other.start && other.end <= self.end
    }
}

/// Where something comes from, as precisely as its source allows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Origin {
    /// Written at this place.
    Written(Span),
    /// Somewhere in this file.
    File(FileId),
    /// Not written by the user: an option's default, or a library's doing.
    Default,
}

impl Origin {
    /// The exact place, where there is one.
    pub fn span(&self) -> Option<Span> {
        match self {
            Origin::Written(span) => Some(*span),
            _ => None,
        }
    }

    /// The file, where there is one.
    pub fn file(&self) -> Option<FileId> {
        match self {
            Origin::Written(span) => Some(span.file),
            Origin::File(file) => Some(*file),
            Origin::Default => None,
        }
    }
}
