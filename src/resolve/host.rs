//! Machines without a flake: which files are the configuration of a whole machine, told by their
//! name, their folder and what they define, and by what other files say of them.

use super::types::text;
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
    /// Why there may be more modules than its own.
    pub more: Option<&'static str>,
}

/// Another file may bring further modules with a machine.
const NAMED: &str = "a file that was not followed names this one, and may add modules";
/// A machine without file systems cannot be built.
const NO_DISKS: &str = "the file systems of this machine are defined in a module that was not read";

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
            true if is_module(eval, file) => Signs { own: 3, ..Signs::default() },
            true => Signs::default(),
            false => signs(eval, file, stand_in),
        };
        // That a file is called like its machine says as much as two of the things a machine has.
        let by = match (named, in_folder, signs.own, signs.own + 2 * usize::from(signs.is_called_so)) {
            (true, _, 1.., _) => "a file of this name",
            (_, true, 2.., _) => "a file in a folder of machines that defines what a machine has",
            (_, false, 3.., _) => "a file that defines what a machine has",
            (_, true, _, 2..) => "a file in a folder of machines that is called like its machine",
            (_, false, _, 3..) => "a file that is called like its machine",
            _ => continue,
        };
        let more = references.may_name(file).then_some(NAMED);
        let more = more.or((signs.is_called_so && !signs.has_disks).then_some(NO_DISKS));
        hosts.push(Host { file: (*file).clone(), by, more });
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
    let word = stand_in.name_of_hosts.last().filter(|word| text.contains(**word));
    if word.is_some() && called(file).is_some_and(|name| text.contains(name)) {
        return true;
    }
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

/// What a file, or the folder whose `default.nix` it is, is called.
fn called(file: &Path) -> Option<&str> {
    let name = match file.ends_with("default.nix") {
        true => file.parent()?.file_name()?,
        false => file.file_stem()?,
    };
    name.to_str()
}

/// What tells that a file configures a whole machine.
#[derive(Default)]
struct Signs {
    /// How many of the things that every machine has the file and its imports define.
    own: usize,
    /// Whether the file systems are among them.
    has_disks: bool,
    /// Whether the machine is called like the file.
    is_called_so: bool,
}

fn signs(eval: &mut Eval, file: &Path, stand_in: StandIn) -> Signs {
    let mut signs = Signs::default();
    if !is_module(eval, file) {
        return signs;
    }
    let modules = Modules::new(eval, "host", vec![module(file)], BTreeMap::new(), false, stand_in);
    let Some(root) = modules.context.root(eval) else { return signs };
    let has_hardware = modules.context.reach.files.borrow().iter().any(|file| file.ends_with(HARDWARE));
    for path in stand_in.of_hosts {
        let defined = root.find(eval, path).is_some_and(|node| node.has_definitions());
        // The hardware's file defines the first of them.
        let is_disks = path == &stand_in.of_hosts[0];
        signs.own += usize::from(defined || has_hardware && is_disks);
        signs.has_disks |= is_disks && (defined || has_hardware);
    }
    let name = root.find(eval, stand_in.name_of_hosts).filter(|node| node.has_definitions());
    let name = name.map(|node| node.value(eval)).and_then(|name| text(eval, &Thunk::done(name)));
    signs.is_called_so = name.is_some() && name.as_deref() == called(file);
    signs
}

/// A file as a module.
pub(super) fn module(file: &Path) -> Thunk {
    let path = Str::new(file.to_string_lossy());
    Thunk::done(Val::new(Kind::Path(Rc::new(path)), Origin::Default))
}
