//! The only place that writes to the disk.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// So many names are tried for the file beside.
const ATTEMPTS: u32 = 100;

/// Writes a file so that whoever reads it sees the old or the new text, whole: beside it, then in
/// its place. What is there and no regular file (a pipe, a device) is written to as it is; a
/// symlink stays one, and so do permissions and owner.
///
/// Errors: a plain sentence without the path.
pub fn write_atomically(path: &Path, bytes: &[u8]) -> Result<(), String> {
    let old = fs::metadata(path).ok();
    if old.as_ref().is_some_and(fs::Metadata::is_dir) {
        return Err("it is a folder".to_owned());
    }
    if old.as_ref().is_some_and(|old| !old.is_file()) {
        return fs::OpenOptions::new().write(true).open(path).and_then(|mut file| file.write_all(bytes)).map_err(told);
    }
    let path = fs::canonicalize(path).unwrap_or_else(|_| path.to_path_buf());
    let (beside, mut file) = new_file_beside(&path).map_err(told)?;
    let mut write = || {
        file.write_all(bytes)?;
        if let Some(old) = &old {
            keep_owner(&file, old)?;
            file.set_permissions(old.permissions())?;
        }
        file.sync_all()?;
        fs::rename(&beside, &path)
    };
    write().map_err(|error| {
        // What is half written is of no use; that it cannot be removed would be a second error.
        let _ = fs::remove_file(&beside);
        told(error)
    })
}

/// A replaced file belongs to whom it belonged before.
#[cfg(unix)]
fn keep_owner(file: &fs::File, like: &fs::Metadata) -> io::Result<()> {
    use std::os::unix::fs::{MetadataExt, fchown};
    let own = file.metadata()?;
    match (own.uid(), own.gid()) == (like.uid(), like.gid()) {
        true => Ok(()),
        false => fchown(file, Some(like.uid()), Some(like.gid())),
    }
}

#[cfg(not(unix))]
fn keep_owner(_: &fs::File, _: &fs::Metadata) -> io::Result<()> {
    Ok(())
}

pub(super) fn new_file_beside(path: &Path) -> io::Result<(PathBuf, fs::File)> {
    let name = path.file_name().ok_or(io::ErrorKind::InvalidInput)?.to_string_lossy();
    let mut attempt = 0;
    loop {
        let beside = path.with_file_name(format!(".{name}.{attempt}.new"));
        match fs::OpenOptions::new().write(true).create_new(true).open(&beside) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists && attempt < ATTEMPTS => attempt += 1,
            other => return other.map(|file| (beside, file)),
        }
    }
}

fn told(error: io::Error) -> String {
    match error.kind() {
        io::ErrorKind::NotFound => "its folder does not exist; create it first".to_owned(),
        io::ErrorKind::NotADirectory => "its folder is none".to_owned(),
        io::ErrorKind::PermissionDenied => "permission denied".to_owned(),
        _ => error.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::{fs, write_atomically};

    #[test]
    fn writing() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        assert_eq!(write_atomically(&at("a"), b"one"), Ok(()));
        assert_eq!(write_atomically(&at("a"), b"two"), Ok(()));
        assert_eq!(fs::read_to_string(at("a")).unwrap(), "two");
        assert_eq!(write_atomically(folder.path(), b"x"), Err("it is a folder".into()));
        assert_eq!(write_atomically(&at("none/a"), b"x"), Err("its folder does not exist; create it first".into()));
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1, "nothing is left beside it");
    }

    #[cfg(unix)]
    #[test]
    fn links_and_permissions_stay() {
        use std::os::unix::fs::{PermissionsExt, symlink};
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        fs::write(at("a"), "one").unwrap();
        fs::set_permissions(at("a"), fs::Permissions::from_mode(0o600)).unwrap();
        symlink("a", at("link")).unwrap();
        assert_eq!(write_atomically(&at("link"), b"two"), Ok(()));
        assert!(fs::symlink_metadata(at("link")).unwrap().is_symlink());
        assert_eq!(fs::read_to_string(at("a")).unwrap(), "two");
        assert_eq!(fs::metadata(at("a")).unwrap().permissions().mode() & 0o777, 0o600);
        assert_eq!(write_atomically("/dev/null".as_ref(), b"x"), Ok(()));
    }
}
