//! From paths to a report: the whole pipeline, for the command line and for editors.

mod allow;
mod asked;
mod claims;
mod evaluated;
mod facts;
mod named;
mod problems;
mod syntax;
mod threads;
mod wishes;

use asked::Walk;
pub use asked::{Answers, Asked, Noting, still};
pub use evaluated::{Differences, Evaluation, Progress, evaluate};
pub use syntax::SYNTAX_ERROR;
pub use threads::Threads;
pub use wishes::{Exception, Wishes};

use crate::eval::Eval;
use crate::finding::{Finding, Problem, Report, RuleId, Undecided};
use crate::lint::{self, Outcome, Rule, Suppressions};
use crate::option::{Configuration, OptionPattern};
use crate::rules;
use crate::source::files::{Disk, Memory, Overlay};
use crate::source::load::Walked;
use crate::source::{FileId, Sources, load};
use allow::Comments;
use std::cell::LazyCell;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use threads::Look;

/// What was resolved: the evaluator with all sources, and the configurations in order of finding.
pub struct Resolved {
    /// The evaluator that did it.
    pub eval: Eval,
    /// Whole configurations, then modules that none of them reaches; project by project.
    pub configurations: Vec<Configuration>,
    /// What could not be read, followed or understood, in any file.
    pub problems: Vec<Problem>,
    /// What Nix found, where it was asked.
    pub findings: Vec<Finding>,
    /// The configurations of each project.
    projects: Vec<Project>,
}

/// A project: the files below one folder.
struct Project {
    root: PathBuf,
    configurations: Range<usize>,
    /// What rules answered, if they were asked on the way.
    outcome: Option<Outcome>,
}

/// Reads the projects around `paths` (absolute) and resolves the options that `patterns` name.
/// Needs a big stack: see [`crate::syntax::with_big_stack`].
pub fn resolve(paths: &[PathBuf], patterns: &[OptionPattern], wishes: &Wishes) -> Resolved {
    resolve_with(paths, patterns, wishes, (&BTreeMap::new(), None))
}

/// The same with `buffers` in place of what stands on the disk; once `stop` is set, it comes to an end
/// soon, and what comes of it is worth nothing.
pub fn resolve_with(
    paths: &[PathBuf],
    patterns: &[OptionPattern],
    wishes: &Wishes,
    surroundings: (&BTreeMap<PathBuf, String>, Option<&Arc<AtomicBool>>),
) -> Resolved {
    resolve_about(paths, || patterns.to_vec(), wishes, surroundings, (None, Threads::One, false), None)
}

fn resolve_about(
    paths: &[PathBuf],
    patterns: impl FnOnce() -> Vec<OptionPattern>,
    wishes: &Wishes,
    (buffers, stop): (&BTreeMap<PathBuf, String>, Option<&Arc<AtomicBool>>),
    (rules, threads, last): (Option<&[&Rule]>, Threads, bool),
    asked: Option<&Asked>,
) -> Resolved {
    let roots = roots(paths);
    let (outside, entry_points) = (wishes.outside, &wishes.entry_points[..]);
    let look = Look { roots, paths, outside, entry_points, buffers, stop: stop.cloned(), rules, last, asked };
    let mut looking = look.begin(Sources::default());
    let (mut configurations, mut problems, mut projects) = (vec![], vec![], vec![]);
    let patterns = LazyCell::new(patterns);
    for root in look.roots.clone() {
        let walk = Walk::new(&root, paths);
        let found = walk.look(&root);
        asked.into_iter().for_each(|asked| asked.walked(&root, walk, &found));
        let Walked { mut files, problems: mut unread, .. } = found;
        // What is in a buffer need not be on the disk, let alone be readable there.
        files.extend(buffers.keys().filter(|path| path.starts_with(&root)).cloned());
        // What is named counts although Git ignores it.
        files.extend(paths.iter().filter(|path| is_module(path) && load::project_root(path) == root).cloned());
        files.sort();
        files.dedup();
        files.retain(|file| !wishes.skip.match_file(file));
        unread.retain(|problem| !buffers.contains_key(&problem.path));
        problems.extend(unread.into_iter().map(|problem| Problem::not_read(problem.path, problem.message)));
        let (first, mut outcome) = (configurations.len(), rules.map(|_| Outcome::default()));
        if !files.is_empty() || !wishes.entry_points.is_empty() {
            let (found, answers) = looking.project(&look, (&root, &files), &patterns, threads);
            configurations.extend(found);
            outcome = answers;
        }
        projects.push(Project { root, configurations: first..configurations.len(), outcome });
    }
    let eval = looking.eval;
    // What was named is told of in any case; modules among it have been.
    let untold = paths.iter().filter(|path| problems.iter().all(|problem| problem.path != **path));
    let special = untold.filter_map(|path| Some(Problem::not_read(path, load::special(path)?.to_string())));
    let special: Vec<Problem> = special.collect();
    problems.extend(special);
    problems.extend(problems::found(&eval, &configurations));
    Resolved { eval, configurations, problems, findings: vec![], projects }
}

