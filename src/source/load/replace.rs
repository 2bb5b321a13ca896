//! Files of a project, with another text: which may have one, and that nobody else changed them.

use super::{ReadError, read_text, write_atomically};
use std::fmt;
use std::fs::{self, Metadata};
use std::io;
use std::path::{Path, PathBuf};

/// Where packages lie, which nobody edits.
const STORE: &str = "/nix/store";

/// Why a file is not written; displayed as one plain sentence without the path.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum WriteError {
    /// Symlinks followed, it is not below the project's folder.
    Outside,
    /// It belongs to Git, or to another tool of its kind.
    Internal,
    /// It is in the Nix store.
    InStore,
    /// Nobody may write to it.
    ReadOnly,
    /// It is not what it was when it was read.
    Changed,
    /// It is no regular file, or not there.
    NotAFile,
    /// What the operating system said.
    Other(String),
}

impl fmt::Display for WriteError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            WriteError::Outside => f.write_str("it lies outside the project"),
            WriteError::Internal => f.write_str("it belongs to Git"),
            WriteError::InStore => f.write_str("it lies in the Nix store"),
            WriteError::ReadOnly => f.write_str("it is read-only"),
            WriteError::Changed => f.write_str("it has changed since it was read"),
            WriteError::NotAFile => f.write_str("it is not a regular file"),
            WriteError::Other(message) => write!(f, "it cannot be written: {message}"),
        }
    }
}

impl From<io::Error> for WriteError {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::NotFound => WriteError::NotAFile,
            io::ErrorKind::PermissionDenied => WriteError::Other("permission denied".to_owned()),
            _ => WriteError::Other(error.to_string()),
        }
    }
}

/// The file that `path` names, symlinks followed, if it may be written for the project at `root`.
pub fn writable(root: &Path, path: &Path) -> Result<PathBuf, WriteError> {
    Ok(target(root, path)?.0)
}

/// Puts `after` in place of `before`, the text of the file that `path` names, at once.
pub fn replace(root: &Path, path: &Path, before: &str, after: &str) -> Result<(), WriteError> {
    let (file, _) = target(root, path)?;
    match read_text(&file) {
        Ok(text) if text == before => write_atomically(&file, after.as_bytes()).map_err(WriteError::Other),
        Ok(_) | Err(ReadError::Missing) => Err(WriteError::Changed),
        Err(error) => Err(WriteError::Other(error.to_string())),
    }
}

fn target(root: &Path, path: &Path) -> Result<(PathBuf, Metadata), WriteError> {
    let called = path.strip_prefix(root).map_err(|_| WriteError::Outside)?;
    let (file, root) = (fs::canonicalize(path)?, fs::canonicalize(root)?);
    if file.starts_with(STORE) {
        return Err(WriteError::InStore);
    }
    // Both as it is called and as it is: neither leads out of the project or into its innards.
    for inside in [file.strip_prefix(&root).map_err(|_| WriteError::Outside)?, called] {
        if inside.components().any(|part| super::walk::SKIPPED_FOLDERS.iter().any(|folder| part.as_os_str() == *folder))
        {
            return Err(WriteError::Internal);
        }
    }
    let metadata = fs::metadata(&file)?;
    match (metadata.is_file(), metadata.permissions().readonly()) {
        (false, _) => Err(WriteError::NotAFile),
        (true, true) => Err(WriteError::ReadOnly),
        (true, false) => Ok((file, metadata)),
    }
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;
    use std::os::unix::fs::{PermissionsExt, symlink};

    #[test]
    fn replacing() {
        let folder = tempfile::tempdir().unwrap();
        let (root, outside) = (folder.path().join("p"), folder.path().join("outside.nix"));
        let at = |name: &str| root.join(name);
        fs::create_dir_all(at(".git")).unwrap();
        for file in [at("a.nix"), at("mine.nix"), at("fixed.nix"), at(".git/x.nix"), outside.clone()] {
            fs::write(file, "old").unwrap();
        }
        let mode = |name: &str, mode| fs::set_permissions(at(name), fs::Permissions::from_mode(mode)).unwrap();
        mode("mine.nix", 0o640);
        mode("fixed.nix", 0o444);
        symlink("a.nix", at("link.nix")).unwrap();
        symlink(&outside, at("away.nix")).unwrap();
        symlink(folder.path(), at("up")).unwrap();
        symlink(".git", at("git")).unwrap();

        let check = |name: &str, expected: Result<(), WriteError>| {
            assert_eq!(replace(&root, &at(name), "old", "new"), expected, "{name}");
            let kept = expected.is_err() || fs::read_to_string(at(name)).unwrap() == "new";
            assert!(kept, "{name}");
        };
        check("mine.nix", Ok(()));
        check("link.nix", Ok(()));
        check("a.nix", Err(WriteError::Changed));
        check("away.nix", Err(WriteError::Outside));
        check("up/outside.nix", Err(WriteError::Outside));
        check("fixed.nix", Err(WriteError::ReadOnly));
        check(".git/x.nix", Err(WriteError::Internal));
        check("git/x.nix", Err(WriteError::Internal));
        check("none.nix", Err(WriteError::NotAFile));
        assert_eq!(fs::metadata(at("mine.nix")).unwrap().permissions().mode() & 0o777, 0o640);
        assert!(fs::symlink_metadata(at("link.nix")).unwrap().is_symlink());
        assert_eq!(fs::read_to_string(&outside).unwrap(), "old");
        assert_eq!(fs::read_dir(&root).unwrap().count(), 8, "nothing is left behind");
    }
}
