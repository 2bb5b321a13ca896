//! What a message may repeat of texts: what the source spells. What was computed may be a secret.

use super::Eval;
use super::thunk::Thunk;
use crate::source::Origin;
use crate::syntax::{self, Expr, HOLE, Var};
use std::ffi::OsStr;
use std::path::{Component, Path, PathBuf};

/// Stands for what is not repeated.
const HIDDEN: &str = "…";

impl Eval {
    /// What the expression at a place spells, on one line, with `…` for what it puts in; `None` if it spells
    /// nothing.
    pub fn spelled_at(&self, at: Origin) -> Option<String> {
        let span = at.span()?;
        let tree = syntax::parse(span.file, self.sources.text(span));
        let text = syntax::spelled(&tree, tree.root)?.replace(HOLE, HIDDEN);
        Some(text.split_whitespace().collect::<Vec<_>>().join(" "))
    }

    /// A text as a message may repeat it: all of it where it is spelled at a place, otherwise what is
    /// spelled there.
    pub fn quoted(&self, text: &str, at: Origin) -> String {
        let is_spelled = at.span().is_some_and(|span| self.sources.text(span).contains(text));
        match is_spelled {
            true => text.to_owned(),
            false => self.spelled_at(at).unwrap_or_else(|| HIDDEN.to_owned()),
        }
    }

    /// A path as a message may repeat it: what is there, what the path of the file has that names it, and what
    /// is spelled at that place.
    pub fn quoted_path(&self, path: &Path, at: Origin) -> PathBuf {
        let Some(span) = at.span().filter(|_| self.files().kind(path).is_none()) else { return path.to_path_buf() };
        let (own, text) = (&self.sources.file(span.file).path, self.sources.text(span));
        let (mut whole, mut shown) = (PathBuf::new(), PathBuf::new());
        for part in path.components() {
            whole.push(part);
            let known = match part {
                Component::Normal(name) => {
                    // An import of a folder means this file.
                    let spelled = || name.to_str().is_some_and(|name| name == "default.nix" || text.contains(name));
                    own.starts_with(&whole) || spelled() || self.files().kind(&whole).is_some()
                }
                _ => true,
            };
            shown.push(if known { part.as_os_str() } else { OsStr::new(HIDDEN) });
        }
        shown
    }

    /// Why a file could not be read, its path as it may be repeated.
    pub(super) fn quoted_reason(&self, reason: &str, path: &Path, at: Origin) -> String {
        reason.replace(&path.display().to_string(), &self.quoted_path(path, at).display().to_string())
    }

    /// The place of an argument's expression; of what our library hands through, that of the expression which
    /// it got.
    pub(super) fn given_at(&self, argument: &Thunk) -> Origin {
        let mut argument = argument.clone();
        while self.is_ours(argument.origin())
            && let Some((env, expr)) = argument.expression()
            && let Expr::Var(Var::Local { depth, slot }) = env.tree.expr(expr)
            && let Some(inner) = env.slot(*depth, *slot)
        {
            argument = inner;
        }
        argument.origin()
    }
}
