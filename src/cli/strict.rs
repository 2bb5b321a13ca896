//! What was not looked at, or not to its end: what `--strict` does not put up with.

use crate::check::SYNTAX_ERROR;
use crate::finding::{ProblemKind, Report};

/// Everything in `report` that could not be read or resolved, such as `2 imports not followed`.
pub(super) fn unresolved(report: &Report) -> Vec<String> {
    let problems = |kinds: &[ProblemKind]| report.problems.iter().filter(|it| kinds.contains(&it.kind)).count();
    let unparsed = report.findings.iter().filter(|finding| finding.rule.as_str() == SYNTAX_ERROR).count();
    let counts = [
        (report.summary.unread, "path", "not read"),
        (unparsed, "syntax error", ""),
        (problems(&[ProblemKind::NotUnderstood]), "output", "not understood"),
        (problems(&[ProblemKind::CutShort]), "evaluation", "cut short"),
        // Imports that lead nowhere are among those that were not followed, unless no rule minds.
        (report.summary.not_followed.max(problems(&[ProblemKind::MissingImport])), "import", "not followed"),
        (report.summary.open, "answer", "undecided"),
    ];
    let told = counts.into_iter().filter(|(count, ..)| *count > 0).map(|(count, what, how)| {
        let plural = if count == 1 { "" } else { "s" };
        format!("{count} {what}{plural} {how}").trim_end().to_owned()
    });
    // An empty folder is most often the wrong one.
    let nothing = report.summary.files_read == 0 && report.summary.unread == 0;
    told.chain(nothing.then(|| "nothing to look at".to_owned())).collect()
}

#[cfg(test)]
mod tests {
    use super::{Report, unresolved};
    use crate::finding::{Finding, Label, Problem, Severity};
    use crate::source::Origin;

    #[test]
    fn nothing_is_overlooked() {
        let mut report = Report::default();
        report.count();
        assert_eq!(unresolved(&report), ["nothing to look at"]);
        report.summary.files_read = 1;
        assert_eq!(unresolved(&report), Vec::<String>::new());
        let broken = Finding::new("syntax-error", Severity::Error, "wrong", Label::new(Origin::Default, ""));
        report.findings = vec![broken.clone(), broken];
        report.problems = vec![Problem::not_read("/a.nix", "it is encrypted")];
        report.count();
        report.summary.open = 3;
        report.summary.not_followed = 1;
        let expected = ["1 path not read", "2 syntax errors", "1 import not followed", "3 answers undecided"];
        assert_eq!(unresolved(&report), expected);
    }
}
