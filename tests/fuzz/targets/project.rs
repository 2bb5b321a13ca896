//! Targets that run the whole pipeline: a project is made of the bytes, resolved, asked about and reported on.

use optlint::bridge::{Asked, Target, Wanted};
use optlint::check::{Request, SYNTAX_ERROR, Wishes, resolve_with, run};
use optlint::eval::Eval;
use optlint::finding::Report;
use optlint::fix::holds;
use optlint::lint::{self, Cx, Listed, Rule};
use optlint::option::Configuration;
use optlint::report::{Format, Options, write};
use optlint::rules::shipped;
use optlint::rules::vhosts::{LISTED_BY, overview};
use optlint::source::Sources;
use optlint::source::files::Memory;
use optlint::syntax::with_big_stack;
use optlint::verify::expect::Example;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

/// The project's folder; there is none of this name on the disk.
const ROOT: &str = "/optlint-fuzz/project";

static RULES: LazyLock<Vec<Rule>> = LazyLock::new(|| lint::load(shipped()).0);

/// Files as the examples of pages have them: a line `#- path` begins another one.
pub fn configuration(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let example = Example::parse(&text);
    let first = example.files.first().map(|file| file.path.clone()).unwrap_or_default();
    let mut files: BTreeMap<PathBuf, String> =
        example.files.into_iter().map(|file| (Path::new(ROOT).join(file.path), file.text)).collect();
    files.retain(|path, _| path.starts_with(ROOT) && !path.to_string_lossy().contains(".."));
    // A module alone is a machine's configuration, so that rules are asked about all of it.
    if !first.ends_with("flake.nix")
        && let Some(text) = files.remove(&Path::new(ROOT).join("default.nix"))
    {
        files.insert(Path::new(ROOT).join("configuration.nix"), text);
    }
    judge(files);
}

/// Has all rules asked and all formats written.
fn judge(files: BTreeMap<PathBuf, String>) {
    let (rules, paths): (Vec<&Rule>, _) = (RULES.iter().collect(), [PathBuf::from(ROOT)]);
    with_big_stack(|| {
        let (report, sources) = run(&Request { paths: &paths, rules: &rules, buffers: files, ..Request::default() });
        // What is broken before is broken afterwards: there nothing is mended.
        let broken: Vec<_> = report.findings.iter().filter(|one| one.rule.as_str() == SYNTAX_ERROR).collect();
        let is_broken = |file| broken.iter().any(|one| one.primary.at.file() == Some(file));
        for finding in &report.findings {
            for fix in finding.fixes.iter().filter(|fix| !is_broken(fix.file())) {
                assert!(holds(fix, &sources.file(fix.file()).text), "{}: {}", finding.rule.as_str(), fix.title);
            }
        }
        written(&report, &sources);
    });
}

fn written(report: &Report, sources: &Sources) {
    let options = Options { undecided: true, ..Options::plain(ROOT) };
    for format in Format::ALL {
        let mut out = vec![];
        write(format, report, sources, &options, &mut out).expect("memory takes everything");
        let text = String::from_utf8(out).expect("reports are text");
        if matches!(format, Format::Json | Format::Sarif | Format::Gitlab) {
            let read: Result<serde::de::IgnoredAny, _> = serde_json::from_str(&text);
            assert!(read.is_ok(), "{format:?}");
        }
    }
}

/// A configuration of nginx.
pub fn nginx(bytes: &[u8]) {
    served(
        bytes,
        "{
  services.nginx.enable = true;
  services.nginx.appendHttpConfig = builtins.readFile ./text;
  services.nginx.virtualHosts.\"a.example.org\" = {
    extraConfig = builtins.readFile ./text;
    locations.\"/_matrix\".extraConfig = builtins.readFile ./text;
  };
}",
    );
}

/// A Caddyfile.
pub fn caddyfile(bytes: &[u8]) {
    served(
        bytes,
        "{
  services.caddy.enable = true;
  services.caddy.extraConfig = builtins.readFile ./text;
  services.caddy.virtualHosts.\"a.example.org\".extraConfig = builtins.readFile ./text;
}",
    );
}

/// Reads what a web server is told, and lists the virtual hosts.
fn served(bytes: &[u8], module: &str) {
    let text = String::from_utf8_lossy(bytes).into_owned();
    let at = |name: &str| Path::new(ROOT).join(name);
    let files = BTreeMap::from([(at("configuration.nix"), module.to_owned()), (at("text"), text)]);
    let rule = RULES.iter().find(|rule| rule.page.id.as_str() == LISTED_BY).expect("a rule");
    with_big_stack(|| {
        let paths = [PathBuf::from(ROOT)];
        let resolved = resolve_with(&paths, rule.page.options(), &Wishes::default(), (&files, None));
        let listed = Listed::new(rule.page.options());
        for configuration in &resolved.configurations {
            overview(&Cx::new(configuration, &rule.page, &listed).with_sources(&resolved.eval.sources));
        }
    });
}

/// What Nix tells through the bridge.
pub fn records(bytes: &[u8]) {
    let (rules, root): (Vec<&Rule>, _) = (RULES.iter().collect(), Path::new(ROOT));
    with_big_stack(|| {
        let file = (root.join("configuration.nix"), "{\n  networking.hostName = \"a\";\n}\n".to_owned());
        let mut eval = Eval::new(Box::new(Memory::new([file])));
        let (target, patterns) = (Target::Module(root.join("configuration.nix")), lint::patterns(&rules));
        let wanted = Wanted { name: "a", root, target: &target, patterns: &patterns, last: &[], worst: &[] };
        let Ok(evaluated) = Asked::of_log(bytes, root).evaluated(&mut eval, &wanted) else { return };
        let configurations: [Configuration; 1] = [evaluated.configuration];
        let outcome = lint::run(&mut eval, &configurations, &rules);
        let mut report = Report { findings: outcome.findings, undecided: outcome.undecided, ..Report::default() };
        report.sort_and_merge(&eval.sources);
        written(&report, &eval.sources);
    });
}
