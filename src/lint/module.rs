//! What stands around a place in a module, as it is written: for fixes that add a definition.

use crate::finding::Edit;
use crate::source::{FileId, Sources, Span};
use crate::syntax::{Binding, BindingValue, Bindings, Expr, ExprId, Param, Tree};
use std::path::Path;
use std::rc::Rc;

/// Arguments that every module may take: what has others may be a function that somebody calls.
const ARGUMENTS: [&str; 8] = ["config", "inputs", "lib", "modulesPath", "options", "pkgs", "self", "utils"];

/// A module as it is written, where definitions can be added.
#[derive(Debug)]
pub struct Module<'s> {
    /// The file that it is in.
    pub file: &'s Path,
    /// What makes `config` known in it; `None` where it is.
    pub config: Option<Edit>,
    tree: Rc<Tree>,
    text: &'s str,
    /// The set that defines options.
    set: ExprId,
}

/// Whether a place is an attribute path in front of `=`, rather than a name that is inherited.
pub(super) fn is_assigned(sources: &Sources, path: Span) -> bool {
    let rest = sources.file(path.file).text.get(path.end as usize..).unwrap_or_default();
    rest.trim_start().starts_with('=')
}

/// The edit that adds an attribute, such as `a = 1;`, to the set that is spelled out at `set` of `text`, as its
/// first. Where there are several, each stands on a line of its own.
pub(super) fn added(text: &str, set: Span, attribute: &str) -> Option<Edit> {
    let inside = text.get(set.start as usize..set.end as usize)?.strip_prefix('{')?;
    let blank = &inside[..inside.len() - inside.trim_start().len()];
    let blank = if blank.is_empty() { " " } else { blank };
    let at = Span { start: set.start + 1, end: set.start + 1, ..set };
    Some(Edit { span: at, text: format!("{blank}{}", laid_out(attribute, blank)) })
}

/// The edit that adds an element to the list that is spelled out at `list` of `text`, as its first.
pub(super) fn added_item(text: &str, list: Span, element: &str) -> Option<Edit> {
    let inside = text.get(list.start as usize..list.end as usize)?.strip_prefix('[')?;
    let blank = &inside[..inside.len() - inside.trim_start().len()];
    let blank = if blank.is_empty() { " " } else { blank };
    let end = if inside == "]" { " " } else { "" };
    Some(insertion(list, list.start + 1, &format!("{blank}{element}{end}")))
}

/// Lines of code as they stand behind a line's end with its indentation, or on one line if `blank` is none.
fn laid_out(lines: &str, blank: &str) -> String {
    match blank.contains('\n') {
        true => lines.replace('\n', blank),
        false => lines.lines().map(str::trim_start).collect::<Vec<_>>().join(" "),
    }
}

/// The module around a place where an option that begins with the name `first` is defined, if it is
/// written plainly: a set or a function of one, perhaps behind `let`, `config` and `mkIf`. `tree` is its file's.
pub(super) fn module<'s>(sources: &'s Sources, tree: Rc<Tree>, at: Span, first: &str) -> Option<Module<'s>> {
    let source = sources.file(at.file);
    if source.embedded || !tree.errors.is_empty() {
        return None;
    }
    let mut reader = Reader { tree: &tree, text: &source.text, at, first, function: None, config: None };
    let set = reader.set(tree.root)?;
    if reader.hides_config() {
        return None;
    }
    let start = tree.span(tree.root).start;
    let config = match reader.function {
        Some(_) => reader.config,
        None => Some(insertion(at, start, "{ config, ... }:\n")),
    };
    Some(Module { file: &source.path, config, tree, text: &source.text, set })
}

