//! What every format has to keep: looks, and secrets.

mod looks;
mod secrets;

use crate::finding::{Certainty, Edit, Finding, Fix, Label, Problem, Report, RuleFacts, Safety, Severity, Undecided};
use crate::report::{Format, Options, write};
use crate::source::{FileId, Origin, Sources, Span};

/// A finding of the rule `rule` at `primary` with everything else left plain.
fn finding(rule: &str, severity: Severity, message: &str, primary: Label) -> Finding {
    Finding::new(rule, severity, message, primary)
}

/// What is known of a rule.
fn facts(rule: &str, security: bool) -> RuleFacts {
    RuleFacts {
        id: rule.into(),
        summary: "It is copied into the Nix store.".into(),
        help: "It is copied into the Nix store.\n\n## How to mend it\n\nName a file.".into(),
        severity: Severity::Error,
        category: "secrets".into(),
        security,
        possible: !security,
        url: security.then(|| format!("https://example.org/rules/{rule}")),
    }
}

/// The `nth` (from 0) place at which `file` says `what`.
fn place(sources: &Sources, file: FileId, what: &str, nth: usize) -> Origin {
    let (start, _) = sources.file(file).text.match_indices(what).nth(nth).unwrap_or_else(|| panic!("no {what}"));
    Origin::Written(Span::new(file, start as u32, (start + what.len()) as u32))
}

fn written(format: Format, report: &Report, sources: &Sources, options: &Options) -> String {
    let mut out = Vec::new();
    write(format, report, sources, options, &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

/// A finding that holds under a condition, on a value of several lines.
fn possible(sources: &Sources, secret: FileId) -> Finding {
    let mut turn = finding(
        "inline-turn-shared-secret",
        Severity::Error,
        "`services.matrix-synapse.settings.turn_shared_secret` ends up in the world-readable Nix store",
        Label::secret(place(sources, secret, "lib.mkIf (builtins.getEnv \"TURN\" != \"\") turn", 0), "it is set here"),
    );
    turn.certainty = Certainty::Possible;
    let text = sources.file(secret).text.clone();
    let (start, end) = (text.find("''").unwrap(), text.rfind("'';").unwrap() + 2);
    let value = Origin::Written(Span::new(secret, start as u32, end as u32));
    turn.related = vec![Label::secret(value, "the value comes from here")];
    turn
}

/// A fix that a person has to look at.
fn proposal(at: Origin) -> Option<Fix> {
    let edits = vec![Edit { span: at.span()?, text: "# root".into() }];
    Fix::new("take it out", Safety::Suggestion, edits)
}

/// A fix that repeats a secret is written in no format, whichever finding it is for.
#[test]
fn fixes_with_secrets_are_left_out() {
    let (mut report, sources) = menagerie();
    let at = report.findings[0].primary.at.span().unwrap();
    let fix = |title: &str, text: &str| {
        let edit = Edit { span: Span { end: at.start, ..at }, text: text.to_owned() };
        Fix::new(title, Safety::Safe, vec![edit]).unwrap()
    };
    report.findings[0].fixes = vec![fix("one that shows it", "a = \"not-a-real-secret\";"), fix("another", "b = 1;")];
    for format in [Format::Json, Format::Sarif] {
        let mut out = vec![];
        write(format, &report, &sources, &Options::plain("/home/me/nixos"), &mut out).unwrap();
        let out = String::from_utf8(out).unwrap();
        assert!(!out.contains("not-a-real-secret") && !out.contains("one that shows it"), "{out}");
        assert!(out.contains("another"), "{out}");
    }
}

/// One finding of each kind, in the three files of `fixtures/menagerie`.
fn menagerie() -> (Report, Sources) {
    let mut sources = Sources::default();
    let mut add = |name: &str, text: &str| sources.add(format!("/home/me/nixos/{name}").into(), text);
    let main = add("configuration.nix", include_str!("../../../fixtures/menagerie/configuration.nix"));
    let element = add("element.nix", include_str!("../../../fixtures/menagerie/element.nix"));
    let secret = add("secrets.nix", include_str!("../../../fixtures/menagerie/secrets.nix"));
    let at = |file, what| place(&sources, file, what, 0);

    let mut inline = finding(
        "inline-registration-shared-secret",
        Severity::Error,
        "`services.matrix-synapse.settings.registration_shared_secret` ends up in the world-readable Nix store",
        Label::secret(at(main, "\"not-a-real-secret\""), "the secret is written here"),
    );
    inline.help = Some("put it in a file and name the file in `services.matrix-synapse.extraConfigFiles`".into());
    inline.url = Some("https://example.org/rules/inline-registration-shared-secret".into());
    inline.option = "services.matrix-synapse.settings.registration_shared_secret".into();
    inline.configurations = vec!["alpha".into(), "beta".into()];

    let mut origin = finding(
        "element-shares-homeserver-origin",
        Severity::Warning,
        "Element is served on the homeserver's own domain",
        Label::new(at(element, "root"), "Element is served here"),
    );
    origin.related = vec![
        Label::new(at(main, "locations.\"/_matrix\".proxyPass"), "and the homeserver here"),
        Label::new(at(main, "fqdn"), "the name comes from here"),
        Label::new(Origin::Default, "`networking.fqdn` has its default"),
        Label::new(Origin::File(secret), "this module sets it, too"),
    ];
    origin.help = Some("give Element a name of its own, such as `element.example.org`".into());

    origin.fixes.extend(proposal(at(element, "root")));

    let info = finding(
        "unreached-file",
        Severity::Info,
        "no configuration reaches this file",
        Label::new(Origin::File(element), ""),
    );
    let nowhere = finding("nowhere", Severity::Warning, "nothing is written", Label::new(Origin::Default, ""));
    let mut report = Report {
        findings: vec![origin, possible(&sources, secret), info, inline, nowhere],
        undecided: vec![Undecided {
            rule: "extra-config-file-in-store".into(),
            option: "services.matrix-synapse.extraConfigFiles".into(),
            cause: "reads the environment".into(),
            at: at(secret, "builtins.getEnv \"TURN\""),
            asked: at(main, "fqdn"),
            configurations: vec!["alpha".into()],
            reached: true,
        }],
        problems: vec![Problem::not_read("/home/me/nixos/blob.nix", "is not UTF-8")],
        ..Report::default()
    };
    report.rules =
        vec![facts("inline-registration-shared-secret", true), facts("element-shares-homeserver-origin", false)];
    report.summary.configurations = 2;
    report.summary.files_read = 3;
    report.sort_and_merge(&sources);
    report.fingerprint(&sources, &["/home/me/nixos".into()]);
    (report, sources)
}