/// What is looked at, and what for.
#[derive(Clone, Debug, Default)]
pub struct Request<'a> {
    /// Files and folders to report on, absolute.
    pub paths: &'a [PathBuf],
    /// The rules to ask.
    pub rules: &'a [&'a Rule],
    /// Texts that stand in the files otherwise than on the disk, or not yet: unsaved buffers.
    pub buffers: BTreeMap<PathBuf, String>,
    /// The names of rules that are not asked: comments may allow what they find.
    pub other_rules: Vec<String>,
    /// What the project's settings say besides.
    pub wishes: Wishes,
    /// Set by somebody who does not want the report any more: it comes soon, and is worth nothing.
    pub stop: Option<Arc<AtomicBool>>,
    /// Who resolves and asks.
    pub threads: Threads,
    /// Whether the process ends after it: what was computed need not be given back piece by piece.
    pub last: bool,
    /// Where a note is made of all that is asked of the disk about the projects.
    pub asked: Option<Asked>,
}

/// Asks `rules` about the projects around `paths` (absolute): [`run`] with nothing else to say.
pub fn check(paths: &[PathBuf], rules: &[&Rule]) -> (Report, Sources) {
    run(&Request { paths, rules, ..Request::default() })
}

/// Asks rules about the projects around paths; findings elsewhere than below one of the
/// paths are left out. Needs a big stack: see [`crate::syntax::with_big_stack`].
pub fn run(request: &Request<'_>) -> (Report, Sources) {
    let patterns = || lint::patterns(request.rules);
    let surroundings = (&request.buffers, request.stop.as_ref());
    let asked = (Some(request.rules), request.threads, request.last);
    let resolved = resolve_about(request.paths, patterns, &request.wishes, surroundings, asked, request.asked.as_ref());
    report(resolved, request)
}

/// The same about what was resolved before.
pub fn report(resolved: Resolved, request: &Request<'_>) -> (Report, Sources) {
    let Request { paths, rules, .. } = *request;
    let Resolved { mut eval, configurations, problems, findings, mut projects } = resolved;
    let mut comments = Comments::new(Suppressions::read(&eval.sources, eval.parsed().map(|tree| tree.file)));
    let mut report = Report { problems, findings, ..Report::default() };
    report.summary.rules = rules.len();
    for project in &mut projects {
        let configurations = &configurations[project.configurations.clone()];
        project.ask(&mut eval, configurations, request, &mut comments, &mut report);
    }
    let reached: BTreeSet<FileId> =
        configurations.iter().filter(|one| one.whole).flat_map(|one| one.files.iter().copied()).collect();
    syntax::leave_alone(&eval, &mut report.findings);
    report.findings.extend(syntax::errors(&eval, &reached));
    let sources = std::mem::take(&mut eval.sources);
    threads::end(eval, request.last);
    report.findings.extend(comments.findings(&sources, &report.findings, &request.names()));
    report.sort_and_merge(&sources);
    let roots: Vec<PathBuf> = projects.into_iter().map(|project| project.root).collect();
    report.fingerprint(&sources, &roots);
    // From here on findings may be left out: see `finding::fingerprint`.
    comments.apply(&sources, &mut report);
    request.wishes.apply(rules, &sources, &mut report);
    let is_inside = |finding: &Finding| match finding.primary.at.file() {
        // What Nix found in a module elsewhere concerns a configuration that is looked at.
        Some(file) => sources.file(file).is_outside() || is_below(&sources.file(file).path, paths),
        None => true,
    };
    report.findings.retain(is_inside);
    report.allowed.retain(|allowed| is_inside(&allowed.finding));
    report.problems.retain(|problem| is_below(&problem.path, paths));
    describe(&mut report, rules);
    report.count();
    report.summary.files_read = sources.iter().filter(|(_, file)| !file.embedded).count();
    (report, sources)
}

impl Request<'_> {
    /// The names of all rules there are.
    fn names(&self) -> BTreeSet<&str> {
        let mut names: BTreeSet<&str> = self.rules.iter().map(|rule| rule.page.id.as_str()).collect();
        names.extend(self.other_rules.iter().map(String::as_str));
        for shipped in rules::shipped().filter_map(|rule| rule.name.rsplit('/').next()).chain(allow::without_pages()) {
            names.insert(shipped);
        }
        names
    }
}