impl Module<'_> {
    /// The file, as places name it.
    pub fn id(&self) -> FileId {
        self.tree.file
    }

    /// The edit that adds a definition below `option`, such as `name.owner = "me";`: among those that
    /// stand there, or else as the module's first. `None` where something other than a set is there.
    pub fn added(&self, option: &[&str], definition: &str) -> Option<Edit> {
        // The innermost set in braces on the way, what is left of the path there, and what is in pieces.
        let (mut braces, mut left, mut beside) = (self.set, option, None);
        let mut set = self.set;
        for (nth, step) in option.iter().enumerate() {
            let Expr::Attrs { recursive: false, bindings } = self.tree.expr(set) else { return None };
            let Some(binding) = bindings.statics.iter().find(|binding| binding.name.as_str() == *step) else { break };
            let BindingValue::Own(value) = binding.value else { return None };
            if !matches!(self.tree.expr(value), Expr::Attrs { recursive: false, .. }) {
                return None;
            }
            set = value;
            if self.text[self.tree.span(value).start as usize..].starts_with('{') {
                (braces, left, beside) = (value, &option[nth + 1..], None);
            } else {
                beside = Some(value);
            }
        }
        let steps: String = left.iter().map(|step| format!("{step}.")).collect();
        let definition = format!("{steps}{definition}");
        let after = beside.and_then(|pieces| self.after(pieces, &definition));
        after.or_else(|| added(self.text, self.tree.span(braces), &definition))
    }

    /// The edit that adds a definition behind the last one of a set that is written in pieces.
    fn after(&self, pieces: ExprId, definition: &str) -> Option<Edit> {
        let last = self.leaves(pieces).into_iter().max_by_key(|(path, _)| path.start)?;
        let (path, value) = (last.0, self.tree.span(last.1));
        let rest = self.text.get(value.end as usize..)?.strip_prefix(';')?;
        let end = value.end + 1;
        // A comment behind it belongs to it.
        let line = rest.split('\n').next()?.trim_end_matches('\r');
        let before = self.text[..path.start as usize].rsplit('\n').next()?;
        let alone = before.trim().is_empty() && (line.trim().is_empty() || line.trim_start().starts_with('#'));
        Some(match alone {
            true => {
                let blank = format!("\n{before}");
                insertion(path, end + line.len() as u32, &format!("{blank}{}", laid_out(definition, &blank)))
            }
            false => insertion(path, end, &format!(" {}", laid_out(definition, " "))),
        })
    }

    /// The definitions in a set that is written in pieces, each with its attribute path.
    fn leaves(&self, pieces: ExprId) -> Vec<(Span, ExprId)> {
        let Expr::Attrs { bindings, .. } = self.tree.expr(pieces) else { return vec![] };
        let owns = bindings.statics.iter().filter_map(|binding| match binding.value {
            BindingValue::Own(value) => Some((binding, value)),
            _ => None,
        });
        let leaf = |(binding, value): (&Binding, ExprId)| {
            let below = if self.is_in_pieces(value) { self.leaves(value) } else { vec![] };
            if below.is_empty() { vec![(self.tree.at(binding.range), value)] } else { below }
        };
        owns.flat_map(leaf).collect()
    }

    /// Whether an expression is a set only because attribute paths lead into it.
    fn is_in_pieces(&self, id: ExprId) -> bool {
        let text = &self.text[self.tree.span(id).start as usize..];
        matches!(self.tree.expr(id), Expr::Attrs { .. }) && !text.starts_with('{') && !text.starts_with("rec")
    }
}

struct Reader<'t> {
    tree: &'t Tree,
    text: &'t str,
    at: Span,
    first: &'t str,
    /// The function that the module is.
    function: Option<ExprId>,
    config: Option<Edit>,
}

