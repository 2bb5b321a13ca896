//! Reading other files.

use super::Eval;
use super::thunk::{Env, Thunk, With};
use super::val::{Kind, R, Val};
use crate::source::load::FileKind;
use crate::source::{FileId, Origin};
use crate::syntax::{self, Tree};
use crate::value::{Cause, Str, Unknown};
use std::path::{Path, PathBuf};
use std::rc::Rc;

/// A file as a message names it: with its folder where the name alone says nothing.
pub fn told(path: &Path) -> String {
    let name = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy();
    match path.parent().and_then(Path::file_name) {
        Some(folder) if name == "default.nix" => format!("{}/{name}", folder.to_string_lossy()),
        _ => name.into_owned(),
    }
}

impl Eval {
    /// The expressions of a file that was read, parsed once.
    pub fn tree(&mut self, file: FileId) -> Rc<Tree> {
        if let Some(tree) = self.trees.get(&file) {
            return tree.clone();
        }
        let source = self.sources.file(file);
        let prepared = if source.embedded { syntax::prepared::prepared(file, &source.text) } else { None };
        let tree = Rc::new(prepared.unwrap_or_else(|| syntax::parse(file, &source.text)));
        self.trees.insert(file, tree.clone());
        self.notes.parsed.push(file);
        tree
    }

    /// The trees of all files parsed so far.
    pub fn parsed(&self) -> impl Iterator<Item = &Rc<Tree>> {
        self.trees.values()
    }

    /// Evaluates a text that ships with this program, under a name such as `<lib/lists.nix>`.
    /// It is parsed when its value is asked for.
    pub fn embedded(&mut self, name: &str, text: &str) -> Thunk {
        let (name, text) = (name.to_owned(), text.to_owned());
        Thunk::native(Origin::Default, move |eval| {
            let file = eval.sources.add_embedded(&name, text);
            let tree = eval.tree(file);
            eval.expr(&Env::top(tree.clone()), tree.root)
        })
    }

    /// Evaluates the header of a page, parsed right away, with what was read. Places in a page of the
    /// user's own are worth telling; those in a page that ships are not.
    pub fn header(&mut self, name: &str, text: &str, is_prepared: bool) -> (Thunk, Rc<Tree>) {
        let file = match is_prepared {
            true => self.sources.add_embedded(&format!("<rules/{name}.md>"), text),
            false => self.sources.add(PathBuf::from(format!("/{name}.md")), text),
        };
        self.notes.read.push(file);
        let tree = self.tree(file);
        (Env::top(tree.clone()).delay(tree.root), tree)
    }

    /// Evaluates a text as if it were the file `path`.
    pub fn text_as(&mut self, path: PathBuf, text: &str) -> Thunk {
        let file = self.sources.add(path, text);
        self.notes.read.push(file);
        let tree = self.tree(file);
        Env::top(tree.clone()).delay(tree.root)
    }

    /// The value of a file, the same thunk each time. A folder means its `default.nix`.
    /// A file that cannot be read is unknown.
    pub fn import_file(&mut self, path: &Path, at: Origin) -> Thunk {
        let path = match self.files().kind(path) {
            Some(FileKind::Directory) => path.join("default.nix"),
            _ => path.to_path_buf(),
        };
        if let Some(known) = self.imported.get(&path) {
            return known.clone();
        }
        let thunk = match self.read_source(&path) {
            Ok(file) => {
                let tree = self.tree(file);
                Env::top(tree.clone()).delay(tree.root)
            }
            Err(reason) => {
                let reason = self.quoted_reason(&reason, &path, at);
                let name = told(&self.quoted_path(&path, at));
                let cause = Cause::NotRead(format!("`{name}` was not read: {reason}"));
                // The same value for all who import it, each of whom is told of at a place of its own.
                let id = self.unreadable.get(&path).copied();
                let unknown = match id {
                    Some(id) => Unknown { id, cause: cause.into(), at },
                    None => self.new_unknown(cause, at),
                };
                self.unreadable.insert(path, unknown.id);
                return Thunk::done(Val::new(Kind::Unknown(unknown), at));
            }
        };
        self.imported.insert(path, thunk.clone());
        thunk
    }

    /// What another file gets that imports this one: Nix refuses a file with a name that nothing binds
    /// as a whole, whatever is asked of it.
    pub fn import_whole(&mut self, path: &Path, at: Origin) -> Result<Thunk, Val> {
        let value = self.import_file(path, at);
        let folder = path.join("default.nix");
        let file = self.sources.find(path).or_else(|| self.sources.find(&folder));
        let tree = file.and_then(|file| self.trees.get(&file));
        let Some(error) = tree.and_then(|tree| tree.unbound.first()) else { return Ok(value) };
        let (name, message) = (told(&self.quoted_path(path, at)), error.message.clone());
        Err(self.unknown(Cause::NotRead(format!("`{name}` was not read: {message}")), at))
    }

    /// Takes `value` for the value of a file.
    pub fn set_file(&mut self, path: &Path, value: Thunk) {
        self.imported.insert(path.to_path_buf(), value);
    }

    /// Reads a file into [`Eval::sources`]; files that are there but cannot be read are noted.
    pub fn read_source(&mut self, path: &Path) -> Result<FileId, String> {
        if let Some(file) = self.sources.find(path) {
            return Ok(file);
        }
        if let Some(file) = self.sources.find_elsewhere(path) {
            self.notes.read.push(file);
            return Ok(file);
        }
        match self.files.read(path) {
            Ok(text) => {
                let file = self.sources.add(path.to_path_buf(), text);
                self.notes.read.push(file);
                Ok(file)
            }
            Err(reason) => {
                if self.files.kind(path).is_some() {
                    self.problems.push((path.to_path_buf(), reason.clone()));
                }
                Err(reason)
            }
        }
    }

