//! Several threads that resolve one project: each walks all of it, and at each step does its share of the work.
//!
//! A step is a list of pieces of work, such as the machines of a flake. Whoever is free takes the next
//! piece; what comes of each is taken note of by all, in the order of the list, so that all know the
//! same before the next step, and know what one thread alone would know.

use crate::eval::Notes;
use crate::option::Configuration;
use std::collections::hash_map::DefaultHasher;
use std::hash::{Hash, Hasher};
use std::ops::Range;
use std::rc::Rc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// What the threads share.
#[derive(Default)]
pub struct Team {
    state: Mutex<State>,
    changed: Condvar,
    /// Whether there are others than the first thread.
    called: AtomicBool,
    ended: Arc<AtomicBool>,
}

#[derive(Default)]
struct State {
    /// The steps that the first thread has come to.
    steps: Vec<Step>,
    /// Whether the first thread is done, or gone.
    closed: bool,
}

struct Step {
    /// Tells lists of pieces apart.
    key: u64,
    next: usize,
    /// Pieces that were begun by a thread that ended.
    left: Vec<usize>,
    done: Vec<Option<Piece>>,
}

/// What comes of a piece of work.
#[derive(Clone, Default)]
pub(super) struct Piece {
    /// What it was about.
    pub own: Vec<Arc<Configuration>>,
    /// The systems inside that.
    pub inside: Vec<Arc<Configuration>>,
    /// Whether it was passed over, as having nothing to do with the files that are looked at.
    pub far: bool,
    pub visits: Visits,
    /// What its thread noted meanwhile.
    pub notes: Option<Arc<Notes>>,
}

/// Those visits of one thread's visitor that count, by the thread's number and in the order of the visits.
pub type Visits = (usize, Range<usize>);

/// One thread's part in it.
pub struct Member<'a> {
    team: &'a Team,
    number: usize,
    /// Steps so far.
    steps: usize,
    /// Starts the others: of the first thread.
    call: Option<Call<'a>>,
}

/// How other threads are called.
struct Call<'a> {
    start: Rc<dyn Fn(usize) + 'a>,
    /// Whether they are called in any case.
    always: bool,
    begun: Instant,
    /// How long it took to come to the first step, which it will take others.
    arrival: Option<Duration>,
}

/// There is nothing to be done any more, or not what the first thread does: files were changed meanwhile.
#[derive(Debug)]
pub(super) struct Dismissed;

/// So many pieces of work, each a machine, are worth further threads, which first have to find out what there is to do.
const WORTH_HELP: usize = 3;

impl Team {
    /// A team as long as what is returned is there.
    pub fn closing(&self) -> impl Drop + '_ {
        struct Closing<'t>(&'t Team);
        impl Drop for Closing<'_> {
            fn drop(&mut self) {
                self.0.ended.store(true, Ordering::Relaxed);
                self.0.state().closed = true;
                self.0.changed.notify_all();
            }
        }
        Closing(self)
    }

    /// Is set at the end: evaluators of others than the first thread may stop then.
    pub fn ended(&self) -> Arc<AtomicBool> {
        self.ended.clone()
    }

    /// The first thread, which does what others do not. `call` starts those, where there are so many pieces
    /// of work that it is worth it, or `always`.
    pub fn first<'a>(&'a self, call: impl Fn(usize) + 'a, always: bool) -> Member<'a> {
        let call = Call { start: Rc::new(call), always, begun: Instant::now(), arrival: None };
        Member { team: self, number: 0, steps: 0, call: Some(call) }
    }

    /// Another one, with a number from 1.
    pub fn another(&self, number: usize) -> Member<'_> {
        Member { team: self, number, steps: 0, call: None }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // What is in it is whole at any time.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn wait<'t>(&'t self, state: MutexGuard<'t, State>) -> MutexGuard<'t, State> {
        self.changed.wait(state).unwrap_or_else(PoisonError::into_inner)
    }
}

impl<'a> Member<'a> {
    pub(super) fn number(&self) -> usize {
        self.number
    }

    fn help(&mut self, is_much: bool) -> Option<Help<'a>> {
        let call = self.call.as_mut()?;
        let arrival = *call.arrival.get_or_insert_with(|| call.begun.elapsed());
        let worth = match call.always {
            true => Some(0),
            false => is_much.then_some(WORTH_HELP),
        };
        Some(Help { start: call.start.clone(), begun: Instant::now(), arrival, worth })
    }

    /// Comes to the next step, which has these pieces.
    fn step<T: Hash>(&mut self, pieces: &[T]) -> Result<(&'a Team, usize), Dismissed> {
        let mut hasher = DefaultHasher::new();
        pieces.hash(&mut hasher);
        let (key, step) = (hasher.finish(), self.steps);
        self.steps += 1;
        let mut state = self.team.state();
        if self.number == 0 {
            state.steps.push(Step { key, next: 0, left: vec![], done: vec![None; pieces.len()] });
            drop(state);
            self.team.changed.notify_all();
            return Ok((self.team, step));
        }
        while !state.closed && state.steps.len() <= step {
            state = self.team.wait(state);
        }
        match state.steps.get(step) {
            Some(known) if !state.closed && known.key == key && known.done.len() == pieces.len() => {
                Ok((self.team, step))
            }
            _ => Err(Dismissed),
        }
    }
}

