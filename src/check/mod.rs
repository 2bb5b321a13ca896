//! From paths to a report: the whole pipeline, for the command line and for editors.

mod syntax;

use crate::eval::Eval;
use crate::finding::{Problem, Report};
use crate::lint::{self, Rule};
use crate::option::{Configuration, OptionPattern};
use crate::resolve::Resolver;
use crate::rules;
use crate::source::files::Disk;
use crate::source::{Sources, load};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// What was resolved: the evaluator with all sources, and the configurations in order of finding.
pub struct Resolved {
    /// The evaluator that did it.
    pub eval: Eval,
    /// Whole configurations, then modules that none of them reaches.
    pub configurations: Vec<Configuration>,
    /// What could not be read while looking for files.
    problems: Vec<Problem>,
}

/// Reads the projects around `paths` (absolute) and resolves the options that `patterns` name.
/// Needs a big stack: see [`crate::syntax::with_big_stack`].
pub fn resolve(paths: &[PathBuf], patterns: &[OptionPattern]) -> Resolved {
    let roots: BTreeSet<PathBuf> = paths.iter().map(|path| load::project_root(path)).collect();
    let mut eval = Eval::new(Box::new(Disk::new(roots.iter().cloned().collect())));
    let resolver = Resolver::new(&mut eval, rules::STAND_IN);
    let (mut configurations, mut problems) = (vec![], vec![]);
    for root in &roots {
        let (files, unread) = load::walk(root);
        problems.extend(unread.into_iter().map(|problem| Problem { path: problem.path, message: problem.message }));
        configurations.extend(resolver.project(&mut eval, root, &files, patterns));
    }
    Resolved { eval, configurations, problems }
}

/// Asks `rules` about the projects around `paths` (absolute); findings elsewhere than below one
/// of `paths` are left out. Needs a big stack: see [`crate::syntax::with_big_stack`].
pub fn check(paths: &[PathBuf], rules: &[&Rule]) -> (Report, Sources) {
    let Resolved { mut eval, configurations, problems } = resolve(paths, &lint::patterns(rules));
    let outcome = lint::run(&mut eval, &configurations, rules);
    let mut report = Report { findings: outcome.findings, undecided: outcome.undecided, problems, ..Report::default() };
    // A module that nothing reaches is in no configuration, and the report says so.
    let alone: BTreeSet<&str> = configurations.iter().filter(|one| !one.whole).map(|one| one.name.as_str()).collect();
    for finding in &mut report.findings {
        finding.configurations.retain(|name| !alone.contains(name.as_str()));
    }
    report.findings.extend(syntax::errors(&eval));
    for (path, message) in &eval.problems {
        report.problems.push(Problem { path: path.clone(), message: message.clone() });
    }
    let sources = eval.sources;
    let reported = |file: Option<crate::source::FileId>| match file {
        Some(file) => is_below(&sources.file(file).path, paths),
        None => true,
    };
    report.findings.retain(|finding| reported(finding.primary.at.file()));
    report.undecided.retain(|undecided| reported(undecided.at.file()));
    report.problems.retain(|problem| is_below(&problem.path, paths));
    report.sort_and_merge(&sources);
    report.summary.configurations = configurations.iter().filter(|configuration| configuration.whole).count();
    report.summary.files_read = sources.iter().filter(|(_, file)| !file.embedded).count();
    (report, sources)
}

fn is_below(path: &Path, folders: &[PathBuf]) -> bool {
    folders.iter().any(|folder| path.starts_with(folder))
}
