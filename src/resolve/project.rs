//! From a folder to the configurations in it.

use super::entry::{self, Found};
use super::framework::Frameworks;
use super::host;
use super::relevance::Search;
use super::system::Registry;
use super::touch::Touch;
use super::{Modules, Request, StandIn, unreached};
use crate::eval::{Eval, Thunk};
use crate::option::{Configuration, EntryPoint, OptionPattern, Purpose};
use crate::source::{FileId, Origin};
use crate::value::Cause;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::rc::Rc;

/// Finds and resolves the configurations of projects.
pub struct Resolver {
    frameworks: Frameworks,
    stand_in: StandIn,
    entries: Vec<PathBuf>,
    subjects: Option<Vec<String>>,
    near: Vec<PathBuf>,
}

impl Resolver {
    /// A resolver that takes `stand_in` for what nixpkgs declares. One for an evaluator.
    pub fn new(eval: &mut Eval, stand_in: StandIn) -> Resolver {
        let registry = Registry::default();
        registry.install(eval, stand_in);
        super::nixpkgs::install(eval, &registry, stand_in);
        let frameworks = Frameworks { registry, stand_in };
        Resolver { frameworks, stand_in, entries: vec![], subjects: None, near: vec![] }
    }

    /// The same, for which these files (absolute) configure a machine, whatever they look like.
    pub fn with_entries(self, entries: Vec<PathBuf>) -> Resolver {
        Resolver { entries, ..self }
    }

    /// The same, which resolves a module on its own only if it, or a file that it names, holds one of
    /// these words: what the rules to be asked are about.
    pub fn about(self, words: Vec<String>) -> Resolver {
        Resolver { subjects: Some(words), ..self }
    }

    /// The same, which resolves only what has one of these files or a file below one of these folders (absolute),
    /// as far as that can be told beforehand. Of other configurations no more is known than their files.
    pub fn near(self, paths: Vec<PathBuf>) -> Resolver {
        Resolver { near: paths, ..self }
    }

