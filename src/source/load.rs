//! The only place that reads the disk; what is below it writes.

mod kept;
mod patterns;
mod replace;
mod stamp;
mod write;

pub use kept::{Kept, everything, link, real};
use patterns::MOST_PATTERNS;
pub use patterns::Patterns;
pub use replace::{WriteError, replace, writable};
pub use stamp::Stamp;
pub use write::write_atomically;

use ignore::Match;
use ignore::gitignore::{Gitignore, GitignoreBuilder};
use std::fmt;
use std::fs;
use std::io::{self, Read};
use std::path::{Component, Path, PathBuf};
use walkdir::{DirEntry, WalkDir};

/// Files with more bytes than this are not read: no configuration is that long.
pub const MAX_BYTES: u64 = 4 * 1024 * 1024;

/// Folders of other tools, which hold no configuration of their own.
const SKIPPED_FOLDERS: [&str; 4] = [".git", ".hg", ".jj", ".direnv"];

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

/// All `.nix` files below `root` that Git does not ignore, sorted, as absolute paths.
///
/// Symlinked folders are not entered, and a symlink to a file below `root` is left out
/// (the file itself is in the list). If `root` is a file, it alone is the list.
pub fn walk(root: &Path) -> (Vec<PathBuf>, Vec<Problem>) {
    walk_into(root, |_| true)
}

/// The same without folders that look like the top of another project.
pub fn walk_own(root: &Path) -> (Vec<PathBuf>, Vec<Problem>) {
    walk_into(root, |folder| !is_project(folder))
}

fn walk_into(root: &Path, enters: impl Fn(&Path) -> bool) -> (Vec<PathBuf>, Vec<Problem>) {
    let root = absolute(root);
    let mut ignores = Ignores::above(&root);
    let (mut files, mut problems) = (Vec::new(), Vec::new());
    let mut entries = WalkDir::new(&root).follow_links(false).into_iter();
    while let Some(entry) = entries.next() {
        let entry = match entry {
            Ok(entry) => entry,
            Err(error) => {
                problems.push(problem(&root, error));
                continue;
            }
        };
        let folder = entry.file_type().is_dir();
        ignores.leave_to(entry.depth());
        let skipped = || is_skipped(&entry) || ignores.ignore(entry.path(), folder) || folder && !enters(entry.path());
        if entry.depth() > 0 && skipped() {
            if folder {
                entries.skip_current_dir();
            }
        } else if folder {
            ignores.enter(entry.path(), entry.depth());
        } else if is_wanted(&entry, &root) {
            match entry.path().to_str() {
                Some(_) => files.push(entry.into_path()),
                None => problems.push(Problem { path: entry.into_path(), message: ReadError::OddName.to_string() }),
            }
        } else if let Some(error) = unreadable(&entry) {
            problems.push(Problem { path: entry.into_path(), message: error.to_string() });
        }
    }
    files.sort();
    problems.extend(ignores.unread);
    problems.sort();
    (files, problems)
}

/// The regular files below `root` that one of `patterns` matches, sorted. Patterns are those of
/// `.gitignore`: `lint/*.md` starts at `root`, `*.md` matches in every folder.
///
/// Errors: a pattern that is none.
pub fn matching(root: &Path, patterns: &[String]) -> Result<Vec<PathBuf>, String> {
    let root = absolute(root);
    let patterns = Patterns::new(&root, patterns)?;
    let entries = WalkDir::new(&root).follow_links(false).into_iter();
    let entries = entries.filter_entry(|entry| entry.depth() == 0 || !is_skipped(entry)).flatten();
    let files = entries.filter(|entry| entry.file_type().is_file()).map(DirEntry::into_path);
    let mut files: Vec<PathBuf> = files.filter(|path| patterns.match_file(path)).collect();
    files.sort();
    Ok(files)
}

