//! How the formats look: snapshots, to be read by people.

use super::{menagerie, written};
use crate::finding::{Finding, Label, Report, Severity};
use crate::report::{Format, Options};
use crate::source::{Origin, Sources, Span};
use std::collections::BTreeSet;

fn check(name: &str, format: Format, change: impl Fn(&mut Options)) {
    let (report, sources) = menagerie();
    let mut options = Options::plain("/home/me/nixos");
    change(&mut options);
    let mut text = written(format, &report, &sources, &options);
    if matches!(format, Format::Json | Format::Sarif | Format::Gitlab) {
        let object: serde_json::Value = serde_json::from_str(&text).unwrap();
        text = serde_json::to_string_pretty(&object).unwrap();
    }
    insta::with_settings!({ omit_expression => true, prepend_module_to_snapshot => false }, {
        insta::assert_snapshot!(name, text.replace('\u{1b}', "␛"));
    });
}

#[test]
fn pretty() {
    check("pretty", Format::Pretty, |_| ());
    check("pretty-undecided", Format::Pretty, |options| options.undecided = true);
    check("pretty-ascii", Format::Pretty, |options| options.unicode = false);
    check("pretty-narrow", Format::Pretty, |options| options.width = 44);
    check("pretty-color", Format::Pretty, |options| options.color = true);
    check("pretty-links", Format::Pretty, |options| options.links = true);
}

#[test]
fn compact() {
    check("compact", Format::Compact, |options| options.undecided = true);
    check("compact-elsewhere", Format::Compact, |options| options.base = "/home/me/nixos/hosts".into());
}

#[test]
fn json() {
    check("json", Format::Json, |_| ());
}

#[test]
fn for_ci() {
    check("sarif", Format::Sarif, |_| ());
    check("github", Format::Github, |_| ());
    check("gitlab", Format::Gitlab, |_| ());
    check("junit", Format::Junit, |_| ());
    check("checkstyle", Format::Checkstyle, |_| ());
}

#[test]
fn nothing_found_says_nothing() {
    let check = |format| {
        assert_eq!(written(format, &Report::default(), &Sources::default(), &Options::plain("/")), "");
    };
    check(Format::Pretty);
    check(Format::Compact);
    check(Format::Github);
}

/// Thousands of findings on one line, with further places on it and on the one below: each is shown with
/// what is near it.
#[test]
fn pretty_on_very_long_lines() {
    let line: String = (0..9_000).map(|number| format!("a{number} = \"ä\"; ")).collect();
    let text = format!("{{\n{line}\n{line}\n}}\n");
    let mut sources = Sources::default();
    let file = sources.add("/p/a.nix".into(), text.as_str());
    // So near to each other that nothing is left out between them.
    let starts: Vec<usize> = text.match_indices('a').map(|(start, _)| start).step_by(8).collect();
    let label = |start: usize, end: usize| {
        Label::new(Origin::Written(Span::new(file, start as u32, end as u32)), format!("at {start}"))
    };
    let finding = |(nth, start): (usize, &usize)| {
        let others = [nth / 2, starts.len() - 1 - nth, nth + 1].into_iter().filter_map(|other| starts.get(other));
        let end = if nth % 100 == 0 { text.len() - 3 } else { start + 2 };
        Finding {
            related: others.map(|other| label(*other, other + 2)).collect(),
            ..Finding::new("x", Severity::Error, "wrong", label(*start, end))
        }
    };
    let findings: Vec<Finding> = starts.iter().enumerate().map(finding).collect();
    let count = findings.len();
    let report = Report { findings, ..Report::default() };
    let shown = written(Format::Pretty, &report, &sources, &Options::plain("/p"));
    assert!(shown.len() < count * 10_000, "{} for {count}", shown.len());
    let labels: BTreeSet<&str> = shown.split("── at ").filter_map(|rest| rest.lines().next()).collect();
    let missing: Vec<&usize> = starts.iter().filter(|start| !labels.contains(&*start.to_string())).collect();
    assert!(missing.is_empty() && shown.contains("[a.nix:3:"), "{missing:?}");
}
