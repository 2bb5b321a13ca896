//! Which option is named at a place of a file, going by its syntax.
//!
//! Nobody can tell from the syntax alone where a module begins: what is given to a function or stands in
//! a list may be one. So there may be several answers; what is resolved decides between them.

use crate::option::{OptionPath, Segment};
use crate::source::Span;
use crate::syntax::{Attr, AttrName, BinaryOp, BindingValue, Bindings, Expr, ExprId, Range, StrPart, Tree};
use crate::value::Name;
use std::collections::HashMap;

/// An option that may be named.
#[derive(Clone, Debug)]
pub(super) struct Candidate {
    /// Its path.
    pub(super) path: OptionPath,
    /// Whether it counts only if it has a definition in this file: the path may begin somewhere else.
    pub(super) needs_definition: bool,
}

/// What is named at a place.
#[derive(Clone, Debug)]
pub(super) struct Named {
    /// Where the name stands, up to the step in question.
    pub(super) span: Span,
    /// Whether it is referred to, and not defined.
    pub(super) is_reference: bool,
    /// The options that it may be, the likeliest first.
    pub(super) candidates: Vec<Candidate>,
}

/// Functions of the module system, and some of `lib`: what they are given last stands where they do.
const TRANSPARENT: [&str; 12] = [
    "mkIf",
    "mkMerge",
    "mkForce",
    "mkDefault",
    "mkOverride",
    "mkVMOverride",
    "mkBefore",
    "mkAfter",
    "mkOrder",
    "mkImageMediaOverride",
    "optionalAttrs",
    "recursiveUpdate",
];

/// What is named at byte `byte` of `text`, of which `tree` is the syntax. Recursive: needs a big stack.
pub(super) fn named(tree: &Tree, text: &str, byte: u32) -> Option<Named> {
    let mut walk = Walk { tree, text, byte, aliases: HashMap::new(), found: None };
    walk.learn_aliases();
    walk.expr(tree.root, &Place::default());
    walk.found
}

/// Where an expression stands.
#[derive(Clone, Default)]
struct Place {
    /// The path up to the first list or function.
    outer: Vec<Name>,
    /// The path since the last one.
    inner: Vec<Name>,
    /// Whether there was one.
    barred: bool,
}

impl Place {
    fn child(&self, name: &Name) -> Place {
        let mut child = self.clone();
        child.inner.push(name.clone());
        child
    }

    /// Inside a list or an argument.
    fn behind_bar(&self) -> Place {
        let outer = if self.barred { self.outer.clone() } else { self.inner.clone() };
        Place { outer, inner: vec![], barred: true }
    }

    /// Where nothing is said of options.
    fn nowhere() -> Place {
        Place { outer: vec![], inner: vec![], barred: true }
    }

    /// The options that the first `inner` steps of this may name.
    fn candidates(&self, inner: usize) -> Vec<Candidate> {
        let mut found = vec![];
        let steps = self.inner.get(..inner).unwrap_or(&self.inner);
        let is_top = |name: &Name| matches!(name.as_str(), "config" | "options");
        found.extend(candidate(steps.strip_prefix_if(is_top), self.barred));
        if let Some(at) = steps.iter().skip(1).rposition(is_top) {
            found.extend(candidate(&steps[at + 2..], true));
        }
        if self.barred {
            found.extend(candidate(self.outer.as_slice().strip_prefix_if(is_top), false));
        }
        found
    }
}

trait StripFirst {
    fn strip_prefix_if(&self, wanted: impl Fn(&Name) -> bool) -> &[Name];
}

impl StripFirst for [Name] {
    /// Without the first name, if that is `wanted`.
    fn strip_prefix_if(&self, wanted: impl Fn(&Name) -> bool) -> &[Name] {
        match self.split_first() {
            Some((first, rest)) if wanted(first) => rest,
            _ => self,
        }
    }
}

fn candidate(names: &[Name], needs_definition: bool) -> Option<Candidate> {
    let path = OptionPath(names.iter().map(|name| Segment::Name(name.clone())).collect());
    (!names.is_empty()).then_some(Candidate { path, needs_definition })
}

