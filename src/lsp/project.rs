//! A project as it is looked at: its rules, and what they found last.

use super::documents::Documents;
use crate::baseline::Baseline;
use crate::check::{Request, Threads, Wishes, run};
use crate::finding::Report;
use crate::lint::Rule;
use crate::option::OptionPattern;
use crate::source::Sources;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};

/// What a project is looked at with.
pub struct Ruled {
    /// The rules to ask.
    pub rules: Vec<Rule>,
    /// The names of all rules there are.
    pub names: Vec<String>,
    /// What the project's settings say besides.
    pub wishes: Wishes,
    /// The options whose values nobody prints.
    pub secrets: Vec<OptionPattern>,
    /// The findings that are known, and not told.
    pub known: Baseline,
}

/// Says what the project in a folder is looked at with, or in a sentence what is wrong with its settings.
pub type Load = Arc<dyn Fn(&Path) -> Result<Ruled, String> + Send + Sync>;

/// A project.
#[derive(Default)]
pub(super) struct Project {
    /// What it was last looked at with: its settings may be broken by now.
    pub(super) ruled: Option<Ruled>,
    /// What was found last, and the stamp of the state in which.
    pub(super) looked: Option<(u64, Report, Sources)>,
}

impl Project {
    /// Looks at the project in the folder `root`, if that was not done in the state with this stamp. Says
    /// whether it was not, and what is wrong with its settings.
    pub(super) fn look(
        &mut self,
        root: &Path,
        (stamp, documents): (u64, &Documents),
        (load, stop): (&Load, &Arc<AtomicBool>),
    ) -> (bool, Option<String>) {
        if self.looked.as_ref().is_some_and(|(of, ..)| *of == stamp) {
            return (false, None);
        }
        let problem = match load(root) {
            Ok(ruled) => {
                self.ruled = Some(ruled);
                None
            }
            Err(problem) => Some(problem),
        };
        let (report, sources) = match &self.ruled {
            Some(ruled) => {
                let rules: Vec<&Rule> = ruled.rules.iter().collect();
                let (mut report, sources) = run(&ruled.request(&rules, &[root.to_path_buf()], (documents, stop)));
                ruled.known.apply(&mut report);
                (report, sources)
            }
            None => Default::default(),
        };
        if stop.load(Relaxed) {
            return (false, None);
        }
        self.looked = Some((stamp, report, sources));
        (true, problem)
    }
}

impl Ruled {
    /// Asks for everything below the one folder in `root`.
    pub(super) fn request<'a>(
        &self,
        rules: &'a [&'a Rule],
        root: &'a [PathBuf],
        (documents, stop): (&Documents, &Arc<AtomicBool>),
    ) -> Request<'a> {
        let buffers = root.first().map(|root| documents.below(root)).unwrap_or_default();
        Request {
            paths: root,
            rules,
            buffers,
            other_rules: self.names.clone(),
            wishes: self.wishes.clone(),
            stop: Some(stop.clone()),
            threads: Threads::One,
            last: false,
            asked: None,
        }
    }
}
