//! What holds of every example of every page: that layout, comments and line ends change nothing that is found,
//! that a fix mends its own finding and nothing else, that a secret is masked however it is spelled.

#![allow(clippy::unwrap_used)] // a test fails by panicking

#[path = "properties/fixes.rs"]
mod fixes;
#[path = "properties/masking.rs"]
mod masking;
#[cfg(target_os = "linux")]
#[path = "properties/order.rs"]
mod order;
#[path = "properties/threads.rs"]
mod threads;

use optlint::finding::Report;
use optlint::lint::{Rule, load, run};
use optlint::rules::{STAND_IN, shipped};
use optlint::verify::Workbench;
use optlint::verify::expect::Example;
use rnix::SyntaxKind::TOKEN_WHITESPACE;

/// Stack of a thread that evaluates, in bytes.
const STACK: usize = 256 << 20;

/// Runs `judge` for every rule, on threads that may evaluate; what it says is what is wrong.
fn for_every_rule(judge: impl Fn(&mut Workbench, &Rule) -> Vec<String> + Copy + Send + Sync) -> Vec<String> {
    let (rules, errors) = load(shipped());
    assert!(errors.is_empty());
    let judge_all = |part: &[Rule]| {
        let mut bench = Workbench::new(STAND_IN);
        part.iter().flat_map(|rule| judge(&mut bench, rule)).collect::<Vec<_>>()
    };
    std::thread::scope(|scope| {
        let start = |part| std::thread::Builder::new().stack_size(STACK).spawn_scoped(scope, move || judge_all(part));
        let threads: Vec<_> = rules.chunks(rules.len().div_ceil(2)).map(|part| start(part).unwrap()).collect();
        threads.into_iter().flat_map(|thread| thread.join().unwrap()).collect()
    })
}

/// The examples of a rule's page about which something else is said once they are rewritten.
fn changed(bench: &mut Workbench, rule: &Rule, rewrite: fn(&str) -> String) -> Vec<String> {
    let blocks = rule.page.blocks().filter(|block| block.info == "nix");
    let differ = blocks.filter_map(|block| {
        let mut example = Example::parse(&block.text);
        let before = said(bench, rule, &example);
        for file in example.files.iter_mut().filter(|file| file.path.ends_with(".nix")) {
            file.text = rewrite(&file.text);
        }
        let after = said(bench, rule, &example);
        (before != after).then(|| format!("{}:{}: {before:#?} became {after:#?}", rule.page.id, block.line))
    });
    differ.collect()
}

/// What a rule finds in an example.
fn report(bench: &mut Workbench, rule: &Rule, example: &Example, whole: bool) -> Report {
    let project = bench.open(example);
    let configurations = bench.resolve(&project, whole, rule.page.options());
    let outcome = run(&mut bench.eval, &configurations, &[rule]);
    let mut report = Report { findings: outcome.findings, undecided: outcome.undecided, ..Report::default() };
    report.sort_and_merge(&bench.eval.sources);
    report
}

/// What a rule says of an example, places left out.
fn said(bench: &mut Workbench, rule: &Rule, example: &Example) -> Vec<String> {
    let report = report(bench, rule, example, false);
    let found = report.findings.iter().map(|one| {
        format!("{:?} {:?} {} {} {}", one.severity, one.certainty, one.option, one.message, one.related.len())
    });
    let open = report.undecided.iter().map(|one| format!("undecided {} {}", one.option, one.cause));
    found.chain(open).collect()
}

/// Puts a comment of each kind wherever there is room between two tokens.
fn with_comments(text: &str) -> String {
    let tree = rnix::Root::parse(text).syntax();
    let tokens = tree.descendants_with_tokens().filter_map(|element| element.into_token());
    let with_room = |token: rnix::SyntaxToken| match token.kind() {
        TOKEN_WHITESPACE => format!("{}/* \"{{ */\n# ''${{ ]\n", token.text()),
        _ => token.text().to_owned(),
    };
    tokens.map(with_room).collect()
}

#[test]
fn comments_blank_lines_and_line_ends_change_nothing() {
    let wrong = for_every_rule(|bench, rule| changed(bench, rule, |text| with_comments(text).replace('\n', "\r\n")));
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}
