//! `optlint test`: whether the examples of the user's own rule pages hold.

use super::args::TestArgs;
use super::rule_set::{own, pages_in, relative};
use super::{Cx, Exit, Failure};
use crate::rules::STAND_IN;
use crate::verify::{Workbench, check};

pub(super) fn run(args: &TestArgs, cx: &mut Cx<'_>) -> Result<Exit, Failure> {
    let folder = cx.surroundings.folder.clone();
    let pages = pages_in(&args.paths, &folder)?;
    let rules = own(&pages, &super::rules::loaded()?, &folder)?;
    let mut bench = Workbench::new(STAND_IN);
    let (mut failures, mut examples) = (0, 0);
    for (rule, page) in rules.iter().zip(&pages) {
        examples += rule.page.blocks().filter(|block| block.info.split(' ').next() == Some("nix")).count();
        for failure in check(&mut bench, rule, &relative(page, &folder)) {
            failures += 1;
            writeln!(cx.out, "{failure}")?;
        }
    }
    cx.out.flush()?;
    let counted = format!("{}, {}", counted(rules.len(), "page"), counted(examples, "example"));
    match failures {
        0 => writeln!(cx.err, "{counted}: all hold")?,
        _ => writeln!(cx.err, "{counted}: {} not as promised", failures)?,
    }
    Ok(if failures == 0 { Exit::Clean } else { Exit::Found })
}

fn counted(count: usize, thing: &str) -> String {
    format!("{count} {thing}{}", if count == 1 { "" } else { "s" })
}
