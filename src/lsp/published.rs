//! Which diagnostics the client knows of.

use lsp_types::Diagnostic;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// What is told of a file: the version it is for, and what is wrong.
pub(super) type Told = (Option<i32>, Vec<Diagnostic>);

/// What the client was told, by project and file.
#[derive(Default)]
pub(super) struct Published(BTreeMap<PathBuf, BTreeMap<PathBuf, Told>>);

impl Published {
    /// Takes in what there is to tell of a project's files. What is new of it; files of which there is
    /// nothing to tell any more are told of once.
    pub(super) fn update(&mut self, root: &Path, now: BTreeMap<PathBuf, Told>) -> Vec<(PathBuf, Told)> {
        let before = self.0.remove(root).unwrap_or_default();
        let mut news: Vec<(PathBuf, Told)> = vec![];
        for (path, (_, diagnostics)) in &before {
            if !now.contains_key(path) && !diagnostics.is_empty() {
                news.push((path.clone(), (None, vec![])));
            }
        }
        news.extend(
            now.iter()
                .filter(|(path, told)| before.get(*path) != Some(told))
                .map(|(path, told)| (path.clone(), told.clone())),
        );
        self.0.insert(root.to_path_buf(), now);
        news
    }

    /// Forgets the projects that are not among `roots`: the files about which something was told.
    pub(super) fn retain(&mut self, roots: &BTreeSet<PathBuf>) -> Vec<PathBuf> {
        let gone: Vec<PathBuf> = self.0.keys().filter(|root| !roots.contains(*root)).cloned().collect();
        let files = gone.iter().filter_map(|root| self.0.remove(root)).flatten();
        files.filter(|(_, (_, diagnostics))| !diagnostics.is_empty()).map(|(path, _)| path).collect()
    }
}