    /// A value as the path of a file to read: `Ok(Err)` when it is unknown which.
    pub fn file_path(&mut self, value: &Val, at: Origin) -> R<Result<PathBuf, Val>> {
        match &value.kind {
            Kind::Path(text) | Kind::Str(text) => Ok(self.known_path(&text.clone(), at)),
            Kind::Attrs(set) if set.known.contains_key("outPath") => {
                let path = set.known["outPath"].value.clone();
                let path = self.force(&path)?;
                // One that is its own path has no end.
                let path = match &path.kind {
                    Kind::Attrs(_) => {
                        self.deeper(at, |eval| eval.coerce(&path, super::string::Coerce::Interpolation, at))?
                    }
                    _ => path,
                };
                self.file_path(&path, at)
            }
            Kind::Attrs(set) => match set.why_open().cloned() {
                Some(unknown) => Ok(Err(self.follows(&unknown, at))),
                None => self.fail("cannot coerce a set to a path", at),
            },
            Kind::Unknown(unknown) => {
                let unknown = self.derive(&unknown.clone(), "file");
                Ok(Err(Val::new(Kind::Unknown(unknown), at)))
            }
            Kind::Package(_) => Ok(Err(self.unknown(Cause::Package("a file inside a package's output".into()), at))),
            Kind::OneOf(_) => Ok(Err(self.unknown(Cause::Unsupported("one of several paths".into()), at))),
            other => self.fail(format!("cannot coerce {} to a path", other.describe()), at),
        }
    }

    fn known_path(&mut self, text: &Str, at: Origin) -> Result<PathBuf, Val> {
        if let Some(known) = text.known() {
            return Ok(crate::source::load::normalize(Path::new(known)));
        }
        if let Some(path) = self.flake_file(text) {
            return Ok(path);
        }
        // A copy of a known path can be read where it was copied from.
        if let Some(path) = self.copied_from(text) {
            return Ok(path);
        }
        let hole = text.holes().next().cloned();
        let hole = hole.unwrap_or_else(|| self.new_unknown(Cause::Recursion, at));
        Err(Val::new(Kind::Unknown(self.derive(&hole, &format!("file {text}"))), at))
    }

    /// `/nix/store/<hash>-name/rest`, where the object is a copy of a known path: that path and rest.
    pub fn copied_from(&self, text: &Str) -> Option<PathBuf> {
        let object = text.context.iter().next()?;
        let crate::value::StoreKind::Copied(path) = &object.kind else { return None };
        let name = object.name.known()?;
        if text.known_prefix() != "/nix/store/" || text.holes().count() != 1 {
            return None;
        }
        let rest = text.known_suffix().strip_prefix('-')?.strip_prefix(name)?;
        Some(crate::source::load::normalize(&path.join(rest.trim_start_matches('/'))))
    }

    /// Whether some file was read with names of its own, which nothing in it binds.
    pub fn has_scoped(&self) -> bool {
        self.scoped
    }

    /// `scopedImport scope x`: a file of its own each time, with names of its own.
    pub(super) fn scoped_import(&mut self, scope: &Thunk, value: &Val, at: Origin) -> R {
        if let Kind::OneOf(_) = value.kind {
            return self.lift(value, "", at, &mut |eval, value| eval.scoped_import(scope, value, at));
        }
        let path = match self.file_path(value, at)? {
            Ok(path) => path,
            Err(unknown) => return Ok(unknown),
        };
        let path = match self.files().kind(&path) {
            Some(FileKind::Directory) => path.join("default.nix"),
            _ => path,
        };
        let tree = match self.read_source(&path) {
            Ok(file) => self.tree(file),
            Err(reason) => {
                let reason = self.quoted_reason(&reason, &path, at);
                return Ok(self.unknown(Cause::NotRead(reason), at));
            }
        };
        self.scoped = true;
        let with = With { namespace: scope.clone(), parent: None, outermost: true };
        let env = Env { with: Some(Rc::new(with)), ..Env::top(tree.clone()) };
        self.deeper(at, |eval| eval.expr(&env, tree.root))
    }

    /// What `import <nixpkgs>` and `import <nixpkgs/lib>` give, whichever release that is.
    fn nixpkgs_file(&mut self, value: &Val) -> Option<Val> {
        let Kind::Unknown(unknown) = &value.kind else { return None };
        let Cause::SearchPath(name) = &*unknown.cause else { return None };
        match name.as_str() {
            "nixpkgs" => Some(Val::native("nixpkgs", 1, |eval, _, _| Ok(eval.pkgs()))),
            "nixpkgs/lib" => {
                let library = self.library();
                Some(self.force_or_unknown(&library))
            }
            _ => None,
        }
    }

    /// `import x`.
    pub fn import_value(&mut self, value: &Val, at: Origin) -> R {
        if let Kind::OneOf(_) = value.kind {
            return self.lift(value, "", at, &mut |eval, value| eval.import_value(value, at));
        }
        match self.file_path(value, at)? {
            Ok(path) => match self.import_whole(&path, at) {
                Ok(thunk) => self.force(&thunk),
                Err(refused) => Ok(refused),
            },
            Err(unknown) => {
                let known = self.import_beyond(value, at).or_else(|| self.nixpkgs_file(value));
                Ok(known.unwrap_or(unknown))
            }
        }
    }
}
