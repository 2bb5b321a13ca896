//! Syntax errors and names that nothing binds, as findings: what stands around them was checked all
//! the same.
//!
//! What follows an error on its line is most often its consequence, so a line has one finding.

use crate::eval::Eval;
use crate::finding::{Finding, Label, Severity};
use crate::source::{FileId, Origin};
use crate::syntax::SyntaxError;
use std::collections::BTreeSet;

/// The name that findings about syntax have for a rule.
pub const SYNTAX_ERROR: &str = "syntax-error";

/// Takes away the fixes of files that Nix cannot read: where things stand in them is a guess, and what
/// comes of a fix has to parse.
pub(super) fn leave_alone(eval: &Eval, findings: &mut [Finding]) {
    let broken: BTreeSet<FileId> = eval.parsed().filter(|tree| !tree.errors.is_empty()).map(|tree| tree.file).collect();
    for finding in findings {
        finding.fixes.retain(|fix| !broken.contains(&fix.file()));
    }
}

/// One finding for each syntax error in the files that were read; `reached` are those of configurations.
pub(super) fn errors(eval: &Eval, reached: &BTreeSet<FileId>) -> Vec<Finding> {
    let mut found = vec![];
    for tree in eval.parsed().filter(|tree| !eval.sources.file(tree.file).embedded) {
        let line = |error: &SyntaxError| eval.sources.position(tree.file, error.range.start).line;
        let mut lines = BTreeSet::new();
        // A file may be meant to be read with names of its own.
        let unbound = if eval.has_scoped() { &[][..] } else { &tree.unbound[..] };
        found.extend(tree.errors.iter().chain(unbound).filter(|error| lines.insert(line(error))).map(|error| {
            let message = format!("Nix cannot read this file: {}", error.message);
            let primary = Label::new(Origin::Written(tree.at(error.range)), "");
            Finding {
                help: Some("what could be read of the file was checked".into()),
                reached: reached.contains(&tree.file),
                ..Finding::new(SYNTAX_ERROR, Severity::Error, message, primary)
            }
        }));
    }
    found
}
