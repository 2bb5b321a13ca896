//! Asks rules about configurations.

use super::concern::Concern;
use super::condition::{Conditions, Headers, UNLISTED, listings};
use super::memo::Memo;
use super::shelf::Shelf;
use super::{Category, Cx, Listed, OptionView, Question, Rule};
use crate::eval::Eval;
use crate::finding::{Finding, RuleId, Undecided};
use crate::option::{Ask, Configuration, Purpose};
use crate::source::Sources;
use crate::value::{Cause, Truth, Unknown};
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

/// What rules answered.
#[derive(Clone, Debug, Default)]
pub struct Outcome {
    /// What they found: in order of configurations, then rules.
    pub findings: Vec<Finding>,
    /// What they could not decide.
    pub undecided: Vec<Undecided>,
    /// Of each configuration, by name, how many rules could only be about what was not read: they were not asked.
    pub unread: BTreeMap<String, usize>,
    /// Options that a rule read though its page does not list them, a mistake in the rule: of
    /// [`Session::noting`] only.
    pub unlisted: BTreeMap<RuleId, BTreeSet<String>>,
    /// Rules that found something where nobody defines what their pages say they are about: of
    /// [`Session::noting`] only.
    pub beside: BTreeSet<RuleId>,
}

/// Asks every rule about every configuration. `eval` is the evaluator that resolved
/// the configurations, if any did: places and unknowns are those of its run.
pub fn run<'c>(
    eval: &mut Eval,
    configurations: impl IntoIterator<Item = &'c Configuration>,
    rules: &[&Rule],
) -> Outcome {
    let mut session = Session::new(rules);
    configurations.into_iter().for_each(|configuration| session.ask(eval, configuration));
    session.outcome()
}

/// Rules that are asked about one configuration after the other.
pub struct Session<'r> {
    rules: &'r [&'r Rule],
    /// Whether to take note of what rules read though their pages do not list it.
    noting: bool,
    headers: Headers,
    memo: Rc<Memo>,
    outcome: Outcome,
}

