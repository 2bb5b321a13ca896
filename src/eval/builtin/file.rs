//! Looking into files and folders of the project.

use super::Builtin;
use super::argument::{bool, set};
use crate::eval::Eval;
use crate::eval::thunk::Thunk;
use crate::eval::val::{AttrSet, Kind, R, Val};
use crate::source::Origin;
use crate::source::load::FileKind;
use crate::value::{Cause, Unknown};
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::sync::Arc;

pub(super) const TABLE: &[Builtin] = &[
    ("readFile", 1, read_file),
    ("readDir", 1, read_dir),
    ("readFileType", 1, read_file_type),
    ("pathExists", 1, path_exists),
    ("hashFile", 2, hash_file),
];

/// Applies `f` to each path that an argument may be.
fn each_path(eval: &mut Eval, arg: &Thunk, by: &str, at: Origin, f: impl Fn(&mut Eval, &Path) -> R) -> R {
    eval.each(arg, by, at, |eval, value| match eval.file_path(value, at)? {
        Ok(path) => f(eval, &path),
        Err(unknown) => eval.lift(&unknown, by, at, &mut |_, value| Ok(value.clone())),
    })
}

fn outside(eval: &mut Eval, path: &Path, at: Origin) -> Val {
    let path = eval.quoted_path(path, at);
    eval.unknown(Cause::NotRead(crate::source::files::outside(&path)), at)
}

fn read_file(eval: &mut Eval, args: &[Thunk], at: Origin) -> R {
    let at = eval.born_of(&args[0], at);
    let text = each_path(eval, &args[0], "readFile", at, |eval, path| match eval.files.read(path) {
        Ok(text) => Ok(Val::text(&text, at)),
        Err(reason) => {
            if eval.files.kind(path).is_some() {
                eval.problems.push((path.to_path_buf(), reason.clone()));
            }
            let reason = eval.quoted_reason(&reason, path, at);
            Ok(eval.unknown(Cause::Contents(reason), at))
        }
    })?;
    Ok(as_contents(eval, text))
}

/// What is unknown because nobody knows which file is read is still what a file says.
fn as_contents(eval: &mut Eval, text: Val) -> Val {
    match &text.kind {
        Kind::Unknown(unknown) if !unknown.cause.is_failure() && !unknown.cause.is_contents() => {
            let cause = Arc::new(Cause::Contents(unknown.cause.to_string()));
            Val::new(Kind::Unknown(Unknown { cause, ..unknown.clone() }), text.origin)
        }
        Kind::OneOf(alternatives) => {
            let alternatives = alternatives.iter().map(|(condition, thunk)| {
                let text = eval.force_or_unknown(thunk);
                (condition.clone(), Thunk::done(as_contents(eval, text)))
            });
            Val::new(Kind::OneOf(Rc::new(alternatives.collect())), text.origin)
        }
        _ => text,
    }
}

fn type_name(kind: FileKind) -> &'static str {
    match kind {
        FileKind::File => "regular",
        FileKind::Directory => "directory",
        FileKind::Symlink => "symlink",
        FileKind::Other => "unknown",
    }
}

fn read_dir(eval: &mut Eval, args: &[Thunk], at: Origin) -> R {
    each_path(eval, &args[0], "readDir", at, |eval, path| {
        let Some(entries) = eval.files.list(path) else {
            return Ok(match eval.is_there(path) {
                Some(_) => {
                    let path = eval.quoted_path(path, at);
                    eval.unknown(Cause::NotRead(format!("`{}` is no folder", path.display())), at)
                }
                None => outside(eval, path, at),
            });
        };
        let mut names = AttrSet::default();
        // A flake's source has no `.git`, and nobody else asks for it.
        for (name, kind) in entries.into_iter().filter(|(name, _)| name != ".git") {
            names.insert(name, Thunk::done(Val::text(type_name(kind), at)), at);
        }
        Ok(set(names, at))
    })
}

fn read_file_type(eval: &mut Eval, args: &[Thunk], at: Origin) -> R {
    each_path(eval, &args[0], "readFileType", at, |eval, path| match eval.files.kind(path) {
        Some(kind) => Ok(Val::text(type_name(kind), at)),
        None => Ok(outside(eval, path, at)),
    })
}

fn path_exists(eval: &mut Eval, args: &[Thunk], at: Origin) -> R {
    let by = "pathExists";
    eval.each(&args[0], by, at, |eval, value| match eval.file_path(value, at)? {
        Ok(path) => {
            let folder_only = matches!(&value.kind, Kind::Str(text) if text.known().is_some_and(names_a_folder));
            let known = if folder_only { eval.is_folder(&path) } else { eval.is_there(&path) };
            Ok(known.map_or_else(|| outside(eval, &path, at), |known| bool(known, at)))
        }
        Err(unknown) => eval.lift(&unknown, by, at, &mut |_, value| Ok(value.clone())),
    })
}

/// Whether a text ends like the path of a folder, which a file's cannot: only values of type path
/// lose a slash at their end.
fn names_a_folder(path: &str) -> bool {
    path.ends_with('/') || path.ends_with("/.")
}

fn hash_file(eval: &mut Eval, args: &[Thunk], at: Origin) -> R {
    each_path(eval, &args[1], "", at, |eval, path| {
        let path: PathBuf = path.to_path_buf();
        eval.each_text(&args[0], "", at, |eval, kind| {
            let text = match eval.files.read(&path) {
                Ok(text) => text,
                Err(reason) => {
                    let reason = eval.quoted_reason(&reason, &path, at);
                    return Ok(eval.unknown(Cause::NotRead(reason), at));
                }
            };
            super::hash::value(eval, kind, &text, at)
        })
    })
}

impl Eval {
    /// Whether a folder is at this path; `None` where that cannot be seen from the project.
    fn is_folder(&self, path: &Path) -> Option<bool> {
        match self.files.kind(path) {
            Some(FileKind::Directory) => Some(true),
            Some(FileKind::Symlink) => self.files.list(path).map(|_| true),
            Some(_) => Some(false),
            None => self.is_there(path),
        }
    }

    /// Whether something is at this path; `None` where that cannot be seen from the project.
    pub(super) fn is_there(&self, path: &Path) -> Option<bool> {
        if self.files.kind(path).is_some() {
            return Some(true);
        }
        // Missing, or not for us to see: a folder that can be listed tells.
        let mut below = path;
        for folder in path.ancestors().skip(1) {
            match self.files.kind(folder) {
                Some(FileKind::Directory) | None => (),
                Some(FileKind::Symlink) => return None,
                Some(_) => return Some(false),
            }
            if let Some(entries) = self.files.list(folder) {
                let name = below.file_name()?.to_string_lossy();
                return (!entries.iter().any(|(entry, _)| *entry == name)).then_some(false);
            }
            below = folder;
        }
        None
    }
}
