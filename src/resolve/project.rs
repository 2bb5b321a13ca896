//! From a folder to the configurations in it.

use super::done::Done;
use super::entry::{self, Found};
use super::framework::Frameworks;
use super::host::{self, Host};
use super::relevance::Search;
use super::system::Registry;
use super::team::{Dismissed, Piece, Turn, Work};
use super::touch::Touch;
use super::{Modules, Request, StandIn, unreached};
use crate::eval::{Eval, Thunk};
use crate::option::{Configuration, EntryPoint, OptionPattern};
use crate::source::Origin;
use crate::value::Cause;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::sync::Arc;

/// Finds and resolves the configurations of projects.
pub struct Resolver {
    frameworks: Frameworks,
    stand_in: StandIn,
    entries: Vec<PathBuf>,
    subjects: Option<Vec<String>>,
    near: Vec<PathBuf>,
    /// Whether these are in no project.
    loose: bool,
}

impl Resolver {
    /// A resolver that takes `stand_in` for what nixpkgs declares. One for an evaluator.
    pub fn new(eval: &mut Eval, stand_in: StandIn) -> Resolver {
        let registry = Registry::default();
        registry.install(eval, stand_in);
        super::nixpkgs::install(eval, &registry, stand_in);
        let frameworks = Frameworks { registry, stand_in };
        Resolver { frameworks, stand_in, entries: vec![], subjects: None, near: vec![], loose: false }
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

    /// In a folder that is no project nothing hands them on to what does not name them: there is no flake.
    pub fn loose(self, loose: bool) -> Resolver {
        Resolver { loose, ..self }
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
    /// Nothing is returned by a thread that is not the first of several.
    pub fn project(
        &self,
        eval: &mut Eval,
        root: &Path,
        files: &[PathBuf],
        request: &mut Request<'_>,
    ) -> Vec<Configuration> {
        let mut done = Done { root: root.to_path_buf(), near: self.search(root), ..Done::default() };
        if self.walk(eval, root, files, request, &mut done).is_err() || request.number() > 0 {
            return vec![];
        }
        if request.member.is_some() {
            done.notes.push(Arc::new(eval.notes()));
            eval.note_only(done.notes.iter().map(|notes| &**notes));
        }
        request.counting = done.counting;
        // Other threads may still know of them.
        done.configurations.into_iter().map(|one| Arc::try_unwrap(one).unwrap_or_else(|one| (*one).clone())).collect()
    }

    fn walk(
        &self,
        eval: &mut Eval,
        root: &Path,
        files: &[PathBuf],
        request: &mut Request<'_>,
        done: &mut Done<'_>,
    ) -> Result<(), Dismissed> {
        super::pins::install(eval, files);
        let mut found: Vec<Found> = vec![];
        let of_flake = match eval.files().kind(&root.join("flake.nix")) {
            Some(_) => entry::of_flake(eval, root, "flake.nix", &self.frameworks),
            None => None,
        };
        let is_flake = of_flake.is_some();
        // One that is made to give some, and names none, leaves that to others: to what it takes modules from,
        // or to another flake.
        let names_none = of_flake.as_ref().is_some_and(Vec::is_empty);
        if let Some(configurations) = of_flake {
            found.extend(configurations);
        } else if eval.files().kind(&root.join("hive.nix")).is_some() {
            let hive = eval.import_file(&root.join("hive.nix"), Origin::Default);
            let hive = eval.force_or_unknown(&hive);
            found.extend(entry::of_hive(eval, &hive, "`hive.nix`", &self.frameworks));
        }
        self.all(eval, vec![found], request, done)?;
        let flakes = self.flakes_below(eval, root, files, request, done)?;
        for file in self.entries.iter().filter(|file| file.starts_with(root)) {
            if !done.has(eval, file) {
                let machine = self.machine(eval, root, file, "`entry-points` in the settings", None);
                self.all(eval, vec![vec![machine]], request, done)?;
            }
        }
        let rest: Vec<&PathBuf> = files.iter().filter(|file| !file.ends_with("flake.nix")).collect();
        let unread = done.not_in(eval, &rest);
        let entries = unreached::entries(eval, root, &unread, &self.frameworks.registry, self.stand_in);
        let (files_of, found): (Vec<_>, Vec<_>) = entries.into_iter().map(|entry| (entry.files, entry.found)).unzip();
        self.all(eval, found, request, done)?;
        done.reached.extend(files_of.iter().flatten().filter_map(|file| eval.sources.id(file)));
        // What a flake adds to a machine that was not reached, nobody knows.
        if !is_flake || names_none {
            let own = files.iter().filter(|file| !flakes.iter().any(|flake| file.starts_with(flake)));
            let own: Vec<PathBuf> = own.cloned().collect();
            let more = names_none.then_some("what the flake adds to this machine is not known");
            self.hosts(eval, root, &own, more, request, done)?;
        }
        self.far(eval, files, request, done)?;
        self.rest(eval, root, &rest, request, done)
    }

    /// Resolves modules on their own: those of `files` that nothing reaches.
    fn rest(
        &self,
        eval: &mut Eval,
        root: &Path,
        files: &[&PathBuf],
        request: &mut Request<'_>,
        done: &mut Done<'_>,
    ) -> Result<(), Dismissed> {
        let words = words_of_interest(request.patterns);
        let mut subjects = self.subjects.as_deref().map(Search::words);
        let mut touch = Touch::new(request.patterns, self.stand_in);
        let files = done.not_in(eval, files);
        let mut work = Work::begin_last(request.member.as_mut(), &files)?;
        while let Some(turn) = work.next()? {
            let at = match turn {
                Turn::Do(at) => at,
                Turn::Note(at, piece) => {
                    done.take_unless_had(eval, files[at], piece);
                    continue;
                }
            };
            let (file, mut piece) = (files[at], Piece::default());
            done.note(eval, request);
            if !done.has(eval, file) && done.is_near(eval, file) && mentions(eval, file, &words) {
                if !subjects.as_mut().is_none_or(|subjects| subjects.concerns(eval, file)) {
                    // Nothing in it is of interest but its syntax errors.
                    let _ = eval.read_source(file).map(|file| eval.tree(file));
                } else {
                    let before = request.visits;
                    let found = self.unreached(eval, root, file, &mut touch, request);
                    piece.own = found.into_iter().map(Arc::new).collect();
                    piece.visits = (request.number(), before..request.visits);
                }
            }
            work.did(piece.noting(eval, request));
        }
        Ok(())
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
    ) -> Result<Vec<PathBuf>, Dismissed> {
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
            self.all(eval, vec![found.into_iter().map(named).collect()], request, done)?;
            folders.push(folder.to_path_buf());
        }
        Ok(folders)
    }

    /// Resolves groups of configurations, and the systems inside them.
    fn all(
        &self,
        eval: &mut Eval,
        found: Vec<Vec<Found>>,
        request: &mut Request<'_>,
        done: &mut Done<'_>,
    ) -> Result<(), Dismissed> {
        let group = found.iter().enumerate().flat_map(|(at, group)| std::iter::repeat_n(at, group.len()));
        let group: Vec<usize> = group.collect();
        let found: Vec<Found> = found.into_iter().flatten().collect();
        if found.is_empty() {
            return Ok(());
        }
        let names: Vec<&str> = found.iter().map(|one| one.name.as_str()).collect();
        let mut work = Work::begin(request.member.as_mut(), &names)?;
        let mut pieces = vec![];
        while let Some(turn) = work.next()? {
            match turn {
                Turn::Do(at) => {
                    done.note(eval, request);
                    work.did(self.one(eval, &found[at], request, done).noting(eval, request));
                }
                Turn::Note(at, piece) => pieces.push((at, piece)),
            }
        }
        for together in pieces.chunk_by_mut(|(a, _), (b, _)| group[*a] == group[*b]) {
            for (at, piece) in together.iter().filter(|(_, piece)| piece.far) {
                done.take(eval, &piece.own);
                done.far.push(found[*at].clone());
            }
            together.iter().filter(|(_, piece)| !piece.far).for_each(|(_, piece)| done.take(eval, &piece.own));
            together.iter().for_each(|(_, piece)| done.take(eval, &piece.inside));
        }
        for (_, piece) in pieces {
            done.counting.push(piece.visits);
            done.notes.extend(piece.notes);
        }
        Ok(())
    }

    /// Resolves a configuration and the systems inside it.
    fn one(&self, eval: &mut Eval, host: &Found, request: &mut Request<'_>, done: &mut Done<'_>) -> Piece {
        eval.refill_all();
        let is_far = |eval: &mut Eval, done: &mut Done<'_>| {
            !host.modules.module_files(eval).iter().any(|file| done.is_near(eval, file))
        };
        if done.near.is_some() && is_far(eval, done) {
            let own = vec![Arc::new(host.unresolved(eval, request))];
            return Piece { own, far: true, ..Piece::default() };
        }
        let before = request.visits;
        let guests = host.modules.nested(eval, &host.name, self.stand_in);
        let own = vec![Arc::new(host.resolve(eval, request))];
        let mut inside = vec![];
        for (name, modules) in guests {
            inside.push(Arc::new(Found::named(name, modules.clone()).resolve(eval, request)));
            modules.release(eval);
        }
        host.modules.release(eval);
        Piece { own, inside, far: false, visits: (request.number(), before..request.visits), notes: None }
    }

