//! How places are written down, for a report that is kept.

use crate::source::{FileId, Origin, Span};
use serde::{Deserialize, Serialize};

/// A [`FileId`] by its number.
#[derive(Serialize, Deserialize)]
#[serde(remote = "FileId")]
pub struct WrittenFile(u32);

/// A [`Span`].
#[derive(Serialize, Deserialize)]
#[serde(remote = "Span")]
pub(super) struct WrittenSpan {
    #[serde(with = "WrittenFile")]
    file: FileId,
    start: u32,
    end: u32,
}

/// An [`Origin`].
#[derive(Serialize, Deserialize)]
#[serde(remote = "Origin")]
pub(super) enum WrittenOrigin {
    /// At this place.
    Written(#[serde(with = "WrittenSpan")] Span),
    /// In this file.
    File(#[serde(with = "WrittenFile")] FileId),
    /// Nowhere.
    Default,
}