    /// What is looked for in the project in `root`; `None`: in all of it.
    fn search(&self, root: &Path) -> Option<Search<'_>> {
        // What makes configurations may have to do with each of them.
        let makes = |path: &PathBuf| ["flake.nix", "hive.nix"].iter().any(|name| path.ends_with(name));
        let all = |path: &PathBuf| root.starts_with(path) || makes(path) || self.entries.contains(path);
        (!self.near.is_empty() && !self.near.iter().any(all)).then(|| Search::files(&self.near))
    }

    /// Every configuration below `root`.
    ///
    /// `files` are all `.nix` files of the project, absolute and sorted. A file that mentions an
    /// option of interest and that no configuration reads is resolved as a module on its own.
    pub fn project(
        &self,
        eval: &mut Eval,
        root: &Path,
        files: &[PathBuf],
        request: &mut Request<'_>,
    ) -> Vec<Configuration> {
        super::pins::install(eval, files);
        let mut found: Vec<Found> = vec![];
        let of_flake = match eval.files().kind(&root.join("flake.nix")) {
            Some(_) => entry::of_flake(eval, root, "flake.nix", &self.frameworks),
            None => None,
        };
        let is_flake = of_flake.is_some();
        if let Some(configurations) = of_flake {
            found.extend(configurations);
        } else if eval.files().kind(&root.join("hive.nix")).is_some() {
            let hive = eval.import_file(&root.join("hive.nix"), Origin::Default);
            let hive = eval.force_or_unknown(&hive);
            found.extend(entry::of_hive(eval, &hive, "`hive.nix`", &self.frameworks));
        }
        let mut done = Done { root: root.to_path_buf(), near: self.search(root), ..Done::default() };
        self.all(eval, found, request, &mut done);
        let flakes = self.flakes_below(eval, root, files, request, &mut done);
        for file in self.entries.iter().filter(|file| file.starts_with(root)) {
            if !done.has(eval, file) {
                let machine = self.machine(eval, root, file, "`entry-points` in the settings", None);
                self.all(eval, vec![machine], request, &mut done);
            }
        }
        let rest: Vec<&PathBuf> = files.iter().filter(|file| !file.ends_with("flake.nix")).collect();
        let unread = done.not_in(eval, &rest);
        for entry in unreached::entries(eval, root, &unread, &self.frameworks.registry, self.stand_in) {
            self.all(eval, entry.found, request, &mut done);
            done.reached.extend(entry.files.iter().filter_map(|file| eval.sources.find(file)));
        }
        // What a flake adds to a machine that was not reached, nobody knows.
        if !is_flake {
            let own = files.iter().filter(|file| !flakes.iter().any(|flake| file.starts_with(flake)));
            let own: Vec<PathBuf> = own.cloned().collect();
            self.hosts(eval, root, &own, request, &mut done);
        }
        self.far(eval, files, request, &mut done);
        let words = words_of_interest(request.patterns);
        let mut subjects = self.subjects.as_deref().map(Search::words);
        let mut touch = Touch::new(request.patterns, self.stand_in);
        for file in rest {
            if done.has(eval, file) || !done.is_near(eval, file) || !mentions(eval, file, &words) {
                continue;
            }
            if !subjects.as_mut().is_none_or(|subjects| subjects.concerns(eval, file)) {
                // Nothing in it is of interest but its syntax errors.
                let _ = eval.read_source(file).map(|file| eval.tree(file));
            } else {
                let found = self.unreached(eval, root, file, &mut touch, request);
                done.take(eval, found);
            }
        }
        done.configurations
    }

    /// The configurations of flakes in folders of the project; gives the folders of those that are made to
    /// have any. A name that is taken gets the folder in front.
    fn flakes_below(
        &self,
        eval: &mut Eval,
        root: &Path,
        files: &[PathBuf],
        request: &mut Request<'_>,
        done: &mut Done<'_>,
    ) -> Vec<PathBuf> {
        let mut folders = vec![];
        for file in files.iter().filter(|file| file.ends_with("flake.nix")) {
            let Some(folder) = file.parent().filter(|folder| *folder != root) else { continue };
            let shown = unreached::shown(root, file);
            let Some(found) = entry::of_flake(eval, folder, &shown, &self.frameworks) else { continue };
            let taken: BTreeSet<String> = done.configurations.iter().map(|one| one.name.clone()).collect();
            let named = |one: Found| {
                let one = one.below(folder);
                match taken.contains(&one.name) {
                    true => one.within_folder(&unreached::shown(root, folder)),
                    false => one,
                }
            };
            self.all(eval, found.into_iter().map(named).collect(), request, done);
            folders.push(folder.to_path_buf());
        }
        folders
    }

    /// Resolves configurations, and the systems inside them.
    fn all(&self, eval: &mut Eval, found: Vec<Found>, request: &mut Request<'_>, done: &mut Done<'_>) {
        let (mut hosts, mut guests) = (vec![], vec![]);
        for host in found {
            eval.refill_all();
            let is_far = |eval: &mut Eval, done: &mut Done<'_>| {
                !host.modules.module_files(eval).iter().any(|file| done.is_near(eval, file))
            };
            if done.near.is_some() && is_far(eval, done) {
                let unresolved = host.unresolved(eval, request);
                done.take(eval, vec![unresolved]);
                done.far.push(host);
                continue;
            }
            let inside = host.modules.nested(eval, &host.name, self.stand_in);
            hosts.push(host.resolve(eval, request));
            for (name, modules) in inside {
                guests.push(Found::named(name, modules.clone()).resolve(eval, request));
                modules.release(eval);
            }
            host.modules.release(eval);
        }
        done.take(eval, hosts);
        done.take(eval, guests);
    }

    /// Resolves what seemed to have nothing to do with the files that are looked at, if something among
    /// those was not met: a value may come from there in some other way.
    fn far(&self, eval: &mut Eval, files: &[PathBuf], request: &mut Request<'_>, done: &mut Done<'_>) {
        let is_looked_at = |file: &&PathBuf| self.near.iter().any(|path| file.starts_with(path));
        if files.iter().filter(is_looked_at).all(|file| done.has(eval, file)) {
            return;
        }
        let far = std::mem::take(&mut done.far);
        done.configurations.retain(|one| !far.iter().any(|far| far.is(one)));
        let near = done.near.take();
        self.all(eval, far, request, done);
        done.near = near;
    }

    /// Resolves the machines that stand alone.
    fn hosts(&self, eval: &mut Eval, root: &Path, files: &[PathBuf], request: &mut Request<'_>, done: &mut Done<'_>) {
        let unread: Vec<&PathBuf> = files.iter().collect();
        let unread = done.not_in(eval, &unread);
        for host in host::hosts(eval, root, &unread, files, self.stand_in) {
            if done.has(eval, &host.file) {
                continue;
            }
            let more = "a file that was not followed names this one, and may add modules";
            let machine = self.machine(eval, root, &host.file, host.by, host.may_be_imported.then_some(more));
            self.all(eval, vec![machine], request, done);
        }
    }

    /// A file as the configuration of a machine; `more` says why there may be modules besides.
    fn machine(&self, eval: &mut Eval, root: &Path, file: &Path, by: &'static str, more: Option<&str>) -> Found {
        let entry = eval.read_source(file).map_or(Origin::Default, Origin::File);
        let name = unreached::shown(root, file);
        let module = vec![host::module(file)];
        let modules = Modules::new(eval, &name, module, BTreeMap::new(), true, self.stand_in).made(by, entry);
        if let Some(why) = more {
            modules.add_gap(eval, Cause::NotRead(why.to_owned()), entry);
        }
        Found::named(name, Rc::new(modules)).at(EntryPoint::Module(file.to_path_buf()))
    }

    /// The modules of a file that no configuration reaches, each on its own.
    fn unreached(
        &self,
        eval: &mut Eval,
        root: &Path,
        file: &Path,
        touch: &mut Touch,
        request: &mut Request<'_>,
    ) -> Vec<Configuration> {
        let mut found = vec![];
        for module in self.frameworks.contained(eval, file) {
            let modules = alone(eval, root, file, module, false, self.stand_in);
            found.extend(self.resolved(eval, &modules, request));
        }
        if found.is_empty() {
            found.extend(self.untouched(eval, root, file, touch, request));
        }
        if found.is_empty() {
            found = self.file(eval, root, file, false, request);
        }
        found
    }

    /// A module on its own, if it does not touch what is of interest.
    fn untouched(
        &self,
        eval: &mut Eval,
        root: &Path,
        file: &Path,
        touch: &mut Touch,
        request: &mut Request<'_>,
    ) -> Option<Configuration> {
        let stand_in = StandIn { declarations: &[], ..self.stand_in };
        let modules = alone(eval, root, file, host::module(file), false, stand_in);
        let nothing = modules.untouched(eval, touch, request.patterns);
        modules.release(eval);
        nothing
    }

    /// One file as a configuration (`whole`), or as a module on its own; then the systems inside it.
    pub fn file(
        &self,
        eval: &mut Eval,
        root: &Path,
        file: &Path,
        whole: bool,
        request: &mut Request<'_>,
    ) -> Vec<Configuration> {
        let modules = alone(eval, root, file, host::module(file), whole, self.stand_in);
        self.resolved(eval, &modules, request)
    }

    /// A module on its own, or a configuration, and the systems inside it.
    fn resolved(&self, eval: &mut Eval, modules: &Modules, request: &mut Request<'_>) -> Vec<Configuration> {
        let mut found = vec![modules.requested(eval, request, |_, found| found)];
        for (_, guest) in modules.nested(eval, &modules.name, self.stand_in) {
            found.push(guest.requested(eval, request, |_, found| found));
            guest.release(eval);
        }
        modules.release(eval);
        found
    }
}