    /// Resolves what seemed to have nothing to do with the files that are looked at, if something among
    /// those was not met: a value may come from there in some other way.
    fn far(
        &self,
        eval: &mut Eval,
        files: &[PathBuf],
        request: &mut Request<'_>,
        done: &mut Done<'_>,
    ) -> Result<(), Dismissed> {
        let is_looked_at = |file: &&PathBuf| self.near.iter().any(|path| file.starts_with(path));
        if self.loose || files.iter().filter(is_looked_at).all(|file| done.has(eval, file)) {
            return Ok(());
        }
        let far = std::mem::take(&mut done.far);
        done.configurations.retain(|one| !far.iter().any(|far| far.is(one)));
        let near = done.near.take();
        self.all(eval, vec![far], request, done)?;
        done.near = near;
        Ok(())
    }

    /// Resolves the machines that stand alone; `more` says why each may have further modules.
    fn hosts(
        &self,
        eval: &mut Eval,
        root: &Path,
        files: &[PathBuf],
        more: Option<&'static str>,
        request: &mut Request<'_>,
        done: &mut Done<'_>,
    ) -> Result<(), Dismissed> {
        let unread: Vec<&PathBuf> = files.iter().collect();
        let unread = done.not_in(eval, &unread);
        let hosts = host::hosts(eval, root, &unread, files, self.stand_in);
        let machine = |eval: &mut Eval, host: &Host| self.machine(eval, root, &host.file, host.by, more.or(host.more));
        let names: Vec<&PathBuf> = hosts.iter().map(|host| &host.file).collect();
        let mut work = Work::begin(request.member.as_mut(), &names)?;
        while let Some(turn) = work.next()? {
            match turn {
                Turn::Do(at) if done.has(eval, &hosts[at].file) => work.did(Piece::default()),
                Turn::Do(at) => {
                    done.note(eval, request);
                    let machine = machine(eval, &hosts[at]);
                    work.did(self.one(eval, &machine, request, done).noting(eval, request));
                }
                Turn::Note(at, piece) => {
                    let host = &hosts[at];
                    let is_far = piece.far;
                    if done.take_unless_had(eval, &host.file, piece) && is_far {
                        done.far.push(machine(eval, host));
                    }
                }
            }
        }
        Ok(())
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