impl<'r> Session<'r> {
    /// Nothing asked yet.
    pub fn new(rules: &'r [&'r Rule]) -> Self {
        Self { rules, noting: false, headers: Headers::new(), memo: Rc::default(), outcome: Outcome::default() }
    }

    /// The same, which notes what rules read though their pages do not list it.
    pub fn noting(self) -> Self {
        Self { noting: true, ..self }
    }

    /// Asks all rules about a configuration of which everything is resolved.
    pub fn ask(&mut self, eval: &mut Eval, configuration: &Configuration) {
        let concerned = self.concerned(configuration);
        let answers = self.answers(eval, configuration, &concerned);
        self.add(configuration, answers);
    }

    /// Asks all rules about a configuration with deferred options. `supply` puts what was asked for into its
    /// place; rules that got something are asked again.
    pub fn ask_on_demand(
        &mut self,
        eval: &mut Eval,
        configuration: &mut Configuration,
        mut supply: impl FnMut(&mut Eval, &mut Configuration, &Ask),
    ) {
        let mut last = BTreeMap::new();
        // Definitions of NixOS's own modules may make rules speak that otherwise have nothing to say.
        for ask in self.concerns(configuration).iter().flat_map(|(_, concern)| concern.asks()) {
            if !configuration.root.answers(ask) {
                supply(eval, configuration, ask);
            }
        }
        let mut left = self.concerned(configuration);
        while !left.is_empty() {
            let answers = self.answers(eval, configuration, &left);
            left.clear();
            for (at, mut answer) in answers {
                let asks = std::mem::take(&mut answer.asks);
                last.insert(at, answer);
                let mut got_some = false;
                for ask in asks {
                    // Another rule may have got it in this turn.
                    if !configuration.root.answers(&ask) {
                        supply(eval, configuration, &ask);
                    }
                    got_some |= configuration.root.answers(&ask);
                }
                if got_some {
                    left.push(at);
                }
            }
        }
        self.add(configuration, last);
    }

    /// The rules that have a say in a configuration, each with what the configuration has of what it is about.
    fn concerns(&self, configuration: &Configuration) -> Vec<(usize, Concern)> {
        let concern = match self.noting {
            true => Concern::as_written,
            false => Concern::of,
        };
        let rules = self.rules.iter().enumerate().filter(|(_, rule)| bears_on(rule, configuration));
        rules.map(|(at, rule)| (at, concern(&rule.page, configuration))).collect()
    }

    /// The rules that are to be asked; takes note of how many could only be about what was not read.
    fn concerned(&mut self, configuration: &Configuration) -> Vec<usize> {
        let concerns = self.concerns(configuration);
        let unread = concerns.iter().filter(|(_, concern)| *concern == Concern::Unread).count();
        if unread > 0 {
            *self.outcome.unread.entry(configuration.name.clone()).or_default() += unread;
        }
        let is_asked = |concern: &Concern| self.noting || !matches!(concern, Concern::None | Concern::Unread);
        concerns.into_iter().filter(|(_, concern)| is_asked(concern)).map(|(at, _)| at).collect()
    }

    fn add(&mut self, configuration: &Configuration, answers: BTreeMap<usize, Answer>) {
        for (at, answer) in answers {
            let page = &self.rules[at].page;
            if self.noting && !answer.findings.is_empty() && Concern::as_written(page, configuration) == Concern::None {
                self.outcome.beside.insert(page.id.clone());
            }
            self.outcome.add(self.rules[at], answer);
        }
    }

    /// What some rules answer about a configuration as it is at the moment.
    fn answers(&mut self, eval: &mut Eval, configuration: &Configuration, which: &[usize]) -> BTreeMap<usize, Answer> {
        let mut answers = BTreeMap::new();
        let is_written = |at: &&usize| self.rules[**at].page.question == Question::Rust;
        {
            let (unnoted, shelf) = (self.listed(None), Rc::default());
            for at in which.iter().filter(is_written) {
                let rule = self.rules[*at];
                let answer = match self.noting {
                    // What one rule reads says nothing about the next.
                    true => written(configuration, rule, &self.listed(Some(rule)), &eval.sources, &Rc::default()),
                    false => written(configuration, rule, &unnoted, &eval.sources, &shelf),
                };
                answers.insert(*at, answer);
            }
        }
        for at in which.iter().filter(|at| !is_written(at)) {
            let rule = self.rules[*at];
            let listed = self.listed(self.noting.then_some(rule));
            answers
                .insert(*at, conditional(configuration, rule, &listed, &mut Conditions::new(eval, &mut self.headers)));
        }
        answers
    }

    /// What keeps account of what a rule reads, or does not.
    fn listed(&self, of: Option<&Rule>) -> Listed {
        of.map_or_else(Listed::unnoted, |rule| Listed::new(rule.page.options())).sharing(&self.memo)
    }

    /// What the rules answered since the last time.
    pub fn outcome(&mut self) -> Outcome {
        let mut outcome = std::mem::take(&mut self.outcome);
        outcome.undecided.sort();
        outcome.undecided.dedup();
        outcome
    }
}

/// What one rule answered about one configuration.
struct Answer {
    findings: Vec<Finding>,
    undecided: Vec<Undecided>,
    unlisted: BTreeSet<String>,
    /// What it asked for that was not there.
    asks: Vec<Ask>,
}

impl Outcome {
    fn add(&mut self, rule: &Rule, answer: Answer) {
        if !answer.unlisted.is_empty() {
            self.unlisted.entry(rule.page.id.clone()).or_default().extend(answer.unlisted);
        }
        self.findings.extend(answer.findings);
        self.undecided.extend(answer.undecided);
    }
}

/// Whether a rule has a say in a configuration: tests hold dummy secrets, on purpose in the store.
pub fn bears_on(rule: &Rule, configuration: &Configuration) -> bool {
    configuration.purpose != Purpose::Test || rule.page.category != Category::Secrets
}

