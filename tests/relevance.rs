//! What is passed over because no word in it is what rules are about: nobody may find anything in it.
//!
//! Examples of pages, as modules that nothing reaches, and a fixture are checked once as users do, and
//! once with every module resolved. By default one example of so many is looked at; `EXAMPLES=all` looks
//! at all of them. So are files that are named one by one, and all of a project.

use optlint::check::{Request, Wishes, report, resolve_with, run};
use optlint::finding::{Finding, Report};
use optlint::lint::{self, Rule};
use optlint::rules::{self, SUBJECTS};
use optlint::source::{Origin, Sources};
use optlint::syntax::with_big_stack;
use optlint::verify::expect::Example;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// By default one example of so many is looked at.
const SHARE: usize = 30;

/// A folder that is a project, in which buffers may stand.
fn project() -> tempfile::TempDir {
    let root = tempfile::tempdir().expect("a folder");
    std::fs::create_dir(root.path().join(".git")).expect("a folder");
    root
}

/// The files of all examples, each example in a folder of its own.
fn examples(rules: &[Rule], root: &Path) -> BTreeMap<PathBuf, String> {
    let share = if std::env::var("EXAMPLES").as_deref() == Ok("all") { 1 } else { SHARE };
    let blocks = rules.iter().flat_map(|rule| rule.page.blocks().filter(|block| block.info.starts_with("nix")));
    let mut files = BTreeMap::new();
    for (at, block) in blocks.enumerate().step_by(share) {
        for file in Example::parse(&block.text).files {
            // Such a file would be taken for a machine.
            let name = if file.path == "default.nix" { "module.nix" } else { &file.path };
            files.insert(root.join(at.to_string()).join(name), file.text);
        }
    }
    files
}

fn shown((report, sources): (Report, Sources)) -> Vec<String> {
    let mut shown: Vec<String> = report
        .findings
        .iter()
        .map(|finding| {
            let file = finding.primary.at.file().map(|file| sources.file(file).path.display().to_string());
            format!(
                "{file:?} {:?} {} {}",
                finding.primary.at.span().map(|span| span.start),
                finding.rule,
                finding.message
            )
        })
        .collect();
    shown.sort();
    shown
}

/// Checks `paths` both ways.
fn compare(paths: &[PathBuf], buffers: BTreeMap<PathBuf, String>, rules: &[&Rule]) -> Vec<String> {
    let wishes = Wishes::default();
    let everything = resolve_with(paths, &lint::patterns(rules), &wishes, (&buffers, None));
    let request = Request { paths, rules, buffers, ..Request::default() };
    let expected = shown(report(everything, &request));
    assert_eq!(shown(run(&request)), expected, "{paths:?}");
    expected
}

