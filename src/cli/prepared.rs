//! What `optlint check` works on: the paths or the buffer in question, and the rules.

use super::Failure;
use super::args::CheckArgs;
use super::baseline::Scope;
use super::surroundings::Surroundings;
use crate::check::{Request, Threads, Wishes};
use crate::lint::Rule;
use crate::report::{escaped, relative};
use crate::settings::Settings;
use crate::source::{Sources, load};
use std::collections::BTreeMap;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

/// So many threads look at a project, unless told otherwise: each has values of its own in memory.
const MOST_THREADS: usize = 8;

/// What a run needs, read and loaded.
pub(super) struct Prepared {
    /// The files and folders to report on, absolute.
    pub(super) paths: Vec<PathBuf>,
    /// What relative paths start at.
    folder: PathBuf,
    /// The pages with rules of the user's own.
    pub(super) pages: Vec<PathBuf>,
    rules: Vec<Rule>,
    names: Vec<String>,
    wishes: Wishes,
    settings: (Settings, Option<PathBuf>),
    buffers: BTreeMap<PathBuf, String>,
    threads: Threads,
}

impl Prepared {
    /// Looks for the paths in `args`, or reads what an editor holds, and loads the rules.
    pub(super) fn new(args: &CheckArgs, surroundings: &Surroundings) -> Result<Self, Failure> {
        let buffer =
            args.stdin_filename.as_deref().map(|file| buffer(file, surroundings, io::stdin().lock())).transpose()?;
        let paths = match &buffer {
            Some((path, _)) => vec![path.clone()],
            None => paths(args, surroundings)?,
        };
        let set = super::rule_set::load(&args.rule_set, &paths, &surroundings.folder)?;
        let buffers = buffer.into_iter().collect();
        let wishes = Wishes { outside: args.allow_outside, ..set.wishes };
        let settings = (set.settings, set.file);
        let folder = surroundings.folder.clone();
        let processors = || std::thread::available_parallelism().map_or(1, usize::from);
        let threads = match args.threads {
            Some(number) => Threads::Always(number.into()),
            None => Threads::UpTo(processors().min(MOST_THREADS)),
        };
        Ok(Self {
            paths,
            folder,
            pages: set.pages,
            rules: set.rules,
            names: set.names,
            wishes,
            settings,
            buffers,
            threads,
        })
    }

    /// The rules that are on.
    pub(super) fn rules(&self) -> Vec<&Rule> {
        self.rules.iter().collect()
    }

    /// What was asked for, as a baseline sees it.
    pub(super) fn scope(&self) -> Scope<'_> {
        let rules = self.rules.iter().map(|rule| rule.page.id.as_str()).collect();
        Scope { rules, paths: &self.paths, settings: (&self.settings.0, self.settings.1.as_deref()) }
    }

    /// Says which settings count.
    pub(super) fn settings_line(&self) -> String {
        match &self.settings.1 {
            Some(file) => {
                format!("Settings: {} (`optlint settings` shows them)", escaped(&relative(file, &self.folder)))
            }
            None => "Settings: none; everything is at its default".to_owned(),
        }
    }

    /// Refuses a file that was named and that nothing reads: it would seem to be fine.
    pub(super) fn are_read(&self, sources: &Sources) -> Result<(), Failure> {
        let Some(path) = self.others().find(|path| sources.find(path).is_none()) else { return Ok(()) };
        let path = escaped(&relative(path, &self.folder));
        let help = "name files that end in `.nix`, or folders";
        Err(Failure(format!("`{path}` is no Nix file; {help}")))
    }

    /// The files that were named, but not like a Nix file.
    pub(super) fn others(&self) -> impl Iterator<Item = &PathBuf> {
        let is_nix = |path: &Path| path.extension().is_some_and(|extension| extension == "nix");
        self.paths.iter().filter(move |path| !is_nix(path) && load::target_kind(path) == Some(load::FileKind::File))
    }

    /// Asks for everything with these `rules`.
    pub(super) fn request<'a>(&'a self, rules: &'a [&'a Rule]) -> Request<'a> {
        let (buffers, other_rules, wishes) = (self.buffers.clone(), self.names.clone(), self.wishes.clone());
        Request {
            paths: &self.paths,
            rules,
            buffers,
            other_rules,
            wishes,
            stop: None,
            threads: self.threads,
            last: false,
            asked: None,
        }
    }
}

/// The text that an editor holds for `file`.
fn buffer(file: &Path, surroundings: &Surroundings, input: impl Read) -> Result<(PathBuf, String), Failure> {
    let failure = |why: &str| Failure(format!("standard input {why}"));
    let mut bytes = vec![];
    let read = input.take(load::MAX_BYTES + 1).read_to_end(&mut bytes);
    read.map_err(|error| failure(&format!("cannot be read: {error}")))?;
    if bytes.len() as u64 > load::MAX_BYTES {
        return Err(failure(&format!("is larger than {} MB", load::MAX_BYTES / 1024 / 1024)));
    }
    let text = String::from_utf8(bytes).map_err(|_| failure("is not UTF-8 text"))?;
    Ok((load::normalize(&surroundings.folder.join(file)), text))
}

/// The paths in `args`, absolute.
fn paths(args: &CheckArgs, surroundings: &Surroundings) -> Result<Vec<PathBuf>, Failure> {
    let mut paths = vec![];
    for path in &args.paths {
        let absolute = load::normalize(&surroundings.folder.join(path));
        if path.as_os_str() == "-" && !load::exists(&absolute) {
            return Err(Failure("`-` is no file; `--stdin-filename FILE` reads FILE from standard input".to_owned()));
        }
        if !load::exists(&absolute) {
            return Err(Failure(format!("`{}` does not exist; name files or folders that do", path.display())));
        }
        paths.push(absolute);
    }
    Ok(paths)
}
