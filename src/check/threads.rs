//! One project, looked at by one thread or by several, each with an evaluator of its own.

use super::asked::{Asked, Noting};
use crate::eval::Eval;
use crate::lint::{self, Outcome, Rule, Session};
use crate::option::{Configuration, OptionPattern};
use crate::resolve::{Member, Request, Resolver, Supply, Team, Visits};
use crate::rules;
use crate::source::{Sources, load};
use crate::syntax::spawn_with_big_stack;
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

/// How many threads look at one project. What they say is the same.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Threads {
    /// One.
    #[default]
    One,
    /// As many as are worth it, but not more than this.
    UpTo(usize),
    /// So many, whether they are worth it or not.
    Always(usize),
}

impl Threads {
    /// So many at most.
    pub fn most(self) -> usize {
        match self {
            Threads::One => 1,
            Threads::UpTo(most) | Threads::Always(most) => most,
        }
    }
}

/// What all threads look at, and for what.
pub(super) struct Look<'l> {
    pub roots: Vec<PathBuf>,
    pub paths: &'l [PathBuf],
    pub outside: bool,
    pub entry_points: &'l [PathBuf],
    pub buffers: &'l BTreeMap<PathBuf, String>,
    pub stop: Option<Arc<AtomicBool>>,
    /// The rules to ask on the way, if any.
    pub rules: Option<&'l [&'l Rule]>,
    /// Whether nothing comes after it: see [`end`].
    pub last: bool,
    /// Where questions to the disk are noted.
    pub asked: Option<&'l Asked>,
}

/// Gives back what an evaluator computed, unless the process is about to end anyway, which does it at once.
pub(super) fn end(eval: Eval, last: bool) {
    if last {
        std::mem::forget(eval);
    }
}

/// A project: its root and its files.
type Place<'p> = (&'p Path, &'p [PathBuf]);

/// What one thread looks with.
pub(super) struct Looking<'l> {
    pub eval: Eval,
    resolver: Resolver,
    session: Option<Session<'l>>,
}

impl<'l> Look<'l> {
    /// A thread's own evaluator, and what belongs to it.
    pub(super) fn begin(&self, sources: Sources) -> Looking<'l> {
        let files = super::files(self.roots.clone(), self.paths, self.outside, self.buffers);
        let mut eval = Eval::new(match self.asked {
            Some(asked) => Box::new(Noting::new(files, asked.clone())),
            None => Box::new(files),
        });
        eval.sources = sources;
        self.stop.iter().for_each(|flag| eval.stop_on(flag.clone()));
        let mut resolver = Resolver::new(&mut eval, rules::STAND_IN).with_entries(self.entry_points.to_vec());
        if let Some(rules) = self.rules {
            resolver = resolver.about(lint::subjects(rules, rules::SUBJECTS)).near(self.paths.to_vec());
            resolver = resolver.loose(!self.roots.iter().any(|root| load::is_project(root)));
        }
        Looking { eval, resolver, session: self.rules.map(Session::new) }
    }
}

/// What was found, what rules answered to each visit, and the visits that count.
struct Seen {
    configurations: Vec<Configuration>,
    answers: Vec<Outcome>,
    counting: Vec<Visits>,
}

impl<'l> Looking<'l> {
    /// The configurations of a project, and what the rules say of them, if they are asked; by so many threads.
    pub(super) fn project(
        &mut self,
        look: &Look<'l>,
        place: Place<'_>,
        patterns: &[OptionPattern],
        threads: Threads,
    ) -> (Vec<Configuration>, Option<Outcome>) {
        self.eval.sources.number(place.1);
        if self.session.is_none() {
            let mut request = Request::all(patterns);
            return (self.resolver.project(&mut self.eval, place.0, place.1, &mut request), None);
        }
        let threads = match threads {
            Threads::One => (1, false),
            Threads::UpTo(most) => (most, false),
            Threads::Always(number) => (number, true),
        };
        let (seen, mut answers) = match threads.0 {
            0 | 1 => (self.see(place, patterns, None), BTreeMap::new()),
            _ => self.see_together(look, place, patterns, threads),
        };
        answers.insert(0, seen.answers);
        let mut outcome = Outcome::default();
        for (thread, visits) in seen.counting {
            let of_thread = answers.get_mut(&thread).and_then(|answers| answers.get_mut(visits));
            for answer in of_thread.into_iter().flatten() {
                outcome.findings.append(&mut answer.findings);
                outcome.undecided.append(&mut answer.undecided);
                for (name, rules) in std::mem::take(&mut answer.unread) {
                    *outcome.unread.entry(name).or_default() += rules;
                }
            }
        }
        outcome.undecided.sort();
        outcome.undecided.dedup();
        (seen.configurations, Some(outcome))
    }

    /// What one thread sees.
    fn see(&mut self, (root, files): Place<'_>, patterns: &[OptionPattern], member: Option<Member<'_>>) -> Seen {
        let (mut answers, session) = (vec![], &mut self.session);
        let mut ask = |eval: &mut Eval, configuration: &mut Configuration, supply: &mut Supply<'_>| {
            for one in session.iter_mut() {
                one.ask_on_demand(eval, configuration, |eval, one, ask| supply.supply(eval, one, ask));
                answers.push(one.outcome());
            }
        };
        let mut request = Request::visited(patterns, &mut ask);
        if let Some(member) = member {
            request = request.by(member);
        }
        let configurations = self.resolver.project(&mut self.eval, root, files, &mut request);
        let counting = request.counting().to_vec();
        drop(request);
        Seen { configurations, answers, counting }
    }

    /// What this thread sees, and what others were answered, which are called if there is enough to do.
    fn see_together(
        &mut self,
        look: &Look<'l>,
        place: Place<'_>,
        patterns: &[OptionPattern],
        (most, always): (usize, bool),
    ) -> (Seen, BTreeMap<usize, Vec<Outcome>>) {
        let (team, sources) = (&Team::default(), &self.eval.sources.beside());
        std::thread::scope(|scope| {
            let helpers = RefCell::new(vec![]);
            let closing = team.closing();
            let call = |pieces: usize| {
                for number in 1..if always { most } else { most.min(pieces) } {
                    let help = move || {
                        let mut own = look.begin(sources.beside());
                        if look.stop.is_none() {
                            own.eval.stop_on(team.ended());
                        }
                        let seen = own.see(place, patterns, Some(team.another(number)));
                        end(own.eval, look.last);
                        seen.answers
                    };
                    // Where there is no room for another one, those that are there do it.
                    let Ok(helper) = spawn_with_big_stack(scope, help) else { break };
                    helpers.borrow_mut().push((number, helper));
                }
            };
            let seen = self.see(place, patterns, Some(team.first(call, always)));
            drop(closing);
            let joined = helpers.take().into_iter().map(|(number, helper)| match helper.join() {
                Ok(helped) => (number, helped),
                Err(panic) => std::panic::resume_unwind(panic),
            });
            (seen, joined.collect())
        })
    }
}
