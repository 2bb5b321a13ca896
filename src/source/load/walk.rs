//! Which Nix files a project consists of: a walk of its folders, without what Git ignores.

use super::mark::Mark;
use super::patterns::{MOST_PATTERNS, Patterns};
use super::{FileKind, Problem, ReadError, absolute, is_project, kind, read_text, special, target_kind};
use ignore::Match;
use ignore::gitignore::{Gitignore, GitignoreBuilder};
use std::fs;
use std::path::{Path, PathBuf};
use walkdir::{DirEntry, WalkDir};

/// Folders of other tools, which hold no configuration of their own.
pub(super) const SKIPPED_FOLDERS: [&str; 4] = [".git", ".hg", ".jj", ".direnv"];

/// What a walk found.
#[derive(Debug, Default)]
pub struct Walked {
    /// The Nix files, sorted, as absolute paths.
    pub files: Vec<PathBuf>,
    /// What could not be read, sorted.
    pub problems: Vec<Problem>,
    /// What it went by.
    pub seen: Seen,
}

/// What a walk goes by: while all of it is the same, another walk finds the same.
#[derive(Debug, Default)]
pub struct Seen {
    /// The folders that were looked into, and their [marks](Mark) before.
    pub folders: Vec<(PathBuf, Option<Mark>)>,
    /// The files with patterns of what Git ignores, and their marks before they were read.
    pub patterns: Vec<(PathBuf, Option<Mark>)>,
    /// Links that are named like modules, and what became of them, in words.
    pub links: Vec<(PathBuf, String)>,
}

impl Seen {
    /// Whether patterns and links are still the same for a walk of `root`; the folders are not looked at.
    pub fn besides_folders(root: &Path, patterns: &[(PathBuf, Option<Mark>)], links: &[(PathBuf, String)]) -> bool {
        let root = absolute(root);
        let above = Ignores::files_above(&root).into_iter().map(|(_, file)| file);
        let above: Vec<PathBuf> = above.filter(|file| kind(file) == Some(FileKind::File)).collect();
        let had = patterns.iter().map(|(file, _)| file).filter(|file| !file.starts_with(&root));
        above.iter().eq(had)
            && patterns.iter().all(|(file, mark)| mark.is_some() && Mark::now(file) == *mark)
            && links.iter().all(|(link, said)| Link::new(link, &root).said() == *said)
    }
}

/// What a link is that is named like a module.
enum Link {
    /// A file, which is in the list by its own name or not.
    File { listed: bool },
    /// A folder.
    Folder,
    /// Nothing that can be read.
    Unreadable(ReadError),
}

impl Link {
    fn new(path: &Path, root: &Path) -> Link {
        match target_kind(path) {
            Some(FileKind::File) => {
                let outside = || Some(!fs::canonicalize(path).ok()?.starts_with(fs::canonicalize(root).ok()?));
                Link::File { listed: path != root && !outside().unwrap_or(false) }
            }
            _ => special(path).map_or(Link::Folder, Link::Unreadable),
        }
    }

    fn said(&self) -> String {
        match self {
            Link::File { listed: true } => "listed".to_owned(),
            Link::File { listed: false } => "file".to_owned(),
            Link::Folder => "folder".to_owned(),
            Link::Unreadable(error) => error.to_string(),
        }
    }
}

/// All `.nix` files below `root` that Git does not ignore, sorted, as absolute paths.
///
/// Symlinked folders are not entered, and a symlink to a file below `root` is left out
/// (the file itself is in the list). If `root` is a file, it alone is the list.
pub fn walk(root: &Path) -> Walked {
    walk_into(root, |_| true)
}

/// The same without folders that look like the top of another project.
pub fn walk_own(root: &Path) -> Walked {
    walk_into(root, |folder| !is_project(folder))
}

