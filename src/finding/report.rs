//! All that one run has to say, sorted and without repetitions.

use super::{
    Allowed, Certainty, Finding, Fix, Means, Problem, ProblemKind, RuleFacts, RuleId, Safety, Severity, Undecided,
    fingerprint,
};
use crate::source::{FileId, Origin, Sources};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// The outcome of one run.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Report {
    /// What rules found.
    pub findings: Vec<Finding>,
    /// What rules found and somebody has allowed.
    pub allowed: Vec<Allowed>,
    /// What rules could not tell.
    pub undecided: Vec<Undecided>,
    /// What could not be read.
    pub problems: Vec<Problem>,
    /// The rules that found something, whether allowed or not. Whoever has the rules has it, too: it is not kept.
    #[serde(skip)]
    pub rules: Vec<RuleFacts>,
    /// The run in numbers.
    pub summary: Summary,
}

/// A run in numbers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Summary {
    /// Configurations that were looked at.
    pub configurations: usize,
    /// Other configurations: they have none of the files that were looked at.
    pub elsewhere: usize,
    /// Modules on their own: no configuration reaches them.
    pub modules: usize,
    /// Rules that were asked of each of them.
    pub rules: usize,
    /// Answers that were decided: one for each rule and configuration, or module on its own.
    pub decided: usize,
    /// Answers that were not: something in question could not be known.
    pub open: usize,
    /// Answers that hang on what was not read alone: nothing that was is about the rule.
    pub hanging: usize,
    /// Imports and modules of the configurations that could not be followed.
    pub not_followed: usize,
    /// Files of the user's that were read.
    pub files_read: usize,
    /// Findings that are errors.
    pub errors: usize,
    /// Findings that are warnings.
    pub warnings: usize,
    /// Findings that are mere information.
    pub infos: usize,
    /// Findings that comments allow.
    pub allowed: usize,
    /// Findings that the baseline knows.
    pub known: usize,
    /// Findings that a safe fix removes.
    pub mendable: usize,
    /// Findings that only a suggested fix removes.
    pub suggested: usize,
    /// Questions that rules could not decide.
    pub undecided: usize,
    /// Rules with at least one such question.
    pub undecided_rules: usize,
    /// Files and folders that could not be read.
    pub unread: usize,
}

impl Summary {
    /// How many findings have this severity.
    pub fn of(&self, severity: Severity) -> usize {
        match severity {
            Severity::Error => self.errors,
            Severity::Warning => self.warnings,
            Severity::Info => self.infos,
        }
    }

    /// How many findings there are.
    pub fn findings(&self) -> usize {
        self.errors + self.warnings + self.infos
    }
}

/// What makes two findings one: the rule, the place, the message.
type Identity = (RuleId, Origin, String);

impl Report {
    /// Puts everything in order (path, byte, rule, message), makes one finding of
    /// those that differ only in their configurations, and counts anew.
    ///
    /// The outcome does not depend on the order in which things were reported. Texts that quote values
    /// of any length are shortened.
    pub fn sort_and_merge(&mut self, sources: &Sources) {
        self.texts().for_each(shorten);
        self.findings.sort();
        let mut merged: BTreeMap<Identity, Finding> = BTreeMap::new();
        for finding in self.findings.drain(..) {
            let identity = (finding.rule.clone(), finding.primary.at, finding.message.clone());
            match merged.get_mut(&identity) {
                Some(known) => merge(known, finding),
                None => {
                    merged.insert(identity, finding);
                }
            }
        }
        self.findings = merged.into_values().collect();
        self.leave_out_possible();
        for finding in &mut self.findings {
            finding.configurations.sort();
            finding.configurations.dedup();
        }
        // Stable sorts: whatever ties on the place keeps the order of all fields.
        self.findings.sort_by(|a, b| place(sources, &a.primary.at).cmp(&place(sources, &b.primary.at)));

        self.merge_undecided();
        self.undecided.sort_by(|a, b| place(sources, &a.at).cmp(&place(sources, &b.at)));
        self.problems.sort();
        self.problems.dedup();
        self.count();
    }

