//! `optlint configurations`: what was recognised, what was read for it, and what is missing.

mod missing;
mod text;

use super::args::{ConfigurationsArgs, ListFormat, RuleSetArgs};
use super::known::kind;
use super::{Cx, Exit, Failure};
use crate::check::{Resolved, Wishes, resolve};
use crate::lint::patterns;
use crate::option::{Configuration, Gap};
use crate::report::json::{file, problem, range};
use crate::report::relative;
use crate::source::{FileId, Origin, Sources, load};
use crate::value::Name;
use missing::{Missing, missing};
use serde_json::{Value as Json, json};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

pub(super) fn run(args: &ConfigurationsArgs, cx: &mut Cx<'_>) -> Result<Exit, Failure> {
    let base = cx.surroundings.folder.clone();
    let path = load::normalize(&base.join(&args.path));
    if !load::exists(&path) {
        return Err(Failure(format!("`{}` does not exist; name the project's folder", args.path.display())));
    }
    let paths = [path];
    let set = super::rule_set::load(&RuleSetArgs::default(), &paths, &base)?;
    let wishes = Wishes { outside: args.allow_outside, ..set.wishes };
    let resolved = resolve(&paths, &patterns(&set.rules.iter().collect::<Vec<_>>()), &wishes);
    let survey = Survey::new(&resolved, &base);
    match args.format {
        ListFormat::Json => writeln!(cx.out, "{}", survey.as_json())?,
        ListFormat::Text => text::write(&survey, args.files, cx.surroundings.color, cx.out)?,
    }
    Ok(Exit::Clean)
}

/// All there is to tell about a project.
struct Survey<'a> {
    /// Configurations.
    whole: Vec<&'a Configuration>,
    /// Modules that none of them reaches.
    alone: Vec<&'a Configuration>,
    problems: Vec<&'a crate::finding::Problem>,
    sources: &'a Sources,
    base: &'a Path,
    /// Where flake inputs that are not here come from.
    foreign: &'a BTreeMap<Name, BTreeSet<String>>,
}

impl<'a> Survey<'a> {
    fn new(resolved: &'a Resolved, base: &'a Path) -> Self {
        let (whole, mut alone): (Vec<&Configuration>, Vec<_>) =
            resolved.configurations.iter().partition(|one| one.whole);
        // A file that only mentions an option's name says nothing about it.
        alone.retain(|one| one.defines);
        // Systems inside a system follow it.
        let mut whole = whole;
        whole.sort_by_key(|one| one.name.split('/').map(str::to_owned).collect::<Vec<_>>());
        let problems: BTreeSet<_> = resolved.problems.iter().collect();
        let (sources, foreign) = (&resolved.eval.sources, &resolved.eval.foreign);
        Self { whole, alone, problems: problems.into_iter().collect(), sources, base, foreign }
    }

    /// Why an import could not be followed, and what would be needed.
    fn missing(&self, gap: &Gap) -> Missing {
        let missing = missing(&gap.unknown.cause);
        let known = missing.input.as_deref().and_then(|name| self.foreign.get(name));
        // Flakes in one project may mean different ones by one name.
        let url = known.filter(|urls| urls.len() == 1).and_then(|urls| urls.first().cloned());
        Missing { url, ..missing }
    }

    /// The user's files among those of a configuration, sorted. Modules that are no files of
    /// their own stand in those where they are put together.
    fn files(&self, configuration: &Configuration) -> Vec<String> {
        let places = configuration.gaps.iter().map(|gap| gap.at).chain([configuration.entry]);
        let files: BTreeSet<FileId> =
            configuration.files.iter().copied().chain(places.filter_map(|at| at.file())).collect();
        let files = files.into_iter().filter(|file| !self.sources.file(*file).embedded);
        let mut files: Vec<String> = files.map(|file| relative(&self.sources.file(file).path, self.base)).collect();
        files.sort();
        files
    }

    /// What could not be followed, without repetitions.
    fn gaps<'b>(&self, configuration: &'b Configuration) -> Vec<&'b Gap> {
        let mut seen = BTreeSet::new();
        configuration.gaps.iter().filter(|gap| seen.insert((gap.at, gap.unknown.cause.to_string()))).collect()
    }

    fn as_json(&self) -> Json {
        json!({
            "version": 1,
            "configurations": self.whole.iter().map(|one| self.configuration(one)).collect::<Vec<_>>(),
            "unreached": self.alone.iter().map(|one| self.configuration(one)).collect::<Vec<_>>(),
            "problems": self.problems.iter().map(|one| problem(one, self.sources, self.base)).collect::<Vec<_>>(),
        })
    }

    fn configuration(&self, one: &Configuration) -> Json {
        let gap = |gap: &&Gap| {
            let missing = self.missing(gap);
            json!({
                "cause": missing.cause,
                "kind": kind(&gap.unknown.cause),
                "needs": missing.needs,
                "url": missing.url,
                "matters": gap.matters,
                "file": file(&gap.at, self.sources, self.base),
                "range": range(&gap.at, self.sources),
            })
        };
        json!({
            "name": one.name,
            "recognised_by": one.recognised_by,
            "file": file(&one.entry, self.sources, self.base),
            "range": range(&one.entry, self.sources),
            "files": self.files(one),
            "not_followed": self.gaps(one).iter().map(gap).collect::<Vec<_>>(),
        })
    }

    /// `path:line:column`, or as much of it as is known.
    fn place(&self, at: Origin) -> String {
        crate::report::place(self.sources, self.base, at)
    }
}
