//! Where the text of files comes from: the disk, or memory for examples and unsaved buffers.

use super::load;
use std::cell::RefCell;
use std::collections::{BTreeMap, HashMap};
use std::path::{Path, PathBuf};

pub use load::{FileKind, Mark};

/// What the evaluator may ask of a file tree. All paths are absolute and normalised.
pub trait Files {
    /// The text of a file, or a plain sentence why there is none.
    fn read(&self, path: &Path) -> Result<String, String>;
    /// What is at this path, if anything.
    fn kind(&self, path: &Path) -> Option<FileKind>;
    /// The names in a folder, sorted; `None` when it is none or cannot be read.
    fn list(&self, path: &Path) -> Option<Vec<(String, FileKind)>>;
    /// By what a change of it shows; `None` if that cannot be told so. Asks also about what may not be looked at.
    fn mark(&self, _: &Path) -> Option<Mark> {
        None
    }
}

/// The real file tree, limited to some folders: nothing outside them is read, also not through a
/// symlink.
#[derive(Debug)]
pub struct Disk {
    roots: Vec<PathBuf>,
    /// The same without symlinks on the way.
    real: Vec<PathBuf>,
    /// Files that may be symlinks to wherever: somebody named them.
    named: Vec<PathBuf>,
    /// Whether Nix files elsewhere may be read, too.
    outside: bool,
    /// Where folders that were asked for really lie.
    folders: RefCell<HashMap<PathBuf, Option<PathBuf>>>,
}

/// Where the operating system shows itself as files.
const SYSTEM: [&str; 4] = ["/dev", "/proc", "/run", "/sys"];

impl Disk {
    /// Reads below `roots` only.
    pub fn new(roots: Vec<PathBuf>) -> Self {
        let real = roots.iter().filter_map(|root| load::real(root)).collect();
        Self { roots, real, named: vec![], outside: false, folders: RefCell::default() }
    }

    /// Reads `files` also if they are symlinks that lead out, and with `outside` Nix files wherever they are.
    pub fn with(self, files: Vec<PathBuf>, outside: bool) -> Self {
        Self { named: files, outside, ..self }
    }

    /// Whether something may be looked at; a symlink counts for what it leads to.
    fn inside(&self, path: &Path) -> bool {
        if self.named.iter().any(|named| named == path) {
            return true;
        }
        let hidden = path.components().any(|part| part.as_os_str() == ".git");
        let below = self.roots.iter().any(|root| path.starts_with(root)) && self.stays(path);
        !hidden && (below || self.outside && is_nix(path))
    }

    /// Whether a path in the roots does not lead out of them.
    fn stays(&self, path: &Path) -> bool {
        // What is not there leads nowhere.
        let lies_inside = |real: Option<PathBuf>| {
            real.is_none_or(|real| self.real.iter().any(|root| real.starts_with(root)) && !is_system(&real))
        };
        if self.roots.iter().any(|root| root == path) {
            return true;
        }
        let folder = path.parent().unwrap_or(path);
        lies_inside(self.real_folder(folder))
            && (load::kind(path) != Some(FileKind::Symlink) || lies_inside(load::real(path)))
    }

    /// Where a folder in the roots really lies, if it is there.
    fn real_folder(&self, folder: &Path) -> Option<PathBuf> {
        if let Some(real) = self.folders.borrow().get(folder) {
            return real.clone();
        }
        let above = folder.parent().filter(|above| self.roots.iter().any(|root| above.starts_with(root)));
        let real = match (above, folder.file_name(), load::kind(folder)) {
            (_, _, None) => None,
            // It lies where the one above it does, which is asked for all that are in that.
            (Some(above), Some(name), Some(kind)) if kind != FileKind::Symlink => {
                self.real_folder(above).map(|above| above.join(name))
            }
            _ => load::real(folder),
        };
        self.folders.borrow_mut().insert(folder.to_path_buf(), real.clone());
        real
    }
}

/// What to say of a file that is not looked at.
pub fn outside(path: &Path) -> String {
    let is_nix = path.extension().is_some_and(|extension| extension == "nix");
    let remedy = if is_nix { "; `--allow-outside` reads Nix files there" } else { "" };
    format!("`{}` lies outside the project{remedy}", path.display())
}

fn is_system(real: &Path) -> bool {
    SYSTEM.iter().any(|folder| real.starts_with(folder))
}

/// Whether there is really a Nix file, or a folder that holds one by the name that imports look for.
fn is_nix(path: &Path) -> bool {
    let Some(real) = load::real(path).filter(|real| !is_system(real)) else { return false };
    match load::kind(&real) {
        Some(FileKind::File) => real.extension().is_some_and(|extension| extension == "nix"),
        Some(FileKind::Directory) => load::kind(&real.join("default.nix")) == Some(FileKind::File),
        _ => false,
    }
}

impl Files for Disk {
    fn read(&self, path: &Path) -> Result<String, String> {
        if !self.inside(path) {
            return Err(outside(path));
        }
        load::read_text(path).map_err(|error| error.to_string())
    }

    fn kind(&self, path: &Path) -> Option<FileKind> {
        self.inside(path).then(|| load::kind(path)).flatten()
    }

