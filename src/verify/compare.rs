//! Compares findings with annotations.

use super::expect::{Annotation, Example, Kind};
use super::failure::{Failure, Miss};
use super::place::Place;
use super::project::Project;
use crate::finding::{Certainty, Finding, Label, Severity};
use crate::source::Sources;

/// What is wrong between the annotations of an example and what was found in it.
/// Lines are those of the block, from 1.
///
/// Every finding needs its annotation; a related label may have one.
pub fn compare(project: &Project<'_>, sources: &Sources, findings: &[Finding]) -> Vec<Failure> {
    let example = project.example;
    let mut unmet: Vec<Option<&Finding>> = findings.iter().map(Some).collect();
    let mut failures = Vec::new();
    let (mut open, mut todo) = (Vec::new(), Vec::new());
    for annotation in &example.annotations {
        match &annotation.kind {
            Kind::Finding { .. } => {
                if annotation.todo { &mut todo } else { &mut open }.push(annotation);
            }
            Kind::Note(text) => failures.extend(note(project, sources, findings, annotation, text)),
            Kind::Value(_) | Kind::Unknown(_) => {
                failures.push(at(annotation, Miss::Broken, "examples of rules check no values"));
            }
        }
    }
    // Exact matches first, so that two findings at one place do not take each other's.
    let here = |finding: &Finding| project.place(sources, finding.primary.at);
    open.retain(|annotation| {
        take(&mut unmet, |it| here(it) == Some(annotation.place()) && as_expected(annotation, it)).is_none()
    });
    open.retain(|annotation| match take(&mut unmet, |it| here(it) == Some(annotation.place())) {
        Some(finding) => {
            failures.push(at(annotation, Miss::Wrong, &difference(annotation, finding)));
            false
        }
        None => true,
    });
    failures.extend(open.into_iter().map(|annotation| missing(example, annotation, &unmet, here)));
    for annotation in todo {
        if take(&mut unmet, |it| here(it) == Some(annotation.place()) && as_expected(annotation, it)).is_some() {
            failures.push(at(annotation, Miss::Wrong, "this is found by now: take the `todo` away"));
        }
    }
    failures.extend(unmet.into_iter().flatten().map(|finding| noisy(example, here(finding), finding)));
    failures.sort();
    failures
}

fn take<'f>(unmet: &mut [Option<&'f Finding>], fits: impl Fn(&Finding) -> bool) -> Option<&'f Finding> {
    unmet.iter_mut().find(|finding| finding.is_some_and(&fits))?.take()
}

fn at(annotation: &Annotation, miss: Miss, text: &str) -> Failure {
    let (line, column) = (annotation.block_line, annotation.start);
    Failure { page: String::new(), line, column, miss, text: text.to_owned() }
}

fn as_expected(annotation: &Annotation, finding: &Finding) -> bool {
    let Kind::Finding { severity, possible, text } = &annotation.kind else { return false };
    finding.severity == *severity
        && (finding.certainty == Certainty::Possible) == *possible
        && (finding.message.contains(text) || finding.primary.text.contains(text))
}

/// `error: text` or `error?: text`
fn shown(severity: Severity, possible: bool, text: &str) -> String {
    format!("{severity}{}: {text}", if possible { "?" } else { "" })
}

fn found(finding: &Finding) -> String {
    let label = if finding.primary.text.is_empty() { String::new() } else { format!(" ({})", finding.primary.text) };
    shown(finding.severity, finding.certainty == Certainty::Possible, &finding.message) + &label
}

fn difference(annotation: &Annotation, finding: &Finding) -> String {
    let Kind::Finding { severity, possible, text } = &annotation.kind else { return String::new() };
    format!("expected {}, found {}", shown(*severity, *possible, text), found(finding))
}

fn missing(
    example: &Example,
    annotation: &Annotation,
    unmet: &[Option<&Finding>],
    here: impl Fn(&Finding) -> Option<Place>,
) -> Failure {
    let Kind::Finding { severity, possible, text } = &annotation.kind else { return at(annotation, Miss::Missing, "") };
    let wanted = shown(*severity, *possible, text);
    let marked = annotation.place();
    let near = unmet.iter().flatten().filter_map(|finding| here(finding));
    let near = near.into_iter().find(|it| (it.file, it.line) == (marked.file, marked.line));
    let instead = near.map(|it| {
        let text = it.text(example);
        format!(" (on this line, columns {} to {} are marked: {text})", it.start, it.end - 1)
    });
    at(annotation, Miss::Missing, &(wanted + &instead.unwrap_or_default()))
}