/// One file's module as a configuration (`whole`), or on its own.
fn alone(eval: &mut Eval, root: &Path, file: &Path, module: Thunk, whole: bool, stand_in: StandIn) -> Modules {
    let name = file.strip_prefix(root).unwrap_or(file).to_string_lossy().into_owned();
    let by = if whole { "a file of this name" } else { "a module that no configuration reaches" };
    let entry = eval.read_source(file).map_or(Origin::Default, Origin::File);
    Modules::new(eval, &name, vec![module], BTreeMap::new(), whole, stand_in).made(by, entry)
}

/// What was resolved so far.
#[derive(Default)]
struct Done<'p> {
    root: PathBuf,
    /// For what has to do with the files that are looked at, if that is not all.
    near: Option<Search<'p>>,
    /// What has nothing to do with them, as it seems.
    far: Vec<Found>,
    configurations: Vec<Configuration>,
    /// The files it is made of.
    reached: BTreeSet<FileId>,
}

impl Done<'_> {
    fn take(&mut self, eval: &Eval, configurations: Vec<Configuration>) {
        for one in configurations {
            // What a test imports is not only there for tests.
            let counts = |file: &FileId| {
                one.purpose != Purpose::Test || is_for_tests(&self.root, &eval.sources.file(*file).path)
            };
            self.reached.extend(one.files.iter().copied().filter(counts));
            self.configurations.push(one);
        }
    }

    /// Whether a file may have to do with those that are looked at.
    fn is_near(&mut self, eval: &Eval, file: &Path) -> bool {
        self.near.as_mut().is_none_or(|near| near.concerns(eval, file))
    }

    fn has(&self, eval: &Eval, file: &Path) -> bool {
        eval.sources.find(file).is_some_and(|file| self.reached.contains(&file))
    }

    fn not_in<'f>(&self, eval: &Eval, files: &[&'f PathBuf]) -> Vec<&'f PathBuf> {
        files.iter().filter(|file| !self.has(eval, file)).copied().collect()
    }
}

/// Whether a file is in a folder of tests.
fn is_for_tests(root: &Path, file: &Path) -> bool {
    let folders = file.strip_prefix(root).ok().and_then(Path::parent).into_iter().flat_map(Path::components);
    folders.filter_map(|part| part.as_os_str().to_str()).any(|name| ["test", "tests", "checks"].contains(&name))
}

/// Words one of which a file holds that defines an option of interest.
fn words_of_interest(patterns: &[OptionPattern]) -> Vec<String> {
    let words: BTreeSet<&str> = patterns.iter().filter_map(OptionPattern::word).collect();
    words.into_iter().map(str::to_owned).collect()
}

/// Whether a file holds one of `words`; a file that cannot be read is noted.
fn mentions(eval: &mut Eval, file: &Path, words: &[String]) -> bool {
    match eval.files().read(file) {
        Ok(text) => words.iter().any(|word| text.contains(word.as_str())),
        Err(reason) => {
            eval.problems.push((file.to_path_buf(), reason));
            false
        }
    }
}
