//! Lazy, partial evaluation of Nix expressions.
//!
//! What comes out is what Nix would compute, or unknown with a cause and a
//! place; never a guess. Conditions that nobody can decide keep both branches.

mod apply;
mod attrs;
mod beyond;
mod budget;
mod builtin;
mod choice;
mod compare;
mod expr;
mod flake;
mod freeze;
mod import;
mod library;
mod literal;
mod missing;
mod notes;
mod operator;
mod overrides;
mod package;
mod print;
mod quote;
mod scope;
mod share;
mod string;
mod thunk;
mod val;
mod with;

pub use beyond::Place;
pub use budget::Limits;
pub use import::told;
pub use literal::literal;
pub use notes::Notes;
pub use package::PackageVal;
pub use scope::{Held, Owner};
pub use string::Coerce;
pub use thunk::{Env, Thunk};
pub use val::{AttrSet, Attribute, Elem, Failure, Kind, Native, R, Rest, Run, Val};

use crate::source::files::Files;
use crate::source::{FileId, Origin, Sources};
use crate::value::{Cause, Name, Unknown, UnknownId};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::PathBuf;
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

/// The evaluator of one run: files read, values imported, budget left.
pub struct Eval {
    /// Every file that was read.
    pub sources: Sources,
    /// Files with syntax errors, and files that were wanted but could not be read.
    pub problems: Vec<(PathBuf, String)>,
    /// What should be a configuration and cannot be told: the file that names it, where knowledge
    /// ended, and a clause.
    pub not_understood: Vec<(PathBuf, Origin, String)>,
    /// Where the flake inputs that are not here come from, without credentials, by name.
    pub foreign: BTreeMap<Name, BTreeSet<String>>,
    /// Where a limit was reached, and which: the first places, if there are many.
    pub cut_short: BTreeSet<(Origin, &'static str)>,
    files: Box<dyn Files>,
    limits: Limits,
    depth: u32,
    budget: budget::Budget,
    undecided: u32,
    /// The undecided conditions that are being followed, of functions of unknown arguments.
    turns: Vec<choice::Turn>,
    /// How many values may still be handed out.
    freezable: u32,
    next_id: u64,
    /// How often something undecided was made or made again.
    undecided_so_far: u64,
    /// How often a value was computed that is not known, and the last of them.
    met: (u64, Option<Unknown>),
    derived: HashMap<(UnknownId, Name), Unknown>,
    imported: HashMap<PathBuf, Thunk>,
    /// Files that could not be read, and what their values are.
    unreadable: HashMap<PathBuf, UnknownId>,
    trees: HashMap<FileId, Rc<crate::syntax::Tree>>,
    /// What was read and parsed since somebody asked.
    notes: Notes,
    copied: HashMap<PathBuf, Val>,
    /// The folders of flakes, the innermost first, and the copies of them that Nix evaluates.
    flakes: Vec<(PathBuf, std::sync::Arc<crate::value::StoreObject>)>,
    globals: HashMap<Name, Val>,
    /// Whether some file was read by `scopedImport`.
    scoped: bool,
    library: Option<Thunk>,
    package_memo: HashMap<Vec<Name>, Val>,
    generated: HashMap<u64, Thunk>,
    /// Packages that became part of a text, by their store objects.
    in_text: HashMap<u64, Rc<package::PackageVal>>,
    natives: std::collections::BTreeMap<Name, Val>,
    regexes: HashMap<String, Option<Rc<builtin::posix::Regex>>>,
    firm: std::collections::VecDeque<Rc<Vec<Elem>>>,
    beyond: beyond::Beyond,
    scopes: scope::Scopes,
    shares: share::Shares,
    /// How often a limit was reached.
    cuts: u64,
    /// Whether a rule asks about values that were computed before.
    asked_by_rule: bool,
    /// Set by somebody who does not want the outcome any more.
    stopped: Option<Arc<AtomicBool>>,
}

/// The limit of one that nobody wants the outcome of.
const STOPPED: &str = "stopped";

impl Eval {
    /// An evaluator that reads `files`.
    pub fn new(files: Box<dyn Files>) -> Self {
        Self::with_limits(files, Limits::default())
    }

