//! `--baseline` and `--write-baseline`, and the `baseline` of the settings.

use super::args::CheckArgs;
use super::summary::counted;
use super::{Cx, Failure};
use crate::baseline::{Baseline, Entry};
use crate::finding::Report;
use crate::report::{escaped, relative};
use crate::settings::Settings;
use crate::source::Sources;
use crate::source::load::{self, ReadError};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// So many stale entries are named.
const NAMED: usize = 5;

/// What was asked for: entries about anything else may well hold.
pub(super) struct Scope<'a> {
    /// The names of the rules.
    pub(super) rules: BTreeSet<&'a str>,
    /// The files and folders, absolute.
    pub(super) paths: &'a [PathBuf],
    /// The settings, and the file that they stand in.
    pub(super) settings: (&'a Settings, Option<&'a Path>),
}

/// Writes or applies the baseline that `args` name, if any; says what is to be said of it.
pub(super) fn apply(
    args: &CheckArgs,
    report: &mut Report,
    sources: &Sources,
    scope: &Scope<'_>,
    cx: &Cx<'_>,
) -> Result<Vec<String>, Failure> {
    if let Some(path) = &args.baselines.write_baseline {
        return write(&cx.surroundings.folder.join(path), path, report, sources);
    }
    let folder = &cx.surroundings.folder;
    let (absolute, baseline) = match (&args.baselines.baseline, scope.settings) {
        (Some(path), _) => {
            let (absolute, shown) = (load::normalize(&folder.join(path)), escaped(&path.display().to_string()));
            let baseline = parsed(load::read_text(&absolute), &shown)?;
            (absolute, baseline)
        }
        (None, (settings, Some(file))) => match of_settings(settings, file, folder)? {
            Some(found) => found,
            None => return Ok(vec![]),
        },
        (None, _) => return Ok(vec![]),
    };
    let shown = escaped(&relative(&absolute, folder));
    let folder = absolute.parent().unwrap_or(Path::new("/"));
    let stale: Vec<&Entry> =
        baseline.apply(report).into_iter().filter(|entry| scope.covers(entry, folder, report)).collect();
    let place = |entry: &Entry| relative(&load::normalize(&folder.join(&entry.file)), &cx.surroundings.folder);
    Ok(told(&stale, &shown, place))
}

/// The baseline that `settings`, which stand in `file`, name, and where it is. It has to lie in the
/// project: a repository that somebody looks at shall not make other files be read.
pub(super) fn of_settings(
    settings: &Settings,
    file: &Path,
    folder: &Path,
) -> Result<Option<(PathBuf, Baseline)>, Failure> {
    let Some(path) = &settings.baseline else { return Ok(None) };
    let root = file.parent().unwrap_or(folder);
    let absolute = load::normalize(&root.join(path));
    let shown = escaped(&relative(&absolute, folder));
    if !absolute.starts_with(root) {
        let file = escaped(&relative(file, folder));
        return Err(Failure(format!("{file}: the `baseline` `{shown}` lies outside the project")));
    }
    let baseline = parsed(load::read_text_inside(root, &absolute), &shown)?;
    Ok(Some((absolute, baseline)))
}

fn parsed(text: Result<String, ReadError>, shown: &str) -> Result<Baseline, Failure> {
    let missing = |error: &ReadError| *error == ReadError::Missing;
    let text = text.map_err(|error| {
        let hint = if missing(&error) { format!("; `--write-baseline {shown}` writes one") } else { String::new() };
        Failure(format!("`{shown}`: {error}{hint}"))
    })?;
    Baseline::parse(&text).map_err(|error| Failure(format!("`{shown}`: {}", escaped(&error))))
}

fn write(absolute: &Path, path: &Path, report: &mut Report, sources: &Sources) -> Result<Vec<String>, Failure> {
    let (absolute, shown) = (load::normalize(absolute), escaped(&path.display().to_string()));
    let folder = absolute.parent().unwrap_or(Path::new("/"));
    let baseline = Baseline::of(report, sources, folder);
    load::write_atomically(&absolute, baseline.text().as_bytes())
        .map_err(|error| Failure(format!("`{shown}`: {error}")))?;
    baseline.apply(report);
    Ok(vec![format!("Wrote {} to {shown}", counted(baseline.len(), "finding"))])
}

impl Scope<'_> {
    /// Whether what an entry says would have been found: its rule was asked, and decided all.
    fn covers(&self, entry: &Entry, folder: &Path, report: &Report) -> bool {
        let file = load::normalize(&folder.join(&entry.file));
        let inside = entry.file.is_empty() || self.paths.iter().any(|path| file.starts_with(path));
        let open = report.undecided.iter().any(|undecided| undecided.rule.as_str() == entry.rule);
        inside && !open && self.rules.contains(&*entry.rule)
    }
}

fn told(stale: &[&Entry], baseline: &str, place: impl Fn(&Entry) -> String) -> Vec<String> {
    let about = |entry: &Entry| {
        let option = if entry.option.is_empty() { String::new() } else { format!(": {}", escaped(&entry.option)) };
        format!("no longer found: {}{option} [{}]", escaped(&place(entry)), escaped(&entry.rule))
    };
    let mut lines: Vec<String> = stale.iter().take(NAMED).map(|entry| about(entry)).collect();
    if !stale.is_empty() {
        let entries = if stale.len() == 1 { "entry is" } else { "entries are" };
        let count = stale.len();
        lines.push(format!("{count} {entries} stale; `--write-baseline {baseline}` writes it anew"));
    }
    lines
}
