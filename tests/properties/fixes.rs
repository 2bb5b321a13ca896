//! Each fix that is offered for an example, made alone: the file parses, has its comments, and the finding is gone,
//! or is about less than before; what else was found is found as before, and there is not more of it.

use super::{for_every_rule, report};
use optlint::finding::{Finding, Fix, Report};
use optlint::fix;
use optlint::lint::Rule;
use optlint::lint::markdown::Block;
use optlint::verify::Workbench;
use optlint::verify::expect::Example;
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

/// What is said of an option, and how often.
fn counted<'r>(findings: impl Iterator<Item = &'r Finding>) -> BTreeMap<String, usize> {
    let mut counts = BTreeMap::new();
    for finding in findings {
        *counts.entry(format!("{}: {}", finding.option, finding.message)).or_default() += 1;
    }
    counts
}

/// The text with a fix made.
fn mended(text: &str, fix: &Fix) -> String {
    let (mut out, mut done) = (String::new(), 0);
    for edit in fix.edits() {
        out += &text[done..edit.span.start as usize];
        out += &edit.text;
        done = edit.span.end as usize;
    }
    out + &text[done..]
}

/// What is wrong with one fix.
fn wrong(bench: &mut Workbench, rule: &Rule, example: &Example, before: &Report, at: (usize, usize)) -> Option<String> {
    let (nth, which) = at;
    let fix = &before.findings[nth].fixes[which];
    let source = bench.eval.sources.file(fix.file());
    let (text, path) = (source.text.to_string(), source.path.clone());
    // What would not parse, or lose a comment, is refused.
    if !fix::holds(fix, &text) {
        return None;
    }
    LOOKED_AT.fetch_add(1, Relaxed);
    let mut example = example.clone();
    let file = example.files.iter_mut().find(|file| path.ends_with(&file.path) && file.text == text);
    let Some(file) = file else { return Some(format!("it changes {}, which is not of the example", path.display())) };
    file.text = mended(&text, fix);
    let after = report(bench, rule, &example, false);
    let kept = before.findings.iter().enumerate().filter(|(other, _)| *other != nth).map(|(_, finding)| finding);
    let (kept, found) = (counted(kept), counted(after.findings.iter()));
    let lost = kept.iter().any(|(said, count)| found.get(said).is_none_or(|left| left < count));
    // A finding about several options of which some remain says something else of these.
    let own = counted(before.findings[nth..=nth].iter());
    let still = own.keys().any(|said| found.get(said) > kept.get(said));
    let more = found.values().sum::<usize>() > before.findings.len();
    (lost || still || more).then(|| format!("left to find was\n{kept:#?}\nand is\n{found:#?}"))
}

/// Counts the fixes that were looked at.
static LOOKED_AT: AtomicUsize = AtomicUsize::new(0);

fn of_block(bench: &mut Workbench, rule: &Rule, block: &Block) -> Vec<String> {
    let example = Example::parse(&block.text);
    let before = report(bench, rule, &example, false);
    let fixes = before.findings.iter().enumerate().flat_map(|(nth, it)| (0..it.fixes.len()).map(move |at| (nth, at)));
    let fixes: Vec<_> = fixes.collect();
    let wrong = fixes.into_iter().filter_map(|at| {
        let title = &before.findings[at.0].fixes[at.1].title;
        Some(format!("{}:{}: {title}: {}", rule.page.id, block.line, wrong(bench, rule, &example, &before, at)?))
    });
    wrong.collect()
}

#[test]
fn a_fix_mends_its_own_finding() {
    let wrong = for_every_rule(|bench, rule| {
        let blocks: Vec<&Block> = rule.page.blocks().filter(|block| block.info == "nix").collect();
        blocks.into_iter().flat_map(|block| of_block(bench, rule, block)).collect()
    });
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
    let count = LOOKED_AT.load(Relaxed);
    assert!(count > 15, "{count} fixes are few");
}