/// Asks a rule that is written in Rust; `shelf` has what others of them made of the configuration.
fn written<'a>(
    configuration: &'a Configuration,
    rule: &'a Rule,
    listed: &'a Listed,
    sources: &'a Sources,
    shelf: &Rc<Shelf<'a>>,
) -> Answer {
    let mut cx = Cx::new(configuration, &rule.page, listed).with_sources(sources).sharing(shelf);
    rule.check.iter().for_each(|check| check(&mut cx));
    answer(configuration, rule, listed, cx)
}

/// Asks a rule whose condition its page gives.
fn conditional(configuration: &Configuration, rule: &Rule, listed: &Listed, conditions: &mut Conditions<'_>) -> Answer {
    let mut cx = Cx::new(configuration, &rule.page, listed);
    match rule.page.question {
        Question::Rust => {}
        Question::Definition => ask_definitions(configuration, &mut cx, conditions),
        Question::Configuration => ask_configuration(configuration, &mut cx, conditions),
    }
    answer(configuration, rule, listed, cx)
}

fn answer(configuration: &Configuration, rule: &Rule, listed: &Listed, cx: Cx<'_>) -> Answer {
    let (mut findings, undecided) = cx.finish();
    if let Some(severity) = rule.severity {
        findings.iter_mut().for_each(|finding| finding.severity = severity);
    }
    let mut unlisted: BTreeSet<String> = listed.unlisted().into_iter().collect();
    let forgotten = undecided.iter().filter_map(|undecided| undecided.cause.strip_prefix(UNLISTED));
    unlisted.extend(forgotten.map(|set| format!("an option in {set}")));
    Answer { findings, undecided, unlisted, asks: configuration.asked.take() }
}

/// Asks `when.definition` of every alternative of every definition.
fn ask_definitions(configuration: &Configuration, cx: &mut Cx<'_>, conditions: &mut Conditions<'_>) {
    let page = cx.page();
    for pattern in page.options() {
        if cx.is_left_alone(pattern) {
            continue;
        }
        for (view, unknown) in cx.hidden(pattern) {
            if !is_expected(configuration, &unknown) {
                cx.decide(Truth::Unknown(unknown), |finding| finding.primary(&view, ""));
            }
        }
        for view in cx.matching(pattern) {
            for definition in view.definitions().iter().flat_map(OptionView::alternatives) {
                let fires = conditions.definition(page, &definition);
                let message = if fires.is_true() { conditions.message(page, &definition) } else { None };
                cx.decide(fires, |finding| match message {
                    Some(message) => finding.message(message).primary(&definition, ""),
                    None => finding.primary(&definition, ""),
                });
            }
        }
    }
}

/// Asks `when.configuration`; the first listed option that is defined gets the label.
fn ask_configuration(configuration: &Configuration, cx: &mut Cx<'_>, conditions: &mut Conditions<'_>) {
    let page = cx.page();
    let listed = listings(page, |path| cx.at(path));
    let fires = conditions.configuration(page, configuration, &listed);
    let mut views: Vec<OptionView<'_>> = page.options().iter().flat_map(|pattern| cx.matching(pattern)).collect();
    // A stable sort: defined ones first, otherwise in the order of the list.
    views.sort_by_key(|view| match view.presence() {
        Truth::True => 0,
        Truth::Unknown(_) => 1,
        Truth::False => 2,
    });
    let first = views.into_iter().next();
    let label = first.map(|view| view.definitions().into_iter().next().unwrap_or(view));
    let message = label.as_ref().filter(|_| fires.is_true()).and_then(|view| conditions.message(page, view));
    cx.decide(fires, |mut finding| {
        if let Some(message) = message {
            finding = finding.message(message);
        }
        match &label {
            Some(view) => finding.primary(view, ""),
            None => finding,
        }
    });
}

/// Whether a user knows already that this is unknown: options nobody defined in a module
/// on its own, and whatever may stand in files that were reported as not read.
fn is_expected(configuration: &Configuration, unknown: &Unknown) -> bool {
    let cause = unknown.cause.root();
    let reported = configuration.gaps.iter().map(|gap| &gap.unknown).chain(&configuration.root.others);
    matches!(cause, Cause::Undefined(_)) || reported.into_iter().any(|gap| gap.cause.root() == cause)
}
