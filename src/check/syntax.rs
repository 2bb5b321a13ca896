//! Syntax errors as findings: what stands around them was checked all the same.
//!
//! What follows an error on its line is most often its consequence, so a line has one finding.

use crate::eval::Eval;
use crate::finding::{Finding, Label, Severity};
use crate::source::{FileId, Origin};
use crate::syntax::SyntaxError;
use std::collections::BTreeSet;

/// The name that findings about syntax have for a rule.
pub const SYNTAX_ERROR: &str = "syntax-error";

/// One finding for each syntax error in the files that were read; `reached` are those of configurations.
pub(super) fn errors(eval: &Eval, reached: &BTreeSet<FileId>) -> Vec<Finding> {
    let mut found = vec![];
    for tree in eval.parsed().filter(|tree| !eval.sources.file(tree.file).embedded) {
        let line = |error: &SyntaxError| eval.sources.position(tree.file, error.range.start).line;
        let mut lines = BTreeSet::new();
        found.extend(tree.errors.iter().filter(|error| lines.insert(line(error))).map(|error| {
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