    fn list(&self, path: &Path) -> Option<Vec<(String, FileKind)>> {
        self.inside(path).then(|| load::read_dir(path).ok()).flatten()
    }

    fn mark(&self, path: &Path) -> Option<Mark> {
        // The project itself may be a symlink.
        if self.roots.iter().any(|root| root == path) { Mark::followed(path) } else { Mark::now(path) }
    }
}

/// The real file tree, with some texts that stand in it otherwise, or not yet: unsaved buffers,
/// and fixes that are not written.
#[derive(Debug)]
pub struct Overlay {
    disk: Disk,
    texts: Memory,
}

impl Overlay {
    /// `texts` over `disk`.
    pub fn new(disk: Disk, texts: Memory) -> Self {
        Self { disk, texts }
    }
}

impl Files for Overlay {
    fn read(&self, path: &Path) -> Result<String, String> {
        self.texts.read(path).or_else(|_| self.disk.read(path))
    }

    fn kind(&self, path: &Path) -> Option<FileKind> {
        // A folder is what it is on the disk, perhaps a symlink.
        let text = self.texts.kind(path);
        if text == Some(FileKind::File) { text } else { self.disk.kind(path).or(text) }
    }

    fn list(&self, path: &Path) -> Option<Vec<(String, FileKind)>> {
        match (self.disk.list(path), self.texts.list(path)) {
            (Some(disk), Some(texts)) => {
                let names: BTreeMap<String, FileKind> = texts.into_iter().chain(disk).collect();
                Some(names.into_iter().collect())
            }
            (disk, texts) => disk.or(texts),
        }
    }

    fn mark(&self, path: &Path) -> Option<Mark> {
        // A text has none; the folders that texts lie in are those that they always lie in.
        if self.texts.files.contains_key(path) { None } else { self.disk.mark(path) }
    }
}

/// A file tree in memory.
#[derive(Clone, Debug, Default)]
pub struct Memory {
    files: BTreeMap<PathBuf, String>,
}

impl Memory {
    /// A tree of these files.
    pub fn new(files: impl IntoIterator<Item = (PathBuf, String)>) -> Self {
        Self { files: files.into_iter().collect() }
    }
}

impl Files for Memory {
    fn read(&self, path: &Path) -> Result<String, String> {
        self.files.get(path).cloned().ok_or_else(|| format!("`{}` does not exist", path.display()))
    }

    fn kind(&self, path: &Path) -> Option<FileKind> {
        if self.files.contains_key(path) {
            return Some(FileKind::File);
        }
        self.files.keys().any(|file| file.starts_with(path)).then_some(FileKind::Directory)
    }

    fn list(&self, path: &Path) -> Option<Vec<(String, FileKind)>> {
        let mut names = BTreeMap::new();
        for file in self.files.keys() {
            let Ok(below) = file.strip_prefix(path) else { continue };
            let mut parts = below.components();
            let Some(first) = parts.next() else { continue };
            let kind = if parts.next().is_some() { FileKind::Directory } else { FileKind::File };
            names.insert(first.as_os_str().to_string_lossy().into_owned(), kind);
        }
        (!names.is_empty()).then(|| names.into_iter().collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::symlink;

    #[test]
    fn links_out_of_the_roots_lead_nowhere() {
        let top = tempfile::tempdir().unwrap();
        let at = |name: &str| load::absolute(&top.path().join(name));
        for folder in ["root/.git", "root/own", "other"] {
            std::fs::create_dir_all(at(folder)).unwrap();
        }
        for file in ["root/own/a.nix", "root/.git/config", "root/.git/c.nix", "other/b.nix", "other/secret"] {
            std::fs::write(at(file), "1").unwrap();
        }
        symlink("../other/b.nix", at("root/b.nix")).unwrap();
        symlink("../other", at("root/folder")).unwrap();
        symlink("own", at("root/again")).unwrap();
        symlink(at("root"), at("link")).unwrap();
        let readable = |disk: &Disk, name: &str| disk.read(&at(name)).is_ok();
        let disk = Disk::new(vec![at("root")]);
        for name in ["root/own/a.nix", "root/again/a.nix"] {
            assert!(readable(&disk, name), "{name}");
        }
        for name in ["root/b.nix", "root/folder/b.nix", "root/folder/secret", "root/.git/config", "other/b.nix"] {
            assert!(!readable(&disk, name) && disk.kind(&at(name)).is_none(), "{name}");
        }
        assert_eq!((disk.list(&at("root")).is_some(), disk.list(&at("root/folder")).is_some()), (true, false));
        // The project itself may be a symlink.
        assert!(readable(&Disk::new(vec![at("link")]), "link/own/a.nix"));
        let allowed = Disk::new(vec![at("root")]).with(vec![], true);
        for name in ["root/b.nix", "root/folder/b.nix", "other/b.nix"] {
            assert!(readable(&allowed, name), "{name}");
        }
        for name in ["other/secret", "root/folder/secret", "root/.git/config", "root/.git/c.nix"] {
            assert!(!readable(&allowed, name), "{name}");
        }
        let named = Disk::new(vec![at("root")]).with(vec![at("root/b.nix")], false);
        assert!(readable(&named, "root/b.nix") && !readable(&named, "root/folder/b.nix"));
    }
}
