//! What editors hold of files, saved or not.

use super::position::{Encoding, Lines};
use super::uri;
use crate::source::load;
use lsp_types::{TextDocumentContentChangeEvent, TextDocumentItem, Uri};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// An open document.
#[derive(Clone, Debug)]
pub(super) struct Document {
    /// Its address, as the client writes it.
    pub(super) uri: Uri,
    /// The client's number for this state of it.
    pub(super) version: i32,
    /// Its text.
    pub(super) text: Arc<str>,
}

/// The open documents with Nix code, by path.
#[derive(Clone, Debug, Default)]
pub(super) struct Documents(BTreeMap<PathBuf, Document>);

impl Documents {
    /// Takes in what was opened, if that is Nix code in a file. The file.
    pub(super) fn open(&mut self, item: TextDocumentItem) -> Option<PathBuf> {
        let path = uri::path(&item.uri)?;
        let is_nix = item.language_id == "nix" || path.extension().is_some_and(|extension| extension == "nix");
        if !is_nix || item.text.len() as u64 > load::MAX_BYTES {
            return None;
        }
        self.0.insert(path.clone(), Document { uri: item.uri, version: item.version, text: item.text.into() });
        Some(path)
    }

    /// Makes changes, one after the other. The file, if it is open.
    pub(super) fn change(
        &mut self,
        (uri, version): (&Uri, i32),
        changes: Vec<TextDocumentContentChangeEvent>,
        encoding: Encoding,
    ) -> Option<PathBuf> {
        let path = uri::path(uri)?;
        let document = self.0.get_mut(&path)?;
        let mut text = document.text.to_string();
        for change in changes {
            match change.range {
                None => text = change.text,
                Some(range) => {
                    let lines = Lines::new(&text, encoding);
                    let (start, end) = (lines.byte(range.start), lines.byte(range.end));
                    text.replace_range(start..end.max(start), &change.text);
                }
            }
        }
        document.version = version;
        document.text = text.into();
        Some(path)
    }

    /// Forgets a document. The file, if it was open.
    pub(super) fn close(&mut self, uri: &Uri) -> Option<PathBuf> {
        let path = uri::path(uri)?;
        self.0.remove(&path).map(|_| path)
    }

    /// The document that is open for a file.
    pub(super) fn get(&self, path: &Path) -> Option<&Document> {
        self.0.get(path)
    }

    /// The files that are open.
    pub(super) fn paths(&self) -> impl Iterator<Item = &Path> {
        self.0.keys().map(PathBuf::as_path)
    }

    /// The texts of the files below a folder.
    pub(super) fn below(&self, root: &Path) -> BTreeMap<PathBuf, String> {
        let below = self
            .0
            .iter()
            .filter(|(path, document)| path.starts_with(root) && document.text.len() as u64 <= load::MAX_BYTES);
        below.map(|(path, document)| (path.clone(), document.text.to_string())).collect()
    }
}
