//! The last word of a check: what was done, in one line, and what that means
//! for the exit status.

use super::Exit;
use super::args::FailOn;
use crate::finding::{Problem, Severity, Summary};
use crate::report::{escaped, relative};
use std::path::Path;
use std::time::Duration;

/// The closing line, without its line end.
pub(super) fn summary_line(summary: &Summary, elapsed: Duration) -> String {
    let configurations = counted(summary.configurations, "configuration");
    let files = counted(summary.files_read, "file");
    let mut line = format!("Checked {configurations} in {files}, {}: ", duration(elapsed));
    let found: Vec<String> = Severity::ALL
        .into_iter()
        .filter(|severity| summary.of(*severity) > 0)
        .map(|severity| match severity {
            Severity::Info => format!("{} info", summary.infos),
            _ => counted(summary.of(severity), severity.as_str()),
        })
        .collect();
    line.push_str(&if found.is_empty() { "nothing found".to_owned() } else { found.join(", ") });
    if summary.undecided > 0 {
        let rules = counted(summary.undecided_rules, "rule");
        line.push_str(&format!("; {rules} undecided in {}", counted(summary.undecided, "place")));
    }
    if summary.unread > 0 {
        line.push_str(&format!("; {} not read", counted(summary.unread, "path")));
    }
    line
}

/// A line for what could not be read, without its line end.
pub(super) fn problem_line(problem: &Problem, base: &Path) -> String {
    format!("not read: {}: {}", escaped(&relative(&problem.path, base)), escaped(&problem.message))
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

fn counted(number: usize, what: &str) -> String {
    format!("{number} {what}{}", if number == 1 { "" } else { "s" })
}

fn duration(elapsed: Duration) -> String {
    let milliseconds = elapsed.as_millis();
    if milliseconds < 1000 { format!("{milliseconds} ms") } else { format!("{:.1} s", elapsed.as_secs_f64()) }
}

#[cfg(test)]
mod tests {
    use super::{exit, problem_line, summary_line};
    use crate::cli::{Exit, args::FailOn};
    use crate::finding::{Problem, Summary};
    use std::path::Path;
    use std::time::Duration;

    #[test]
    fn closing_lines() {
        let check = |summary: Summary, milliseconds, expected: &str| {
            assert_eq!(summary_line(&summary, Duration::from_millis(milliseconds)), expected);
        };
        let none = Summary { configurations: 1, files_read: 2, ..Summary::default() };
        check(none, 12, "Checked 1 configuration in 2 files, 12 ms: nothing found");
        check(
            Summary { errors: 1, warnings: 2, infos: 3, ..none },
            1234,
            "Checked 1 configuration in 2 files, 1.2 s: 1 error, 2 warnings, 3 info",
        );
        check(
            Summary { configurations: 0, files_read: 1, undecided: 5, undecided_rules: 1, unread: 1, ..none },
            0,
            "Checked 0 configurations in 1 file, 0 ms: nothing found; 1 rule undecided in 5 places; 1 path not read",
        );
    }

    #[test]
    fn what_was_not_read() {
        let problem = Problem { path: "/a/b\nc.nix".into(), message: "is not UTF-8".into() };
        assert_eq!(problem_line(&problem, Path::new("/a")), "not read: b\\nc.nix: is not UTF-8");
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