impl Reader<'_> {
    /// The set that defines options, from the expression `id` inwards.
    fn set(&mut self, id: ExprId) -> Option<ExprId> {
        match self.tree.expr(id) {
            Expr::Lambda { param, body } if self.function.is_none() => {
                self.function = Some(id);
                self.argument(param, self.tree.span(id))?;
                self.set(*body)
            }
            Expr::Let { body, .. } | Expr::With { body, .. } | Expr::Assert { body, .. } => self.set(*body),
            // `mkIf condition { … }`
            Expr::Apply { function, argument } if self.is_mk_if(*function) => self.set(*argument),
            Expr::Attrs { recursive: false, bindings } => {
                let own = |name: &str| bindings.statics.iter().find(|binding| binding.name.as_str() == name);
                match own("config").map(|config| config.value) {
                    Some(BindingValue::Own(config)) => self.set(config),
                    Some(_) => None,
                    None => self.defines(own(self.first)?).then_some(id),
                }
            }
            _ => None,
        }
    }

    /// Whether the place is inside a binding. What is written in pieces is one set here, so that their
    /// paths are asked, too.
    fn defines(&self, binding: &Binding) -> bool {
        let BindingValue::Own(value) = binding.value else { return false };
        let inside = match self.tree.expr(value) {
            Expr::Attrs { bindings, .. } => bindings.statics.iter().any(|inner| self.defines(inner)),
            _ => false,
        };
        inside || self.tree.at(binding.range).contains(&self.at) || self.tree.span(value).contains(&self.at)
    }

    fn is_mk_if(&self, function: ExprId) -> bool {
        let Expr::Apply { function, .. } = self.tree.expr(function) else { return false };
        let span = self.tree.span(*function);
        matches!(&self.text[span.start as usize..span.end as usize], "mkIf" | "lib.mkIf")
    }

    /// Notes what makes `config` one of a function's arguments; `None` if it cannot be one.
    fn argument(&mut self, param: &Param, function: Span) -> Option<()> {
        let Param::Pattern { formals, ellipsis: true, .. } = param else { return None };
        let named = |name: &str| formals.iter().any(|formal| formal.name.as_str() == name);
        if named("config") {
            return Some(());
        }
        if !formals.iter().all(|formal| ARGUMENTS.contains(&formal.name.as_str())) {
            return None;
        }
        let start = function.start as usize;
        let first = formals.first().map(|formal| formal.range.start as usize);
        let blank = first.and_then(|first| self.text.get(start + 1..first)).filter(|blank| blank.trim().is_empty());
        let (place, text) = match (first, blank) {
            (Some(first), Some(blank)) if !blank.is_empty() => (first, format!("config,{blank}")),
            (Some(first), _) => (first, "config, ".to_owned()),
            (None, _) if self.text[start..].starts_with('{') => (start + 1, " config,".to_owned()),
            (None, _) => return None,
        };
        self.config = Some(insertion(self.at, place as u32, &text));
        Some(())
    }

    /// Whether `config` is something else at the place than the module's argument.
    fn hides_config(&self) -> bool {
        let binds = |bindings: &Bindings| bindings.statics.iter().any(|binding| binding.name.as_str() == "config");
        let is_config = |name: &str| name == "config";
        self.tree.expressions().zip(self.tree.spans()).any(|(expression, span)| {
            span.contains(&self.at)
                && match expression {
                    Expr::Let { bindings, .. } | Expr::Attrs { recursive: true, bindings } => binds(bindings),
                    Expr::Lambda { .. } if Some(span) == self.function.map(|id| self.tree.span(id)) => false,
                    Expr::Lambda { param, .. } => match &**param {
                        Param::Name(name) => is_config(name.as_str()),
                        Param::Pattern { formals, bind, .. } => {
                            formals.iter().any(|formal| is_config(formal.name.as_str()))
                                || bind.as_ref().is_some_and(|name| is_config(name.as_str()))
                        }
                    },
                    _ => false,
                }
        })
    }
}