struct Walk<'t> {
    tree: &'t Tree,
    text: &'t str,
    byte: u32,
    /// Names that stand for an option: `cfg = config.services.x`.
    aliases: HashMap<&'t str, Vec<Name>>,
    found: Option<Named>,
}

impl<'t> Walk<'t> {
    fn learn_aliases(&mut self) {
        for expr in self.tree.expressions() {
            let Expr::Let { bindings, .. } = expr else { continue };
            for binding in &bindings.statics {
                if let BindingValue::Own(value) = binding.value
                    && let Expr::Select { base, path, default: None } = self.tree.expr(value)
                    && let Some(names) = self.referred(*base, path, path.len())
                {
                    self.aliases.insert(binding.name.as_str(), names);
                }
            }
        }
    }

    fn source(&self, id: ExprId) -> &'t str {
        let span = self.tree.span(id);
        self.text.get(span.start as usize..span.end as usize).unwrap_or_default()
    }

    /// The option that the first `count` steps of `base.path` are, if the base is a configuration.
    fn referred(&self, base: ExprId, path: &[Attr], count: usize) -> Option<Vec<Name>> {
        let mut names = match self.source(base) {
            "config" => vec![],
            other => match self.aliases.get(other) {
                Some(names) => names.clone(),
                None => {
                    let is_config =
                        |attr: &Attr| matches!(&attr.name, AttrName::Static(name) if name.as_str() == "config");
                    let at = path.iter().position(is_config)?;
                    return static_names(path.get(at + 1..count)?).filter(|names| !names.is_empty());
                }
            },
        };
        names.extend(static_names(path.get(..count)?)?);
        Some(names).filter(|names| !names.is_empty())
    }

    fn is_here(&self, range: Range) -> bool {
        range.start <= self.byte && self.byte <= range.end
    }

    /// Takes what is named at `range`, unless something smaller was found.
    fn take(&mut self, range: Range, is_reference: bool, candidates: Vec<Candidate>) {
        let length = |span: &Span| span.end - span.start;
        let span = self.tree.at(range);
        if !candidates.is_empty() && self.found.as_ref().is_none_or(|found| length(&span) <= length(&found.span)) {
            self.found = Some(Named { span, is_reference, candidates });
        }
    }

    fn expr(&mut self, id: ExprId, place: &Place) {
        let tree = self.tree;
        let nowhere = Place::nowhere();
        match tree.expr(id) {
            Expr::Error | Expr::Int(_) | Expr::Float(_) | Expr::SearchPath(_) => {}
            Expr::Var(_) => self.alias(id),
            Expr::Str(parts) | Expr::Path { parts, .. } => self.parts(parts),
            Expr::List(items) => items.iter().for_each(|item| self.expr(*item, &place.behind_bar())),
            Expr::Attrs { bindings, .. } => self.bindings(bindings, place),
            Expr::Let { bindings, body } => {
                for binding in &bindings.statics {
                    if let BindingValue::Own(value) | BindingValue::Inherit(value) = binding.value {
                        self.expr(value, &nowhere);
                    }
                }
                bindings.sources.iter().for_each(|source| self.expr(*source, &nowhere));
                self.expr(*body, place);
            }
            Expr::Select { base, path, default } => {
                self.reference(*base, path);
                self.expr(*base, &nowhere);
                self.dynamic_names(path);
                default.iter().for_each(|default| self.expr(*default, place));
            }
            Expr::HasAttr { base, path } => {
                self.reference(*base, path);
                self.expr(*base, &nowhere);
                self.dynamic_names(path);
            }
            Expr::If { condition, then, otherwise } => {
                self.expr(*condition, &nowhere);
                self.expr(*then, place);
                self.expr(*otherwise, place);
            }
            Expr::Assert { condition: first, body } | Expr::With { namespace: first, body } => {
                self.expr(*first, &nowhere);
                self.expr(*body, place);
            }
            Expr::Lambda { param, body } => {
                if let crate::syntax::Param::Pattern { formals, .. } = &**param {
                    formals.iter().filter_map(|formal| formal.default).for_each(|it| self.expr(it, &nowhere));
                }
                self.expr(*body, place);
            }
            Expr::Apply { function, argument } => self.apply(*function, *argument, place),
            Expr::Not(inner) | Expr::Negate(inner) => self.expr(*inner, &nowhere),
            Expr::Binary { op: BinaryOp::Update | BinaryOp::Concat, left, right } => {
                self.expr(*left, place);
                self.expr(*right, place);
            }
            Expr::Binary { left, right, .. } => {
                self.expr(*left, &nowhere);
                self.expr(*right, &nowhere);
            }
        }
    }

    /// A variable that stands for an option.
    fn alias(&mut self, id: ExprId) {
        let span = self.tree.span(id);
        let range = Range { start: span.start, end: span.end };
        if let Some(names) = self.aliases.get(self.source(id)).filter(|_| self.is_here(range)) {
            self.take(range, true, candidate(names, false).into_iter().collect());
        }
    }

    fn apply(&mut self, function: ExprId, argument: ExprId, place: &Place) {
        let mut head = function;
        while let Expr::Apply { function, argument } = self.tree.expr(head) {
            let (function, argument) = (*function, *argument);
            self.expr(argument, &place.behind_bar());
            head = function;
        }
        self.expr(head, &Place::nowhere());
        let name = self.source(head).rsplit('.').next().unwrap_or_default().trim();
        let inside = if TRANSPARENT.contains(&name) { place.clone() } else { place.behind_bar() };
        match self.tree.expr(argument) {
            Expr::List(items) if name == "mkMerge" => items.iter().for_each(|item| self.expr(*item, &inside)),
            _ => self.expr(argument, &inside),
        }
    }

    fn bindings(&mut self, bindings: &Bindings, place: &Place) {
        for binding in &bindings.statics {
            let inside = place.child(&binding.name);
            if self.is_here(binding.range) {
                self.binding(binding.range, &inside);
            }
            match binding.value {
                BindingValue::Own(value) => self.expr(value, &inside),
                BindingValue::Inherit(value) => self.expr(value, &Place::nowhere()),
                BindingValue::InheritFrom { .. } => {}
            }
        }
        for dynamic in &bindings.dynamics {
            self.expr(dynamic.name, &Place::nowhere());
            self.expr(dynamic.value, &place.behind_bar());
        }
        bindings.sources.iter().for_each(|source| self.expr(*source, &Place::nowhere()));
    }

    /// The attribute path at `range`, which ends at `place`: as many of its steps as are before the cursor.
    fn binding(&mut self, range: Range, place: &Place) {
        let text = self.text.get(range.start as usize..range.end as usize).unwrap_or_default();
        let ends = step_ends(text);
        let cursor = (self.byte - range.start) as usize;
        let Some(at) = ends.iter().position(|end| cursor <= *end) else { return };
        let behind = ends.len() - 1 - at;
        let Some(steps) = place.inner.len().checked_sub(behind).filter(|steps| *steps > 0) else { return };
        // The sets that one path spells out share its range; the innermost is the last to come.
        self.found = self.found.take().filter(|found| found.span != self.tree.at(range));
        let span = Range { start: range.start, end: range.start + ends[at] as u32 };
        self.found = self.found.take().filter(|found| found.span != self.tree.at(span));
        self.take(span, false, place.candidates(steps));
    }

    /// `config.x.y`: as many of its steps as are before the cursor.
    fn reference(&mut self, base: ExprId, path: &[Attr]) {
        let Some(at) = path.iter().position(|attr| self.is_here(attr.range)) else { return };
        let Some(names) = self.referred(base, path, at + 1) else { return };
        let range = Range { start: self.tree.span(base).start, end: path[at].range.end };
        self.take(range, true, candidate(&names, false).into_iter().collect());
    }

    fn dynamic_names(&mut self, path: &[Attr]) {
        for attr in path {
            if let AttrName::Dynamic(name) = attr.name {
                self.expr(name, &Place::nowhere());
            }
        }
    }

    fn parts(&mut self, parts: &[StrPart]) {
        for part in parts {
            if let StrPart::Interpolation(inner) = part {
                self.expr(*inner, &Place::nowhere());
            }
        }
    }
}