    /// An evaluator that reads `files` and goes as far as `limits` allow.
    pub fn with_limits(files: Box<dyn Files>, limits: Limits) -> Self {
        let room = crate::syntax::deepest().unwrap_or(u32::MAX);
        let limits = Limits { depth: limits.depth.min(room), ..limits };
        let mut eval = Self {
            sources: Sources::default(),
            problems: vec![],
            not_understood: vec![],
            foreign: BTreeMap::new(),
            cut_short: BTreeSet::new(),
            files,
            limits,
            depth: 0,
            budget: Default::default(),
            undecided: 0,
            turns: vec![],
            freezable: 0,
            next_id: 0,
            undecided_so_far: 0,
            met: (0, None),
            derived: HashMap::new(),
            imported: HashMap::new(),
            unreadable: HashMap::new(),
            trees: HashMap::new(),
            notes: Notes::default(),
            copied: HashMap::new(),
            flakes: vec![],
            globals: HashMap::new(),
            scoped: false,
            library: None,
            package_memo: HashMap::new(),
            generated: HashMap::new(),
            in_text: HashMap::new(),
            natives: Default::default(),
            regexes: HashMap::new(),
            firm: Default::default(),
            beyond: Default::default(),
            scopes: Default::default(),
            shares: Default::default(),
            cuts: 0,
            asked_by_rule: false,
            stopped: None,
        };
        eval.refill_all();
        eval.globals = builtin::globals(&mut eval);
        eval
    }

    /// Computes nothing any more once `flag` is set: all that is asked then is unknown.
    pub fn stop_on(&mut self, flag: Arc<AtomicBool>) {
        self.stopped = Some(flag);
    }

    /// The file tree this evaluator reads.
    pub fn files(&self) -> &dyn Files {
        &*self.files
    }

    /// Grows whenever something is met that is not known: what was computed meanwhile may be another thing later.
    pub fn doubts(&self) -> u64 {
        self.undecided_so_far + self.met.0
    }

    /// Grows whenever evaluation meets something that is not known.
    fn undecided_so_far(&self) -> u64 {
        self.undecided_so_far
    }

    /// A number nobody else has.
    pub fn fresh_id(&mut self) -> u64 {
        self.undecided_so_far += 1;
        self.next_id += 1;
        self.next_id
    }

    /// An unknown with an identity of its own.
    pub fn new_unknown(&mut self, cause: Cause, at: Origin) -> Unknown {
        if let Cause::Budget(limit) = cause {
            self.cuts += 1;
            if limit != STOPPED {
                self.note_cut((at, limit));
            }
        }
        Unknown { id: UnknownId(self.fresh_id()), cause: cause.into(), at }
    }

    /// What follows from `from` by the operation `by`; the same two give the same unknown.
    pub fn derive(&mut self, from: &Unknown, by: &str) -> Unknown {
        self.undecided_so_far += 1;
        let key = (from.id, Name::from(by));
        let known = self.derived.get(&key);
        if let Some(known) = known.filter(|known| known.at == from.at) {
            return known.clone();
        }
        let cause = match &*from.cause {
            Cause::Derived(cause) => cause.clone(),
            _ => from.cause.clone(),
        };
        // The same value that is met at another place.
        if let Some(known) = known {
            return Unknown { id: known.id, cause: Cause::Derived(cause).into(), at: from.at };
        }
        let unknown = Unknown { id: UnknownId(self.fresh_id()), cause: Cause::Derived(cause).into(), at: from.at };
        self.derived.insert(key, unknown.clone());
        unknown
    }

    /// Like [`Eval::derive`], with an identity of its own each time.
    pub fn after(&mut self, from: &Unknown) -> Unknown {
        let cause = match &*from.cause {
            Cause::Derived(cause) => cause.clone(),
            _ => from.cause.clone(),
        };
        Unknown { id: UnknownId(self.fresh_id()), cause: Cause::Derived(cause).into(), at: from.at }
    }

    /// [`Eval::after`] as a value.
    pub fn follows(&mut self, from: &Unknown, at: Origin) -> Val {
        Val::new(Kind::Unknown(self.after(from)), at)
    }

    /// A failure as Nix would report it.
    pub fn fail<T>(&self, message: impl Into<String>, at: Origin) -> R<T> {
        Err(Rc::new(Failure { message: message.into(), catchable: false, at }))
    }
}
