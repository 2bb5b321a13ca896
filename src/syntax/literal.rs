//! The paths that a text names, found without parsing it: many files are looked at for nothing else.

use super::scan::scan_with;
use super::{Expr, PathKind, StrPart, Tree, parse};
use crate::source::FileId;
use rnix::SyntaxKind::{self, *};

/// A path literal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PathLiteral {
    /// One that starts at the file's folder, as written.
    Relative(String),
    /// The beginning of such a one, up to an interpolation.
    Begun(String),
    /// `<name>`, without the brackets.
    Search(String),
}

impl PathLiteral {
    /// The path from the file's folder as far as it is sure: of one with an interpolation the folder in
    /// front. `None`: it does not start there.
    pub fn sure(&self) -> Option<&str> {
        match self {
            PathLiteral::Relative(path) => Some(path),
            PathLiteral::Begun(path) => Some(path.rsplit_once('/').map_or("", |(folder, _)| folder)),
            PathLiteral::Search(_) => None,
        }
    }
}

/// The paths that a text names; absolute ones and those that start at home are left out.
pub fn path_literals(text: &str) -> Vec<PathLiteral> {
    let mut found = Literals::default();
    match scan_with(text, |kind, token| found.token(kind, token)) {
        Ok(size) if size.closed => found.all,
        // The parser closes what was left open, and reads the rest in another way.
        _ => of_tree(&parse(FileId(0), text)),
    }
}

fn of_tree(tree: &Tree) -> Vec<PathLiteral> {
    let literal = |expr: &Expr| match expr {
        Expr::Path { kind: PathKind::Relative, parts } => match &parts[..] {
            [StrPart::Text(text)] => Some(PathLiteral::Relative(text.to_string())),
            [StrPart::Text(text), ..] => Some(PathLiteral::Begun(text.to_string())),
            _ => None,
        },
        Expr::SearchPath(name) => Some(PathLiteral::Search(name.to_string())),
        _ => None,
    };
    tree.expressions().filter_map(literal).collect()
}

/// The path that the last token belongs to: its place in [`Literals::all`]; `None` if it is not wanted.
type Path = Option<usize>;

#[derive(Default)]
struct Literals {
    all: Vec<PathLiteral>,
    /// The path that goes on if the next token does not end it.
    path: Option<Path>,
    /// Interpolations around, each with the path it is part of; `None` in a string.
    open: Vec<Option<Path>>,
}

impl Literals {
    fn token(&mut self, kind: SyntaxKind, token: &str) {
        self.path = match (kind, self.path.take()) {
            (TOKEN_PATH_REL | TOKEN_PATH_ABS | TOKEN_PATH_HOME, Some(path)) => Some(path),
            (TOKEN_PATH_REL, None) => {
                self.all.push(PathLiteral::Relative(token.to_owned()));
                Some(Some(self.all.len() - 1))
            }
            (TOKEN_PATH_ABS | TOKEN_PATH_HOME, None) => Some(None),
            (TOKEN_PATH_SEARCH, _) => {
                let name = token.trim_start_matches('<').trim_end_matches('>');
                self.all.push(PathLiteral::Search(name.to_owned()));
                None
            }
            (TOKEN_INTERPOL_START, path) => {
                self.begin(path);
                None
            }
            (TOKEN_INTERPOL_END, _) => self.open.pop().flatten(),
            _ => None,
        };
    }

    fn begin(&mut self, path: Option<Path>) {
        if let Some(Some(at)) = path
            && let PathLiteral::Relative(text) = &mut self.all[at]
        {
            self.all[at] = PathLiteral::Begun(std::mem::take(text));
        }
        self.open.push(path);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_sure() {
        let sure =
            |text: &str| path_literals(text).iter().map(|path| path.sure().map(str::to_owned)).collect::<Vec<_>>();
        assert_eq!(
            sure("[ ./a/b ./a/b${c}/d ./${c} <a/b> ]"),
            [Some("./a/b"), Some("./a"), Some("."), None].map(|path| path.map(str::to_owned))
        );
    }

    #[test]
    fn tokens_name_what_trees_name() {
        let texts = [
            "[ ./a ../b/c.nix d/e f+/g ./. ../. /abs ~/home <nixpkgs/lib> ]",
            "[ ./a${b}/c ./a/${./b}${c}d/${e} \"x${./y}${z}\" ''./no ${./yes}'' /a${./b}/c ./x ]",
            "{ a = \"./no\"; /* ./no */ b = import ./b; } # ./no",
            "{ a = ./b; c = [ ./d; e = \"${./f}",
        ];
        for text in texts {
            let mut expected = of_tree(&parse(FileId(0), text));
            let mut found = path_literals(text);
            let by_text = |literal: &PathLiteral| format!("{literal:?}");
            expected.sort_by_key(by_text);
            found.sort_by_key(by_text);
            assert_eq!(found, expected, "{text}");
        }
    }
}
