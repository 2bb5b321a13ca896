//! What the user's own Nix says of a configuration: the same `Configuration` as the static resolver's.
//!
//! Nix evaluates one expression of ours (`export/`), which tells the wanted options line by line.

mod combine;
mod discharge;
mod export;
mod locate;
mod log;
mod nix;
mod process;
mod record;
mod session;
mod target;
mod tree;
mod values;

pub use combine::{Difference, combine};
pub use log::Failure;
pub use nix::Nix;
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
    /// Options that may be fatal, asked last.
    pub last: &'a [Vec<String>],
}

/// A configuration as Nix sees it.
pub struct Evaluated {
    /// The options.
    pub configuration: Configuration,
    /// What Nix could not tell, and why: the option or part of one, the message, the place.
    pub failures: Vec<(String, String, Origin)>,
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

    /// Has Nix evaluate a configuration. `progress` hears how many options were told, and of how many.
    /// An error: nothing at all could be told.
    pub fn evaluate(
        &self,
        eval: &mut Eval,
        wanted: &Wanted<'_>,
        progress: &mut dyn FnMut(usize, Option<usize>),
    ) -> Result<Evaluated, (Failure, Origin)> {
        let mut asked = export::asked(wanted.patterns);
        export::with_any(&mut asked);
        let roots = [wanted.root.to_path_buf()];
        let target = wanted.target.expression(wanted.root);
        let question = Question {
            nix: &self.nix,
            version: self.version,
            target: &target,
            needs_store: wanted.target.needs_store(),
            asked: &asked,
            roots: &roots,
            last: wanted.last,
        };
        let answers = session::ask(&question, progress);
        let names = answers.as_ref().map_or(&[][..], |answers| &answers.roots);
        let folders = Folders { known: known_folders(wanted.root, names) };
        let mut locator = Locator::new(eval, folders);
        let answers = match answers {
            Ok(answers) => answers,
            Err(failure) => {
                let at = locate::failure_place(&mut locator, &failure.at);
                return Err((failure, at));
            }
        };
        let root = tree::Builder { locator: &mut locator, answers: &answers }.root();
        let files: BTreeSet<FileId> = answers.files.iter().filter_map(|file| locator.file(file)).collect();
        let failures = answers.fatal.iter().map(|(at, failure)| {
            (at.clone(), failure.message.clone(), locate::failure_place(&mut locator, &failure.at))
        });
        let failures = failures.collect();
        let configuration = Configuration {
            name: wanted.name.to_owned(),
            whole: true,
            guest: false,
            root,
            gaps: vec![],
            files,
            purpose: Purpose::System,
            resolved_by: Resolver::Nix,
            recognised_by: "Nix".to_owned(),
            entry: Origin::Default,
            entry_point: EntryPoint::Other,
        };
        Ok(Evaluated { configuration, failures, cut: answers.cut, runs: answers.runs })
    }
}

/// The project's folder under the names it has in Nix, the longest first.
fn known_folders(root: &Path, names: &[String]) -> Vec<(String, PathBuf)> {
    let mut known: Vec<(String, PathBuf)> = names.iter().map(|name| (name.clone(), root.to_path_buf())).collect();
    known.push((root.to_string_lossy().into_owned(), root.to_path_buf()));
    known.sort_by_key(|(name, _)| std::cmp::Reverse(name.len()));
    known.dedup();
    known
}
