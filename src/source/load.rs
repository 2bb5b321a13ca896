//! The only place that reads the disk; what is below it writes.

mod kept;
mod mark;
mod patterns;
mod replace;
mod stamp;
mod walk;
mod write;

pub use kept::{Kept, everything, link, real};
pub use mark::Mark;
pub use patterns::Patterns;
pub use replace::{WriteError, replace, writable};
pub use stamp::Stamp;
pub use walk::{Seen, Walked, matching, walk, walk_own};
pub use write::write_atomically;

use std::fmt;
use std::fs;
use std::io::{self, Read};
use std::path::{Component, Path, PathBuf};

/// Files with more bytes than this are not read: no configuration is that long.
pub const MAX_BYTES: u64 = 4 * 1024 * 1024;

/// Something on the disk that could not be looked at.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Problem {
    /// The file or folder.
    pub path: PathBuf,
    /// What is wrong with it: one plain sentence without the path and without a full stop.
    pub message: String,
}

/// Why a file or folder was not read; displayed as one plain sentence without the path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ReadError {
    /// Nothing has this path.
    Missing,
    /// A folder, pipe, socket or device.
    NotAFile,
    /// More than [`MAX_BYTES`].
    TooLarge,
    /// Encrypted by git-crypt, and locked.
    GitCrypt,
    /// Bytes that are no UTF-8.
    NotText,
    /// A symlink on the way leads out of the project.
    Outside,
    /// A path with bytes that are no UTF-8: no Nix text names it.
    OddName,
    /// What the operating system said.
    Other(String),
}

impl fmt::Display for ReadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ReadError::Missing => f.write_str("it does not exist"),
            ReadError::NotAFile => f.write_str("it is not a regular file"),
            ReadError::TooLarge => write!(f, "it is larger than {} MB and was not read", MAX_BYTES / 1024 / 1024),
            ReadError::GitCrypt => f.write_str("it is encrypted with git-crypt and was not read"),
            ReadError::NotText => f.write_str("it is not UTF-8 text"),
            ReadError::Outside => f.write_str("it is a link that leads out of the project, and was not read"),
            ReadError::OddName => f.write_str("its path is not UTF-8, and it was not read"),
            ReadError::Other(message) => write!(f, "it cannot be read: {message}"),
        }
    }
}

impl From<io::Error> for ReadError {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::NotFound | io::ErrorKind::NotADirectory => ReadError::Missing,
            io::ErrorKind::PermissionDenied => ReadError::Other("permission denied".to_owned()),
            _ => ReadError::Other(error.to_string()),
        }
    }
}

/// What a path names, without following a symlink.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FileKind {
    /// A regular file.
    File,
    /// A folder.
    Directory,
    /// A symlink, whatever it points to.
    Symlink,
    /// A pipe, socket or device.
    Other,
}

impl From<fs::FileType> for FileKind {
    fn from(kind: fs::FileType) -> Self {
        match kind {
            kind if kind.is_symlink() => FileKind::Symlink,
            kind if kind.is_file() => FileKind::File,
            kind if kind.is_dir() => FileKind::Directory,
            _ => FileKind::Other,
        }
    }
}

/// What `path` names; a symlink is not followed. `None` if there is nothing.
pub fn kind(path: &Path) -> Option<FileKind> {
    Some(fs::symlink_metadata(path).ok()?.file_type().into())
}

/// What `path` names in the end, symlinks followed. `None` if there is nothing or the link dangles.
pub fn target_kind(path: &Path) -> Option<FileKind> {
    Some(fs::metadata(path).ok()?.file_type().into())
}

/// Whether there is something at `path`, symlinks followed.
pub fn exists(path: &Path) -> bool {
    path.exists()
}

/// The entries of a folder by name, names that are no UTF-8 with replacement characters.
pub fn read_dir(path: &Path) -> Result<Vec<(String, FileKind)>, ReadError> {
    let mut entries = Vec::new();
    for entry in fs::read_dir(path)? {
        let entry = entry?;
        entries.push((entry.file_name().to_string_lossy().into_owned(), entry.file_type()?.into()));
    }
    entries.sort_by(|(left, _), (right, _)| left.cmp(right));
    Ok(entries)
}

