//! The NixOS manual's Matrix chapter, in three forms: its own mistakes are found in it and nothing
//! else, nothing once these are mended, and when Element is moved onto the homeserver's host,
//! exactly that is, at its line.

use optlint::check::check;
use optlint::syntax::with_big_stack;
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// What moving Element onto the homeserver's host is found by.
const SHARED: &str = "element-shares-homeserver-origin";

/// What is wrong in the chapter: Element keeps the name of matrix.org, and nginx takes smaller files
/// than Synapse.
const MISTAKES: &[&str] = &["client-max-body-size-too-small", "element-server-name-matrix-org"];

/// What to write instead of what.
type Repairs = &'static [(&'static str, &'static str)];

/// The forms of the chapter: the fixture, the file that serves Element, and how to mend what is wrong.
const FORMS: &[(&str, &str, Repairs)] = &[
    (
        "one-file",
        "configuration.nix",
        &[
            (
                "clientConfig.\"m.homeserver\".base_url = baseUrl;",
                "clientConfig.\"m.homeserver\" = { base_url = baseUrl; server_name = config.networking.domain; };",
            ),
            ("services.nginx = {", "services.nginx = { clientMaxBodySize = \"50M\";"),
        ],
    ),
    (
        "three-files",
        "element.nix",
        &[
            (
                "conf.default_server_config.\"m.homeserver\".base_url",
                "conf.default_server_config.\"m.homeserver\".server_name = \"example.org\";
                 conf.default_server_config.\"m.homeserver\".base_url",
            ),
            ("services.nginx.virtualHosts", "services.nginx.clientMaxBodySize = \"50M\"; services.nginx.virtualHosts"),
        ],
    ),
    (
        "flake",
        "element.nix",
        &[("services.nginx.virtualHosts", "services.nginx.clientMaxBodySize = \"50M\"; services.nginx.virtualHosts")],
    ),
];

/// A finding: its rule, the name of its file, and the text of its line.
#[derive(Debug)]
struct Found {
    rule: String,
    file: String,
    line: String,
}

fn fixture(case: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/configurations").join(case)
}

/// What the rules that are on by default find in a folder.
fn found(folder: PathBuf) -> Vec<Found> {
    with_big_stack(|| {
        let (rules, errors) = optlint::lint::load(optlint::rules::shipped());
        assert!(errors.is_empty(), "{errors:?}");
        let rules = optlint::lint::select(rules, &[]);
        let rules: Vec<_> = rules.iter().collect();
        let (report, sources) = check(&[folder], &rules);
        let findings = report.findings.iter().map(|finding| {
            let span = finding.primary.at.span().expect("a place");
            let file = sources.file(span.file);
            let line = sources.position(span.file, span.start).line;
            let range = file.lines().line_range(&file.text, line).expect("a line");
            let name = file.path.file_name().expect("a name").to_string_lossy().into_owned();
            Found { rule: finding.rule.to_string(), file: name, line: file.text[range].trim().to_owned() }
        });
        findings.collect()
    })
}

#[test]
fn only_its_own_mistakes() {
    let mut all = BTreeSet::new();
    for (form, ..) in FORMS {
        let rules = found(fixture(&format!("manual-{form}"))).into_iter().map(|found| found.rule);
        all.extend(rules.inspect(|rule| assert!(MISTAKES.contains(&rule.as_str()), "{form}: {rule}")));
    }
    assert!(all.contains("element-server-name-matrix-org"), "{all:?}");
}

/// A copy of a form with other text in one of its files.
fn rewritten(form: &str, case: &str, file: &str, edits: Repairs) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("manual-{form}-{case}"));
    fs::create_dir_all(&folder).expect("a folder");
    // Marks the root of the project.
    fs::write(folder.join("optlint.toml"), "").expect("a file");
    for entry in fs::read_dir(fixture(&format!("manual-{form}"))).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.extension().is_none_or(|extension| extension != "nix") {
            continue;
        }
        let name = path.file_name().expect("a name");
        let mut text = fs::read_to_string(&path).expect("a file");
        for (old, new) in edits.iter().filter(|_| name == file) {
            assert!(text.contains(old), "{form}: {old}");
            text = text.replacen(old, new, 1);
        }
        fs::write(folder.join(name), text).expect("a file");
    }
    folder
}

#[test]
fn nothing_once_they_are_mended() {
    for (form, element, repairs) in FORMS {
        let left = found(rewritten(form, "mended", element, repairs));
        assert!(left.is_empty(), "{form}: {left:?}");
    }
}

/// The chapter gives the role of the database a password that nobody needs and everybody knows; the
/// fixtures leave it out.
#[test]
fn the_password_in_the_chapter() {
    let edits: Repairs = &[("WITH LOGIN;", "WITH LOGIN PASSWORD 'not-a-real-password';")];
    let all = found(rewritten("one-file", "password", "configuration.nix", edits));
    let others: Vec<_> = all.iter().filter(|found| !MISTAKES.contains(&found.rule.as_str())).collect();
    let [one] = &others[..] else { panic!("{others:?}") };
    assert_eq!(one.rule, "postgres-init-script-password");
}

#[test]
fn apart_and_together() {
    for (form, file, _) in FORMS {
        let shared =
            |case: String| found(fixture(&case)).into_iter().filter(|found| found.rule == SHARED).collect::<Vec<_>>();
        assert!(shared(format!("manual-{form}")).is_empty(), "{form}");
        let together = shared(format!("manual-{form}-shared-origin"));
        let [one] = &together[..] else { panic!("{form}: {together:?}") };
        assert_eq!(one.file, *file, "{form}");
        assert!(one.line.contains("element-web"), "{form}: {}", one.line);
    }
}