/// One thread's way through a step.
pub(super) struct Work<'a> {
    team: Option<(&'a Team, usize)>,
    count: usize,
    taken: usize,
    begun: Option<usize>,
    /// Whether this thread need not know what the others did.
    leaves: bool,
    help: Option<Help<'a>>,
    /// What was done alone.
    done: Option<Piece>,
}

/// Whether to call others for a step.
struct Help<'a> {
    start: Rc<dyn Fn(usize) + 'a>,
    begun: Instant,
    arrival: Duration,
    /// So many pieces are worth it; `None`: nobody knows how much work each is.
    worth: Option<usize>,
}

impl Help<'_> {
    /// Whether others would come in time for the pieces that are left.
    fn is_wanted(&self, begun: usize, left: usize) -> bool {
        if let Some(worth) = self.worth {
            return left >= worth;
        }
        let elapsed = self.begun.elapsed();
        // At the pace so far, what is left takes longer than others need to come here.
        elapsed > self.arrival / 2 && elapsed * left as u32 > self.arrival * 2 * begun.max(1) as u32
    }
}

/// What a thread has to do next.
pub(super) enum Turn {
    /// This piece of work; [`Work::did`] takes what comes of it.
    Do(usize),
    /// Take note of what came of this one.
    Note(usize, Piece),
}

impl<'a> Work<'a> {
    /// Begins a step with these pieces of work, each a machine.
    pub(super) fn begin<T: Hash>(member: Option<&mut Member<'a>>, pieces: &[T]) -> Result<Self, Dismissed> {
        Self::new(member, pieces, true)
    }

    /// Begins the last step, with pieces that may be little work: all but the first thread leave once there
    /// is nothing left to begin.
    pub(super) fn begin_last<T: Hash>(member: Option<&mut Member<'a>>, pieces: &[T]) -> Result<Self, Dismissed> {
        let leaves = member.as_ref().is_some_and(|member| member.number > 0);
        let mut work = Self::new(member, pieces, false)?;
        work.leaves = leaves;
        Ok(work)
    }

    fn new<T: Hash>(member: Option<&mut Member<'a>>, pieces: &[T], is_much: bool) -> Result<Self, Dismissed> {
        let (mut help, mut team) = (None, None);
        if let Some(member) = member {
            help = member.help(is_much);
            team = Some(member.step(pieces)?);
        }
        Ok(Self { team, count: pieces.len(), taken: 0, begun: None, leaves: false, help, done: None })
    }

    /// What to do next; `None` once all is done.
    pub(super) fn next(&mut self) -> Result<Option<Turn>, Dismissed> {
        let Some((team, step)) = self.team else { return Ok(self.next_alone()) };
        let mut state = team.state();
        loop {
            let closed = state.closed;
            let known = &mut state.steps[step];
            if let Some(Some(piece)) = known.done.get(self.taken) {
                self.taken += 1;
                return Ok(Some(Turn::Note(self.taken - 1, piece.clone())));
            }
            if self.taken == self.count {
                return Ok(None);
            }
            if closed {
                return Err(Dismissed);
            }
            self.begun = known.left.pop().or_else(|| {
                let next = known.next;
                known.next = self.count.min(next + 1);
                (next < self.count).then_some(next)
            });
            if let Some(piece) = self.begun {
                drop(state);
                let help = self.help.take_if(|help| help.is_wanted(piece, self.count - piece));
                if let Some(help) = help.filter(|_| !team.called.swap(true, Ordering::Relaxed)) {
                    (help.start)(self.count - piece);
                }
                return Ok(Some(Turn::Do(piece)));
            }
            if self.leaves {
                return Err(Dismissed);
            }
            state = team.wait(state);
        }
    }

    fn next_alone(&mut self) -> Option<Turn> {
        match self.done.take() {
            Some(piece) => {
                self.taken += 1;
                Some(Turn::Note(self.taken - 1, piece))
            }
            None => (self.taken < self.count).then_some(Turn::Do(self.taken)),
        }
    }

    /// Hands over what came of the piece of work that was to be done.
    pub(super) fn did(&mut self, piece: Piece) {
        let Some((team, step)) = self.team else {
            self.done = Some(piece);
            return;
        };
        if let Some(at) = self.begun.take() {
            team.state().steps[step].done[at] = Some(piece);
            team.changed.notify_all();
        }
    }
}

/// What a thread has begun when it ends, somebody else does.
impl Drop for Work<'_> {
    fn drop(&mut self) {
        if let (Some((team, step)), Some(at)) = (self.team, self.begun.take()) {
            team.state().steps[step].left.push(at);
            team.changed.notify_all();
        }
    }
}