fn static_names(path: &[Attr]) -> Option<Vec<Name>> {
    let name = |attr: &Attr| match &attr.name {
        AttrName::Static(name) => Some(name.clone()),
        AttrName::Dynamic(_) => None,
    };
    path.iter().map(name).collect()
}

/// The bytes at which the steps of an attribute path end.
fn step_ends(text: &str) -> Vec<usize> {
    let (mut ends, mut quoted, mut depth, mut escaped) = (vec![], false, 0usize, false);
    for (at, c) in text.char_indices() {
        match c {
            _ if escaped => escaped = false,
            '\\' if quoted => escaped = true,
            '"' if depth == 0 => quoted = !quoted,
            '{' => depth += 1,
            '}' => depth = depth.saturating_sub(1),
            '.' if !quoted && depth == 0 => ends.push(at),
            _ => {}
        }
    }
    ends.push(text.len());
    ends
}

#[cfg(test)]
mod tests {
    use super::named;
    use crate::source::Sources;
    use crate::syntax::parse;

    /// `text` has a `|` where the cursor is; the answer is the candidates, `?` for those that need a definition.
    fn check(text: &str, expected: &str) {
        let byte = text.find('|').unwrap();
        let text = text.replacen('|', "", 1);
        let tree = parse(Sources::default().add("/a.nix".into(), text.as_str()), &text);
        let candidates = named(&tree, &text, byte as u32).map(|named| named.candidates).unwrap_or_default();
        let shown = candidates.iter().map(|it| format!("{}{}", it.path, if it.needs_definition { "?" } else { "" }));
        assert_eq!(shown.collect::<Vec<_>>().join(" "), expected, "{text}");
    }