fn walk_into(root: &Path, enters: impl Fn(&Path) -> bool) -> Walked {
    let root = absolute(root);
    let mut ignores = Ignores::above(&root);
    let Walked { mut files, mut problems, mut seen } = Walked::default();
    let mut entries = WalkDir::new(&root).follow_links(false).into_iter();
    while let Some(entry) = entries.next() {
        let entry = match entry {
            Ok(entry) => entry,
            Err(error) => {
                // A folder that cannot be read has been seen as one already.
                problems.push(problem(&root, error));
                continue;
            }
        };
        let (folder, path) = (entry.file_type().is_dir(), entry.path());
        ignores.leave_to(entry.depth());
        if entry.depth() > 0 && (is_skipped(&entry) || ignores.ignore(path, folder)) {
            if folder {
                entries.skip_current_dir();
            }
        } else if folder {
            seen.folders.push((path.to_path_buf(), Mark::now(path)));
            if entry.depth() > 0 && !enters(path) {
                entries.skip_current_dir();
            } else {
                ignores.enter(path, entry.depth());
            }
        } else if entry.depth() == 0 || is_named_like_a_module(path) {
            let unreadable = if entry.file_type().is_file() {
                None
            } else if entry.file_type().is_symlink() {
                let link = Link::new(path, &root);
                seen.links.push((path.to_path_buf(), link.said()));
                match link {
                    Link::File { listed: false } => None,
                    Link::File { listed: true } | Link::Folder => continue,
                    Link::Unreadable(error) => Some(error),
                }
            } else {
                special(path)
            };
            let unreadable = unreadable.filter(|_| is_named_like_a_module(path));
            let unreadable = unreadable.or_else(|| path.to_str().is_none().then_some(ReadError::OddName));
            match unreadable {
                None => files.push(entry.into_path()),
                Some(error) => problems.push(Problem { path: entry.into_path(), message: error.to_string() }),
            }
        }
    }
    seen.patterns = ignores.read;
    files.sort();
    problems.extend(ignores.unread);
    problems.sort();
    Walked { files, problems, seen }
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

fn is_named_like_a_module(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension == "nix")
}

fn problem(root: &Path, error: walkdir::Error) -> Problem {
    let path = error.path().unwrap_or(root).to_path_buf();
    let cause = error.into_io_error().map_or(ReadError::Other("it is part of a loop".to_owned()), ReadError::from);
    Problem { path, message: cause.to_string() }
}

/// The `.gitignore` files that bear on the folder being walked, outermost first.
struct Ignores {
    matchers: Vec<Matcher>,
    /// Those that are there, and their marks before they were read.
    read: Vec<(PathBuf, Option<Mark>)>,
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
        let mut ignores = Ignores { matchers: vec![], read: vec![], unread: vec![] };
        for (folder, file) in Ignores::files_above(root) {
            ignores.add(folder, &file, None);
        }
        ignores
    }

    /// Where they would be, and the folders that they speak of.
    fn files_above(root: &Path) -> Vec<(&Path, PathBuf)> {
        let Some(top) = root.ancestors().find(|folder| folder.join(".git").exists()) else { return vec![] };
        let between: Vec<_> = root.ancestors().skip(1).take_while(|folder| folder.starts_with(top)).collect();
        let own = between.into_iter().rev().map(|folder| (folder, folder.join(".gitignore")));
        std::iter::once((top, top.join(".git/info/exclude"))).chain(own).collect()
    }

    fn enter(&mut self, folder: &Path, depth: usize) {
        self.add(folder, &folder.join(".gitignore"), Some(depth));
    }

    fn add(&mut self, folder: &Path, file: &Path, depth: Option<usize>) {
        // A file that cannot be read ignores nothing: better a file too many than one too few.
        // So does a symlink, which may lead anywhere, as in Git.
        let Some(FileKind::File) = kind(file) else { return };
        self.read.push((file.to_path_buf(), Mark::now(file)));
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
    use super::super::tests::tree;
    use super::super::{project_root, read_dir};
    use super::*;

    fn walked(root: &Path) -> Vec<String> {
        let Walked { files, problems, .. } = walk(root);
        assert_eq!(problems, []);
        files.iter().map(|file| file.strip_prefix(absolute(root)).unwrap().display().to_string()).collect()
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
        assert_eq!(walk(&folder.path().join("a/old.nix")).files.len(), 1);
        assert_eq!(project_root(&folder.path().join("a/x.nix")), absolute(folder.path()));
    }

    #[test]
    fn missing_root() {
        let folder = tree(&[]);
        let Walked { files, problems, .. } = walk(&folder.path().join("none"));
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
        let Walked { files, problems, .. } = walk(folder.path());
        assert_eq!(files, [at("a.nix"), at("outside.nix")].map(|path| absolute(&path)));
        let dangling = Problem { path: absolute(&at("dangling.nix")), message: "it does not exist".into() };
        let socket = Problem { path: absolute(&at("socket.nix")), message: "it is not a regular file".into() };
        assert_eq!(problems, [dangling, socket]);
        assert_eq!((kind(&at("loop")), target_kind(&at("loop"))), (Some(FileKind::Symlink), Some(FileKind::Directory)));
        assert_eq!(read_dir(folder.path()).unwrap()[1], ("again.nix".to_owned(), FileKind::Symlink));
    }
}
