//! What an evaluator noted beside values: while one piece of work was done, or by an evaluator that evaluates the
//! same files on another thread.
//!
//! What is not understood is not in it: that is noted when configurations are looked for, which each thread does.

use super::Eval;
use crate::source::{FileId, Origin};
use crate::value::Name;
use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

/// What was noted since the last time.
#[derive(Debug, Default)]
pub struct Notes {
    problems: Vec<(PathBuf, String)>,
    foreign: BTreeMap<Name, BTreeSet<String>>,
    cut_short: BTreeSet<(Origin, &'static str)>,
    scoped: bool,
    pub(super) read: Vec<FileId>,
    pub(super) parsed: Vec<FileId>,
}

/// So many places where evaluation was cut short are kept.
const MOST_CUT_SHORT: usize = 1000;

impl Eval {
    /// Takes note of where a limit was reached, and which. If there are many, the first places are kept: the same ones
    /// whichever was reached first.
    pub(super) fn note_cut(&mut self, cut: (Origin, &'static str)) {
        self.cut_short.insert(cut);
        if self.cut_short.len() > MOST_CUT_SHORT {
            self.cut_short.pop_last();
        }
    }

    /// What was noted since the last time, which is then forgotten.
    pub fn notes(&mut self) -> Notes {
        Notes {
            problems: std::mem::take(&mut self.problems),
            foreign: std::mem::take(&mut self.foreign),
            cut_short: std::mem::take(&mut self.cut_short),
            scoped: std::mem::take(&mut self.scoped),
            ..std::mem::take(&mut self.notes)
        }
    }

    /// Takes note of `all` that was noted, and of nothing else: what else was read, here or on another thread, is
    /// as if it had not been.
    pub fn note_only<'n>(&mut self, all: impl IntoIterator<Item = &'n Notes>) {
        self.notes();
        for notes in all {
            self.problems.extend(notes.problems.iter().cloned());
            for (name, places) in &notes.foreign {
                self.foreign.entry(name.clone()).or_default().extend(places.iter().cloned());
            }
            notes.cut_short.iter().for_each(|cut| self.note_cut(*cut));
            self.scoped |= notes.scoped;
            self.notes.read.extend(&notes.read);
            self.notes.parsed.extend(&notes.parsed);
        }
        self.sources.gather(&self.notes.read);
        let parsed: BTreeSet<FileId> = std::mem::take(&mut self.notes.parsed).into_iter().collect();
        self.trees.retain(|file, _| parsed.contains(file));
        for file in parsed {
            match self.trees.contains_key(&file) {
                true => self.notes.parsed.push(file),
                // What ships with the program nobody looks at.
                false if self.sources.file(file).embedded => (),
                false => drop(self.tree(file)),
            }
        }
    }
}
