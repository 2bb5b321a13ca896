//! Places as annotations mark them.

use super::expect::{Annotation, Example};
use super::project::Project;
use crate::source::{Origin, Sources};

/// Columns of one line of an example's file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// Index of the file in the example.
    pub file: usize,
    /// Line in the file, from 1.
    pub line: u32,
    /// First column, from 1.
    pub start: u32,
    /// One past the last column; what spans several lines ends with its first.
    pub end: u32,
}

impl Annotation {
    /// The place it marks.
    pub fn place(&self) -> Place {
        Place { file: self.file, line: self.line, start: self.start, end: self.end }
    }
}

impl Place {
    /// The text there.
    pub fn text(&self, example: &Example) -> String {
        example.files[self.file].columns(self.line, self.start, self.end)
    }
}

impl Project<'_> {
    /// Where `origin` is in the example; `None` when it is nowhere in it. A file as a
    /// whole is the first column of its first line.
    pub fn place(&self, sources: &Sources, origin: Origin) -> Option<Place> {
        let file = self.file_of(sources, origin)?;
        let Some(span) = origin.span() else { return Some(Place { file, line: 1, start: 1, end: 2 }) };
        let start = sources.position(span.file, span.start);
        let end = sources.position(span.file, span.end);
        let end = if end.line == start.line {
            end.column
        } else {
            let line = self.example.files[file].text.lines().nth(start.line as usize - 1).unwrap_or_default();
            line.trim_end().chars().count() as u32 + 1
        };
        Some(Place { file, line: start.line, start: start.column, end })
    }
}
