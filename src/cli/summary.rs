//! The last word of a check: what was done, in one line, and what that means
//! for the exit status.

use super::Exit;
use super::args::FailOn;
use crate::finding::{Problem, ProblemKind, Severity, Summary};
use crate::report::{escaped, place, relative};
use crate::source::Sources;
use std::path::Path;
use std::time::Duration;

/// So many problems are written out.
const PROBLEMS: usize = 20;

/// What is said at the end: what was found, and how far that goes. `listed`: what is undecided
/// was written out already.
pub(super) fn closing_lines(summary: &Summary, elapsed: Duration, listed: bool) -> Vec<String> {
    let mut lines = vec![first_line(summary, elapsed)];
    lines.extend(mendable_line(summary));
    lines.extend(answers_line(summary, listed));
    if summary.configurations == 0 && summary.elsewhere > 0 {
        let others = match summary.elsewhere {
            1 => "not in the only configuration of the project".to_owned(),
            more => format!("in none of the {more} configurations of the project"),
        };
        lines.push(format!("That is {others} (`optlint configurations` says more)"));
    } else if summary.configurations == 0 {
        lines.push("No NixOS configuration was recognised (`optlint configurations` says what was seen)".to_owned());
    } else if summary.not_followed > 0 {
        let imports = counted(summary.not_followed, "import");
        lines.push(format!("{imports} not followed (`optlint configurations` says which and why)"));
    }
    lines
}

fn first_line(summary: &Summary, elapsed: Duration) -> String {
    let mut what = counted(summary.configurations, "configuration");
    if summary.modules > 0 {
        let alone = if summary.configurations + summary.elsewhere > 0 { " that none reaches" } else { "" };
        what = format!("{what} and {}{alone}", counted(summary.modules, "module"));
    }
    let files = counted(summary.files_read, "file");
    let mut line = format!("Checked {what} in {files}, {}: ", duration(elapsed));
    let found: Vec<String> = Severity::ALL
        .into_iter()
        .filter(|severity| summary.of(*severity) > 0)
        .map(|severity| match severity {
            Severity::Info => format!("{} info", summary.infos),
            _ => counted(summary.of(severity), severity.as_str()),
        })
        .collect();
    line.push_str(&if found.is_empty() { "nothing found".to_owned() } else { found.join(", ") });
    if summary.allowed > 0 {
        line.push_str(&format!("; {} allowed by comments", summary.allowed));
    }
    if summary.known > 0 {
        line.push_str(&format!("; {} known to the baseline", summary.known));
    }
    if summary.unread > 0 {
        line.push_str(&format!("; {} not read", counted(summary.unread, "path")));
    }
    line
}

/// What could be mended, and how.
fn mendable_line(summary: &Summary) -> Option<String> {
    let line = match (summary.mendable, summary.suggested) {
        (0, 0) => return None,
        (safe, 0) => format!("{safe} can be mended with --fix"),
        (0, suggested) => format!("{suggested} can be mended with --fix --unsafe"),
        (safe, suggested) => format!("{safe} can be mended with --fix, {suggested} more with --fix --unsafe"),
    };
    Some(format!("{line} (--diff shows how)"))
}

/// How much was decided, where something was not.
fn answers_line(summary: &Summary, listed: bool) -> Option<String> {
    let hint = if listed { "" } else { " (--undecided says why)" };
    let undecided = (summary.open > 0).then(|| format!("{} undecided{hint}", summary.open));
    let hanging = (summary.hanging > 0).then(|| format!("{} hang on imports that were not followed", summary.hanging));
    let others: Vec<String> = undecided.into_iter().chain(hanging).collect();
    let (rules, decided) = (counted(summary.rules, "rule"), counted(summary.decided, "answer"));
    (!others.is_empty()).then(|| format!("{rules}: {decided} decided, {}", others.join(", ")))
}

