//! What files look like from outside, to be compared with a later look.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;
use std::time::SystemTime;

/// When files were written last, and how long they are.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Stamp(BTreeMap<PathBuf, Option<(SystemTime, u64)>>);

impl Stamp {
    /// Looks at `files` now; one that is not there counts, too.
    pub fn new(files: impl IntoIterator<Item = PathBuf>) -> Self {
        let look = |path: &PathBuf| {
            let found = fs::metadata(path).ok()?;
            Some((found.modified().ok()?, found.len()))
        };
        Self(files.into_iter().map(|path| (look(&path), path)).map(|(found, path)| (path, found)).collect())
    }
}