fn is_skipped(entry: &DirEntry) -> bool {
    entry.file_type().is_dir() && entry.file_name().to_str().is_some_and(|name| SKIPPED_FOLDERS.contains(&name))
}

fn is_wanted(entry: &DirEntry, root: &Path) -> bool {
    if entry.depth() > 0 && entry.path().extension().is_none_or(|extension| extension != "nix") {
        return false;
    }
    if !entry.file_type().is_symlink() {
        return entry.file_type().is_file();
    }
    let outside = || Some(!fs::canonicalize(entry.path()).ok()?.starts_with(fs::canonicalize(root).ok()?));
    target_kind(entry.path()) == Some(FileKind::File) && (entry.depth() == 0 || outside().unwrap_or(false))
}

/// Why something that is named like a module is none: a pipe or device, a link that leads nowhere.
fn unreadable(entry: &DirEntry) -> Option<ReadError> {
    if entry.path().extension().is_none_or(|extension| extension != "nix") {
        return None;
    }
    special(entry.path())
}

/// Why something that is there, be it a link, can never be read: it is neither a file nor a folder in the end.
pub fn special(path: &Path) -> Option<ReadError> {
    match fs::metadata(path) {
        Err(error) if kind(path) == Some(FileKind::Symlink) => Some(error.into()),
        Ok(found) if FileKind::from(found.file_type()) == FileKind::Other => Some(ReadError::NotAFile),
        _ => None,
    }
}

fn problem(root: &Path, error: walkdir::Error) -> Problem {
    let path = error.path().unwrap_or(root).to_path_buf();
    let cause = error.into_io_error().map_or(ReadError::Other("it is part of a loop".to_owned()), ReadError::from);
    Problem { path, message: cause.to_string() }
}

/// The `.gitignore` files that bear on the folder being walked, outermost first.
struct Ignores {
    matchers: Vec<Matcher>,
    /// Those that were not used.
    unread: Vec<Problem>,
}

/// The patterns of one file.
struct Matcher {
    /// The depth below the walk's root of the folder it is in; `None` above the root.
    depth: Option<usize>,
    /// How many bytes of patterns it is made of.
    size: usize,
    patterns: Gitignore,
}

impl Ignores {
    /// Those between the top of the Git repository that `root` is in and `root`, itself excluded.
    fn above(root: &Path) -> Self {
        let mut ignores = Ignores { matchers: vec![], unread: vec![] };
        let Some(top) = root.ancestors().find(|folder| folder.join(".git").exists()) else { return ignores };
        ignores.add(top, &top.join(".git/info/exclude"), None);
        let between: Vec<_> = root.ancestors().skip(1).take_while(|folder| folder.starts_with(top)).collect();
        for folder in between.into_iter().rev() {
            ignores.add(folder, &folder.join(".gitignore"), None);
        }
        ignores
    }

    fn enter(&mut self, folder: &Path, depth: usize) {
        self.add(folder, &folder.join(".gitignore"), Some(depth));
    }

    fn add(&mut self, folder: &Path, file: &Path, depth: Option<usize>) {
        // A file that cannot be read ignores nothing: better a file too many than one too few.
        // So does a symlink, which may lead anywhere, as in Git.
        let Some(FileKind::File) = kind(file) else { return };
        let Ok(text) = read_text(file) else { return };
        let others: usize = self.matchers.iter().map(|matcher| matcher.size).sum();
        if others + text.len() > MOST_PATTERNS {
            let message =
                format!("with those around it, it has more than {} KB: nothing is ignored", MOST_PATTERNS / 1024);
            self.unread.push(Problem { path: file.to_path_buf(), message });
            return;
        }
        let mut builder = GitignoreBuilder::new(folder);
        for line in text.lines() {
            // A line that is no pattern ignores nothing, as in Git.
            let _ = builder.add_line(None, line);
        }
        if let Ok(patterns) = builder.build() {
            self.matchers.push(Matcher { depth, size: text.len(), patterns });
        }
    }

