//! From a line and a column of Nix's to what is written there.

use super::record::Place;
use crate::eval::Eval;
use crate::source::{FileId, Origin};
use crate::syntax::{BindingValue, Bindings, Expr, ExprId, Tree};
use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::rc::Rc;

/// An expression of a file.
pub(super) type Written = (Rc<Tree>, ExprId);

/// Where a name is bound.
#[derive(Clone, Debug, Default)]
pub(super) struct Site {
    /// The attribute path.
    pub at: Option<Origin>,
    /// The expression bound to it; none for what is inherited from a set.
    pub value: Option<Written>,
    /// Where it stands.
    pub expression: Option<Origin>,
}

/// Folders as Nix names them, and where they are.
#[derive(Clone, Debug, Default)]
pub(super) struct Folders {
    /// What Nix calls a folder, and the folder; the longest name first.
    pub known: Vec<(String, PathBuf)>,
}

impl Folders {
    /// The user's path for one of Nix's; `None` for what is not the user's.
    pub(super) fn of_user(&self, path: &str) -> Option<PathBuf> {
        self.known.iter().find_map(|(name, folder)| match path.strip_prefix(name.as_str())? {
            "" => Some(folder.clone()),
            rest => rest.strip_prefix('/').map(|rest| folder.join(rest)),
        })
    }
}

/// Finds places in the user's files.
pub(super) struct Locator<'e> {
    pub eval: &'e mut Eval,
    pub folders: Folders,
    bindings: HashMap<FileId, Rc<Vec<Bound>>>,
}

/// A binding of a file.
struct Bound {
    name: Option<String>,
    start: u32,
    end: u32,
    value: Option<ExprId>,
    inherited: bool,
}

impl<'e> Locator<'e> {
    pub(super) fn new(eval: &'e mut Eval, folders: Folders) -> Self {
        Locator { eval, folders, bindings: HashMap::new() }
    }

    /// The file behind one of Nix's paths, if it is the user's and can be read.
    pub(super) fn file(&mut self, path: &str) -> Option<FileId> {
        let path = self.folders.of_user(path)?;
        let is_folder = self.eval.files().kind(&path) == Some(crate::source::files::FileKind::Directory);
        let path = if is_folder { path.join("default.nix") } else { path };
        self.eval.read_source(&path).ok()
    }

    /// Reads a file, if it can be read.
    pub(super) fn read(&mut self, path: &Path) {
        if let Ok(file) = self.eval.read_source(path) {
            self.eval.tree(file);
        }
    }

    /// The file as a place, if it is the user's.
    pub(super) fn whole(&mut self, path: &str) -> Origin {
        self.file(path).map_or(Origin::Default, Origin::File)
    }

    /// The file as a place; one that is not the user's is named as part of `whose`, and nothing of it is shown.
    pub(super) fn named(&mut self, path: &str, whose: &str) -> Origin {
        if let Some(file) = self.file(path) {
            return Origin::File(file);
        }
        let outside = path.starts_with('/') && self.folders.of_user(path).is_none();
        match outside {
            true => Origin::File(self.eval.sources.add_embedded(&format!("<{whose}: {path}>"), "")),
            false => Origin::Default,
        }
    }

    /// The binding of `name` at a place; `file` where the place names no other one.
    pub(super) fn binding(&mut self, file: &str, place: &Place, name: &str) -> Option<Site> {
        let file = self.file(place.file.as_deref().unwrap_or(file))?;
        let offset = offset(&self.eval.sources.file(file).text, place)?;
        let bindings = self.bindings(file);
        let fits = |one: &&Bound, at: u32| {
            let named = match &one.name {
                // `{ name = …; value = …; }` of `listToAttrs` stands for the name.
                Some(have) => have == name || have == "value",
                None => true,
            };
            one.start == at && named
        };
        let exact = bindings.iter().filter(|one| fits(one, offset));
        // Up to 2.18 the column of an inherited name is one too small.
        let late = bindings.iter().filter(|one| one.inherited && fits(one, offset + 1));
        // `a.a = 1` binds twice at one place: the inner one is the value's.
        let found = exact.chain(late).min_by_key(|one| (one.name.as_deref() != Some(name), one.end - one.start))?;
        Some(self.site(file, found))
    }

    fn site(&mut self, file: FileId, bound: &Bound) -> Site {
        let tree = self.eval.tree(file);
        let at = tree.at(crate::syntax::Range { start: bound.start, end: bound.end });
        let expression = bound.value.map(|value| Origin::Written(tree.span(value)));
        Site { at: Some(Origin::Written(at)), value: bound.value.map(|value| (tree, value)), expression }
    }