    /// The files that it names a place in.
    pub fn files(&self) -> BTreeSet<FileId> {
        let findings = self.findings.iter().chain(self.allowed.iter().map(|allowed| &allowed.finding));
        let labels = findings.clone().flat_map(|finding| std::iter::once(&finding.primary).chain(&finding.related));
        let comments = self.allowed.iter().filter_map(|allowed| match allowed.by {
            Means::Comment(span) => Some(span.file),
            Means::Baseline => None,
        });
        let of_fixes = findings.flat_map(|finding| &finding.fixes).map(Fix::file);
        let undecided = self.undecided.iter().flat_map(|one| [one.at, one.asked]);
        let places = labels.map(|label| label.at).chain(undecided).chain(self.problems.iter().map(|one| one.at));
        places.filter_map(|at| at.file()).chain(comments).chain(of_fixes).collect()
    }

    /// Every text that people read, but for reasons why something is allowed.
    pub fn texts(&mut self) -> impl Iterator<Item = &mut String> {
        let of_findings = self.findings.iter_mut().flat_map(|finding| {
            let labels = std::iter::once(&mut finding.primary).chain(&mut finding.related).map(|label| &mut label.text);
            labels.chain([&mut finding.message, &mut finding.option]).chain(&mut finding.help)
        });
        let of_undecided = self.undecided.iter_mut().flat_map(|one| [&mut one.cause, &mut one.option]);
        of_findings.chain(of_undecided).chain(self.problems.iter_mut().map(|problem| &mut problem.message))
    }

    /// Leaves out what is only possible at a place where the same rule is certain, in another
    /// configuration and in other words: there is one thing to look at.
    fn leave_out_possible(&mut self) {
        let key = |finding: &Finding| (finding.rule.clone(), finding.primary.at);
        let certain = self.findings.iter().filter(|finding| finding.certainty == Certainty::Certain);
        let certain: BTreeSet<_> = certain.map(key).collect();
        let is_left_out =
            |finding: &Finding| finding.certainty != Certainty::Certain && certain.contains(&key(finding));
        let secret = self.findings.iter().filter(|finding| is_left_out(finding) && finding.primary.redact);
        let secret: BTreeSet<_> = secret.map(key).collect();
        self.findings.retain(|finding| !is_left_out(finding));
        let hidden = self.findings.iter_mut().filter(|finding| secret.contains(&key(finding)));
        hidden.for_each(|finding| finding.primary.redact = true);
    }

    /// Gives each finding its fingerprint. Before anything is left out, and after
    /// [`sort_and_merge`](Self::sort_and_merge): findings that only their order tells apart would
    /// otherwise have others' fingerprints. `roots` are the projects' folders.
    pub fn fingerprint(&mut self, sources: &Sources, roots: &[PathBuf]) {
        fingerprint::assign(&mut self.findings, sources, roots);
    }

    /// Leaves out the findings that are less severe than `least`, and counts anew; says how many these are.
    pub fn leave_out_below(&mut self, least: Severity) -> usize {
        let before = self.findings.len();
        self.findings.retain(|finding| finding.severity <= least);
        self.count();
        before - self.findings.len()
    }

    /// Makes one of those that differ only in their configurations.
    fn merge_undecided(&mut self) {
        let mut merged: BTreeMap<_, Undecided> = BTreeMap::new();
        for undecided in self.undecided.drain(..) {
            let Undecided { rule, option, cause, at, asked, .. } = &undecided;
            let identity = (rule.clone(), option.clone(), cause.clone(), *at, *asked);
            match merged.get_mut(&identity) {
                Some(known) => {
                    known.reached |= undecided.reached;
                    known.configurations.extend(undecided.configurations);
                }
                None => {
                    merged.insert(identity, undecided);
                }
            }
        }
        self.undecided = merged.into_values().collect();
        for undecided in &mut self.undecided {
            undecided.configurations.sort();
            undecided.configurations.dedup();
        }
    }

