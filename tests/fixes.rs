//! What pages promise to mend is mended: on the disk, as `optlint check --fix --unsafe` does it.

#![allow(clippy::unwrap_used)] // a test fails by panicking

use optlint::check::Request;
use optlint::finding::Safety;
use optlint::fix::{Outcome, run, write};
use optlint::lint::markdown::Block;
use optlint::lint::{Rule, load};
use optlint::rules::shipped;
use optlint::syntax::with_big_stack;
use optlint::verify::expect::Example;
use std::path::Path;

fn rules() -> Vec<Rule> {
    load(shipped()).0
}

/// The files of a block by name. A whole configuration is recognised by its name.
fn files(block: &Block, whole: bool) -> Vec<(String, String)> {
    let named =
        |path: &str| if whole && path == "default.nix" { "configuration.nix".to_owned() } else { path.to_owned() };
    Example::parse(&block.text).files.into_iter().map(|file| (named(&file.path), file.text)).collect()
}

fn mend(project: &Path, rule: &Rule) -> Outcome {
    let (paths, rules) = ([project.to_path_buf()], [rule]);
    run(&Request { paths: &paths, rules: &rules, ..Request::default() }, Safety::Suggestion)
}

/// What is wrong with a block and the mended one that follows it.
fn wrong(rule: &Rule, found: &Block, fixed: &Block) -> Vec<String> {
    let whole = found.info == "nix configuration";
    let project = tempfile::tempdir().unwrap();
    let root = project.path().canonicalize().unwrap();
    std::fs::create_dir(root.join(".git")).unwrap();
    for (path, text) in files(found, whole) {
        let path = root.join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
    let place = format!("{}:{}", rule.page.id, fixed.line);
    let outcome = mend(&root, rule);
    let failed = write(&outcome.changes);
    let mut wrong: Vec<String> =
        failed.iter().map(|(path, why)| format!("{place}: {}: {why}", path.display())).collect();
    wrong.extend(outcome.refused.iter().map(|(mention, why)| format!("{place}: {}: {why}", mention.title)));
    for (path, expected) in files(fixed, whole) {
        let text = std::fs::read_to_string(root.join(&path)).unwrap();
        if text != expected {
            wrong.push(format!("{place}: {path} is\n{text}and not\n{expected}"));
        }
    }
    wrong.extend(mend(&root, rule).changes.iter().map(|change| format!("{place}: again changed to\n{}", change.after)));
    wrong
}

#[test]
fn pages_keep_what_they_promise() {
    let (wrong, count) = with_big_stack(|| {
        let (mut wrong_ones, mut count) = (vec![], 0);
        for rule in rules() {
            let blocks: Vec<&Block> = rule.page.blocks().filter(|block| block.info.starts_with("nix")).collect();
            let pairs: Vec<_> = blocks.windows(2).filter(|pair| pair[1].info == "nix fixed").collect();
            count += pairs.len();
            let found: Vec<String> = pairs.iter().flat_map(|pair| wrong(&rule, pair[0], pair[1])).collect();
            wrong_ones.extend(found);
        }
        (wrong_ones, count)
    });
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
    assert!(count > 15, "{count} pairs are few");
}

/// A rule in Rust that offers a fix shows on its page what it does.
#[test]
fn every_fix_is_shown() {
    let rules = Path::new(env!("CARGO_MANIFEST_DIR")).join("rules");
    let mut silent = vec![];
    for rule in shipped() {
        let page = rules.join(format!("{}.md", rule.name));
        let (folder, id) = (page.parent().unwrap(), page.file_stem().unwrap().to_string_lossy().replace('-', "_"));
        let code = std::fs::read_to_string(folder.join(format!("{id}.rs"))).unwrap_or_default();
        if code.contains(".fix(") && !rule.text.contains("```nix fixed") {
            silent.push(rule.name);
        }
    }
    silent.sort();
    assert!(silent.is_empty(), "pages that show no `nix fixed`: {silent:?}");
}
