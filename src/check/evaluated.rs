//! What the user's own Nix says, beside what is known without it.

use super::{Project, Resolved};
use crate::bridge::{Bridge, Difference, Evaluated, Target, Wanted, combine};
use crate::finding::{Problem, ProblemKind};
use crate::option::{Configuration, EntryPoint, OptionEntry, OptionPattern};
use crate::source::Origin;
use crate::value::Knowledge;
use std::path::PathBuf;

/// How Nix is to be asked.
pub struct Evaluation<'a> {
    /// The Nix to ask.
    pub bridge: &'a Bridge,
    /// A file with an expression that gives a configuration; the one configuration that is named, if one is.
    pub file: Option<PathBuf>,
    /// The configurations to evaluate; empty: all that can be.
    pub names: Vec<String>,
    /// Hears which configuration is evaluated, how many options were told, and of how many.
    pub progress: &'a dyn Fn(&str, usize, Option<usize>),
}

/// What Nix and the static side disagree about, by configuration.
pub type Differences = Vec<(String, Difference)>;

/// Has Nix evaluate configurations of `resolved`, in their places. An error: a name that there is not.
pub fn evaluate(
    resolved: &mut Resolved,
    evaluation: &Evaluation<'_>,
    patterns: &[OptionPattern],
) -> Result<Differences, String> {
    let mut differences = vec![];
    let jobs = jobs(resolved, evaluation)?;
    for job in jobs {
        job.run(resolved, evaluation, patterns, &mut differences);
    }
    Ok(differences)
}

/// One configuration to evaluate.
struct Job {
    name: String,
    project: usize,
    target: Target,
    /// The configuration of the static side that it is, if it is one.
    of: Option<usize>,
}

fn jobs(resolved: &Resolved, evaluation: &Evaluation<'_>) -> Result<Vec<Job>, String> {
    let all = &resolved.configurations;
    for name in &evaluation.names {
        if !all.iter().any(|one| one.name == *name && one.whole) {
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
        return Ok(vec![Job { name, project, target: Target::File(file.clone()), of }]);
    }
    let mut jobs = vec![];
    for (index, one) in all.iter().enumerate().filter(|(_, one)| one.whole) {
        let wanted = evaluation.names.is_empty() || evaluation.names.contains(&one.name);
        let target = match &one.entry_point {
            EntryPoint::Output(path) => Target::Output(path.iter().map(ToString::to_string).collect()),
            EntryPoint::Module(file) => Target::Module(file.clone()),
            EntryPoint::File(file) => Target::File(file.clone()),
            EntryPoint::Other => continue,
        };
        if let (true, Some(project)) = (wanted, project_of(index)) {
            jobs.push(Job { name: one.name.clone(), project, target, of: Some(index) });
        }
    }
    Ok(jobs)
}

impl Job {
    fn run(
        self,
        resolved: &mut Resolved,
        evaluation: &Evaluation<'_>,
        patterns: &[OptionPattern],
        differences: &mut Differences,
    ) {
        let root = resolved.projects[self.project].root.clone();
        let ours = self.of.map(|of| resolved.configurations[of].clone());
        let mut last = vec![];
        if let Some(ours) = &ours {
            doubtful(&ours.root, &mut last);
        }
        let wanted = Wanted { name: &self.name, root: &root, target: &self.target, patterns, last: &last };
        let mut progress = |told: usize, of: Option<usize>| (evaluation.progress)(&self.name, told, of);
        let flake = root.join("flake.nix");
        let path = match &self.target {
            Target::Output(_) => &flake,
            Target::Module(file) | Target::File(file) => file,
        };
        match evaluation.bridge.evaluate(&mut resolved.eval, &wanted, &mut progress) {
            Ok(evaluated) => {
                problems(resolved, &self.name, path, &evaluated);
                let mut found = vec![];
                let one = together(evaluated, ours, &mut found);
                differences.extend(found.into_iter().map(|one| (self.name.clone(), one)));
                put(resolved, one, self.of, self.project);
            }
            Err((failure, at)) => {
                let message = format!("Nix cannot evaluate `{}`: {}", self.name, failure.message);
                resolved.problems.push(problem(resolved, path, at, message));
            }
        }
    }
}

/// Options of which the static side does not know everything: what is fatal in Nix is among them.
fn doubtful(entry: &OptionEntry, found: &mut Vec<Vec<String>>) {
    if entry.children.is_empty() && entry.value.knowledge() != Knowledge::Known {
        let steps: Vec<&str> = entry.path.0.iter().filter_map(|step| step.as_name()).collect();
        // Where an option ends and its value begins is not known here: each step may be the option.
        found.extend((1..=steps.len()).map(|end| steps[..end].iter().map(ToString::to_string).collect::<Vec<_>>()));
    }
    entry.children.values().for_each(|child| doubtful(child, found));
}

/// Nix's configuration with what only the static side knows.
fn together(evaluated: Evaluated, ours: Option<Configuration>, differences: &mut Vec<Difference>) -> Configuration {
    let nix = evaluated.configuration;
    let Some(ours) = ours else { return nix };
    let root = combine(nix.root, &ours.root, differences);
    let files = nix.files.union(&ours.files).copied().collect();
    // What Nix could not read is said elsewhere; what was not followed without it, it followed.
    Configuration { root, files, gaps: vec![], resolved_by: nix.resolved_by, ..ours }
}

/// Takes the place of `of`, or of nothing; modules that it is made of are not on their own any more.
fn put(resolved: &mut Resolved, one: Configuration, of: Option<usize>, project: usize) {
    let files = one.files.clone();
    match of {
        Some(of) => resolved.configurations[of] = one,
        None => {
            let end = resolved.projects.get(project).map_or(0, |project| project.configurations.end);
            resolved.configurations.insert(end, one);
            shift(resolved, project, 1, end);
        }
    }
    let range = resolved.projects[project].configurations.clone();
    for index in range.rev() {
        let alone = &resolved.configurations[index];
        if !alone.whole && alone.entry.file().is_some_and(|file| files.contains(&file)) {
            resolved.configurations.remove(index);
            shift(resolved, project, -1, index);
        }
    }
}

/// After one configuration of a project came or went.
fn shift(resolved: &mut Resolved, project: usize, by: isize, _at: usize) {
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
        found.push((*at, format!("Nix cannot evaluate {what} of `{name}`: {message}")));
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