/// Lines for what could not be read or followed, without line ends; unless `all` are wanted, the last says how many
/// more there are.
pub(super) fn problem_lines(problems: &[Problem], sources: &Sources, base: &Path, all: bool) -> Vec<String> {
    // One cause may show at many places; files that were not read are named one by one.
    let mut lines: Vec<(&Problem, usize)> = vec![];
    for problem in problems {
        let same = |have: &&mut (&Problem, usize)| {
            problem.kind != ProblemKind::NotRead && (have.0.kind, &have.0.message) == (problem.kind, &problem.message)
        };
        match lines.iter_mut().find(same) {
            Some((_, more)) => *more += 1,
            None => lines.push((problem, 0)),
        }
    }
    let most = if all { usize::MAX } else { PROBLEMS };
    let left = lines.len().saturating_sub(most);
    let shown = lines.into_iter().take(most);
    let mut lines: Vec<String> = shown.map(|(problem, more)| problem_line(problem, more, sources, base)).collect();
    if left > 0 {
        lines.push(format!("and {left} more such lines; --format json holds all"));
    }
    lines
}

/// Lines for the files that were read.
pub(super) fn read_lines(sources: &Sources, base: &Path) -> Vec<String> {
    let read = sources.iter().filter(|(_, file)| !file.embedded);
    let mut lines: Vec<String> =
        read.map(|(_, file)| format!("read: {}", escaped(&relative(&file.path, base)))).collect();
    lines.sort();
    lines
}

/// One problem; `more` others differ in their place only.
fn problem_line(problem: &Problem, more: usize, sources: &Sources, base: &Path) -> String {
    let what = match problem.kind {
        ProblemKind::NotRead => "not read",
        ProblemKind::MissingImport => "import not followed",
        ProblemKind::NotUnderstood => "not understood",
        ProblemKind::CutShort => "evaluation cut short",
        ProblemKind::NotEvaluated => "not evaluated",
    };
    let place = match place(sources, base, problem.at) {
        place if place.is_empty() => escaped(&relative(&problem.path, base)),
        place => place,
    };
    let more = if more > 0 { format!(" (and at {})", counted(more, "other place")) } else { String::new() };
    format!("{what}: {place}: {}{more}", escaped(&problem.message))
}

/// The exit status that findings ask for.
pub(super) fn exit(summary: &Summary, fail_on: FailOn) -> Exit {
    let least = match fail_on {
        FailOn::Error => Severity::Error,
        FailOn::Warning => Severity::Warning,
        FailOn::Info => Severity::Info,
        FailOn::Never => return Exit::Clean,
    };
    let fails = |severity: &Severity| severity.at_least(least) && summary.of(*severity) > 0;
    if Severity::ALL.iter().any(fails) { Exit::Found } else { Exit::Clean }
}

pub(super) fn counted(number: usize, what: &str) -> String {
    format!("{number} {what}{}", if number == 1 { "" } else { "s" })
}

fn duration(elapsed: Duration) -> String {
    let milliseconds = elapsed.as_millis();
    if milliseconds < 1000 { format!("{milliseconds} ms") } else { format!("{:.1} s", elapsed.as_secs_f64()) }
}

#[cfg(test)]
mod tests {
    use super::{closing_lines, exit, problem_lines};
    use crate::cli::{Exit, args::FailOn};
    use crate::finding::{Problem, ProblemKind, Summary};
    use crate::source::{Origin, Sources, Span};
    use std::path::Path;
    use std::time::Duration;

