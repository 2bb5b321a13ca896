//! What a place in a file is bound to, as it is written: for fixes that put something else there.

use super::OptionView;
use crate::finding::Edit;
use crate::source::{FileId, Sources, Span};
use crate::syntax::{Binding, BindingValue, Bindings, Expr, Tree, parse};
use std::collections::HashMap;
use std::rc::Rc;

/// A file as it is written, and what is bound to what in it: read once for all findings.
#[derive(Debug)]
pub(super) struct Written {
    pub(super) tree: Rc<Tree>,
    /// The attribute paths in sets, by the places of the expressions that are bound to them.
    names: HashMap<Span, Span>,
    /// The bindings of each `let`, by the places of their expressions: which `let`, where, and which of its bindings.
    lets: HashMap<Span, (usize, Span, usize)>,
    /// How often a name is used.
    uses: HashMap<String, usize>,
}

impl Written {
    pub(super) fn read(file: FileId, text: &str) -> Written {
        let tree = Rc::new(parse(file, text));
        let (mut names, mut lets, mut uses) = (HashMap::new(), HashMap::new(), HashMap::new());
        for (at, (expression, span)) in tree.expressions().zip(tree.spans()).enumerate() {
            let own = |binding: &Binding| match binding.value {
                BindingValue::Own(own) => Some(tree.span(own)),
                _ => None,
            };
            match expression {
                Expr::Attrs { bindings, .. } => {
                    for binding in &bindings.statics {
                        own(binding).map(|value| names.entry(value).or_insert_with(|| tree.at(binding.range)));
                    }
                }
                Expr::Let { bindings, .. } => {
                    for (nth, binding) in bindings.statics.iter().enumerate() {
                        own(binding).map(|value| lets.entry(value).or_insert((at, span, nth)));
                    }
                }
                Expr::Var(_) => {
                    let name = &text[span.start as usize..span.end as usize];
                    *uses.entry(name.to_owned()).or_default() += 1;
                }
                _ => {}
            }
        }
        Written { tree, names, lets, uses }
    }

    /// Of a name at `used` whose value was born at `born`, a binding of a `let` of the same file: the edit that
    /// takes the binding out, if nothing else uses the name. `None` if the name is none of a `let`.
    pub(super) fn binding(&self, sources: &Sources, used: Span, born: Span) -> Option<Option<Edit>> {
        let source = sources.file(used.file);
        let name = sources.text(used);
        if used.file != born.file || source.embedded {
            return None;
        }
        let (at, span, nth) = *self.lets.get(&born)?;
        let Expr::Let { bindings, body } = self.tree.expressions().nth(at)? else { return None };
        let own = bindings.statics.get(nth).filter(|own| own.name.as_str() == name)?;
        let around = Span { end: self.tree.span(*body).start, ..span };
        let is_used_once = self.uses.get(name) == Some(&1);
        let edit = || removal(&source.text, self.tree.at(own.range), born, (bindings, around));
        Some(if is_used_once { edit() } else { None })
    }
}

/// The attribute path and the value of the one definition that an option has, if they are written as
/// `path = value;` in a file of the user's.
pub(super) fn assignment(
    sources: &Sources,
    option: &OptionView<'_>,
    written: impl FnOnce(FileId) -> Rc<Written>,
) -> Option<(Span, Span)> {
    let definitions = option.definitions();
    let [one] = &definitions[..] else { return None };
    let (mut path, value) = (one.site().span()?, one.place().span()?);
    let source = sources.file(path.file);
    if source.embedded {
        return None;
    }
    // What is in an element of a list is no definition: its name stands in front of it.
    if path == value {
        path = *written(value.file).names.get(&value)?;
    }
    let text = |start, end| source.text.get(start as usize..end as usize);
    let is_plain =
        path.file == value.file && text(path.end, value.start)?.trim() == "=" && text(value.end, value.end + 1)? == ";";
    is_plain.then_some((path, value))
}

/// The edit that takes a binding out with the line that it has for itself, or the whole `let` if nothing else
/// is in it; `around` reaches from `let` to the body.
fn removal(text: &str, path: Span, value: Span, (bindings, around): (&Bindings, Span)) -> Option<Edit> {
    let rest = text.get(value.end as usize..)?.strip_prefix(';')?;
    let between = &text[around.start as usize..around.end as usize];
    if bindings.statics.len() == 1 && !between.contains('#') && !between.contains("/*") {
        return Some(Edit { span: around, text: String::new() });
    }
    let before = &text[..path.start as usize];
    let indented = before.trim_end_matches([' ', '\t']);
    // A comment behind it would move up a line.
    let start = match indented.strip_suffix('\n') {
        Some(above) if rest.trim_start_matches([' ', '\t']).starts_with(['\n', '\r']) => {
            above.strip_suffix('\r').unwrap_or(above).len()
        }
        _ => before.len(),
    };
    Some(Edit { span: Span { start: start as u32, end: value.end + 1, ..path }, text: String::new() })
}

#[cfg(test)]
mod tests {
    use super::Written;
    use crate::source::{FileId, Sources, Span};

    /// The text without the binding whose value is `"x"` and whose name is used at `|`.
    fn check(marked: &str, expected: Option<Option<&str>>) {
        let at = marked.find('|').unwrap();
        let text = marked.replace('|', "");
        let mut sources = Sources::default();
        let file = sources.add("/p/a.nix".into(), text.as_str());
        let born = text.find("\"x\"").unwrap() as u32;
        let used = Span::new(file, at as u32, at as u32 + 1);
        let written = Written::read(file, &text);
        let found = written.binding(&sources, used, Span::new(file, born, born + 3)).map(|edit| {
            edit.map(|edit| format!("{}{}", &text[..edit.span.start as usize], &text[edit.span.end as usize..]))
        });
        assert_eq!(found.as_ref().map(Option::as_deref), expected, "{marked}");
    }

    #[test]
    fn bindings() {
        check("let a = \"x\"; in { b = |a; }", Some(Some("{ b = a; }")));
        check("let\n  a = \"x\";\n  c = 1;\nin { b = |a; }", Some(Some("let\n  c = 1;\nin { b = a; }")));
        check("let c = 1; a = \"x\"; in { b = |a; }", Some(Some("let c = 1;  in { b = a; }")));
        check("let\n  # Mine.\n  a = \"x\";\nin { b = |a; }", Some(Some("let\n  # Mine.\nin { b = a; }")));
        check("let a = \"x\"; in { b = |a; c = a; }", Some(None));
        check("let a = \"x\"; in { b = |a; inherit a; }", Some(None));
        check("let a = \"x\"; in { b = |a; c = \"${a}\"; }", Some(None));
        check("a: { b = |a; c = \"x\"; }", None);
        check("rec { a = \"x\"; b = |a; }", None);
    }

    #[test]
    fn names() {
        let check = |text: &str, expected: Option<&str>| {
            let at = text.find("\"x\"").unwrap() as u32;
            let written = Written::read(FileId(0), text);
            let path = written.names.get(&Span::new(FileId(0), at, at + 3));
            assert_eq!(path.map(|path| &text[path.start as usize..path.end as usize]), expected, "{text}");
        };
        check("{ a = [ { b = \"x\"; } ]; }", Some("b"));
        check("{ a = [ { b.c = \"x\"; b.d = 1; } ]; }", Some("b.c"));
        check("{ a = [ \"x\" ]; }", None);
        check("let a = \"x\"; in { }", None);
    }
}
