//! A secret never appears, whatever the format and however it is written.

use super::{finding, place, written};
use crate::finding::{Label, Report, Severity};
use crate::report::{Format, Options};
use crate::source::{Origin, Sources, Span};

/// A place by the text that stands there.
enum At {
    Secret(&'static str),
    Plain(&'static str),
}
use At::{Plain, Secret};

/// Makes a finding at each of `places`, each a label of its own report entry, and
/// expects none of `hidden` in any output, and all of `kept` in the pretty one.
fn check(path: &str, text: &str, places: &[At], hidden: &[&str], kept: &[&str]) {
    let mut sources = Sources::default();
    let file = sources.add(path.into(), text);
    let findings = places.iter().map(|at| {
        let label = match at {
            Secret(what) => Label::secret(place(&sources, file, what, 0), "here"),
            Plain(what) => Label::new(place(&sources, file, what, 0), "here"),
        };
        finding("some-rule", Severity::Error, "wrong", label)
    });
    let mut report = Report { findings: findings.collect(), ..Report::default() };
    report.sort_and_merge(&sources);
    for format in Format::ALL {
        for (unicode, color) in [(true, true), (true, false), (false, true), (false, false)] {
            let options = Options { unicode, color, undecided: true, allowed: true, ..Options::plain("/") };
            let out = written(format, &report, &sources, &options);
            for secret in hidden {
                assert!(!out.contains(secret), "{secret} shows in {format:?}:\n{out}");
            }
            if format == Format::Pretty {
                let mark = if unicode { "••••••••" } else { "********" };
                assert!(hidden.is_empty() || out.contains(mark), "no mask in:\n{out}");
                for text in kept {
                    assert!(out.contains(text), "{text} is gone from:\n{out}");
                }
            }
        }
    }
}

fn nix(text: &str, places: &[At], hidden: &[&str], kept: &[&str]) {
    check("/p/a.nix", text, places, hidden, kept);
}

#[test]
fn strings() {
    nix("{ a = \"hunter2\"; b = 1; }\n", &[Secret("\"hunter2\"")], &["hunter2"], &["a = \"", "\"; b = 1;"]);
    nix("{ a = \"x\"; }", &[Secret("\"x\"")], &["\"x\""], &[]);
    nix("{ a = \"\"; }", &[Secret("\"\"")], &[], &["a = \"\";"]);
    nix("{ a = \"pä€ß🔑wört\"; }", &[Secret("\"pä€ß🔑wört\"")], &["pä", "🔑", "wört"], &["a = \""]);
    nix("{ a = \"one\\\"two\"; }", &[Secret("\"one\\\"two\"")], &["one", "two"], &[]);
    let long = format!("{{ a = \"{}\"; b = 2; }}", "fake".repeat(500));
    nix(&long, &[Plain("a ="), Plain("b = 2")], &[], &["b = 2"]);
    let mut sources = Sources::default();
    let file = sources.add("/p/a.nix".into(), long.as_str());
    let all = Origin::Written(Span::new(file, 6, 2008));
    let report =
        Report { findings: vec![finding("r", Severity::Error, "wrong", Label::secret(all, ""))], ..Report::default() };
    let out = written(Format::Pretty, &report, &sources, &Options::plain("/"));
    assert!(!out.contains("fake") && out.contains("••••••••\"; b = 2; }"), "{out}");
}

#[test]
fn the_mask_has_one_length() {
    let draw = |secret: &str| {
        let mut sources = Sources::default();
        let file = sources.add("/p/a.nix".into(), format!("{{ a = \"{secret}\"; }}"));
        let at = Origin::Written(Span::new(file, 6, secret.len() as u32 + 8));
        let label = Label::secret(at, "here");
        let report = Report { findings: vec![finding("r", Severity::Error, "wrong", label)], ..Report::default() };
        written(Format::Pretty, &report, &sources, &Options::plain("/"))
    };
    assert_eq!(draw("abc"), draw("a much longer fake secret"));
}

#[test]
fn several_lines() {
    let text = "{\n  a = ''\n    fake-one\n    fake-two\n\n    fake-three'';\n  b = 1;\n}\n";
    nix(text, &[Secret("''\n    fake-one\n    fake-two\n\n    fake-three''")], &["fake"], &["a = ''", "b = 1;"]);
    nix(text, &[Secret("fake-one\n    fake-two")], &["fake-one", "fake-two"], &["a = ''"]);
    nix(&text.replace('\n', "\r\n"), &[Secret("''\r\n    fake-one")], &["fake-one"], &["a = ''"]);
    let key: String = (0..40).map(|n| format!("    fake-line-{n}\n")).collect();
    let text = format!("{{\n  a = ''\n{key}  '';\n  b = 1;\n}}\n");
    let start = text.find("''").unwrap();
    let whole: &'static str = Box::leak(text[start..text.rfind("'';").unwrap() + 2].to_owned().into());
    nix(&text, &[Secret(whole), Plain("b = 1")], &["fake-line"], &["a = ''", "b = 1"]);
}

#[test]
fn expressions_keep_their_code() {
    nix(
        "{ a = f \"fake\" + builtins.readFile ./turn; }",
        &[Secret("f \"fake\" + builtins.readFile ./turn")],
        &["fake"],
        &["builtins.readFile ./turn"],
    );
    nix("{ a = builtins.readFile ./turn; }", &[Secret("builtins.readFile ./turn")], &[], &["readFile ./turn"]);
    nix("{ a = \"fake${config.x}else\"; }", &[Secret("\"fake${config.x}else\"")], &["fake", "else"], &["${config.x}"]);
    nix("{ a = [ \"fake\" /* fals */ ]; }", &[Secret("[ \"fake\" /* fals */ ]")], &["fake", "fals"], &["a = ["]);
    nix("{ a = 4711; }", &[Secret("4711")], &["4711"], &[]);
    nix("{ a = psql://u:fake@db; }", &[Secret("psql://u:fake@db")], &["fake"], &[]);
}

#[test]
fn parts_of_strings() {
    let text = "{\n  a = ''\n    user: me\n    password: \"hunter2\"\n  '';\n}\n";
    nix(text, &[Secret("hunter2")], &["hunter2"], &["password: \"", "user: me"]);
    nix(text, &[Secret("\"hunter2\"")], &["hunter2"], &["password:"]);
}

#[test]
fn repeated_near_a_finding() {
    let text = "{\n  # was hunter2 once\n  a = \"hunter2\"; # hunter2\n  b = [ \"xhunter2x\" hunter2 ];\n}\n";
    nix(text, &[Secret("\"hunter2\"")], &["hunter2"], &["# was", "once"]);
    nix("{\n  a = \"ab\";\n  abc = \"ab\"; }", &[Secret("\"ab\"")], &["\"ab\""], &["abc ="]);
    // A mere word stays where it is a name: masking it there would tell it.
    nix(
        "{\n  x.synapse.a = \"synapse\";\n  y = \"synapse\"; }",
        &[Secret("\"synapse\"")],
        &["\"synapse\""],
        &["x.synapse.a"],
    );
}

#[test]
fn in_the_context_of_another_finding() {
    let text = "{\n  a = \"hunter2\";\n  b = 1;\n}\n";
    nix(text, &[Plain("b"), Secret("\"hunter2\"")], &["hunter2"], &["b = 1;"]);
}

#[test]
fn files_that_are_not_nix() {
    let text = "user: me\nsecret: hunter2 # \"x\n";
    check("/p/a.yaml", text, &[Secret("hunter2")], &["hunter2"], &["user: me", "secret:"]);
    check("/p/turn", "hunter2", &[Secret("hunter2")], &["hunter2"], &[]);
    check("/p/a.json", "{\"a\": \"hunter2\"}", &[Secret("\"hunter2\"")], &["hunter2"], &["{\"a\": "]);
}

#[test]
fn broken_files() {
    nix("{ x = \"open; a = \"hunter2\"; }", &[Secret("\"hunter2\"")], &["hunter2"], &[]);
    nix("{ a = \"hunter2", &[Secret("\"hunter2")], &["hunter2"], &[]);
    nix("{ a = ''hunter2", &[Secret("''hunter2")], &["hunter2"], &[]);
    nix("{ a = } } \"${ \"hunter2\"", &[Secret("\"hunter2\"")], &["hunter2"], &[]);
}

#[test]
fn places_at_the_edge() {
    for text in ["", "\n", "a", "a\n", "\r\n", "a\r\n\r\n", "ä", "\t\u{1b}[31m\u{202e}x"] {
        let mut sources = Sources::default();
        let file = sources.add("/p/a.nix".into(), text);
        for (start, end) in [(0, 0), (0, 1), (1, 1), (0, 99), (99, 99), (1, 0)] {
            for redact in [false, true] {
                let at = Origin::Written(Span { file, start, end });
                let label = Label { at, text: "here".into(), redact };
                let findings = vec![finding("r", Severity::Error, "a\u{1b}[31m\nb", label)];
                let report = Report { findings, ..Report::default() };
                for format in Format::ALL {
                    let out = written(format, &report, &sources, &Options::plain("/"));
                    assert!(!out.contains(['\u{1b}', '\u{202e}']), "{text:?} {start}..{end}: {out:?}");
                    let one_line = matches!(format, Format::Compact | Format::Github);
                    assert!(!one_line || out.lines().count() == 1, "{out}");
                    assert!(format != Format::Pretty || out.contains("here"), "{text:?} {start}..{end}: {out}");
                }
            }
        }
    }
}
