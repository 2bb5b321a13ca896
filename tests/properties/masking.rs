//! A secret is masked in every format however it is spelled: what stands under the carets of pages about secrets is
//! written in the ways that Nix has for a text. By default some of them are tried on each secret, in turn;
//! `EXAMPLES=all` tries all of them.

use super::{for_every_rule, report};
use optlint::check::{Request, run};
use optlint::lint::markdown::Block;
use optlint::lint::{Rule, load};
use optlint::report::{Format, Options, write};
use optlint::rules::shipped;
use optlint::syntax::with_big_stack;
use optlint::verify::Workbench;
use optlint::verify::expect::{Example, Kind};
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

/// What no output may hold, in any piece of a secret: it stands in nothing else.
const MARK: &str = "Xk9vQ";

/// The text of a literal in other spellings, each of which comes to a text with the mark in all its parts.
const SPELLINGS: [&str; 14] = [
    "\"Xk9vQ1a\"",
    "\"Xk9vQ1a Xk9vQ2b \\\" Xk9vQ3c \\\\ Xk9vQ4d\"",
    "\"Xk9vQ1a\\nXk9vQ2b\\tXk9vQ3c\\${Xk9vQ4d}\"",
    "\"Xk9vQ1aü€🗝Xk9vQ2b\"",
    "\"Xk9vQ1a\nXk9vQ2b\n  Xk9vQ3c\"",
    "''Xk9vQ1a''",
    "''\n  Xk9vQ1a\n    Xk9vQ2b ''' Xk9vQ3c ''${Xk9vQ4d} ''\\n Xk9vQ5e\n''",
    "(\"Xk9vQ1a\" + \"Xk9vQ2b\")",
    "\"Xk9vQ1a${\"Xk9vQ2b\"}Xk9vQ3c\"",
    "(let a = \"Xk9vQ1a\"; in \"${a}Xk9vQ2b\")",
    "(let\n a = \"Xk9vQ1a\";\n b = a + \"Xk9vQ2b\";\nin\n\"${b}Xk9vQ3c\")",
    "(\n  \"Xk9vQ1a\"\n  + \"Xk9vQ2b\"\n  + \"Xk9vQ3c\"\n)",
    "(builtins.concatStringsSep \"Xk9vQ1a\" [ \"Xk9vQ2b\" \"Xk9vQ3c\" ])",
    "(if true then \"Xk9vQ1a\" else \"Xk9vQ2b\")",
];

/// By default one spelling of so many is tried on a secret.
const SHARE: usize = 4;

static LOOKED_AT: AtomicUsize = AtomicUsize::new(0);

/// The ways of `example` in which one secret under carets is spelled otherwise. Carets that mark no whole text between
/// quotes are passed over.
fn respelled(example: &Example) -> Vec<(String, Example)> {
    let mut found = vec![];
    let share = if std::env::var("EXAMPLES").as_deref() == Ok("all") { 1 } else { SHARE };
    for mark in example.annotations.iter().filter(|it| matches!(it.kind, Kind::Finding { .. }) && !it.todo) {
        let literal = example.files[mark.file].columns(mark.line, mark.start, mark.end);
        if literal.len() < 3 || !literal.starts_with('"') || !literal.ends_with('"') {
            continue;
        }
        // Which ones depends on where the secret stands: over all pages each has its turn.
        let turn = (mark.line + mark.start + mark.block_line) as usize;
        for spelling in SPELLINGS.iter().skip(turn % share).step_by(share) {
            let mut other = example.clone();
            let text = &mut other.files[mark.file].text;
            let lines = text.split_inclusive('\n').enumerate();
            let lines = lines.map(|(at, line)| match at + 1 == mark.line as usize {
                true => line.replacen(&literal, spelling, 1),
                false => line.to_owned(),
            });
            *text = lines.collect();
            found.push(((*spelling).to_owned(), other));
        }
    }
    found
}

fn of_block(bench: &mut Workbench, rule: &Rule, block: &Block) -> Vec<String> {
    let (mut wrong, example) = (vec![], Example::parse(&block.text));
    for (spelling, example) in respelled(&example) {
        let report = report(bench, rule, &example, block.info.ends_with("configuration"));
        // Spelled otherwise it may be none to the rule: what no rule calls a secret is shown.
        let mut labels = report.findings.iter().flat_map(|it| std::iter::once(&it.primary).chain(&it.related));
        let sources = &bench.eval.sources;
        let marked = labels.any(|label| {
            let span = label.at.span().filter(|_| label.redact);
            span.is_some_and(|span| sources.file(span.file).text[span.start as usize..span.end as usize].contains(MARK))
        });
        if !marked {
            continue;
        }
        LOOKED_AT.fetch_add(1, Relaxed);
        for format in Format::ALL {
            let (mut out, options) = (vec![], Options { undecided: true, ..Options::plain("/example") });
            write(format, &report, sources, &options, &mut out).unwrap();
            let out = String::from_utf8(out).unwrap();
            if let Some(line) = out.lines().find(|line| line.contains(MARK)) {
                wrong.push(format!("{}:{}: {spelling}: {format:?} shows {line}", rule.page.id, block.line));
            }
        }
    }
    wrong
}

#[test]
fn secrets_are_masked_however_they_are_spelled() {
    let wrong = for_every_rule(|bench, rule| {
        let blocks = rule.page.blocks().filter(|block| block.info.starts_with("nix") && rule.page.sensitive);
        let blocks: Vec<&Block> = blocks.filter(|block| !block.info.ends_with("fixed")).collect();
        blocks.into_iter().flat_map(|block| of_block(bench, rule, block)).collect()
    });
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
    let count = LOOKED_AT.load(Relaxed);
    assert!(count > 50, "{count} reports with a finding are few");
}

/// What a fix puts beside a secret does not repeat it, whichever rules are asked.
#[test]
fn fixes_repeat_no_secret() {
    let text = format!(
        "{{ services.coturn.enable = true; services.coturn.extraConfig = ''\n  static-auth-secret={MARK}1a\n''; }}"
    );
    let root = tempfile::tempdir().unwrap();
    std::fs::create_dir(root.path().join(".git")).unwrap();
    let (rules, errors) = load(shipped());
    assert!(errors.is_empty());
    let mends = |rule: &Rule| rule.page.id.as_str() == "coturn-private-peers-allowed";
    let ask = |asked: Vec<&Rule>| {
        let buffers = [(root.path().join("configuration.nix"), text.clone())].into();
        let paths = [root.path().to_path_buf()];
        let (report, sources) = run(&Request { paths: &paths, rules: &asked, buffers, ..Request::default() });
        assert!(report.findings.iter().any(|finding| !finding.fixes.is_empty()));
        for format in Format::ALL {
            let (mut out, options) = (vec![], Options { undecided: true, ..Options::plain(root.path()) });
            write(format, &report, &sources, &options, &mut out).unwrap();
            assert!(!String::from_utf8(out).unwrap().contains(MARK), "{format:?}, {} rules", asked.len());
        }
    };
    with_big_stack(|| {
        ask(rules.iter().collect());
        ask(rules.iter().filter(|rule| mends(rule)).collect());
    });
}
