//! Makes projects of examples and resolves them.

use super::expect::Example;
use crate::eval::{Eval, Thunk};
use crate::lint::{Outcome, Rule, Session};
use crate::option::{Configuration, OptionPattern};
use crate::resolve::{Request, Resolver, StandIn, Supply};
use crate::source::files::{FileKind, Files, Memory};
use crate::source::{Origin, Sources};
use std::cell::RefCell;
use std::path::{Path, PathBuf};
use std::rc::Rc;

/// Evaluates one example after the other. They share what is dear: `lib` and the
/// declarations are parsed once.
pub struct Workbench {
    /// The evaluator, with the sources of all examples.
    pub eval: Eval,
    resolver: Resolver,
    files: Rc<RefCell<Memory>>,
    opened: u32,
}

/// An example on the workbench.
pub struct Project<'e> {
    /// The example.
    pub example: &'e Example,
    /// The folder its files pretend to be in.
    folder: PathBuf,
}

/// The files of the example at hand.
struct Current(Rc<RefCell<Memory>>);

impl Files for Current {
    fn read(&self, path: &Path) -> Result<String, String> {
        self.0.borrow().read(path)
    }

    fn kind(&self, path: &Path) -> Option<FileKind> {
        self.0.borrow().kind(path)
    }

    fn list(&self, path: &Path) -> Option<Vec<(String, FileKind)>> {
        self.0.borrow().list(path)
    }
}

impl Workbench {
    /// A workbench on which configurations know this stand-in for what is not read.
    pub fn new(stand_in: StandIn) -> Self {
        let files = Rc::new(RefCell::new(Memory::default()));
        let mut eval = Eval::new(Box::new(Current(files.clone())));
        let resolver = Resolver::new(&mut eval, stand_in);
        Self { eval, resolver, files, opened: 0 }
    }

    /// Puts an example's files in place of those before, in a folder of their own.
    pub fn open<'e>(&mut self, example: &'e Example) -> Project<'e> {
        self.opened += 1;
        let folder = PathBuf::from(format!("/example/{}", self.opened));
        let files = example.files.iter().map(|file| (folder.join(&file.path), file.text.clone()));
        *self.files.borrow_mut() = Memory::new(files);
        Project { example, folder }
    }

    /// The value of the first file.
    pub fn value(&mut self, project: &Project<'_>) -> Thunk {
        self.eval.refill();
        self.eval.import_file(&project.folder.join(project.first()), Origin::Default)
    }

    /// The options that `patterns` name, with the first file as a whole configuration or as a
    /// module on its own. If it is a `flake.nix`, in all configurations of the project.
    pub fn resolve(&mut self, project: &Project<'_>, whole: bool, patterns: &[OptionPattern]) -> Vec<Configuration> {
        self.requested(project, whole, &mut Request::all(patterns))
    }

    /// What `rule` answers about the same, asked as in [`crate::check::run`].
    pub(super) fn ask(&mut self, project: &Project<'_>, whole: bool, rule: &Rule) -> Outcome {
        let rules = [rule];
        let mut session = Session::new(&rules).noting();
        let mut ask = |eval: &mut Eval, configuration: &mut Configuration, supply: &mut Supply<'_>| {
            session.ask_on_demand(eval, configuration, |eval, one, ask| supply.supply(eval, one, ask));
        };
        self.requested(project, whole, &mut Request::visited(rule.page.options(), &mut ask));
        session.outcome()
    }

    fn requested(&mut self, project: &Project<'_>, whole: bool, request: &mut Request<'_>) -> Vec<Configuration> {
        let folder = &project.folder;
        if project.first() == "flake.nix" {
            let files = project.example.files.iter().filter(|file| file.path.ends_with(".nix"));
            let mut files: Vec<PathBuf> = files.map(|file| folder.join(&file.path)).collect();
            files.sort();
            return self.resolver.project(&mut self.eval, folder, &files, request);
        }
        self.resolver.file(&mut self.eval, folder, &folder.join(project.first()), whole, request)
    }

    /// Syntax errors and files that could not be read: line in the block (from 1), and what.
    pub(super) fn problems(&self, project: &Project<'_>) -> Vec<(u32, String)> {
        let mut problems = Vec::new();
        let sources = &self.eval.sources;
        for tree in self.eval.parsed() {
            for error in &tree.errors {
                if let Some(line) = project.line(sources, Origin::Written(tree.at(error.range))) {
                    problems.push((line, error.message.clone()));
                }
            }
        }
        for (path, message) in &self.eval.problems {
            if let Some((name, file)) = project.file(path) {
                let line = file.map_or(1, |file| project.example.files[file].block_line(1));
                problems.push((line, format!("{name}: {message}")));
            }
        }
        problems.sort();
        problems.dedup();
        problems
    }
}

impl Project<'_> {
    /// The file where reading starts.
    fn first(&self) -> &str {
        self.example.files.first().map_or("default.nix", |file| &file.path)
    }

    /// The name that a path has in the example, and the file's index if it is one of its files.
    fn file<'p>(&self, path: &'p Path) -> Option<(&'p str, Option<usize>)> {
        let name = path.strip_prefix(&self.folder).ok()?.to_str()?;
        Some((name, self.example.file(name)))
    }

    /// The index of the file that `origin` is in, if it is one of the example's.
    pub(super) fn file_of(&self, sources: &Sources, origin: Origin) -> Option<usize> {
        self.file(&sources.file(origin.file()?).path)?.1
    }

    /// The same text with the example's folder written as `.`.
    pub(super) fn relative(&self, text: &str) -> String {
        text.replace(&*self.folder.to_string_lossy(), ".")
    }

    /// The line in the block that `origin` starts on.
    fn line(&self, sources: &Sources, origin: Origin) -> Option<u32> {
        let file = self.file_of(sources, origin)?;
        let span = origin.span()?;
        let position = sources.position(span.file, span.start);
        Some(self.example.files[file].block_line(position.line))
    }
}