    /// The only binding of a path in a file, as far as its text tells: the last resort.
    pub(super) fn search(&mut self, file: &str, path: &[String]) -> Option<Site> {
        let file = self.file(file)?;
        let tree = self.eval.tree(file);
        let mut found = vec![];
        for expr in tree.expressions() {
            if let Expr::Attrs { bindings, .. } = expr {
                // The option path may start further out: `services` in `config`, or below `x.y = { … }`.
                below(&tree, bindings, path, &mut found);
            }
        }
        // What declares an option does not define it.
        if !path.iter().any(|name| name == "options") {
            let all = self.bindings(file);
            let declaring: Vec<&Bound> = all.iter().filter(|one| one.name.as_deref() == Some("options")).collect();
            let inside = |one: &Bound, around: &Bound| around.start <= one.start && one.end <= around.end;
            found.retain(|one: &Bound| !declaring.iter().any(|around| inside(one, around)));
        }
        found.sort_by_key(|one: &Bound| (one.start, one.end));
        found.dedup_by_key(|one| (one.start, one.end));
        match &found[..] {
            [one] => Some(self.site(file, one)),
            _ => None,
        }
    }

    fn bindings(&mut self, file: FileId) -> Rc<Vec<Bound>> {
        if let Some(known) = self.bindings.get(&file) {
            return known.clone();
        }
        let tree = self.eval.tree(file);
        let mut found = vec![];
        for expr in tree.expressions() {
            if let Expr::Attrs { bindings, .. } | Expr::Let { bindings, .. } = expr {
                all(bindings, &mut found);
            }
        }
        let found = Rc::new(found);
        self.bindings.insert(file, found.clone());
        found
    }
}

fn all(bindings: &Bindings, found: &mut Vec<Bound>) {
    for one in &bindings.statics {
        found.push(of_static(one));
    }
    for one in &bindings.dynamics {
        let (start, end) = (one.range.start, one.range.end);
        found.push(Bound { name: None, start, end, value: Some(one.value), inherited: false });
    }
}

fn of_static(one: &crate::syntax::Binding) -> Bound {
    let (value, inherited) = match one.value {
        BindingValue::Own(value) => (Some(value), false),
        BindingValue::Inherit(value) => (Some(value), true),
        BindingValue::InheritFrom { .. } => (None, true),
    };
    Bound { name: Some(one.name.to_string()), start: one.range.start, end: one.range.end, value, inherited }
}

/// What `path` is bound to inside a set, every name written.
fn below(tree: &Tree, bindings: &Bindings, path: &[String], found: &mut Vec<Bound>) {
    let Some((first, rest)) = path.split_first() else { return };
    for one in bindings.statics.iter().filter(|one| one.name == *first.as_str()) {
        let bound = of_static(one);
        match (rest.is_empty(), bound.value.map(|value| tree.expr(value))) {
            (true, _) => found.push(bound),
            (false, Some(Expr::Attrs { bindings, .. })) => below(tree, bindings, rest, found),
            (false, _) => {}
        }
    }
}

/// The byte offset of a place. Lines end with `\n`, `\r\n` or a lone `\r`.
fn offset(text: &str, place: &Place) -> Option<u32> {
    let (bytes, mut line, mut start) = (text.as_bytes(), 1, 0);
    while line < place.line {
        let end = start + bytes[start..].iter().position(|byte| matches!(byte, b'\n' | b'\r'))?;
        start = if bytes[end..].starts_with(b"\r\n") { end + 2 } else { end + 1 };
        line += 1;
    }
    u32::try_from(start + place.column.checked_sub(1)? as usize).ok().filter(|at| *at as usize <= bytes.len())
}

/// Where a failure of Nix's is, in the user's files.
pub(super) fn failure_place(locator: &mut Locator<'_>, at: &Option<(String, u32, u32)>) -> Origin {
    let Some((path, line, column)) = at else { return Origin::Default };
    let Some(file) = locator.file(path) else { return Origin::Default };
    let place = Place { line: *line, column: *column, file: None };
    let Some(start) = offset(&locator.eval.sources.file(file).text, &place) else { return Origin::File(file) };
    let tree = locator.eval.tree(file);
    let spans = tree.spans().filter(|span| span.start == start);
    spans.min_by_key(|span| span.end).map_or(Origin::File(file), Origin::Written)
}

#[cfg(test)]
mod tests {
    use super::{Place, offset};

    #[test]
    fn lines_and_columns() {
        let check = |text: &str, line, column, expected| {
            assert_eq!(offset(text, &Place { line, column, file: None }), expected, "{text:?}");
        };
        check("ab\ncd", 2, 2, Some(4));
        check("ab\r\ncd", 2, 1, Some(4));
        check("ab\rcd", 2, 1, Some(3));
        check("ä = 1", 1, 4, Some(3));
        check("a", 3, 1, None);
        check("a", 1, 9, None);
    }
}
