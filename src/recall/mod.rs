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
use crate::source::{FileId, SourceFile, Sources};
use kept::{Again, Remembered, Source};
use std::borrow::Cow;
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
    /// The files that were read. If it was said before: those that it names a place in, and perhaps the others,
    /// without their texts.
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
        Some(Recall { kept: Kept::new(folder).ok()?, program })
    }

    /// The report on `request`: an earlier run's, or a new one's, which is remembered; with the paths of `all` files
    /// that were read, or only of those that it names a place in. Needs a big stack:
    /// see [`crate::syntax::with_big_stack`].
    pub fn run(&self, request: &Request<'_>, all: bool) -> Said {
        let key = self.key(request);
        let kept = self.kept.read(&key, AGE, MOST);
        let told = kept.as_deref().and_then(|bytes| self.again(&key, hash::unsealed(&key, bytes)?, request, all));
        if let Some((report, sources)) = told {
            return Said { report, sources, again: true };
        }
        drop(kept);
        let asked = Asked::new(check::roots(request.paths));
        let (report, sources) = check::run(&Request { asked: Some(asked.clone()), ..request.clone() });
        if request.stop.is_none()
            && let Some((remembered, others)) = remembered(&report, &sources, &asked)
        {
            self.keep(&key, &remembered, others);
        }
        Said::anew((report, sources))
    }

    /// What was remembered, if the disk says the same as then.
    fn again(&self, key: &str, bytes: &[u8], request: &Request<'_>, all: bool) -> Option<(Report, Sources)> {
        let end = bytes.iter().position(|byte| *byte == b'\n')?;
        let (first, others) = (&bytes[..end], &bytes[end + 1..]);
        let mut remembered: Remembered<'_> = serde_json::from_slice(first).ok()?;
        let roots = check::roots(request.paths);
        let files = || check::files(roots.clone(), request.paths, request.wishes.outside, &request.buffers);
        // Read before: what is read afterwards may have been changed in between.
        let there = files();
        let mut sources = remembered.sources.iter().map(|one| one.again(&there)).collect::<Option<Vec<Again>>>()?;
        if all {
            let others: Vec<Source<'_>> = serde_json::from_slice(others).ok()?;
            sources.extend(others.iter().filter_map(|one| one.again(&there)));
        }
        let (asked, is_newer) = still(remembered.asked, &roots, files, request.threads.most())?;
        remembered.asked = asked;
        if is_newer {
            self.keep(key, &remembered, others.to_vec());
        }
        let mut report = remembered.report.into_owned();
        check::describe(&mut report, request.rules);
        Some((report, Sources::again(sources)))
    }

    /// Keeps what is to be remembered in one line, and behind it what is seldom asked for.
    fn keep(&self, key: &str, remembered: &Remembered<'_>, others: Vec<u8>) {
        let Ok(first) = serde_json::to_vec(remembered) else { return };
        let bytes = hash::sealed(key, &[first, others].join(&b'\n'));
        if bytes.len() as u64 <= MOST {
            self.kept.write(key, &bytes, MOST_KEPT);
        }
    }

    /// The name of a request's report: a hash of all that it goes by but the disk.
    fn key(&self, request: &Request<'_>) -> String {
        let Request { paths, rules, buffers, other_rules, wishes, stop: _, threads: _, last: _, asked: _ } = request;
        let mut key = Hash::default();
        key.add("report 2");
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

/// A report as it is remembered, and the other files that were read; `None` if a path is no text.
fn remembered<'r>(report: &'r Report, sources: &Sources, asked: &Asked) -> Option<(Remembered<'r>, Vec<u8>)> {
    let named = report.files();
    let is_other = |id: &FileId, file: &SourceFile| !file.embedded && !named.contains(id);
    let others = sources.iter().filter(|(id, file)| is_other(id, file));
    let others: Option<Vec<_>> = others.map(|(id, file)| Source::new(id, file, false)).collect();
    let named = named.iter().map(|id| Source::new(*id, sources.file(*id), true));
    let sources_named = named.collect::<Option<_>>()?;
    let report = report::to_keep(report, sources);
    Some((Remembered { asked: asked.answers(), sources: sources_named, report }, serde_json::to_vec(&others?).ok()?))
}
