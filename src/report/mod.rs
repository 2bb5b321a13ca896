//! Findings written out: one file a format, all of them `fn write(…)`.
//!
//! Reporters know neither rules nor terminals: what they may assume about the
//! outside (width, colour, where paths start) stands in [`Options`]. Source text
//! reaches the output through [`mask`] alone, so that no secret does.

pub mod compact;
pub mod json;
mod mask;
mod place;
pub mod pretty;
mod scan;
mod snippet;
mod undecided;

pub use place::{escaped, place, relative};

use crate::finding::Report;
use crate::source::Sources;
use std::io;
use std::path::PathBuf;

/// The formats there are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// Snippets with labels, for people.
    Pretty,
    /// One line a finding, for editors and logs.
    Compact,
    /// One object, for programs.
    Json,
}

/// What a reporter may assume about where its output goes.
#[derive(Clone, Debug)]
pub struct Options {
    /// Paths are written relative to this absolute folder.
    pub base: PathBuf,
    /// Columns of a terminal; texts are wrapped to fit.
    pub width: usize,
    /// Whether escape sequences may be written.
    pub color: bool,
    /// Whether lines may be drawn with characters outside ASCII.
    pub unicode: bool,
    /// Whether to write what rules could not decide. JSON always holds it.
    pub undecided: bool,
}

impl Options {
    /// Plain text of 80 columns, with paths relative to `base`.
    pub fn plain(base: impl Into<PathBuf>) -> Self {
        Self { base: base.into(), width: 80, color: false, unicode: true, undecided: false }
    }
}

/// Writes `report` in `format`.
pub fn write(
    format: Format,
    report: &Report,
    sources: &Sources,
    options: &Options,
    out: &mut dyn io::Write,
) -> io::Result<()> {
    match format {
        Format::Pretty => pretty::write(report, sources, options, out),
        Format::Compact => compact::write(report, sources, options, out),
        Format::Json => json::write(report, sources, options, out),
    }
}

#[cfg(test)]
mod tests;
