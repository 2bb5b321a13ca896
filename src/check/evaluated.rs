//! What the user's own Nix says, beside what is known without it.

use super::{Project, Resolved, claims};
use crate::bridge::{Asked, Bridge, Difference, Evaluated, Target, Wanted, close, combine, keep_open, open_gaps};
use crate::finding::{Problem, ProblemKind};
use crate::option::{Configuration, EntryPoint, OptionEntry, OptionPattern};
use crate::source::{Origin, load};
use crate::value::{Knowledge, Name};
use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::sync::mpsc::{Sender, channel};

/// How Nix is to be asked.
pub struct Evaluation<'a> {
    /// The Nix to ask.
    pub bridge: &'a Bridge,
    /// A file with an expression that gives a configuration; the one configuration that is named, if one is.
    pub file: Option<PathBuf>,
    /// The configurations to evaluate; empty: all that can be and may define an option of interest.
    pub names: Vec<String>,
    /// How many are evaluated side by side.
    pub jobs: usize,
    /// Options that hold secrets, which assertions and warnings must not repeat: they are asked for, too.
    pub secrets: &'a [OptionPattern],
}

/// Hears which configuration is evaluated, how many options were told, and of how many.
pub type Progress<'a> = &'a mut dyn FnMut(&str, usize, Option<usize>);

/// What Nix and the static side disagree about, by configuration.
pub type Differences = Vec<(String, Difference)>;

/// Has Nix evaluate configurations of `resolved`, in their places. An error: a name that there is not.
pub fn evaluate(
    resolved: &mut Resolved,
    evaluation: &Evaluation<'_>,
    patterns: &[OptionPattern],
    progress: Progress<'_>,
) -> Result<Differences, String> {
    let jobs = jobs(resolved, evaluation)?;
    let mut patterns: Vec<OptionPattern> = patterns.iter().chain(evaluation.secrets).cloned().collect();
    patterns.sort();
    patterns.dedup();
    let wanted: Vec<Wanted<'_>> = jobs.iter().map(|job| job.wanted(&patterns)).collect();
    let asked = side_by_side(&wanted, evaluation, progress);
    let mut differences = vec![];
    for ((job, wanted), asked) in jobs.iter().zip(&wanted).zip(asked) {
        let evaluated = asked.evaluated(&mut resolved.eval, wanted);
        job.take(resolved, evaluated, &mut differences);
    }
    claims::hide(&mut resolved.findings, &resolved.configurations, evaluation.secrets);
    Ok(differences)
}

