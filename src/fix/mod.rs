//! Fixes made: rounds of checking and editing in memory until nothing is left to do, and only then
//! files written.

mod edits;
mod round;

pub use round::Mention;

use crate::check::{self, Request};
use crate::finding::{Fix, Report, Safety};
use crate::source::{Sources, load};
use round::Round;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// So many rounds are tried. A fix may uncover another one, but not for ever.
const ROUNDS: usize = 10;

/// A file that fixes change.
#[derive(Clone, Debug)]
pub struct Change {
    /// The file.
    pub path: PathBuf,
    /// Its text as it was read.
    pub before: String,
    /// Its text with the fixes.
    pub after: String,
}

/// What became of a project.
pub struct Outcome {
    /// What was found at first: places are those of the texts `before`.
    pub first: (Report, Sources),
    /// What is left to find.
    pub last: (Report, Sources),
    /// The files that are not what they were, sorted by path.
    pub changes: Vec<Change>,
    /// The fixes that were made, round by round.
    pub made: Vec<Mention>,
    /// Those that were not, and why.
    pub refused: BTreeMap<Mention, String>,
}

/// Finds out what fixing does, up to fixes of this `safety`; nothing is written. Only files below
/// the paths of `request` change. Needs a big stack: see [`crate::syntax::with_big_stack`].
pub fn run(request: &Request<'_>, safety: Safety) -> Outcome {
    let mut request = request.clone();
    let buffers = request.buffers.clone();
    let first = check::run(&request);
    let mut changes: BTreeMap<PathBuf, Change> = BTreeMap::new();
    let (mut made, mut refused) = (vec![], BTreeMap::default());
    let mut last = None;
    for nth in 0.. {
        let (report, sources) = last.as_ref().unwrap_or(&first);
        let mut found = round::round(&report.findings, sources, safety, |path| may_change(request.paths, path));
        // Those of the last round: until then what is in the way may go.
        refused = std::mem::take(&mut found.refused);
        if found.texts.is_empty() {
            break;
        }
        if nth == ROUNDS {
            give_up(&found, &mut changes, &mut made, &mut refused);
        } else {
            made.extend(found.made);
            note(found.texts, sources, &mut changes);
        }
        request.buffers = buffers.clone();
        request.buffers.extend(changes.values().map(|change| (change.path.clone(), change.after.clone())));
        last = Some(check::run(&request));
        if nth == ROUNDS {
            break;
        }
    }
    changes.retain(|_, change| change.before != change.after);
    let last = last.unwrap_or_else(|| check::run(&request));
    Outcome { first, last, changes: changes.into_values().collect(), made, refused }
}

/// Whether a fix of `text` can be made: what comes of it parses and has all comments.
pub fn holds(fix: &Fix, text: &str) -> bool {
    edits::checked(fix.file(), text, fix.edits()).is_ok()
}

/// Takes the texts of a round into the changes.
fn note(texts: BTreeMap<PathBuf, String>, sources: &Sources, changes: &mut BTreeMap<PathBuf, Change>) {
    for (path, after) in texts {
        let before = sources.find(&path).map_or("", |file| &sources.file(file).text);
        let change = Change { path: path.clone(), before: before.to_owned(), after: String::new() };
        changes.entry(path).or_insert(change).after = after;
    }
}

/// Leaves the files alone in which fixes follow each other without an end.
fn give_up(
    endless: &Round,
    changes: &mut BTreeMap<PathBuf, Change>,
    made: &mut Vec<Mention>,
    refused: &mut BTreeMap<Mention, String>,
) {
    changes.retain(|path, _| !endless.texts.contains_key(path));
    made.retain(|mention| !endless.texts.contains_key(&mention.path));
    let why = "it does not come to an end, so the file stays as it was";
    refused.extend(endless.made.iter().map(|mention| (mention.clone(), why.to_owned())));
}

/// Writes the changes; those that could not be, with the reason.
pub fn write(changes: &[Change]) -> Vec<(&Path, String)> {
    let written = changes.iter().map(|change| {
        let root = load::project_root(&change.path);
        (change, load::replace(&root, &change.path, &change.before, &change.after))
    });
    written.filter_map(|(change, outcome)| Some((&*change.path, outcome.err()?.to_string()))).collect()
}

/// Whether a file may be changed: one below the paths that were asked for, and writable.
fn may_change(paths: &[PathBuf], path: &Path) -> Result<(), String> {
    if !paths.iter().any(|folder| path.starts_with(folder)) {
        return Err("the place to change lies outside the given paths".to_owned());
    }
    load::writable(&load::project_root(path), path).map(drop).map_err(|error| error.to_string())
}
