//! How the formats look: snapshots, to be read by people.

use super::{menagerie, written};
use crate::finding::Report;
use crate::report::{Format, Options};
use crate::source::Sources;

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
