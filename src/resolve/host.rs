//! Machines without a flake: which files are the configuration of a whole machine, told by their
//! name, their folder and what they define, and by what other files say of them.

use super::{Modules, StandIn};
use crate::eval::{Eval, Kind, Thunk, Val};
use crate::source::Origin;
use crate::source::load::{FileKind, normalize};
use crate::syntax::{PathLiteral, path_literals};
use crate::value::Str;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::rc::Rc;

/// The file in which NixOS looks for a configuration.
const CONFIGURATION: &str = "configuration.nix";
/// The file that NixOS writes for the machine it is installed on.
const HARDWARE: &str = "hardware-configuration.nix";
/// Folders of machines.
const FOLDERS: [&str; 8] = ["hosts", "host", "machines", "machine", "nodes", "systems", "servers", "computers"];

/// A file that configures a whole machine.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Host {
    /// The file.
    pub file: PathBuf,
    /// How it was told, in words.
    pub by: &'static str,
    /// Whether other files may bring further modules with it.
    pub may_be_imported: bool,
}

/// What the files of a project say of each other by path literals.
#[derive(Default)]
struct References {
    /// Files, and folders with a `default.nix`.
    files: BTreeSet<PathBuf>,
    /// Folders below which a name is computed.
    folders: BTreeSet<PathBuf>,
}

impl References {
    /// Reads path literals in `files`, and nothing else.
    fn read(eval: &Eval, files: &[PathBuf]) -> References {
        let mut references = References::default();
        for file in files {
            let Ok(text) = eval.files().read(file) else { continue };
            let folder = file.parent().unwrap_or(Path::new("/"));
            for literal in path_literals(&text) {
                let path = literal.sure().map(|path| normalize(&folder.join(path)));
                match (literal, path) {
                    (PathLiteral::Relative(_), Some(path)) => references.add(eval, path),
                    (PathLiteral::Begun(_), Some(folder)) => drop(references.folders.insert(folder)),
                    // `<project/modules/x.nix>`: the folder it stands for is not known, its end is.
                    (PathLiteral::Search(name), _) => references.add_end(files, &name),
                    (_, None) => (),
                }
            }
        }
        references
    }

    fn add(&mut self, eval: &Eval, path: PathBuf) {
        let default = path.join("default.nix");
        match eval.files().kind(&default) {
            Some(_) => self.files.insert(default),
            None if eval.files().kind(&path) == Some(FileKind::Directory) => self.folders.insert(path),
            None => self.files.insert(path),
        };
    }

    fn add_end(&mut self, files: &[PathBuf], name: &str) {
        let Some((_, end)) = name.split_once('/') else { return };
        self.files.extend(
            files.iter().filter(|file| file.ends_with(end) || file.ends_with(format!("{end}/default.nix"))).cloned(),
        );
    }

    fn name(&self, file: &Path) -> bool {
        self.files.contains(file)
    }

    fn may_name(&self, file: &Path) -> bool {
        self.name(file) || self.folders.iter().any(|folder| file.starts_with(folder))
    }
}

/// Those of `files` that configure a whole machine, those that nothing names first. `all` are the files of
/// the project, which may name them.
pub(super) fn hosts(eval: &mut Eval, root: &Path, files: &[&PathBuf], all: &[PathBuf], stand_in: StandIn) -> Vec<Host> {
    let mut hosts = vec![];
    let mut references = None;
    for file in files {
        let named = file.ends_with(CONFIGURATION);
        if !named && !has_signs(eval, file, stand_in) {
            continue;
        }
        let references = references.get_or_insert_with(|| References::read(eval, all));
        let in_folder = is_in_folder(root, file);
        // A shared module can have all that a machine has, when whoever imports it has the rest.
        if !named && !in_folder && references.may_name(file) {
            continue;
        }
        let signs = match named {
            true if is_module(eval, file) => usize::MAX,
            true => 0,
            false => signs(eval, file, stand_in),
        };
        let by = match (named, in_folder, signs) {
            (true, _, 1..) => "a file of this name",
            (_, true, 2..) => "a file in a folder of machines that defines what a machine has",
            (_, false, 3..) => "a file that defines what a machine has",
            _ => continue,
        };
        hosts.push(Host { file: (*file).clone(), by, may_be_imported: references.may_name(file) });
    }
    hosts.sort_by_key(|host| references.as_ref().is_some_and(|references| references.name(&host.file)));
    hosts
}

/// Whether a file is `hosts/name.nix`, `hosts/name/default.nix` or the like.
fn is_in_folder(root: &Path, file: &Path) -> bool {
    let Ok(path) = file.strip_prefix(root) else { return false };
    let folder = match file.ends_with("default.nix") {
        true => path.parent().and_then(Path::parent),
        false => path.parent(),
    };
    let name = folder.and_then(Path::file_name).and_then(|name| name.to_str()).unwrap_or_default();
    FOLDERS.contains(&name)
}

/// Whether the text speaks of anything that a machine has: cheaper than reading its modules.
fn has_signs(eval: &Eval, file: &Path, stand_in: StandIn) -> bool {
    let Ok(text) = eval.files().read(file) else { return false };
    let words = stand_in.of_hosts.iter().filter_map(|path| path.last()).chain([&HARDWARE]);
    words.into_iter().any(|word| text.contains(word))
}

/// Whether a file holds a module: a function of module arguments, or a set.
fn is_module(eval: &mut Eval, file: &Path) -> bool {
    let value = eval.import_file(file, Origin::Default);
    let value = eval.force_or_unknown(&value);
    match &value.kind {
        Kind::Attrs(set) => {
            !["network", "testScript", "outputs", "_type"].iter().any(|name| set.known.contains_key(*name))
        }
        Kind::Lambda(_) => true,
        _ => false,
    }
}

/// How many of the things that every machine has a file and its imports define.
fn signs(eval: &mut Eval, file: &Path, stand_in: StandIn) -> usize {
    if !is_module(eval, file) {
        return 0;
    }
    let modules = Modules::new(eval, "host", vec![module(file)], BTreeMap::new(), false, stand_in);
    let Some(root) = modules.context.root(eval) else { return 0 };
    let has_hardware = modules.context.reach.files.borrow().iter().any(|file| file.ends_with(HARDWARE));
    let mut signs = 0;
    for path in stand_in.of_hosts {
        let defined = root.find(eval, path).is_some_and(|node| node.has_definitions());
        // The hardware's file defines the first of them.
        signs += usize::from(defined || has_hardware && path == &stand_in.of_hosts[0]);
    }
    signs
}

/// A file as a module.
pub(super) fn module(file: &Path) -> Thunk {
    let path = Str::new(file.to_string_lossy());
    Thunk::done(Val::new(Kind::Path(Rc::new(path)), Origin::Default))
}