fn noisy(example: &Example, place: Option<Place>, finding: &Finding) -> Failure {
    let (line, column, where_) = match place {
        Some(place) => (example.files[place.file].block_line(place.line), place.start, ""),
        None => (1, 1, " (at no place in this example)"),
    };
    Failure { page: String::new(), line, column, miss: Miss::Noisy, text: found(finding) + where_ }
}

fn note(
    project: &Project<'_>,
    sources: &Sources,
    findings: &[Finding],
    annotation: &Annotation,
    text: &str,
) -> Option<Failure> {
    let here = |label: &&Label| project.place(sources, label.at) == Some(annotation.place());
    let labels: Vec<&Label> = findings.iter().flat_map(|finding| &finding.related).collect();
    let met = labels.iter().filter(|label| here(label)).any(|label| label.text.contains(text));
    match (met, annotation.todo) {
        (true, false) | (false, true) => None,
        (true, true) => Some(at(annotation, Miss::Wrong, "this is said by now: take the `todo` away")),
        (false, false) => match labels.iter().find(|label| here(label)) {
            Some(label) => Some(at(annotation, Miss::Wrong, &format!("expected note: {text}, found {}", label.text))),
            None => Some(at(annotation, Miss::Missing, &format!("note: {text}"))),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::{Origin, Span};
    use crate::verify::Workbench;

    /// Findings are given as `marked text|severity|message`, marking its first occurrence.
    fn check(block: &str, findings: &[&str], expected: &[&str]) {
        let example = Example::parse(block);
        let mut bench = Workbench::new(crate::resolve::StandIn::default());
        let project = bench.open(&example);
        bench.value(&project);
        let text = &example.files[0].text;
        let (file, _) = bench.eval.sources.iter().find(|(_, file)| !file.embedded).unwrap();
        let finding = |line: &&str| {
            let words: Vec<&str> = line.split('|').collect();
            let start = text.find(words[0]).unwrap() as u32;
            let at = Origin::Written(Span::new(file, start, start + words[0].len() as u32));
            let severity = words[1].trim_end_matches('?');
            Finding {
                certainty: if words[1] == severity { Certainty::Certain } else { Certainty::Possible },
                related: vec![Label::new(at, "written here")],
                ..Finding::new("x", Severity::parse(severity).unwrap(), words[2], Label::new(at, ""))
            }
        };
        let findings: Vec<Finding> = findings.iter().map(finding).collect();
        let failures = compare(&project, &bench.eval.sources, &findings);
        let failures: Vec<String> = failures.into_iter().map(|it| it.inside("p", 10).to_string()).collect();
        assert_eq!(failures, expected, "{block}");
    }

    #[test]
    fn comparisons() {
        let block = "ab = secret;\n#    ^^^^^^ error: bad\n";
        check(block, &["secret|error|too bad"], &[]);
        check(block, &[], &["p:11:6 missing error: bad"]);
        check(block, &["secret|error|good"], &["p:11:6 wrong expected error: bad, found error: good"]);
        check(block, &["secret|error?|bad"], &["p:11:6 wrong expected error: bad, found error?: bad"]);
        check(
            block,
            &["ab|error|bad"],
            &["p:11:1 noisy error: bad", "p:11:6 missing error: bad (on this line, columns 1 to 2 are marked: ab)"],
        );
        check("{ }\n", &["}|info|x"], &["p:11:3 noisy info: x"]);
    }

    #[test]
    fn two_at_one_place() {
        let block = "ab = secret;\n#    ^^^^^^ error: two\n#    ^^^^^^ warning?: one\n";
        check(block, &["secret|warning?|one", "secret|error|two"], &[]);
    }

    #[test]
    fn notes_and_wishes() {
        check("ab = secret;\n#    ^^^^^^ error:\n#    ^^^^^^ note: here\n", &["secret|error|x"], &[]);
        check("secret\n#^^^ note: here\n", &[], &["p:11:2 missing note: here"]);
        check("ab = secret;\n#    ^^^^^^ todo error: x\n", &[], &[]);
        check(
            "ab = secret;\n#    ^^^^^^ todo error: x\n",
            &["secret|error|x"],
            &["p:11:6 wrong this is found by now: take the `todo` away"],
        );
        check("ab = [\n#    ^ error: x\n];\n", &["[\n]|error|x"], &[]);
        check("ab = 1;\n#    ^ = 1\n", &[], &["p:11:6 broken examples of rules check no values"]);
    }
}
