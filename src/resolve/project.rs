//! From a folder to the configurations in it.

use super::entry::{self, Found};
use super::framework::Frameworks;
use super::system::Registry;
use super::{Modules, StandIn};
use crate::eval::{Eval, Kind, Thunk, Val};
use crate::option::{Configuration, OptionPattern, PatternStep};
use crate::source::{FileId, Origin};
use crate::value::Str;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::rc::Rc;

/// Finds and resolves the configurations of projects.
pub struct Resolver {
    frameworks: Frameworks,
    stand_in: StandIn,
}

impl Resolver {
    /// A resolver that takes `stand_in` for what nixpkgs declares. One for an evaluator.
    pub fn new(eval: &mut Eval, stand_in: StandIn) -> Resolver {
        let registry = Registry::default();
        registry.install(eval, stand_in);
        Resolver { frameworks: Frameworks { registry, stand_in }, stand_in }
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
        patterns: &[OptionPattern],
    ) -> Vec<Configuration> {
        let mut found: Vec<Found> = vec![];
        let of_flake = match eval.files().kind(&root.join("flake.nix")) {
            Some(_) => entry::of_flake(eval, root, &self.frameworks),
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
        for host in found.clone() {
            eval.refill_all();
            let guests = host.modules.nested(eval, &host.name, self.stand_in);
            found.extend(guests.into_iter().map(|(name, modules)| Found::named(name, modules)));
        }
        let mut configurations: Vec<_> = found.into_iter().map(|found| found.resolve(eval, patterns)).collect();
        let mut reached: BTreeSet<FileId> = configurations.iter().flat_map(|one| one.files.clone()).collect();
        let words = words_of_interest(patterns);
        // What a flake adds to a `configuration.nix` that was not reached, nobody knows.
        let is_whole = |file: &&PathBuf| !is_flake && file.ends_with("configuration.nix");
        let (whole, modules): (Vec<_>, Vec<_>) =
            files.iter().filter(|file| !file.ends_with("flake.nix")).partition(is_whole);
        for (file, whole) in whole.iter().map(|file| (file, true)).chain(modules.iter().map(|file| (file, false))) {
            let known = eval.sources.find(file).is_some_and(|file| reached.contains(&file));
            if known || !(whole || mentions(eval, file, &words)) {
                continue;
            }
            for one in self.file(eval, root, file, whole, patterns) {
                reached.extend(&one.files);
                configurations.push(one);
            }
        }
        configurations
    }

    /// One file as a configuration (`whole`), or as a module on its own; then the systems inside it.
    pub fn file(
        &self,
        eval: &mut Eval,
        root: &Path,
        file: &Path,
        whole: bool,
        patterns: &[OptionPattern],
    ) -> Vec<Configuration> {
        let name = file.strip_prefix(root).unwrap_or(file).to_string_lossy().into_owned();
        let path = Str::new(file.to_string_lossy());
        let module = Thunk::done(Val::new(Kind::Path(Rc::new(path)), Origin::Default));
        let by = if whole { "a file of this name" } else { "a module that no configuration reaches" };
        let entry = eval.read_source(file).map_or(Origin::Default, Origin::File);
        let modules = Modules::new(eval, &name, vec![module], BTreeMap::new(), whole, self.stand_in).made(by, entry);
        let mut found = vec![modules.resolve(eval, patterns)];
        for (_, guest) in modules.nested(eval, &name, self.stand_in) {
            found.push(guest.resolve(eval, patterns));
        }
        found
    }
}

/// Words one of which a file holds that defines an option of interest: the second step of each
/// pattern, behind the namespace.
fn words_of_interest(patterns: &[OptionPattern]) -> Vec<String> {
    let mut words: Vec<String> = patterns
        .iter()
        .filter_map(|pattern| match &pattern.0[..] {
            [_, PatternStep::Name(name), ..] | [PatternStep::Name(name)] => Some(name.to_string()),
            _ => None,
        })
        .collect();
    words.sort();
    words.dedup();
    words
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
