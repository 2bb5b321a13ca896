//! Makes a project of an example and resolves it.

use super::expect::Example;
use crate::eval::{Eval, Thunk};
use crate::option::{Configuration, OptionPattern};
use crate::resolve::{Declarations, Modules};
use crate::source::Origin;
use crate::source::files::Memory;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// Where the files of an example pretend to be.
pub(super) const ROOT: &str = "/page";

/// An example as a project.
pub struct Project {
    /// The evaluator of its files, with the sources.
    pub eval: Eval,
    /// The value of the first file.
    pub root: Thunk,
}

impl Project {
    /// The files of `example` in memory, below [`ROOT`].
    pub fn new(example: &Example) -> Project {
        let path = |name: &str| Path::new(ROOT).join(name);
        let files = example.files.iter().map(|file| (path(&file.path), file.text.clone()));
        let mut eval = Eval::new(Box::new(Memory::new(files)));
        let first = example.files.first().map_or("default.nix", |file| file.path.as_str());
        let root = eval.import_file(&path(first), Origin::Default);
        Project { eval, root }
    }

    /// The options that `patterns` name, with the first file as a whole configuration or as a
    /// module on its own.
    pub fn resolve(
        &mut self,
        whole: bool,
        patterns: &[OptionPattern],
        declarations: Declarations<'_>,
    ) -> Configuration {
        let modules = vec![self.root.clone()];
        Modules::new(&mut self.eval, "example", modules, BTreeMap::new(), whole, declarations)
            .resolve(&mut self.eval, patterns)
    }

    /// Syntax errors and files that could not be read: line in the block (from 1), and what.
    pub(super) fn problems(&self, example: &Example) -> Vec<(u32, String)> {
        let mut problems = Vec::new();
        for tree in self.eval.parsed() {
            let source = self.eval.sources.file(tree.file);
            for error in tree.errors.iter().filter(|_| !source.embedded) {
                let position = self.eval.sources.position(tree.file, error.range.start);
                problems.push((line(example, &source.path, position.line), error.message.clone()));
            }
        }
        for (path, message) in &self.eval.problems {
            problems.push((line(example, path, 1), format!("{}: {message}", inside(path).display())));
        }
        problems.sort();
        problems.dedup();
        problems
    }
}

fn inside(path: &Path) -> PathBuf {
    path.strip_prefix(ROOT).unwrap_or(path).to_path_buf()
}

/// The line in the block of a line in the file `path`.
fn line(example: &Example, path: &Path, line: u32) -> u32 {
    let file = inside(path).to_str().and_then(|name| example.file(name));
    file.map_or(1, |file| example.files[file].block_line(line))
}
