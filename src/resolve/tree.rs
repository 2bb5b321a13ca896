//! `import-tree`: every module file below a folder.

use crate::eval::{Eval, Kind, R, Thunk, Val};
use crate::source::Origin;
use crate::source::load::FileKind;
use crate::value::Str;
use std::path::{Path, PathBuf};
use std::rc::Rc;

/// The function `import-tree`, as its flake offers it: `self: path: module`.
pub(super) fn import_tree() -> Val {
    Val::closure("import-tree", 2, |eval, args, at| tree(eval, &args[1], at))
}

/// A module that imports every `.nix` file below a path; names that start with `_` are left out.
fn tree(eval: &mut Eval, path: &Thunk, at: Origin) -> R {
    let value = eval.force(path)?;
    match eval.file_path(&value, at)? {
        Ok(path) => {
            let mut files = vec![];
            walk(eval, &path, &mut files, 0);
            let files = files.into_iter().map(|file| {
                let path = Str::new(file.to_string_lossy());
                Thunk::done(Val::new(Kind::Path(Rc::new(path)), at))
            });
            Ok(Val::attrs([("imports".into(), Thunk::done(Val::list(files.collect(), at)))], at))
        }
        Err(unknown) => Ok(unknown),
    }
}

fn walk(eval: &Eval, folder: &Path, files: &mut Vec<PathBuf>, depth: u32) {
    if depth > 50 {
        return;
    }
    for (name, kind) in eval.files().list(folder).unwrap_or_default() {
        if name.starts_with('_') {
            continue;
        }
        match kind {
            FileKind::Directory => walk(eval, &folder.join(&name), files, depth + 1),
            FileKind::File if name.ends_with(".nix") => files.push(folder.join(&name)),
            _ => (),
        }
    }
}