    #[test]
    fn closing() {
        let check = |summary: Summary, milliseconds, expected: &[&str]| {
            assert_eq!(closing_lines(&summary, Duration::from_millis(milliseconds), false), expected);
        };
        let none = Summary { configurations: 1, files_read: 2, rules: 3, decided: 3, ..Summary::default() };
        check(none, 12, &["Checked 1 configuration in 2 files, 12 ms: nothing found"]);
        check(
            Summary { modules: 2, errors: 1, warnings: 2, infos: 3, mendable: 2, suggested: 1, ..none },
            7,
            &[
                "Checked 1 configuration and 2 modules that none reaches in 2 files, 7 ms: 1 error, 2 warnings, 3 info",
                "2 can be mended with --fix, 1 more with --fix --unsafe (--diff shows how)",
            ],
        );
        check(
            Summary { modules: 2, errors: 1, warnings: 2, infos: 3, decided: 8, open: 1, not_followed: 4, ..none },
            1234,
            &[
                "Checked 1 configuration and 2 modules that none reaches in 2 files, 1.2 s: 1 error, 2 warnings, 3 info",
                "3 rules: 8 answers decided, 1 undecided (--undecided says why)",
                "4 imports not followed (`optlint configurations` says which and why)",
            ],
        );
        check(
            Summary { rules: 9, decided: 1, open: 2, hanging: 6, not_followed: 1, ..none },
            1,
            &[
                "Checked 1 configuration in 2 files, 1 ms: nothing found",
                "9 rules: 1 answer decided, 2 undecided (--undecided says why), 6 hang on imports that were not followed",
                "1 import not followed (`optlint configurations` says which and why)",
            ],
        );
        check(
            Summary { configurations: 0, modules: 1, files_read: 1, unread: 1, ..none },
            0,
            &[
                "Checked 0 configurations and 1 module in 1 file, 0 ms: nothing found; 1 path not read",
                "No NixOS configuration was recognised (`optlint configurations` says what was seen)",
            ],
        );
        check(
            Summary { configurations: 0, elsewhere: 2, modules: 1, files_read: 1, ..none },
            0,
            &[
                "Checked 0 configurations and 1 module that none reaches in 1 file, 0 ms: nothing found",
                "That is in none of the 2 configurations of the project (`optlint configurations` says more)",
            ],
        );
    }

    #[test]
    fn what_was_not_read() {
        let mut sources = Sources::default();
        let file = sources.add("/a/c.nix".into(), "{\n  imports = [ ./d.nix ];\n}");
        let missing = Problem {
            kind: ProblemKind::MissingImport,
            path: "/a/c.nix".into(),
            at: Origin::Written(Span::new(file, 16, 23)),
            message: "`d.nix` was not read: it does not exist".into(),
        };
        let problems = [Problem::not_read("/a/b\nc.nix", "is not UTF-8"), missing.clone()];
        let expected = [
            "not read: b\\nc.nix: is not UTF-8",
            "import not followed: c.nix:2:15: `d.nix` was not read: it does not exist",
        ];
        assert_eq!(problem_lines(&problems, &sources, Path::new("/a"), false), expected);
        let again = problem_lines(&vec![missing; 3], &sources, Path::new("/a"), false);
        assert_eq!(again, [format!("{} (and at 2 other places)", expected[1])]);
        let many: Vec<Problem> = (0..30).map(|nth| Problem::not_read(format!("/a/{nth}"), "no")).collect();
        let many = problem_lines(&many, &sources, Path::new("/a"), false);
        assert_eq!((many.len(), &many[20][..]), (21, "and 10 more such lines; --format json holds all"));
    }

    #[test]
    fn exit_status() {
        let check = |errors, warnings, infos, expected: [Exit; 4]| {
            let summary = Summary { errors, warnings, infos, ..Summary::default() };
            let all = [FailOn::Error, FailOn::Warning, FailOn::Info, FailOn::Never];
            assert_eq!(all.map(|fail_on| exit(&summary, fail_on)), expected, "{summary:?}");
        };
        let (clean, found) = (Exit::Clean, Exit::Found);
        check(0, 0, 0, [clean, clean, clean, clean]);
        check(0, 0, 1, [clean, clean, found, clean]);
        check(0, 1, 1, [clean, found, found, clean]);
        check(1, 0, 0, [found, found, found, clean]);
    }
}