/// Asks Nix about all that is wanted; the answers stand in the same order.
fn side_by_side(wanted: &[Wanted<'_>], evaluation: &Evaluation<'_>, progress: Progress<'_>) -> Vec<Asked> {
    let next = AtomicUsize::new(0);
    let (said, heard) = channel();
    let mut asked: Vec<(usize, Asked)> = std::thread::scope(|scope| {
        let work = |said: Sender<(usize, usize, Option<usize>)>| {
            let mut done = vec![];
            loop {
                let index = next.fetch_add(1, Relaxed);
                let Some(one) = wanted.get(index) else { break };
                // Nobody listens any more when all is over.
                let mut tell = |told: usize, of: Option<usize>| {
                    let _ = said.send((index, told, of));
                };
                tell(0, None);
                done.push((index, evaluation.bridge.ask(one, &mut tell)));
            }
            done
        };
        let workers: Vec<_> = (0..evaluation.jobs.min(wanted.len()))
            .map(|_| {
                let said = said.clone();
                scope.spawn(move || work(said))
            })
            .collect();
        drop(said);
        for (index, told, of) in heard {
            progress(wanted[index].name, told, of);
        }
        workers.into_iter().flat_map(|worker| worker.join().unwrap_or_default()).collect()
    });
    asked.sort_by_key(|(index, _)| *index);
    asked.into_iter().map(|(_, one)| one).collect()
}

/// One configuration to evaluate.
struct Job {
    name: String,
    project: usize,
    target: Target,
    /// The configuration of the static side that it is, if it is one.
    of: Option<usize>,
    /// The folder of the project, or that of its flake that gives the configuration.
    root: PathBuf,
    doubtful: Doubtful,
}

/// Options that may end an evaluation.
#[derive(Default)]
struct Doubtful {
    /// The static side does not know them.
    last: Vec<Vec<String>>,
    /// The static side knows that they fail.
    worst: Vec<Vec<String>>,
}

fn jobs(resolved: &Resolved, evaluation: &Evaluation<'_>) -> Result<Vec<Job>, String> {
    let all = &resolved.configurations;
    for name in &evaluation.names {
        let in_flake = || resolved.projects.iter().any(|one| load::exists(&one.root.join("flake.nix")));
        if evaluation.file.is_none() && !all.iter().any(|one| one.name == *name && one.whole) && !in_flake() {
            return Err(format!("there is no configuration `{name}` (`optlint configurations` lists them)"));
        }
    }
    let project_of = |index: usize| resolved.projects.iter().position(|one| one.configurations.contains(&index));
    if let Some(file) = &evaluation.file {
        let of = match &evaluation.names[..] {
            [name] => all.iter().position(|one| one.name == *name),
            [] => None,
            _ => return Err("`--eval-file` gives one configuration: name at most one".to_owned()),
        };
        let holds = |one: &Project| file.starts_with(&one.root);
        let project = of.and_then(project_of).or(resolved.projects.iter().position(holds)).unwrap_or(0);
        let name = match of {
            Some(of) => all[of].name.clone(),
            None => resolved.projects.get(project).map_or_else(
                || file.display().to_string(),
                |project| file.strip_prefix(&project.root).unwrap_or(file).display().to_string(),
            ),
        };
        return Ok(vec![Job::new(resolved, name, project, Target::File(file.clone()), of)]);
    }
    let mut jobs = vec![];
    for (index, one) in all.iter().enumerate().filter(|(_, one)| one.whole) {
        let wanted = match evaluation.names.is_empty() {
            true => may_say_something(one),
            false => evaluation.names.contains(&one.name),
        };
        let output = |path: &[Name]| Target::Output(path.iter().map(ToString::to_string).collect());
        let mut folder = None;
        let target = match &one.entry_point {
            EntryPoint::Output(path) => output(path),
            EntryPoint::OutputBelow(below, path) => {
                folder = Some(below.clone());
                output(path)
            }
            EntryPoint::Module(file) => Target::Module(file.clone()),
            EntryPoint::File(file) => Target::File(file.clone()),
            EntryPoint::Other => continue,
        };
        if let (true, Some(project)) = (wanted, project_of(index)) {
            let job = Job::new(resolved, one.name.clone(), project, target, Some(index));
            let root = folder.unwrap_or_else(|| job.root.clone());
            jobs.push(Job { root, ..job });
        }
    }
    // What the static side does not understand Nix may.
    let project = resolved.projects.iter().position(|one| load::exists(&one.root.join("flake.nix"))).unwrap_or(0);
    let strange = evaluation.names.iter().filter(|name| !all.iter().any(|one| one.whole && one.name == **name));
    for name in strange {
        let target = Target::Output(vec!["nixosConfigurations".to_owned(), name.clone()]);
        jobs.push(Job::new(resolved, name.clone(), project, target, None));
    }
    Ok(jobs)
}

/// Whether an option of interest is defined, as far as is known.
fn may_say_something(one: &Configuration) -> bool {
    one.defines || !one.gaps.is_empty() || one.root.others.is_some()
}

impl Job {
    fn new(resolved: &Resolved, name: String, project: usize, target: Target, of: Option<usize>) -> Job {
        let mut doubtful = Doubtful::default();
        let alike = resolved.configurations.iter().enumerate().filter(|(index, _)| of.is_none_or(|of| of == *index));
        alike.for_each(|(_, one)| doubtful.collect(&one.root));
        let root = resolved.projects.get(project).map(|project| project.root.clone()).unwrap_or_default();
        Job { name, project, target, of, root, doubtful }
    }

    fn wanted<'a>(&'a self, patterns: &'a [OptionPattern]) -> Wanted<'a> {
        let Doubtful { last, worst } = &self.doubtful;
        Wanted { name: &self.name, root: &self.root, target: &self.target, patterns, last, worst }
    }

    /// Puts what Nix said into its place.
    fn take(
        &self,
        resolved: &mut Resolved,
        evaluated: Result<Evaluated, (String, Origin)>,
        differences: &mut Differences,
    ) {
        let path = &self.target.file(&self.root);
        match evaluated {
            Ok(evaluated) => {
                problems(resolved, &self.name, path, &evaluated);
                let claims =
                    evaluated.claims.iter().map(|claim| claims::finding(claim, &self.name, path, &resolved.eval));
                let claims: Vec<_> = claims.collect();
                resolved.findings.extend(claims);
                let ours = self.of.map(|of| resolved.configurations[of].clone());
                let mut found = vec![];
                let alone = matches!(self.target, Target::Module(_));
                let one = together(evaluated, ours, alone, &mut found);
                differences.extend(found.into_iter().map(|one| (self.name.clone(), one)));
                put(resolved, one, self.of, self.project);
            }
            Err((message, at)) => {
                let message = format!("Nix cannot evaluate `{}`: {message}", self.name);
                let problem = problem(resolved, path, at, message);
                resolved.problems.push(problem);
            }
        }
    }
}

impl Doubtful {
    /// Adds the options of which the static side does not know everything: what is fatal in Nix is among them.
    fn collect(&mut self, entry: &OptionEntry) {
        if entry.children.is_empty() && entry.value.knowledge() != Knowledge::Known {
            let fails = entry.value.first_unknown().is_some_and(|unknown| unknown.cause.is_failure());
            let found = if fails { &mut self.worst } else { &mut self.last };
            let steps: Vec<&str> = entry.path.0.iter().filter_map(|step| step.as_name()).collect();
            // Where an option ends and its value begins is not known here: each step may be the option.
            found.extend((1..=steps.len()).map(|end| steps[..end].iter().map(ToString::to_string).collect::<Vec<_>>()));
        }
        entry.children.values().for_each(|child| self.collect(child));
    }
}

/// Nix's configuration with what only the static side knows; `alone`: Nix was given a machine's file and nothing else.
fn together(
    evaluated: Evaluated,
    ours: Option<Configuration>,
    alone: bool,
    differences: &mut Vec<Difference>,
) -> Configuration {
    let mut nix = evaluated.configuration;
    let Some(ours) = ours else {
        close(&mut nix.root);
        return nix;
    };
    let mut root = combine(nix.root, &ours.root, differences);
    close(&mut root);
    let gaps = if alone { open_gaps(&ours) } else { vec![] };
    if let Some(gap) = gaps.first() {
        keep_open(&mut root, Some(&ours.root), &gap.unknown);
    }
    let files = nix.files.union(&ours.files).copied().collect();
    // What Nix could not read is said elsewhere; what else was not followed without it, it followed.
    Configuration { defines: root.is_written(), root, files, gaps, resolved_by: nix.resolved_by, ..ours }
}

/// Takes the place of `of`, or of nothing; modules that it is made of are not on their own any more.
fn put(resolved: &mut Resolved, one: Configuration, of: Option<usize>, project: usize) {
    let files = one.files.clone();
    match of {
        Some(of) => resolved.configurations[of] = one,
        None => {
            let end = resolved.projects.get(project).map_or(0, |project| project.configurations.end);
            resolved.configurations.insert(end, one);
            shift(resolved, project, 1);
        }
    }
    let range = resolved.projects[project].configurations.clone();
    for index in range.rev() {
        let alone = &resolved.configurations[index];
        if !alone.whole && alone.entry.file().is_some_and(|file| files.contains(&file)) {
            resolved.configurations.remove(index);
            shift(resolved, project, -1);
        }
    }
}

/// After one configuration of a project came or went.
fn shift(resolved: &mut Resolved, project: usize, by: isize) {
    let moved = |place: usize| place.saturating_add_signed(by);
    for (index, one) in resolved.projects.iter_mut().enumerate().skip(project) {
        let start = if index == project { one.configurations.start } else { moved(one.configurations.start) };
        one.configurations = start..moved(one.configurations.end);
    }
}

/// What Nix could not tell, as far as a user should know.
fn problems(resolved: &mut Resolved, name: &str, path: &std::path::Path, evaluated: &Evaluated) {
    let mut found = vec![];
    for (what, message, at) in &evaluated.failures {
        let what = what.as_ref().map(|what| format!("`{what}` of ")).unwrap_or_default();
        found.push((*at, format!("Nix cannot evaluate {what}`{name}`: {message}")));
    }
    if let Some(message) = &evaluated.cut {
        found.push((Origin::Default, format!("Nix did not evaluate all of `{name}`: {message}")));
    }
    for (at, message) in found {
        let problem = problem(resolved, path, at, message);
        resolved.problems.push(problem);
    }
}

fn problem(resolved: &Resolved, path: &std::path::Path, at: Origin, message: String) -> Problem {
    let file = at.file().map(|file| resolved.eval.sources.file(file).path.clone());
    Problem { kind: ProblemKind::NotEvaluated, path: file.unwrap_or_else(|| path.to_path_buf()), at, message }
}