    /// Forgets the folders that an entry at `depth` is not in.
    fn leave_to(&mut self, depth: usize) {
        self.matchers.retain(|matcher| matcher.depth.is_none_or(|of| of < depth));
    }

    fn ignore(&self, path: &Path, folder: bool) -> bool {
        for matcher in self.matchers.iter().rev() {
            match matcher.patterns.matched(path, folder) {
                Match::Ignore(_) => return true,
                Match::Whitelist(_) => return false,
                Match::None => {}
            }
        }
        false
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tree(files: &[(&str, &str)]) -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        for (path, text) in files {
            let path = folder.path().join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
        folder
    }

    fn walked(root: &Path) -> Vec<String> {
        let (files, problems) = walk(root);
        assert_eq!(problems, []);
        files.iter().map(|file| file.strip_prefix(absolute(root)).unwrap().display().to_string()).collect()
    }

    #[test]
    fn normalizing() {
        let check = |path: &str, expected: &str| assert_eq!(normalize(Path::new(path)), Path::new(expected));
        check("/a/./b/../c", "/a/c");
        check("/../..//a/", "/a");
        check("/", "/");
    }

    #[test]
    fn walking() {
        let folder = tree(&[
            ("flake.nix", ""),
            ("b.nix/default.nix", ""),
            ("a/x.nix", ""),
            ("a/readme.md", ""),
            ("a/old.nix", ""),
            ("a/kept.old.nix", ""),
            ("a/.gitignore", "/old.nix\n!kept.old.nix\n"),
            (".gitignore", "*.old.nix\n/build/\n"),
            ("build/x.nix", ""),
            ("a/build/x.nix", ""),
            ("b/old.nix", ""),
            ("hidden/x.nix", ""),
            (".git/info/exclude", "hidden\n"),
            (".git/x.nix", ""),
        ]);
        let all = ["a/build/x.nix", "a/kept.old.nix", "a/x.nix", "b/old.nix", "b.nix/default.nix", "flake.nix"];
        assert_eq!(walked(folder.path()), all);
        assert_eq!(walked(&folder.path().join("a")), ["build/x.nix", "kept.old.nix", "x.nix"]);
        assert_eq!(walk(&folder.path().join("a/old.nix")).0.len(), 1);
        assert_eq!(project_root(&folder.path().join("a/x.nix")), absolute(folder.path()));
    }

    #[test]
    fn missing_root() {
        let folder = tree(&[]);
        let (files, problems) = walk(&folder.path().join("none"));
        assert_eq!((files.len(), problems[0].message.as_str()), (0, "it does not exist"));
    }

    #[cfg(unix)]
    #[test]
    fn links() {
        use std::os::unix::fs::symlink;
        let (folder, other) = (tree(&[("a.nix", "")]), tree(&[("b.nix", "")]));
        let at = |name: &str| folder.path().join(name);
        symlink(".", at("loop")).unwrap();
        symlink("nowhere", at("dangling.nix")).unwrap();
        symlink("a.nix", at("again.nix")).unwrap();
        symlink(other.path(), at("result")).unwrap();
        symlink(other.path().join("b.nix"), at("outside.nix")).unwrap();
        std::os::unix::net::UnixListener::bind(at("socket.nix")).unwrap();
        let (files, problems) = walk(folder.path());
        assert_eq!(files, [at("a.nix"), at("outside.nix")].map(|path| absolute(&path)));
        let dangling = Problem { path: absolute(&at("dangling.nix")), message: "it does not exist".into() };
        let socket = Problem { path: absolute(&at("socket.nix")), message: "it is not a regular file".into() };
        assert_eq!(problems, [dangling, socket]);
        assert_eq!((kind(&at("loop")), target_kind(&at("loop"))), (Some(FileKind::Symlink), Some(FileKind::Directory)));
        assert_eq!(read_dir(folder.path()).unwrap()[1], ("again.nix".to_owned(), FileKind::Symlink));
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
