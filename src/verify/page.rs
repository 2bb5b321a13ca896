//! Runs the examples of a page.

use super::compare::compare;
use super::expect::Example;
use super::failure::{Failure, Miss};
use super::project::resolve;
use crate::lint::markdown::Block;
use crate::lint::{Page, Rule, run};

/// What is wrong with the examples of a rule's page; `path` names it in the answer.
///
/// A block marked `nix` is a module on its own, one marked `nix configuration` a whole
/// configuration, and one marked `nix fixed` a module that must be clean.
pub fn check(rule: &Rule, path: &str) -> Vec<Failure> {
    let mut failures = presence(&rule.page);
    for block in &rule.page.blocks {
        let whole = match block.info.as_str() {
            "nix" | "nix fixed" => false,
            "nix configuration" => true,
            other if other.starts_with("nix ") => {
                let text = format!("a block is `nix`, `nix configuration` or `nix fixed`, not `{other}`");
                failures.push(broken(block.line - 1, text));
                continue;
            }
            _ => continue,
        };
        let before = block.line - 1;
        failures.extend(examine(rule, block, whole).into_iter().map(|failure| failure.inside(path, before)));
    }
    failures.into_iter().map(|failure| failure.inside(path, 0)).collect()
}

/// A page shows at least one thing that is found and one that is not.
fn presence(page: &Page) -> Vec<Failure> {
    let blocks = || page.blocks.iter().filter(|block| block.info.split(' ').next() == Some("nix"));
    let annotated = |block: &Block| !Example::parse(&block.text).annotations.is_empty();
    let mut failures = Vec::new();
    if !blocks().any(annotated) {
        failures.push(broken(1, "no example has carets".into()));
    }
    if !blocks().any(|block| !annotated(block)) {
        failures.push(broken(1, "no example is without carets".into()));
    }
    failures
}

fn broken(line: u32, text: String) -> Failure {
    Failure { page: String::new(), line, column: 1, miss: Miss::Broken, text }
}

/// Runs one block. Lines are those of the block.
fn examine(rule: &Rule, block: &Block, whole: bool) -> Vec<Failure> {
    let example = Example::parse(&block.text);
    let mut failures: Vec<Failure> = example.mistakes.iter().map(|(line, text)| broken(*line, text.clone())).collect();
    if block.info == "nix fixed" && !example.annotations.is_empty() {
        failures.push(broken(1, "a fixed example has no carets".into()));
    }
    let mut project = resolve(&example, whole, &rule.page.options);
    for (line, problem) in project.problems(&example) {
        failures.push(broken(line, problem));
    }
    let outcome = run(&mut project.eval, &project.configurations, &[rule]);
    for option in outcome.unlisted.values().flatten() {
        failures.push(broken(1, format!("the rule reads {option}, which its page does not list")));
    }
    failures.extend(compare(&example, &project.eval.sources, &outcome.findings));
    failures
}
