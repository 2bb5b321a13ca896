//! A rule: its page and, where it is a search, the function beside it.

use super::page::read_data;
use super::{Check, Page, PageError, Question};
use crate::eval::Eval;
use crate::finding::Severity;
use crate::option::OptionPattern;
use crate::source::files::Memory;
use std::collections::BTreeSet;

/// Where pages can be read; a page's path below `rules/` follows.
const PAGES: &str = "rules/";

/// A rule that is part of this program.
#[derive(Clone, Copy, Debug)]
pub struct Shipped {
    /// Domain, category and id: the path of its page below `rules/`, without `.md`.
    pub name: &'static str,
    /// The page.
    pub text: &'static str,
    /// The function beside it, if the page says `check = "rust"`.
    pub check: Option<Check>,
    /// The file with facts, if the page names one: path below `rules/`, and text.
    pub data: Option<(&'static str, &'static str)>,
}

/// A rule, ready to be asked.
#[derive(Clone, Debug)]
pub struct Rule {
    /// Its page.
    pub page: Page,
    /// The severity of all its findings, where the user wishes for another than its own.
    pub severity: Option<Severity>,
    /// The function beside it.
    pub(super) check: Option<Check>,
}

impl Rule {
    /// Loads a rule that ships.
    pub fn shipped(shipped: &Shipped) -> Result<Rule, Vec<PageError>> {
        Self::shipped_with(&mut evaluator(), shipped)
    }

    fn shipped_with(eval: &mut Eval, shipped: &Shipped) -> Result<Rule, Vec<PageError>> {
        // What ships has been tested. Where it is being tested, all of it is read.
        let digested = if cfg!(debug_assertions) { None } else { Page::digested(shipped.name, shipped.text) };
        let mut page = match digested {
            Some(page) => page,
            None => Page::load_with(eval, shipped.name, shipped.text.into(), true)?,
        };
        page.url = Some(format!("{PAGES}{}.md", shipped.name));
        match (page.data_file.as_deref(), shipped.data) {
            (None, None) => {}
            (Some(named), Some((path, text))) if named == path => {
                page.data_text = shipped.data;
                // It has been tested by the time it ships, and few rules need it.
                if cfg!(debug_assertions)
                    && let Err(cause) = read_data(path, text)
                {
                    return Err(complaint(&format!("not all of `data` is known: {cause}")));
                }
            }
            _ => return Err(complaint("the page and the list of rules do not name the same `data`")),
        }
        let message = match (page.question, shipped.check) {
            (Question::Rust, None) => "the page says `check = \"rust\"`, but the list of rules names no function",
            (Question::Definition | Question::Configuration, Some(_)) => {
                "the list of rules names a function, but the page does not say `check = \"rust\"`"
            }
            _ => return Ok(Rule { page, severity: None, check: shipped.check }),
        };
        Err(complaint(message))
    }

    /// Loads a rule of the user's, which cannot be in Rust. `name` is the page's path without `.md`.
    pub fn own(name: &str, text: &str) -> Result<Rule, Vec<PageError>> {
        let page = Page::load(name, text)?;
        if page.question == Question::Rust {
            return Err(complaint("only rules that ship can be in Rust: use `when`"));
        }
        if page.data_file.is_some() {
            return Err(complaint("only rules that ship can have `data`"));
        }
        Ok(Rule { page, severity: None, check: None })
    }
}

/// One that reads no files.
fn evaluator() -> Eval {
    Eval::new(Box::new(Memory::default()))
}

fn complaint(message: &str) -> Vec<PageError> {
    vec![PageError { line: 1, column: 1, message: message.into() }]
}

/// Loads rules that ship, in order of their ids; of those that do not load, what is wrong.
pub fn load(shipped: impl IntoIterator<Item = &'static Shipped>) -> (Vec<Rule>, Vec<(&'static str, PageError)>) {
    let (mut rules, mut errors, mut eval) = (vec![], vec![], evaluator());
    for one in shipped {
        match Rule::shipped_with(&mut eval, one) {
            Ok(rule) => rules.push(rule),
            Err(found) => errors.extend(found.into_iter().map(|error| (one.name, error))),
        }
    }
    rules.sort_by(|a, b| a.page.id.cmp(&b.page.id));
    (rules, errors)
}

/// Words of which each file holds one that any of these rules can find something in, seen together with
/// the files it names: `shipped` for those that ship, for others what their options are called.
pub fn subjects(rules: &[&Rule], shipped: &[&str]) -> Vec<String> {
    let (ship, own): (Vec<&&Rule>, Vec<&&Rule>) = rules.iter().partition(|rule| rule.page.url.is_some());
    let mut words = BTreeSet::new();
    if !ship.is_empty() {
        words.extend(shipped.iter().map(|word| (*word).to_owned()));
    }
    for rule in own {
        words.extend(rule.page.options().iter().filter_map(|option| option.word()).map(str::to_owned));
    }
    words.into_iter().collect()
}

/// The options these rules read, sorted: what has to be resolved for them.
pub fn patterns(rules: &[&Rule]) -> Vec<OptionPattern> {
    let mut patterns: Vec<_> = rules.iter().flat_map(|rule| rule.page.options().iter().cloned()).collect();
    patterns.sort();
    patterns.dedup();
    patterns
}