    /// Sets those numbers of the summary that follow from the lists.
    pub fn count(&mut self) {
        let of = |severity| self.findings.iter().filter(|finding| finding.severity == severity).count();
        self.summary.errors = of(Severity::Error);
        self.summary.warnings = of(Severity::Warning);
        self.summary.infos = of(Severity::Info);
        self.summary.known = self.allowed.iter().filter(|allowed| allowed.by == Means::Baseline).count();
        self.summary.allowed = self.allowed.len() - self.summary.known;
        let best = |finding: &Finding| finding.fixes.iter().map(|fix| fix.safety).min();
        let with = |safety| self.findings.iter().filter(|finding| best(finding) == Some(safety)).count();
        self.summary.mendable = with(Safety::Safe);
        self.summary.suggested = with(Safety::Suggestion);
        self.summary.undecided = self.undecided.len();
        self.summary.undecided_rules =
            self.undecided.iter().map(|undecided| &undecided.rule).collect::<BTreeSet<_>>().len();
        let unread = self.problems.iter().filter(|problem| problem.kind == ProblemKind::NotRead);
        self.summary.unread = unread.map(|problem| &problem.path).collect::<BTreeSet<_>>().len();
    }
}

/// Longer texts, in bytes, are no sentences any more: they quote something very long.
const LONGEST: usize = 1_000;

/// Takes out the middle of a text that is too long.
fn shorten(text: &mut String) {
    if text.len() > LONGEST {
        let boundary = |at: &usize| text.is_char_boundary(*at);
        let start = (0..=LONGEST / 2).rfind(boundary).unwrap_or_default();
        let end = (text.len() - LONGEST / 2..).find(boundary).unwrap_or(text.len());
        text.replace_range(start..end, " … ");
    }
}

/// Takes `other` into `known`. Related places are united rather than dropped:
/// a dropped label could be the only one that marks its text as secret.
fn merge(known: &mut Finding, other: Finding) {
    known.severity = known.severity.min(other.severity);
    known.reached |= other.reached;
    known.configurations.extend(other.configurations);
    if other.certainty < known.certainty {
        known.certainty = other.certainty;
        known.help = other.help.or(known.help.take());
    }
    // What is written has to suit every configuration that the place is in.
    known.fixes.retain(|fix| other.fixes.contains(fix));
    known.primary.redact |= other.primary.redact;
    for label in other.related {
        match known.related.iter_mut().find(|old| old.at == label.at && old.text == label.text) {
            Some(old) => old.redact |= label.redact,
            None => known.related.push(label),
        }
    }
}

/// The sort key of a place: nothing written by the user comes last.
fn place<'a>(sources: &'a Sources, at: &Origin) -> (bool, Option<&'a Path>, u32, u32) {
    let path = at.file().map(|file| sources.file(file).path.as_path());
    let (start, end) = at.span().map_or((0, 0), |span| (span.start, span.end));
    (path.is_none(), path, start, end)
}

#[cfg(test)]
mod tests {
    use super::Report;
    use crate::finding::{Certainty, Finding, Label, Problem, Severity, Undecided};
    use crate::source::{FileId, Origin, Sources, Span};

    /// `rule@file:byte configuration certainty`, one finding a line.
    fn finding(line: &str, files: &[FileId]) -> Finding {
        let words: Vec<&str> = line.split(['@', ':', ' ']).collect();
        let [rule, file, byte, configuration, certainty] = words[..] else { panic!("{line}") };
        let byte = byte.parse().unwrap();
        let span = Span::new(files[file.parse::<usize>().unwrap()], byte, byte + 1);
        Finding {
            certainty: if certainty == "possible" { Certainty::Possible } else { Certainty::Certain },
            configurations: vec![configuration.into()],
            ..Finding::new(rule, Severity::Error, "wrong", Label::new(Origin::Written(span), ""))
        }
    }

    fn check(lines: &[&str], expected: &[&str]) {
        let mut sources = Sources::default();
        // Read in the opposite order of their names: the path counts, not the id.
        let files = [sources.add("/b.nix".into(), ""), sources.add("/a.nix".into(), "")];
        for order in [false, true] {
            let mut findings: Vec<Finding> = lines.iter().map(|line| finding(line, &files)).collect();
            if order {
                findings.reverse();
            }
            let mut report = Report { findings, ..Report::default() };
            report.sort_and_merge(&sources);
            let found: Vec<String> = report.findings.iter().map(show).collect();
            assert_eq!(found, expected, "reversed: {order}");
            assert_eq!(report.summary.errors, expected.len());
        }
    }