fn insertion(near: Span, at: u32, text: &str) -> Edit {
    Edit { span: Span { start: at, end: at, ..near }, text: text.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::{added_item, module};
    use crate::source::{FileId, Sources, Span};
    use crate::syntax::parse;
    use std::rc::Rc;

    /// `expected` is the text with `kept.x = 1;` added below `keep.all` and with `config` known; `|` marks the
    /// place in question and is none of the text.
    fn check(marked: &str, expected: Option<&str>) {
        let at = marked.find('|').unwrap() as u32;
        let text = marked.replace('|', "");
        let mut sources = Sources::default();
        let file = sources.add("/p/a.nix".into(), text.as_str());
        let found =
            module(&sources, Rc::new(parse(file, &text)), Span::new(file, at, at + 1), "site").and_then(|module| {
                let edits = [module.added(&["keep", "all"], "x = 1;")?].into_iter().chain(module.config.clone());
                let mut edits: Vec<_> = edits.collect();
                edits.sort();
                let mut out = text.clone();
                edits.iter().rev().for_each(|edit| out.insert_str(edit.span.start as usize, &edit.text));
                Some(out)
            });
        assert_eq!(found.as_deref(), expected, "{marked}");
    }

    #[test]
    fn arguments() {
        check("{ site.a.|b = 1; }", Some("{ config, ... }:\n{ keep.all.x = 1; site.a.b = 1; }"));
        check("{ lib, ... }: { site.|b = 1; }", Some("{ config, lib, ... }: { keep.all.x = 1; site.b = 1; }"));
        check(
            "{\n  lib,\n  ...\n}:\n{\n  site.|b = 1;\n}",
            Some("{\n  config,\n  lib,\n  ...\n}:\n{\n  keep.all.x = 1;\n  site.b = 1;\n}"),
        );
        check("{lib, ...}: {site.|b = 1;}", Some("{config, lib, ...}: { keep.all.x = 1;site.b = 1;}"));
        check("{ ... }: { site.|b = 1; }", Some("{ config, ... }: { keep.all.x = 1; site.b = 1; }"));
        check("a@{ lib, ... }: { site.|b = 1; }", Some("a@{ config, lib, ... }: { keep.all.x = 1; site.b = 1; }"));
    }

    #[test]
    fn inside_of_other_things() {
        check(
            "{ config, lib, ... }: let x = 1; in { options = { }; config = lib.mkIf x { site.|b = 1; }; }",
            Some(
                "{ config, lib, ... }: let x = 1; in { options = { }; config = lib.mkIf x { keep.all.x = 1; site.b = 1; }; }",
            ),
        );
        check(
            "{ config, ... }: { site = mkIf x { a.|b = 1; }; }",
            Some("{ config, ... }: { keep.all.x = 1; site = mkIf x { a.b = 1; }; }"),
        );
        check(
            "{ config, ... }: { site.a = 1; site.c.|b = 1; }",
            Some("{ config, ... }: { keep.all.x = 1; site.a = 1; site.c.b = 1; }"),
        );
    }

    #[test]
    fn among_others() {
        let check_in = |before: &str, after: &str| {
            let (head, tail) = ("{ config, ... }:\n{\n  ", "\n  site.|b = 1;\n}");
            let expected = format!("{head}{after}{}", tail.replace('|', ""));
            check(&format!("{head}{before}{tail}"), Some(&expected));
        };
        check_in("keep.all = { };", "keep.all = { x = 1; };");
        check_in("keep = {\n    b = 1;\n  };", "keep = {\n    all.x = 1;\n    b = 1;\n  };");
        check_in("keep.b = 1; # one", "keep.b = 1; # one\n  keep.all.x = 1;");
        check_in(
            "keep.all.b.c = 1;\n  keep.d = 1;\n  e = 1;",
            "keep.all.b.c = 1;\n  keep.all.x = 1;\n  keep.d = 1;\n  e = 1;",
        );
        check_in("keep.all.b = {\n    c = 1;\n  };", "keep.all.b = {\n    c = 1;\n  };\n  keep.all.x = 1;");
        check_in("keep.all.b = 1;\n  keep.c = 1;", "keep.all.b = 1;\n  keep.all.x = 1;\n  keep.c = 1;");
        check_in("e = 1; keep.b = 1;", "e = 1; keep.b = 1; keep.all.x = 1;");
    }

    #[test]
    fn items() {
        let check = |text: &str, expected: Option<&str>| {
            let edit = added_item(text, Span::new(FileId(0), 0, text.len() as u32), "x");
            let found = edit.map(|edit| format!("{}{}{}", &text[..1], edit.text, &text[1..]));
            assert_eq!(found.as_deref(), expected, "{text}");
        };
        check("[ 1 ]", Some("[ x 1 ]"));
        check("[\n  1\n]", Some("[\n  x\n  1\n]"));
        check("[]", Some("[ x ]"));
        check("a ++ [ ]", None);
    }

    #[test]
    fn what_is_written_otherwise() {
        check("args: { site.|b = 1; }", None);
        check("{ lib }: { site.|b = 1; }", None);
        check("args@{ ... }: { site.|b = 1; }", None);
        check("{ domain, ... }: { site.|b = 1; }", None);
        check("{ ... }: { nodes.a.site.|b = 1; }", None);
        check("{ ... }: { site.a = 1; x = { site.|b = 1; }; }", None);
        check("{ ... }: let config = 1; in { site.|b = 1; }", None);
        check("{ ... }: { site = map (config: { |b = 1; }) x; }", None);
        check("{ ... }: f { site.|b = 1; }", None);
        check("{ ... }: { site.|b = 1; ", None);
        check("{ ... }: { keep = f 1; site.|b = 1; }", None);
        check("{ ... }: { inherit (x) keep; site.|b = 1; }", None);
        check("rec { site.|b = 1; }", None);
    }
}
