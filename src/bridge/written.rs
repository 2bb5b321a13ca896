//! What is written in the files that were read: names, pieces of paths, and the texts of `throw`.

use super::locate::{Folders, Locator};
use super::log::Failure;
use super::message::{self, Known};
use crate::source::load;
use crate::syntax::{self, Attr, AttrName, Expr, ExprId, HOLE, Param, StrPart, Tree, Var};
use std::cell::OnceCell;
use std::collections::{BTreeSet, HashSet};
use std::path::{Component, Path};
use std::rc::Rc;

/// All that is written.
#[derive(Default)]
struct Written {
    names: HashSet<String>,
    /// The texts that are thrown, on one line, with holes.
    thrown: BTreeSet<String>,
}

impl Written {
    fn of(trees: &[Rc<Tree>]) -> Written {
        let mut written = Written::default();
        trees.iter().for_each(|tree| tree.expressions().for_each(|expr| written.add(tree, expr)));
        written
    }

    fn add(&mut self, tree: &Tree, expr: &Expr) {
        match expr {
            Expr::Attrs { bindings, .. } | Expr::Let { bindings, .. } => {
                self.names.extend(bindings.statics.iter().map(|one| one.name.to_string()));
            }
            Expr::Select { path, .. } | Expr::HasAttr { path, .. } => path.iter().for_each(|step| self.step(step)),
            Expr::Var(Var::Free { name, .. }) => drop(self.names.insert(name.to_string())),
            Expr::Lambda { param, .. } => match &**param {
                Param::Name(name) => drop(self.names.insert(name.to_string())),
                Param::Pattern { formals, bind, .. } => {
                    self.names.extend(formals.iter().map(|one| &one.name).chain(bind).map(ToString::to_string));
                }
            },
            Expr::Path { parts, .. } => {
                for part in parts {
                    if let StrPart::Text(text) = part {
                        self.names.extend(text.split('/').map(String::from));
                    }
                }
            }
            Expr::SearchPath(path) => self.names.extend(path.split('/').map(String::from)),
            Expr::Apply { function, argument } if throws(tree, *function) => {
                // Words, not what stands between two things that are put in.
                let text = syntax::spelled(tree, *argument).filter(|text| text.chars().any(char::is_alphabetic));
                self.thrown.extend(text.map(|text| one_line(&text)));
            }
            _ => {}
        }
    }

    fn step(&mut self, step: &Attr) {
        if let AttrName::Static(name) = &step.name {
            self.names.insert(name.to_string());
        }
    }
}

/// Whether a function ends evaluation with its argument for a message.
fn throws(tree: &Tree, mut function: ExprId) -> bool {
    // `throwIf condition`
    while let Expr::Apply { function: inner, .. } = tree.expr(function) {
        function = *inner;
    }
    let name = match tree.expr(function) {
        Expr::Var(Var::Free { name, .. }) => name,
        Expr::Select { path, .. } => match path.last().map(|step| &step.name) {
            Some(AttrName::Static(name)) => name,
            _ => return false,
        },
        _ => return false,
    };
    ["throw", "abort", "throwIf", "throwIfNot", "assertMsg"].contains(&name.as_str())
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Whether a text is what is written, with something in the holes.
fn says(written: &str, text: &str) -> bool {
    let mut pieces = written.split(HOLE).map(str::trim).peekable();
    let Some(mut rest) = pieces.next().and_then(|first| text.strip_prefix(first)) else { return false };
    while let Some(piece) = pieces.next() {
        let end = match pieces.peek() {
            None => rest.strip_suffix(piece).map(str::len),
            Some(_) => rest.find(piece),
        };
        let Some(end) = end else { return false };
        rest = &rest[end + piece.len()..];
    }
    rest.is_empty()
}

/// What may be shown of Nix's messages, for one configuration.
pub(super) struct Shown<'l> {
    folders: &'l Folders,
    written: OnceCell<Written>,
    trees: Vec<Rc<Tree>>,
}

impl Locator<'_> {
    /// A message of Nix's as it may be shown.
    pub(super) fn words(&mut self, failure: &Failure) -> String {
        if failure.is_ours {
            return failure.message.clone();
        }
        // Where it fails, names are written that may be in no other file.
        let _ = super::locate::failure_place(self, &failure.at);
        let trees = self.eval.parsed().cloned().collect();
        let shown = Shown { folders: &self.folders, written: OnceCell::new(), trees };
        message::shown(&failure.message, &shown)
    }
}

impl Shown<'_> {
    fn written(&self) -> &Written {
        self.written.get_or_init(|| Written::of(&self.trees))
    }
}

impl Known for Shown<'_> {
    fn is_name(&self, word: &str) -> bool {
        self.written().names.contains(word)
    }

    fn path(&self, path: &str) -> Option<String> {
        // `<nixpkgs/nixos>` is one, too.
        let own = self.folders.of_user(path);
        let relative = own.as_ref().and_then(|own| {
            let roots = self.folders.known.iter().map(|(_, folder)| folder);
            roots.filter_map(|root| own.strip_prefix(root).ok()).min_by_key(|path| path.as_os_str().len())
        });
        let shown = relative.unwrap_or(Path::new(path));
        let is_known = |part: Component<'_>| match part {
            Component::Normal(name) => name.to_str().is_some_and(|name| self.is_name(name)),
            _ => true,
        };
        let known = load::exists(own.as_deref().unwrap_or(Path::new(path))) || shown.components().all(is_known);
        known.then(|| shown.display().to_string())
    }

    fn thrown(&self, text: &str) -> Option<String> {
        let fits = self.written().thrown.iter().filter(|written| says(written, text));
        // The longest says the most.
        let best = fits.max_by_key(|written| written.chars().filter(|c| *c != HOLE).count())?;
        Some(best.replace(HOLE, "…"))
    }
}

#[cfg(test)]
mod tests {
    use super::says;

    #[test]
    fn texts() {
        let check = |written: &str, text: &str, expected| assert_eq!(says(written, text), expected, "{written} {text}");
        check("one", "one", true);
        check("one", "one two", false);
        check("one \0", "one two", true);
        check("one \0 three", "one two three", true);
        check("\0 and \0", "one and two", true);
        check("\0 and \0", "one or two", false);
    }
}