#[test]
fn no_rule_finds_what_no_word_tells() {
    with_big_stack(|| {
        let (rules, errors) = lint::load(rules::shipped());
        assert!(errors.is_empty(), "{errors:?}");
        let asked: Vec<&Rule> = rules.iter().collect();
        let root = project();
        let found = compare(&[root.path().into()], examples(&rules, root.path()), &asked);
        assert!(found.len() > 5, "{found:?}");
        compare(&[Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/menagerie")], BTreeMap::new(), &asked);
    });
}

/// What one rule made of a configuration may hold what nobody has asked for yet: the next rule has to ask, too.
#[test]
fn all_that_was_asked_for_is_answered() {
    with_big_stack(|| {
        let (rules, _) = lint::load(rules::shipped());
        let asked: Vec<&Rule> = rules.iter().collect();
        let machine = "{
          services.nginx.enable = true;
          services.nginx.virtualHosts.\"a.org\".locations.\"/\".proxyPass = \"http://127.0.0.1:3000/x\";
          services.caddy.virtualHosts.\"b.org\".extraConfig = \"reverse_proxy 127.0.0.1:3000\";
        }";
        let root = project();
        std::fs::write(root.path().join("configuration.nix"), machine).expect("a file");
        let (report, _) = run(&Request { paths: &[root.path().into()], rules: &asked, ..Request::default() });
        assert_eq!(report.summary.configurations, 1);
        let left = report.undecided.iter().filter(|one| one.cause.contains("nobody has asked"));
        let left: Vec<String> = left.map(|one| format!("{} {:?}", one.rule, one.option)).collect();
        assert!(left.is_empty(), "{left:?}");
    });
}

/// Of files that are named the same is found as when all is looked at, whoever makes configurations of them.
#[test]
fn files_alone_have_the_same_findings() {
    with_big_stack(|| {
        let (rules, _) = lint::load(rules::shipped());
        let asked: Vec<&Rule> = rules.iter().collect();
        let (mut found, mut modules) = (0, 0);
        for fixture in projects() {
            let root = project();
            copy(&fixture, root.path());
            let all = run(&Request { paths: &[root.path().into()], rules: &asked, ..Request::default() });
            for file in nix_files(root.path()) {
                let own = |one: &&Finding| one.primary.at.file().is_some_and(|at| all.1.file(at).path == file);
                let mut report = all.0.clone();
                report.findings = all.0.findings.iter().filter(own).cloned().collect();
                let alone = run(&Request { paths: std::slice::from_ref(&file), rules: &asked, ..Request::default() });
                let expected = told(&report, &all.1);
                assert_eq!(told(&alone.0, &alone.1), expected, "{}", file.display());
                found += expected.len();
                modules += usize::from(alone.0.summary.configurations < all.0.summary.configurations);
            }
        }
        assert!(found > 10 && modules > 50, "{found} findings, {modules} files with fewer configurations");
    });
}

/// Findings with all that users see of them.
fn told(report: &Report, sources: &Sources) -> Vec<String> {
    let place = |at: Origin| match at.span() {
        Some(span) => format!("{} {}", sources.file(span.file).path.display(), span.start),
        None => "nowhere".to_owned(),
    };
    let one = |one: &Finding| {
        format!("{} {} {:?} {} {:?}", place(one.primary.at), one.rule, one.severity, one.message, one.configurations)
    };
    report.findings.iter().map(one).collect()
}

/// Fixtures in which configurations are found in one way or another.
fn projects() -> Vec<PathBuf> {
    let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures");
    let folders = std::fs::read_dir(fixtures.join("entry-points")).expect("fixtures");
    let mut folders: Vec<PathBuf> = folders.map(|folder| folder.expect("a folder").path()).collect();
    folders.push(fixtures.join("configurations/sample"));
    folders.push(fixtures.join("menagerie"));
    folders.sort();
    folders
}

fn copy(from: &Path, to: &Path) {
    for one in walkdir::WalkDir::new(from) {
        let one = one.expect("a fixture");
        let place = to.join(one.path().strip_prefix(from).expect("below it"));
        match one.file_type().is_dir() {
            true => std::fs::create_dir_all(place).expect("a folder"),
            false => drop(std::fs::copy(one.path(), place).expect("a file")),
        }
    }
}

fn nix_files(root: &Path) -> Vec<PathBuf> {
    let files = walkdir::WalkDir::new(root).sort_by_file_name().into_iter().map(|one| one.expect("a file").into_path());
    files.filter(|path| path.extension().is_some_and(|extension| extension == "nix")).collect()
}

/// What has no word is parsed all the same.
#[test]
fn syntax_errors_are_told() {
    with_big_stack(|| {
        let (rules, _) = lint::load(rules::shipped());
        let (root, asked) = (project(), rules.iter().collect::<Vec<&Rule>>());
        let text = "{ services.nginx.enable = ; }".to_owned();
        let buffers = BTreeMap::from([(root.path().join("a.nix"), text)]);
        let found = run(&Request { paths: &[root.path().into()], rules: &asked, buffers, ..Request::default() });
        assert_eq!(shown(found).len(), 1);
    });
}

/// The words are in use: what has none of them is passed over, what leads to one is not.
#[test]
fn words_decide_what_is_resolved() {
    let modules = |text: &str, other: &str| {
        let root = project();
        let at = |name: &str| root.path().join(name);
        let buffers = BTreeMap::from([(at("a.nix"), text.to_owned()), (at("b.nix"), other.to_owned())]);
        with_big_stack(|| {
            let (rules, _) = lint::load(rules::shipped());
            let asked: Vec<&Rule> = rules.iter().collect();
            let (report, _) =
                run(&Request { paths: &[root.path().into()], rules: &asked, buffers, ..Request::default() });
            report.summary.modules
        })
    };
    let host = "{ services.nginx.virtualHosts.\"a.org\".root = \"/srv\"; }";
    let link = |import: &str| format!("{{ imports = [ {import} ]; services.nginx.enable = true; }}");
    let word = SUBJECTS[0];
    assert_eq!((modules(host, "1"), modules(&format!("/* {word} */ {host}"), "1")), (0, 1));
    // However it names the other file, which defines nothing itself.
    let (plain, marked) = ("{ }".to_owned(), format!("/* {word} */ {{ }}"));
    for import in [
        "./b.nix",
        "(./. + \"/b.nix\")",
        "./${\"b\"}.nix",
        "(./. + \"/${builtins.elemAt (builtins.attrNames (builtins.readDir ./.)) 2}\")",
    ] {
        assert_eq!((modules(&link(import), &plain), modules(&link(import), &marked)), (0, 1), "{import}");
    }
}

/// A file in a folder that is no project, such as one for downloads, has nothing to do with projects that lie there.
#[test]
fn a_loose_file_does_not_have_projects_beside_it_looked_at() {
    let folder = tempfile::tempdir().expect("a folder");
    let write = |name: &str, text: &str| {
        let path = folder.path().join(name);
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        std::fs::write(path, text).expect("a file");
    };
    let secret = "{ services.matrix-synapse.settings.form_secret = \"x\"; }";
    write("loose.nix", "{ imports = [ ./project/shared.nix ]; services.matrix-synapse.enable = true; }");
    write("beside/configuration.nix", "{ imports = [ ../loose.nix ]; services.matrix-synapse.enable = true; }");
    write("elsewhere/configuration.nix", "{ services.matrix-synapse.enable = true; imports = [ ./far.nix ]; }");
    write("elsewhere/far.nix", secret);
    write("project/flake.nix", "{ outputs = _: { }; }");
    write("project/machine.nix", secret);
    write("project/shared.nix", secret);
    let rules = lint::load(rules::shipped()).0;
    let rules: Vec<&Rule> = rules.iter().collect();
    let read = |path: PathBuf| {
        with_big_stack(|| {
            let (_, sources) = run(&Request { paths: &[path], rules: &rules, ..Request::default() });
            let read = sources
                .iter()
                .filter(|(_, file)| !file.embedded)
                .map(|(_, file)| file.path.strip_prefix(folder.path()).expect("a path in it").display().to_string());
            read.collect::<std::collections::BTreeSet<_>>()
        })
    };
    let named = read(folder.path().join("loose.nix"));
    // Who imports it counts, and what it imports; of machines elsewhere the imports are followed.
    assert!(named.contains("project/shared.nix") && named.contains("beside/configuration.nix"), "{named:?}");
    assert!(!named.contains("project/machine.nix"), "{named:?}");
    assert!(read(folder.path().to_path_buf()).contains("project/machine.nix"));
}
