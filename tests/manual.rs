//! The NixOS manual's Matrix chapter, in three forms: nothing is found in it, and when Element
//! is moved onto the homeserver's host, exactly that is, at its line.

use optlint::check::check;
use optlint::syntax::with_big_stack;
use std::path::Path;

const RULE: &str = "element-shares-homeserver-origin";

/// The findings of [`RULE`] in a fixture: file, and the line's text.
fn found(case: &str) -> Vec<(String, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/configurations").join(case);
    with_big_stack(|| {
        let (rules, errors) = optlint::lint::load(optlint::rules::shipped());
        assert!(errors.is_empty(), "{errors:?}");
        let rules: Vec<_> = rules.iter().collect();
        let (report, sources) = check(&[folder], &rules);
        let ours = report.findings.iter().filter(|finding| finding.rule.to_string() == RULE);
        ours.map(|finding| {
            let span = finding.primary.at.span().expect("a place");
            let file = sources.file(span.file);
            let line = sources.position(span.file, span.start).line;
            let range = file.lines().line_range(&file.text, line).expect("a line");
            let name = file.path.file_name().expect("a name").to_string_lossy().into_owned();
            (name, file.text[range].trim().to_owned())
        })
        .collect()
    })
}

#[test]
fn apart_and_together() {
    for (form, file) in [("one-file", "configuration.nix"), ("three-files", "element.nix"), ("flake", "element.nix")] {
        assert_eq!(found(&format!("manual-{form}")), [], "{form}");
        let together = found(&format!("manual-{form}-shared-origin"));
        let [(name, line)] = &together[..] else { panic!("{form}: {together:?}") };
        assert_eq!(name, file, "{form}");
        assert!(line.contains("element-web"), "{form}: {line}");
    }
}