impl Project {
    /// Asks the rules about the configurations of the project. What is undecided, and the counts,
    /// are those of the configurations that have a file below `paths`.
    fn ask(
        &mut self,
        eval: &mut Eval,
        configurations: &[Configuration],
        request: &Request<'_>,
        comments: &mut Comments,
        report: &mut Report,
    ) {
        let Request { paths, rules, .. } = *request;
        let says_something = |one: &Configuration| one.whole || one.defines;
        let outcome = self.outcome.take().unwrap_or_else(|| {
            // Of the others no rule can find anything; what stays open there matters to comments only.
            let asked = configurations.iter().filter(|one| says_something(one) || comments.concern(one));
            lint::run(eval, asked, rules)
        });
        comments.note(configurations, rules, &outcome.undecided);
        let concerns = |one: &&Configuration| {
            let mut files = one.files.iter().map(|file| &eval.sources.file(*file).path);
            is_below(&self.root, paths) || files.any(|path| is_below(path, paths))
        };
        let concerned = configurations.iter().filter(concerns).filter(|one| says_something(one));
        let concerned: Vec<&Configuration> = concerned.collect();
        let names: BTreeSet<&str> = concerned.iter().map(|one| one.name.as_str()).collect();
        let undecided =
            outcome.undecided.into_iter().filter(|one| one.configurations.iter().any(|name| names.contains(&**name)));
        let undecided: Vec<Undecided> = undecided.collect();
        let open: BTreeSet<(&RuleId, &String)> =
            undecided.iter().flat_map(|one| one.configurations.iter().map(|name| (&one.rule, name))).collect();

        let whole = concerned.iter().filter(|one| one.whole).count();
        let summary = &mut report.summary;
        summary.configurations += whole;
        summary.elsewhere += configurations.iter().filter(|one| one.whole).count() - whole;
        summary.modules += concerned.len() - whole;
        let unread: usize = names.iter().filter_map(|name| outcome.unread.get(*name)).sum();
        summary.open += open.len();
        summary.hanging += unread;
        summary.decided += (concerned.len() * rules.len()).saturating_sub(open.len() + unread);
        let gaps: BTreeSet<_> = concerned
            .iter()
            .filter(|one| one.whole)
            .flat_map(|one| &one.gaps)
            .filter(|gap| gap.matters)
            .map(|gap| (gap.at, gap.unknown.cause.to_string()))
            .collect();
        summary.not_followed += gaps.len();

        // That nothing reaches a module is a claim: it needs a configuration, and all of them understood.
        let whole: Vec<&Configuration> = configurations.iter().filter(|one| one.whole).collect();
        let is_claim = !whole.is_empty() && !problems::any_not_understood(&report.problems, &self.root);
        let named = self.named(eval, &whole);
        for mut finding in outcome.findings {
            if !finding.reached {
                // It is in no configuration, and matters less where there are some.
                finding.configurations.clear();
                finding.reached = finding.primary.at.file().is_some_and(|file| named.contains(&file));
                if is_claim && !finding.reached {
                    finding.severity = finding.severity.lowered();
                }
            }
            report.findings.push(finding);
        }
        report.undecided.extend(undecided.into_iter().map(|mut one| {
            if !one.reached {
                one.configurations.clear();
            }
            one
        }));
    }

    /// The files that `whole` configurations and the flake are made of, and those they name.
    fn named(&self, eval: &Eval, whole: &[&Configuration]) -> BTreeSet<FileId> {
        let entries = whole.iter().filter_map(|one| one.entry.file());
        let files = whole.iter().flat_map(|one| one.files.iter().copied()).chain(entries);
        let flake = eval.sources.find(&self.root.join("flake.nix")).filter(|_| !whole.is_empty());
        named::named(eval, files.chain(flake))
    }
}

/// Says in `report` what those of `rules` are about that found something.
pub fn describe(report: &mut Report, rules: &[&Rule]) {
    let found = report.findings.iter().chain(report.allowed.iter().map(|allowed| &allowed.finding));
    let found: BTreeSet<&RuleId> = found.map(|finding| &finding.rule).collect();
    report.rules = rules.iter().filter(|rule| found.contains(&rule.page.id)).map(|rule| facts::facts(rule)).collect();
}

/// The folders of the projects around `paths` (absolute).
pub fn roots(paths: &[PathBuf]) -> Vec<PathBuf> {
    let roots: BTreeSet<PathBuf> = paths.iter().map(|path| load::project_root(path)).collect();
    roots.into_iter().collect()
}

/// What may be read for files and folders in projects with these `roots`.
pub fn files(roots: Vec<PathBuf>, paths: &[PathBuf], outside: bool, buffers: &BTreeMap<PathBuf, String>) -> Overlay {
    Overlay::new(Disk::new(roots).with(paths.to_vec(), outside), Memory::new(buffers.clone()))
}

/// What of a path that somebody named counts besides what can be read below it: whether it is a Nix file, and
/// why it is nothing that can be looked at.
pub fn looks(path: &Path) -> (bool, Option<String>) {
    (is_module(path), load::special(path).map(|error| error.to_string()))
}

/// Whether a path names a Nix file, rather than a folder or a link to something that has a name of its own.
fn is_module(path: &Path) -> bool {
    path.to_str().is_some_and(|path| path.ends_with(".nix")) && load::kind(path) == Some(load::FileKind::File)
}

fn is_below(path: &Path, folders: &[PathBuf]) -> bool {
    folders.iter().any(|folder| path.starts_with(folder))
}