/// The bytes of a regular file of at most [`MAX_BYTES`] bytes.
pub fn read_bytes(path: &Path) -> Result<Vec<u8>, ReadError> {
    // Asked before opening, since opening a pipe waits for its other end.
    let metadata = fs::metadata(path)?;
    if !metadata.is_file() {
        return Err(ReadError::NotAFile);
    }
    if metadata.len() > MAX_BYTES {
        return Err(ReadError::TooLarge);
    }
    let mut bytes = Vec::with_capacity(metadata.len() as usize);
    fs::File::open(path)?.take(MAX_BYTES + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > MAX_BYTES { Err(ReadError::TooLarge) } else { Ok(bytes) }
}

/// The text of a regular file of at most [`MAX_BYTES`] bytes.
pub fn read_text(path: &Path) -> Result<String, ReadError> {
    let bytes = read_bytes(path)?;
    if bytes.starts_with(b"\0GITCRYPT\0") {
        return Err(ReadError::GitCrypt);
    }
    String::from_utf8(bytes).map_err(|_| ReadError::NotText)
}

/// The same if `path` is below `root`, also when symlinks are followed.
pub fn read_text_inside(root: &Path, path: &Path) -> Result<String, ReadError> {
    let (file, root) = (fs::canonicalize(path)?, fs::canonicalize(root)?);
    if file.starts_with(root) { read_text(&file) } else { Err(ReadError::Outside) }
}

/// The nearest folder upwards from `path` (itself, if it is a folder) that looks like a project's top;
/// without one, the folder `path` is in. Absolute.
pub fn project_root(path: &Path) -> PathBuf {
    let path = absolute(path);
    let own = if path.is_dir() { path.as_path() } else { path.parent().unwrap_or(&path) };
    own.ancestors().find(|folder| is_project(folder)).unwrap_or(own).to_path_buf()
}

/// Whether a folder looks like a project's top.
pub fn is_project(folder: &Path) -> bool {
    ["flake.nix", ".git", "optlint.toml"].iter().any(|marker| folder.join(marker).exists())
}

/// `path` from the filesystem's root on, lexically normalised.
pub fn absolute(path: &Path) -> PathBuf {
    normalize(&std::path::absolute(path).unwrap_or_else(|_| path.to_path_buf()))
}

/// An absolute path without `.`, `..` and doubled slashes. Looks at the text alone, as Nix does:
/// `..` goes back one name even where that is a symlink.
pub fn normalize(path: &Path) -> PathBuf {
    let mut normal = PathBuf::new();
    for component in path.components() {
        match component {
            Component::CurDir => {}
            Component::ParentDir => {
                normal.pop();
            }
            other => normal.push(other),
        }
    }
    normal
}

/// Why something that is there, be it a link, can never be read: it is neither a file nor a folder in the end.
pub fn special(path: &Path) -> Option<ReadError> {
    match fs::metadata(path) {
        Err(error) if kind(path) == Some(FileKind::Symlink) => Some(error.into()),
        Ok(found) if FileKind::from(found.file_type()) == FileKind::Other => Some(ReadError::NotAFile),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    pub(super) fn tree(files: &[(&str, &str)]) -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        for (path, text) in files {
            let path = folder.path().join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
        folder
    }

    #[test]
    fn normalizing() {
        let check = |path: &str, expected: &str| assert_eq!(normalize(Path::new(path)), Path::new(expected));
        check("/a/./b/../c", "/a/c");
        check("/../..//a/", "/a");
        check("/", "/");
    }

    #[test]
    fn reading() {
        let folder = tree(&[("text", "ä"), ("crypt", "\0GITCRYPT\0\x01")]);
        let at = |name: &str| folder.path().join(name);
        fs::write(at("bytes"), [0xff]).unwrap();
        fs::write(at("large"), vec![b' '; MAX_BYTES as usize + 1]).unwrap();
        assert_eq!(read_text(&at("text")), Ok("ä".to_owned()));
        assert_eq!(read_text(&at("crypt")), Err(ReadError::GitCrypt));
        assert_eq!(read_text(&at("bytes")), Err(ReadError::NotText));
        assert_eq!(read_bytes(&at("bytes")), Ok(vec![0xff]));
        assert_eq!(read_text(&at("large")), Err(ReadError::TooLarge));
        assert_eq!(read_text(folder.path()), Err(ReadError::NotAFile));
        assert_eq!(read_text(&at("none")), Err(ReadError::Missing));
        assert_eq!(read_text(&at("text/none")), Err(ReadError::Missing));
    }
}
