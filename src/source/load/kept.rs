//! Files that the program keeps for itself between runs, which only their user can read.

use super::write::new_file_beside;
use std::fs;
use std::io::{self, Read, Write};
use std::os::unix::fs::{DirBuilderExt, MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};
use walkdir::WalkDir;

/// A folder of such files.
#[derive(Clone, Debug)]
pub struct Kept {
    folder: PathBuf,
}

impl Kept {
    /// The folder, made if need be.
    ///
    /// Errors: it cannot be had, or others can reach into it, as a sentence.
    pub fn new(folder: &Path) -> Result<Kept, String> {
        let had = || {
            fs::DirBuilder::new().recursive(true).mode(0o700).create(folder)?;
            fs::symlink_metadata(folder)
        };
        match had() {
            Err(error) if matches!(error.kind(), io::ErrorKind::AlreadyExists | io::ErrorKind::NotADirectory) => {
                Err("it is not a folder".to_owned())
            }
            Err(error) => Err(format!("it cannot be made: {error}")),
            Ok(found) if !found.is_dir() => Err("it is not a folder".to_owned()),
            Ok(found) if found.permissions().mode() & 0o077 != 0 => {
                Err("others than its owner can enter it (`chmod 700` helps)".to_owned())
            }
            Ok(_) => Ok(Kept { folder: folder.to_path_buf() }),
        }
    }

    /// What is kept under a name, if it is not older than `age` and has at most `most` bytes.
    pub fn read(&self, name: &str, age: Duration, most: u64) -> Option<Vec<u8>> {
        let path = self.folder.join(name);
        let found = fs::symlink_metadata(&path).ok()?;
        let fresh = found.modified().ok()?.elapsed().is_ok_and(|elapsed| elapsed <= age);
        // Whoever else has a link to it could write it.
        if !found.is_file() || found.len() > most || found.nlink() != 1 || !fresh {
            return None;
        }
        let mut bytes = Vec::with_capacity(found.len() as usize + 1);
        fs::File::open(path).ok()?.take(most).read_to_end(&mut bytes).ok()?;
        Some(bytes)
    }

    /// Keeps bytes under a name, and lets go of the oldest so that all have at most `most` bytes. That
    /// it cannot be done matters to nobody.
    pub fn write(&self, name: &str, bytes: &[u8], most: u64) {
        self.shrink(most.saturating_sub(bytes.len() as u64));
        let path = self.folder.join(name);
        let Ok((beside, mut file)) = new_file_beside(&path) else { return };
        let written = file
            .set_permissions(fs::Permissions::from_mode(0o600))
            .and_then(|()| file.write_all(bytes))
            .and_then(|()| fs::rename(&beside, &path));
        if written.is_err() {
            let _ = fs::remove_file(&beside);
        }
    }

    fn shrink(&self, most: u64) {
        let entries = fs::read_dir(&self.folder).into_iter().flatten().flatten();
        let file = |entry: fs::DirEntry| {
            let found = entry.metadata().ok().filter(fs::Metadata::is_file)?;
            Some((found.modified().unwrap_or(SystemTime::UNIX_EPOCH), found.len(), entry.path()))
        };
        let mut files: Vec<_> = entries.filter_map(file).collect();
        files.sort();
        let mut all: u64 = files.iter().map(|(_, size, _)| size).sum();
        for (_, size, path) in files {
            if all <= most {
                return;
            }
            all -= size;
            let _ = fs::remove_file(path);
        }
    }
}

/// The files and links below a folder in order, without what Git keeps; `None` if there are more than
/// `most`, or something else that could be read.
pub fn everything(root: &Path, most: usize) -> Option<Vec<PathBuf>> {
    let mut found = vec![];
    let walk = WalkDir::new(root).sort_by_file_name().into_iter();
    for entry in walk.filter_entry(|entry| entry.depth() != 1 || entry.file_name() != ".git") {
        let entry = entry.ok()?;
        if entry.file_type().is_dir() {
            continue;
        }
        if found.len() == most || !(entry.file_type().is_file() || entry.file_type().is_symlink()) {
            return None;
        }
        found.push(entry.into_path());
    }
    Some(found)
}

/// Where a link leads, as it is written.
pub fn link(path: &Path) -> Option<PathBuf> {
    fs::read_link(path).ok()
}

/// The path without links, if there is something.
pub fn real(path: &Path) -> Option<PathBuf> {
    fs::canonicalize(path).ok()
}
