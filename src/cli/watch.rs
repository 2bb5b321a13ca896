//! `optlint check --watch`: looks again whenever a file changes.
//!
//! Asks the disk now and then what has changed: that works for every file system, editor and number of
//! files. Ctrl-C ends it as it ends any program.

use super::args::CheckArgs;
use super::{Cx, Exit, Failure, LEFT, check};
use crate::settings;
use crate::source::load::{self, Stamp};
use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::atomic::Ordering::Relaxed;
use std::time::{Duration, Instant};

/// How often is asked, at most.
const PAUSE: Duration = Duration::from_millis(300);

/// So much longer than the asking takes is waited: watching shall not be work.
const REST: u32 = 20;

/// Clears the screen and what was scrolled out of it.
const CLEAR: &str = "\x1b[2J\x1b[3J\x1b[H";

/// Other files below a project's top that a check depends on.
const BESIDES: [&str; 3] = [settings::FILE, "flake.lock", ".gitignore"];

pub(super) fn run(args: &CheckArgs, cx: &mut Cx<'_>) -> Result<Exit, Failure> {
    let folder = cx.surroundings.folder.clone();
    let roots: BTreeSet<PathBuf> =
        args.paths.iter().map(|path| load::project_root(&load::normalize(&folder.join(path)))).collect();
    let mut is_first = true;
    while !LEFT.load(Relaxed) {
        // Before the files are read: what is written meanwhile is new.
        let before = Stamp::new(files(&roots));
        if cx.surroundings.terminal && !is_first {
            write!(cx.out, "{CLEAR}")?;
        }
        let read = match check::once(args, cx) {
            Ok((_, read)) => read,
            Err(failure) if is_first => return Err(failure),
            Err(failure) => {
                writeln!(cx.err, "error: {failure}")?;
                vec![]
            }
        };
        is_first = false;
        if !args.quiet {
            writeln!(cx.err, "Watching for changes (Ctrl-C ends)")?;
        }
        cx.out.flush()?;
        wait(&roots, &before, &read);
    }
    Ok(Exit::Clean)
}

/// Waits until something is not as it was.
fn wait(roots: &BTreeSet<PathBuf>, before: &Stamp, read: &[PathBuf]) {
    let others = Stamp::new(read.iter().cloned());
    loop {
        let started = Instant::now();
        if Stamp::new(files(roots)) != *before || Stamp::new(read.iter().cloned()) != others {
            return;
        }
        std::thread::sleep(PAUSE.max(started.elapsed() * REST));
    }
}

/// The files that every check of these projects looks at.
fn files(roots: &BTreeSet<PathBuf>) -> Vec<PathBuf> {
    let below = |root: &PathBuf| {
        let besides = BESIDES.iter().map(|name| root.join(name)).collect::<Vec<_>>();
        load::walk(root).files.into_iter().chain(besides)
    };
    roots.iter().flat_map(below).collect()
}
