//! Reports of earlier runs, told again while everything they go by is the same.
//!
//! A run is a function of the program, of what it is asked, and of what the disk says. The first two name
//! a report; the third is noted beside it, question by question, and asked again before the report is told.

mod kept;

use crate::check::{self, Asked, Request, still};
use crate::finding::Report;
use crate::hash::{self, Hash};
use crate::report;
use crate::source::load::Kept;
use crate::source::{FileId, Sources};
use kept::{Remembered, Source};
use std::borrow::Cow;
use std::collections::BTreeSet;
use std::path::Path;
use std::time::Duration;

/// Nothing is told again after this time.
const AGE: Duration = Duration::from_secs(30 * 24 * 60 * 60);
/// The most bytes that one report may be remembered with.
const MOST: u64 = 32 << 20;
/// The most that is kept in all.
const MOST_KEPT: u64 = 256 << 20;

/// Reports that a program gave before.
pub struct Recall {
    kept: Kept,
    program: String,
}

/// What is said, and whether it was said before.
pub struct Said {
    /// The report.
    pub report: Report,
    /// The files that it speaks of, and the paths of all that were read for it: only the former have a text,
    /// if it was said before.
    pub sources: Sources,
    /// Whether it is an earlier run's.
    pub again: bool,
}

impl Said {
    /// What was said just now.
    pub fn anew((report, sources): (Report, Sources)) -> Said {
        Said { report, sources, again: false }
    }
}

impl Recall {
    /// Those in a folder, which is made if need be, of this very `program`; `None` if others can reach into it.
    pub fn new(folder: &Path, program: String) -> Option<Recall> {
        Some(Recall { kept: Kept::new(folder)?, program })
    }

    /// The report on `request`: an earlier run's, or a new one's, which is remembered. Needs a big stack:
    /// see [`crate::syntax::with_big_stack`].
    pub fn run(&self, request: &Request<'_>) -> Said {
        let key = self.key(request);
        let told = self.kept.read(&key, AGE, MOST).and_then(|bytes| again(hash::unsealed(&key, &bytes)?, request));
        if let Some((report, sources)) = told {
            return Said { report, sources, again: true };
        }
        let asked = Asked::default();
        let (report, sources) = check::run(&Request { asked: Some(asked.clone()), ..request.clone() });
        if request.stop.is_none()
            && let Some(bytes) = remembered(&report, &sources, &asked).map(|bytes| hash::sealed(&key, &bytes))
            && bytes.len() as u64 <= MOST
        {
            self.kept.write(&key, &bytes, MOST_KEPT);
        }
        Said::anew((report, sources))
    }

    /// The name of a request's report: a hash of all that it goes by but the disk.
    fn key(&self, request: &Request<'_>) -> String {
        let Request { paths, rules, buffers, other_rules, wishes, stop: _, threads: _, last: _, asked: _ } = request;
        let mut key = Hash::default();
        key.add("report 1");
        key.add(&self.program);
        key.add(format!("{paths:?} {:?}", check::roots(paths)));
        key.add(format!("{:?}", paths.iter().map(|path| check::looks(path)).collect::<Vec<_>>()));
        key.add(format!("{:?}", buffers.keys().collect::<Vec<_>>()));
        key.add(format!("{other_rules:?} {wishes:?}"));
        for rule in *rules {
            key.add(rule.page.id.as_str());
            key.add(format!("{:?}", rule.severity));
            // What ships is part of the program.
            if let Cow::Owned(text) = &rule.page.text {
                key.add(text);
            }
        }
        key.hex()
    }
}

/// What was remembered, if the disk says the same as then.
fn again(bytes: &[u8], request: &Request<'_>) -> Option<(Report, Sources)> {
    let Remembered { asked, sources, report } = serde_json::from_slice(bytes).ok()?;
    let roots = check::roots(request.paths);
    let files = || check::files(roots.clone(), request.paths, request.wishes.outside, &request.buffers);
    // Read before: what is read afterwards may have been changed in between.
    let there = files();
    let sources: Option<Vec<_>> = sources.into_iter().map(|source| source.again(&there)).collect();
    let sources = Sources::again(sources?);
    if !still(&asked, files, request.threads.most()) {
        return None;
    }
    let mut report = report.into_owned();
    check::describe(&mut report, request.rules);
    Some((report, sources))
}

/// A report as it is remembered; `None` if a path of it is no text.
fn remembered(report: &Report, sources: &Sources, asked: &Asked) -> Option<Vec<u8>> {
    let named = report.files();
    let read = sources.iter().filter(|(_, file)| !file.embedded).map(|(id, _)| id);
    let all: BTreeSet<FileId> = read.chain(named.iter().copied()).collect();
    let files = all.into_iter().map(|id| Source::new(id, sources.file(id), named.contains(&id))).collect();
    let remembered = Remembered { asked: asked.answers(), sources: files, report: report::to_keep(report, sources) };
    serde_json::to_vec(&remembered).ok()
}
