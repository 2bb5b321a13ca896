//! What a finding is called from one run to the next.
//!
//! Made of the rule and the option, not of lines: moving or reformatting code keeps it. A baseline,
//! SARIF's `partialFingerprints` and GitLab's reports all go by the same one, so it has to be
//! assigned where everything that was found is still there: whoever leaves findings out (paths,
//! allowances, a baseline) does so afterwards, or what is left would be counted anew.

use super::Finding;
use crate::hash::Hash;
use crate::source::Sources;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fmt;
use std::path::{Path, PathBuf};

/// So many digits of the hash are kept: enough for every finding there will ever be.
const DIGITS: usize = 32;

/// Names a finding across runs: 32 hexadecimal digits, or nothing where none was assigned yet.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Fingerprint(String);

impl Fingerprint {
    /// The digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The fingerprint of the `nth` (from 0) finding of `rule` about `subject`.
    fn new(rule: &str, subject: &Subject, nth: usize) -> Self {
        let (kind, name) = match subject {
            Subject::Option(path) => ("option", path),
            Subject::File(path) => ("file", path),
        };
        let nth = nth.to_string();
        let mut digits = Hash::of(["optlint 1", rule, kind, name, &nth]).hex();
        digits.truncate(DIGITS);
        Self(digits)
    }
}

impl fmt::Display for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// What a finding is about.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Subject {
    /// An option, by its path.
    Option(String),
    /// No option in particular: the file, as seen from its project.
    File(String),
}

/// Gives each of `findings` its fingerprint; no two get the same. They are sorted as in a report,
/// and those of one rule about one option are told apart by their order. `roots` are the
/// projects' folders: files count from there, wherever the program was started.
pub(super) fn assign(findings: &mut [Finding], sources: &Sources, roots: &[PathBuf]) {
    let mut seen: BTreeMap<(String, Subject), usize> = BTreeMap::new();
    for finding in findings {
        let subject = subject(finding, sources, roots);
        let nth = seen.entry((finding.rule.to_string(), subject.clone())).or_default();
        finding.fingerprint = Fingerprint::new(finding.rule.as_str(), &subject, *nth);
        *nth += 1;
    }
}

fn subject(finding: &Finding, sources: &Sources, roots: &[PathBuf]) -> Subject {
    if !finding.option.is_empty() {
        return Subject::Option(finding.option.clone());
    }
    let path = finding.primary.at.file().map_or(Path::new(""), |file| &sources.file(file).path);
    // The innermost project, if one lies in another.
    let inside = roots.iter().filter_map(|root| path.strip_prefix(root).ok()).min_by_key(|path| path.as_os_str().len());
    let names = inside.unwrap_or(path).components().map(|part| part.as_os_str().to_string_lossy().into_owned());
    Subject::File(names.collect::<Vec<_>>().join("/"))
}

#[cfg(test)]
mod tests {
    use crate::finding::{Finding, Label, Report, Severity};
    use crate::source::{Origin, Sources, Span};
    use std::collections::BTreeSet;

    /// The fingerprints of findings in one file at `root`, each `rule option byte`.
    fn fingerprints(root: &str, lines: &[&str]) -> Vec<String> {
        let mut sources = Sources::default();
        let file = sources.add(format!("{root}/hosts/a.nix").into(), " ".repeat(100));
        let findings = lines.iter().map(|line| {
            let words: Vec<&str> = line.split(' ').collect();
            let [rule, option, byte] = words[..] else { panic!("{line}") };
            let byte = byte.parse().unwrap();
            let primary = Label::new(Origin::Written(Span::new(file, byte, byte + 1)), "");
            Finding {
                option: option.into(),
                ..Finding::new(rule, Severity::Error, format!("wrong at {byte}"), primary)
            }
        });
        let mut report = Report { findings: findings.collect(), ..Report::default() };
        report.sort_and_merge(&sources);
        report.fingerprint(&sources, &[root.into()]);
        report.findings.iter().map(|finding| finding.fingerprint.to_string()).collect()
    }

    #[test]
    fn moved_lines_and_projects_keep_them() {
        let sorted = |root, lines: &[&str]| fingerprints(root, lines).into_iter().collect::<BTreeSet<_>>();
        let here = sorted("/home/me/nixos", &["a x.y 3", "a x.y 9", "syntax  50"]);
        assert_eq!(here, sorted("/builds/1", &["a x.y 60", "a x.y 71", "syntax  0"]));
    }

    #[test]
    fn no_two_are_the_same() {
        let all = fingerprints("/p", &["a x.y 1", "a x.y 2", "a x.z 3", "b x.y 4", "ax .y 5", "a  6", "a  7", "b  8"]);
        assert_eq!(all.iter().collect::<BTreeSet<_>>().len(), 8);
        assert!(all.iter().all(|one| one.len() == 32));
    }

    /// Baselines that people have committed hold them: they must never change.
    #[test]
    fn they_are_a_promise() {
        let all = fingerprints("/p", &["some-rule services.example.secret 1", "syntax-error  2"]);
        assert_eq!(all, ["d06fbef26362c477113df2fb738bc049", "573e96bc5d28fe2e397abcfbc87ae00d"]);
    }
}