    #[test]
    fn attribute_paths() {
        check("{ a.b|.c = 1; }", "a.b");
        check("{ a.b.c| = 1; }", "a.b.c");
        check("{ |a.b.c = 1; }", "a");
        check("{ a.b.c = 1; a.b.|d = 2; }", "a.b.d");
        check("{ a = { \"x.y\" = { |z = 1; }; }; }", "a.\"x.y\".z");
        check("{ a.\"x.|y\".z = 1; }", "a.\"x.y\"");
        check("{ config, lib, ... }: { config = lib.mkIf config.a { b.|c = 1; }; }", "b.c");
        check("{ options.a.|b = lib.mkOption { }; }", "a.b");
        check("{ a = lib.mkMerge [ { |b = 1; } ]; }", "a.b");
        check("{ a = { b = 1; } // { |c = 1; }; }", "a.c");
        check("{ inherit (x) |a; }", "a");
        check("{ a.b = |1; }", "");
    }

    #[test]
    fn behind_lists_and_functions() {
        check("{ a.b = [ { |c = 1; } ]; }", "c? a.b");
        check("{ a = f { |c.d = 1; }; }", "c? a");
        check("{ x = nixosSystem { modules = [ { config.a|.b = 1; } ]; }; }", "a? x");
        check("let x = { |a = 1; }; in { }", "a?");
        check("let |x = { a = 1; }; in { }", "");
        check("{ containers.x.config = { |a.b = 1; }; }", "containers.x.config.a a?");
    }

    #[test]
    fn references() {
        check("{ config, ... }: { a = config.b|.c; }", "b");
        check("{ config, ... }: { a = \"x${config.b.|c}\"; }", "b.c");
        check("{ config, ... }: { a = config.b.|c or 1; }", "b.c");
        check("let cfg = config.a.b; in { x = cfg.|c; }", "a.b.c");
        check("let cfg = config.a.b; in { x = c|fg; }", "a.b");
        check("{ x = self.nixosConfigurations.y.config.a.|b; }", "a.b");
        check("{ x = con|fig.b; }", "");
        check("{ x = config.${y}.|b; }", "");
    }
}
