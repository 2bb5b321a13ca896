//! What was not read, not followed, not understood: everything that a user would otherwise not notice.

use crate::eval::Eval;
use crate::finding::{Problem, ProblemKind};
use crate::option::{Configuration, Gap};
use crate::source::Origin;
use crate::value::Cause;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// The problems met while `configurations` were resolved.
pub(super) fn found(eval: &Eval, configurations: &[Configuration]) -> Vec<Problem> {
    let mut found: Vec<Problem> = vec![];
    found.extend(eval.problems.iter().map(|(path, message)| Problem::not_read(path, message)));
    let named: BTreeSet<PathBuf> = found.iter().map(|problem| problem.path.clone()).collect();
    for (path, at, message) in &eval.not_understood {
        found.push(placed(eval, ProblemKind::NotUnderstood, path, *at, message.clone()));
    }
    for (at, limit) in &eval.cut_short {
        // Without a place there is nothing to look at; the options it concerns are undecided.
        let at = eval.public_origin(*at);
        if let Some(file) = at.file() {
            let path = &eval.sources.file(file).path;
            found.push(placed(eval, ProblemKind::CutShort, path, at, (*limit).to_owned()));
        }
    }
    for gap in configurations.iter().flat_map(|one| &one.gaps) {
        found.extend(missing_import(eval, gap, &named));
    }
    found
}

/// Whether something below `root` should be a configuration and is not understood.
pub(super) fn any_not_understood(problems: &[Problem], root: &Path) -> bool {
    problems.iter().any(|problem| problem.kind == ProblemKind::NotUnderstood && problem.path.starts_with(root))
}

/// An import of a file that is not there. One that is there and cannot be read has been named.
fn missing_import(eval: &Eval, gap: &Gap, named: &BTreeSet<PathBuf>) -> Option<Problem> {
    let Cause::NotRead(message) = &*gap.unknown.cause else { return None };
    // The other gaps of this kind are not about a file that an import names.
    if !message.contains(" was not read: ") {
        return None;
    }
    let is_named = |path: &PathBuf| message.starts_with(&format!("`{}` ", crate::eval::told(path)));
    let at = eval.public_origin(gap.at);
    let path = eval.sources.file(at.file()?).path.clone();
    (!named.iter().any(is_named)).then(|| placed(eval, ProblemKind::MissingImport, &path, at, message.clone()))
}

/// A problem of `path`, at a place in it or, failing that, in another file.
fn placed(eval: &Eval, kind: ProblemKind, path: &Path, at: Origin, message: String) -> Problem {
    let path = at.file().map_or_else(|| path.to_path_buf(), |file| eval.sources.file(file).path.clone());
    Problem { kind, path, at, message }
}
