//! What the user's own Nix says of a configuration: the same `Configuration` as the static resolver's.
//!
//! Nix evaluates one expression of ours (`export/`), which tells the wanted options line by line.

mod cache;
mod claims;
mod combine;
mod discharge;
mod export;
mod locate;
mod locked;
mod log;
mod message;
mod nix;
mod outside;
mod process;
mod record;
mod session;
mod target;
mod tree;
mod values;
mod written;

use log::Failure;

pub use claims::Claim;
pub use combine::{Difference, close, combine};
pub use nix::Nix;
pub use outside::{keep_open, open_gaps};
pub use target::Target;

use crate::eval::Eval;
use crate::option::{Configuration, EntryPoint, OptionPattern, Purpose, Resolver};
use crate::source::{FileId, Origin};
use locate::{Folders, Locator};
use session::Question;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// A Nix that was found to be good.
pub struct Bridge {
    nix: Nix,
    version: nix::Version,
    /// The version, as Nix writes it.
    pub name: String,
}

/// What to evaluate.
pub struct Wanted<'a> {
    /// What people call it.
    pub name: &'a str,
    /// The project's folder.
    pub root: &'a Path,
    /// What gives the configuration.
    pub target: &'a Target,
    /// The options of interest.
    pub patterns: &'a [OptionPattern],
    /// Options that may be fatal, asked late.
    pub last: &'a [Vec<String>],
    /// Options that surely are, asked last.
    pub worst: &'a [Vec<String>],
}

/// A configuration as Nix sees it.
pub struct Evaluated {
    /// The options.
    pub configuration: Configuration,
    /// Assertions that do not hold, and warnings.
    pub claims: Vec<Claim>,
    /// What Nix could not tell, and why: the option or part of one (none: the whole), the message, the place.
    pub failures: Vec<(Option<String>, String, Origin)>,
    /// Why it was cut short.
    pub cut: Option<String>,
    /// How often Nix was run.
    pub runs: usize,
}

impl Bridge {
    /// Looks for Nix; a sentence if there is none that will do.
    pub fn new(nix: Nix, folder: &Path) -> Result<Bridge, String> {
        let (name, version) = nix.version(folder)?;
        Ok(Bridge { nix, version, name })
    }

    /// Has Nix tell of a configuration. `progress` hears how many options were told, and of how many.
    pub fn ask(&self, wanted: &Wanted<'_>, progress: &mut dyn FnMut(usize, Option<usize>)) -> Asked {
        let mut asked = export::asked(wanted.patterns);
        export::with_any(&mut asked);
        let target = wanted.target.expression(wanted.root);
        let top = wanted.target.top(wanted.root);
        let is_flake = wanted.target.needs_store();
        let cache = cache::Cache::new(&self.nix, &self.name, (&top, wanted.root), is_flake);
        let question = Question {
            nix: &self.nix,
            version: self.version,
            target: &target,
            needs_store: is_flake,
            cache: cache.as_ref(),
            asked: &asked,
            roots: &[wanted.root.to_path_buf()],
            last: wanted.last,
            worst: wanted.worst,
        };
        Asked { top, answers: session::ask(&question, progress) }
    }
}

/// What Nix told of a configuration, not looked into.
pub struct Asked {
    /// The folder that Nix has under another name.
    top: PathBuf,
    answers: Result<session::Answers, Failure>,
}

impl Asked {
    /// What comes of a log, whoever wrote it: lines as Nix writes them, or records alone. For tests of what
    /// a broken Nix, or a broken memory of what one said, can do.
    pub fn of_log(log: &[u8], top: &Path) -> Asked {
        Asked { top: top.to_path_buf(), answers: session::heard(log) }
    }

    /// Makes a configuration of it. An error: nothing at all could be told; the message and the place.
    pub fn evaluated(self, eval: &mut Eval, wanted: &Wanted<'_>) -> Result<Evaluated, (String, Origin)> {
        let names = self.answers.as_ref().map_or(&[][..], |answers| &answers.roots);
        let folders = Folders { known: known_folders(wanted.root, &self.top, names) };
        let mut locator = Locator::new(eval, folders);
        // What is written there may be shown, although nobody has looked into it: only Nix understands it.
        locator.read(&wanted.target.file(wanted.root));
        let answers = match self.answers {
            Ok(answers) => answers,
            Err(failure) => {
                let at = locate::failure_place(&mut locator, &failure.at);
                return Err((wanted.target.explained(locator.words(&failure), &failure, &self.top), at));
            }
        };
        let root = tree::Builder { locator: &mut locator, answers: &answers }.root();
        let files: BTreeSet<FileId> = answers.files.iter().filter_map(|file| locator.file(file)).collect();
        let mut failures = vec![];
        for (at, failure) in answers.refused.iter().map(|failure| (None, failure)).chain(answers.failures()) {
            let place = locate::failure_place(&mut locator, &failure.at);
            let words = locator.words(failure);
            failures.push((at, wanted.target.explained(words, failure, &self.top), place));
        }
        let claims = claims::placed(&mut locator, &answers.claims, &answers.files, &root);
        let configuration = Configuration {
            name: wanted.name.to_owned(),
            whole: true,
            guest: false,
            defines: root.is_written(),
            root,
            asked: Default::default(),
            gaps: vec![],
            files,
            purpose: Purpose::System,
            resolved_by: Resolver::Nix,
            recognised_by: "Nix".to_owned(),
            entry: Origin::Default,
            entry_point: EntryPoint::Other,
        };
        let cut = answers.cut.as_ref().map(|failure| locator.words(failure));
        Ok(Evaluated { configuration, claims, failures, cut, runs: answers.runs })
    }
}

/// The project's folder under the names it has in Nix, the longest first.
fn known_folders(root: &Path, top: &Path, names: &[String]) -> Vec<(String, PathBuf)> {
    let own = |name: &String| if Path::new(name) == root { root } else { top };
    let mut known: Vec<(String, PathBuf)> = names.iter().map(|name| (name.clone(), own(name).to_path_buf())).collect();
    known.push((root.to_string_lossy().into_owned(), root.to_path_buf()));
    known.sort_by_key(|(name, _)| std::cmp::Reverse(name.len()));
    known.dedup();
    known
}