    fn show(finding: &Finding) -> String {
        let span = finding.primary.at.span().unwrap();
        let configurations = finding.configurations.join(",");
        format!("{}@{}:{} {configurations} {}", finding.rule, span.file.0, span.start, finding.certainty)
    }

    #[test]
    fn sorted_by_path_byte_rule() {
        check(
            &["x@0:3 c certain", "b@1:9 c certain", "a@1:9 c certain", "z@1:2 c certain"],
            &["z@1:2 c certain", "a@1:9 c certain", "b@1:9 c certain", "x@0:3 c certain"],
        );
    }

    #[test]
    fn one_finding_for_several_configurations() {
        check(
            &["x@0:3 two possible", "x@0:3 one certain", "x@0:3 two possible", "x@0:4 one possible"],
            &["x@0:3 one,two certain", "x@0:4 one possible"],
        );
    }

    #[test]
    fn certain_in_other_words() {
        let mut sources = Sources::default();
        let file = sources.add("/a.nix".into(), "");
        let certain = finding("x@0:3 one certain", &[file]);
        let mut possible = finding("x@0:3 two possible", &[file]);
        possible.message = "wrong, too".into();
        possible.primary.redact = true;
        let elsewhere = Finding { message: "wrong, too".into(), ..finding("x@0:4 two possible", &[file]) };
        let mut report = Report { findings: vec![possible, certain, elsewhere], ..Report::default() };
        report.sort_and_merge(&sources);
        let found: Vec<_> = report.findings.iter().map(show).collect();
        assert_eq!(found, ["x@0:3 one certain", "x@0:4 two possible"]);
        assert!(report.findings[0].primary.redact);
    }

    #[test]
    fn long_texts_are_shortened() {
        let mut sources = Sources::default();
        let file = sources.add("/a.nix".into(), "");
        let long =
            Finding { message: format!("`{}` is wrong", "ä".repeat(2_000)), ..finding("x@0:3 one certain", &[file]) };
        let mut report = Report { findings: vec![long, finding("x@0:4 one certain", &[file])], ..Report::default() };
        report.sort_and_merge(&sources);
        let [long, short] = &report.findings[..] else { panic!("{:?}", report.findings) };
        assert!(long.message.len() < 1_100 && long.message.ends_with("ä` is wrong") && long.message.contains("ä … ä"));
        assert_eq!(short.message, "wrong");
    }

    #[test]
    fn a_secret_stays_secret() {
        let mut sources = Sources::default();
        let file = sources.add("/a.nix".into(), "");
        let mut plain = finding("x@0:3 one certain", &[file]);
        let mut secret = finding("x@0:3 two possible", &[file]);
        plain.related = vec![Label::new(Origin::File(file), "from here")];
        secret.related = vec![Label::secret(Origin::File(file), "from here")];
        secret.primary.redact = true;
        let mut report = Report { findings: vec![plain, secret], ..Report::default() };
        report.sort_and_merge(&sources);
        assert_eq!(report.findings.len(), 1);
        assert!(report.findings[0].primary.redact);
        assert_eq!(report.findings[0].related, [Label::secret(Origin::File(file), "from here")]);
    }

    #[test]
    fn counts() {
        let undecided = |rule: &str, option: &str| Undecided {
            rule: rule.into(),
            option: option.into(),
            cause: "reads the clock".into(),
            at: Origin::Default,
            asked: Origin::Default,
            configurations: vec![],
            reached: true,
        };
        let problem = |message: &str| Problem::not_read("/x.nix", message);
        let mut report = Report {
            undecided: vec![undecided("a", "y"), undecided("a", "x"), undecided("a", "y"), undecided("b", "x")],
            problems: vec![problem("too large"), problem("a folder"), problem("too large")],
            ..Report::default()
        };
        report.sort_and_merge(&Sources::default());
        assert_eq!((report.summary.undecided, report.summary.undecided_rules), (3, 2));
        assert_eq!((report.problems.len(), report.summary.unread), (2, 1));
    }
}
