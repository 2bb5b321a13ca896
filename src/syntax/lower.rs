//! The concrete tree to the arena, names resolved to frames and slots.

use super::draft::{self, Draft, DraftValue, Key, Notes};
use super::scope::Scope;
use super::string::{self, Part};
use super::*;
use crate::value::Name;
use rnix::SyntaxKind::{self, *};
use rnix::{NodeOrToken, SyntaxNode};

/// Deeper than this, an expression is an [`Expr::Error`]. Operators do not count, see [`Lowerer::operators`].
const MAX_LEVELS: u32 = 20_000;

/// Lowers the whole file below `root`.
pub(super) fn lower(file: FileId, root: &SyntaxNode) -> Tree {
    let mut lowerer = Lowerer::default();
    let root = lowerer.expr_or_hole(node::first_expr(root), node::end_of(root));
    let unbound = lowerer.scope.unbound();
    Tree { file, root, errors: lowerer.notes.errors, unbound, exprs: lowerer.exprs, ranges: lowerer.ranges }
}

#[derive(Default)]
pub(super) struct Lowerer {
    exprs: Vec<Expr>,
    ranges: Vec<Range>,
    pub(super) notes: Notes,
    pub(super) scope: Scope,
    levels: u32,
}

/// A step of [`Lowerer::operators`].
enum Step {
    Enter(Result<SyntaxNode, Range>),
    Finish(Operation, Range),
}

#[derive(Clone, Copy)]
enum Operation {
    Not,
    Negate,
    Apply,
    /// Application whose argument is written first.
    Pipe,
    Binary(BinaryOp),
}

impl Lowerer {
    pub(super) fn add(&mut self, expr: Expr, range: Range) -> ExprId {
        let id = ExprId(self.exprs.len() as u32);
        self.exprs.push(expr);
        self.ranges.push(range);
        id
    }

    fn hole(&mut self, range: Range) -> ExprId {
        self.add(Expr::Error, range)
    }

    fn expr_or_hole(&mut self, node: Option<SyntaxNode>, missing: Range) -> ExprId {
        match node {
            Some(node) => self.expr(&node),
            None => self.hole(missing),
        }
    }

    /// The first expression below `parent` after its token `after`.
    fn part(&mut self, parent: &SyntaxNode, after: SyntaxKind) -> ExprId {
        self.expr_or_hole(node::expr_after(parent, after), node::end_of(parent))
    }

    /// The first expression below `parent`.
    fn first(&mut self, parent: &SyntaxNode) -> ExprId {
        self.expr_or_hole(node::first_expr(parent), node::end_of(parent))
    }

    fn expr(&mut self, node: &SyntaxNode) -> ExprId {
        if self.levels >= MAX_LEVELS {
            let range = node::range(node);
            self.notes.error(range, "nested too deep: not read");
            return self.hole(range);
        }
        self.levels += 1;
        let id = self.expr_within_budget(node);
        self.levels -= 1;
        id
    }

    fn expr_within_budget(&mut self, node: &SyntaxNode) -> ExprId {
        let range = node::range(node);
        refuse::check(node, &mut self.notes);
        let expr = match node.kind() {
            NODE_APPLY | NODE_BIN_OP | NODE_UNARY_OP => return self.operators(node),
            NODE_PAREN => return self.parens(node),
            NODE_ATTR_SET => {
                let draft = Draft::read(node, &mut self.notes);
                return self.set(draft);
            }
            NODE_LEGACY_LET => self.legacy_let(node),
            NODE_LET_IN => self.let_in(node),
            NODE_LAMBDA => self.lambda(node),
            NODE_WITH => self.with(node),
            NODE_IF_ELSE => Expr::If {
                condition: self.part(node, TOKEN_IF),
                then: self.part(node, TOKEN_THEN),
                otherwise: self.part(node, TOKEN_ELSE),
            },
            NODE_ASSERT => {
                Expr::Assert { condition: self.part(node, TOKEN_ASSERT), body: self.part(node, TOKEN_SEMICOLON) }
            }
            NODE_SELECT => self.select(node),
            NODE_HAS_ATTR => {
                let base = self.first(node);
                self.attrpath(node).map_or(Expr::Error, |path| Expr::HasAttr { base, path })
            }
            NODE_LIST => {
                let items = node.children().filter(|item| node::is_expr(item.kind()));
                Expr::List(items.map(|item| self.expr(&item)).collect())
            }
            NODE_STRING => string::parts(node).map_or(Expr::Error, |parts| Expr::Str(self.parts(parts))),
            NODE_PATH_ABS => self.path(node, PathKind::Absolute),
            NODE_PATH_REL => self.path(node, PathKind::Relative),
            NODE_PATH_HOME => self.path(node, PathKind::Home),
            NODE_PATH_SEARCH => self.search_path(node),
            NODE_LITERAL => self.literal(node),
            NODE_IDENT if node.text() == repair::HOLE => Expr::Error,
            NODE_IDENT => {
                let name = self.notes.name(&node.text().to_string());
                Expr::Var(self.scope.resolve(name, node::range(node)))
            }
            NODE_CUR_POS => Expr::Var(Var::Free { name: self.notes.name("__curPos"), in_with: false }),
            _ => Expr::Error,
        };
        self.add(expr, range)
    }

    /// Chains such as `a ++ b ++ …` are as deep as they are long: lowered with a stack of our own.
    fn operators(&mut self, node: &SyntaxNode) -> ExprId {
        let mut steps = vec![Step::Enter(Ok(node.clone()))];
        let mut done = Vec::new();
        while let Some(step) = steps.pop() {
            match step {
                Step::Enter(Err(missing)) => done.push(self.hole(missing)),
                Step::Enter(Ok(node)) => match operation(&node) {
                    Some((operation, operands)) => {
                        steps.push(Step::Finish(operation, node::range(&node)));
                        steps.extend(operands.into_iter().rev().map(Step::Enter));
                    }
                    None if matches!(node.kind(), NODE_BIN_OP | NODE_UNARY_OP) => {
                        done.push(self.hole(node::range(&node)))
                    }
                    None => done.push(self.expr(&node)),
                },
                Step::Finish(operation, range) => {
                    let last = done.pop();
                    let expr = match (operation, last) {
                        (_, None) => Expr::Error,
                        (Operation::Not, Some(operand)) => Expr::Not(operand),
                        (Operation::Negate, Some(operand)) => match self.bound("__sub") {
                            Some(function) => {
                                let zero = self.add(Expr::Int(0), range);
                                self.call(function, zero, operand, range)
                            }
                            None => Expr::Negate(operand),
                        },
                        (binary, Some(right)) => done.pop().map_or(Expr::Error, |left| match binary {
                            Operation::Binary(op) => self.binary(op, left, right, range),
                            Operation::Pipe => Expr::Apply { function: right, argument: left },
                            _ => Expr::Apply { function: left, argument: right },
                        }),
                    };
                    let id = self.add(expr, range);
                    done.push(id);
                }
            }
        }
        done.pop().unwrap_or_else(|| self.hole(node::range(node)))
    }

    /// Parentheses leave no expression, but the inner one's range takes them in.
    fn parens(&mut self, node: &SyntaxNode) -> ExprId {
        let id = self.first(node);
        self.ranges[id.0 as usize] = node::range(node);
        id
    }

    fn set(&mut self, draft: Draft) -> ExprId {
        let (recursive, range) = (draft.recursive, draft.range);
        let bindings = Box::new(self.bindings(draft));
        if recursive {
            self.scope.close();
        }
        self.add(Expr::Attrs { recursive, bindings }, range)
    }

    fn legacy_let(&mut self, node: &SyntaxNode) -> Expr {
        let base = {
            let draft = Draft::read(node, &mut self.notes);
            self.set(draft)
        };
        let range =
            node::token(node, TOKEN_LET).map_or(Range::default(), |token| node::from_text_range(token.text_range()));
        let body = Attr { name: AttrName::Static(self.notes.name("body")), range };
        Expr::Select { base, path: [body].into(), default: None }
    }

    fn let_in(&mut self, node: &SyntaxNode) -> Expr {
        let mut draft = Draft::read(node, &mut self.notes);
        for dynamic in draft.dynamics.drain(..) {
            self.notes.error(dynamic.range, "`let` takes written names only, not computed ones");
        }
        let bindings = Box::new(self.bindings(draft));
        let body = self.part(node, TOKEN_IN);
        self.scope.close();
        Expr::Let { bindings, body }
    }

    /// Lowers bindings; if they are recursive, their frame is left open.
    fn bindings(&mut self, draft: Draft) -> Bindings {
        let inherited: Vec<Option<ExprId>> = draft.statics.iter().map(|binding| self.inherited(binding)).collect();
        if draft.recursive {
            self.scope.open(draft.statics.iter().map(|binding| binding.name.clone()).collect());
        }
        let sources = draft.sources.into_iter().map(|(source, range)| self.expr_or_hole(source, range)).collect();
        let mut statics = Vec::with_capacity(draft.statics.len());
        for (binding, inherited) in draft.statics.into_iter().zip(inherited) {
            let value = match (binding.value, inherited) {
                (DraftValue::InheritFrom(source), _) => BindingValue::InheritFrom { source },
                (_, Some(outer)) => BindingValue::Inherit(outer),
                (value, None) => BindingValue::Own(self.value(value)),
            };
            statics.push(Binding { name: binding.name, range: binding.range, value });
        }
        let mut dynamics = Vec::with_capacity(draft.dynamics.len());
        for binding in draft.dynamics {
            let (name, value) = (self.dynamic_name(&binding.name), self.value(binding.value));
            dynamics.push(DynamicBinding { name, range: binding.range, value, doubtful: binding.doubtful });
        }
        Bindings { statics, dynamics, sources }
    }

    /// The variable that `inherit name;` takes, looked up outside the set.
    fn inherited(&mut self, binding: &draft::DraftBinding) -> Option<ExprId> {
        let DraftValue::Inherit = binding.value else { return None };
        let variable = self.scope.resolve(binding.name.clone(), binding.range);
        Some(self.add(Expr::Var(variable), binding.range))
    }

    fn value(&mut self, value: DraftValue) -> ExprId {
        match value {
            DraftValue::Expr(Ok(node)) => self.expr(&node),
            DraftValue::Expr(Err(missing)) => self.hole(missing),
            DraftValue::Set(draft) => self.set(*draft),
            DraftValue::Inherit | DraftValue::InheritFrom(_) => self.hole(Range::default()),
        }
    }

    fn dynamic_name(&mut self, attr: &SyntaxNode) -> ExprId {
        match attr.kind() {
            NODE_DYNAMIC => self.first(attr),
            _ => self.expr(attr),
        }
    }

    /// The attribute path below `node`; `None` if it is not whole.
    fn attrpath(&mut self, node: &SyntaxNode) -> Option<Box<[Attr]>> {
        let keys = draft::keys(&node::child(node, NODE_ATTRPATH)?, &mut self.notes)?;
        let mut path = Vec::with_capacity(keys.len());
        for (key, attr) in keys {
            let name = match key {
                Key::Static(name) => AttrName::Static(name),
                Key::Dynamic(attr) => AttrName::Dynamic(self.dynamic_name(&attr)),
                Key::Broken => return None,
            };
            path.push(Attr { name, range: node::range(&attr) });
        }
        Some(path.into())
    }

    fn select(&mut self, node: &SyntaxNode) -> Expr {
        let base = self.first(node);
        let path = self.attrpath(node);
        let default = node::token(node, TOKEN_OR).map(|_| self.part(node, TOKEN_OR));
        path.map_or(Expr::Error, |path| Expr::Select { base, path, default })
    }

    fn with(&mut self, node: &SyntaxNode) -> Expr {
        let namespace = self.part(node, TOKEN_WITH);
        self.scope.enter_with();
        let body = self.part(node, TOKEN_SEMICOLON);
        self.scope.leave_with();
        Expr::With { namespace, body }
    }

    fn lambda(&mut self, node: &SyntaxNode) -> Expr {
        let param = match node::child(node, NODE_PATTERN) {
            Some(pattern) => self.pattern(&pattern),
            None => {
                let name =
                    node::child(node, NODE_IDENT_PARAM).map(|param| param.text().to_string()).unwrap_or_default();
                let name = self.notes.name(&name);
                self.scope.open(vec![name.clone()]);
                Param::Name(name)
            }
        };
        let body = self.part(node, TOKEN_COLON);
        self.scope.close();
        Expr::Lambda { param: Box::new(param), body }
    }

    /// Lowers a set pattern and opens its frame.
    fn pattern(&mut self, pattern: &SyntaxNode) -> Param {
        let mut names: Vec<Name> = Vec::new();
        let mut seen = std::collections::HashSet::new();
        let mut entries = Vec::new();
        for entry in pattern.children().filter(|entry| entry.kind() == NODE_PAT_ENTRY) {
            let Some(ident) = node::child(&entry, NODE_IDENT) else { continue };
            let name = self.notes.name(&ident.text().to_string());
            if seen.insert(name.clone()) {
                names.push(name.clone());
                entries.push((name, node::range(&ident), entry));
            } else {
                self.notes.error(node::range(&ident), format!("the argument `{name}` is named a second time"));
            }
        }
        let bind =
            node::child(pattern, NODE_PAT_BIND).and_then(|bind| node::child(&bind, NODE_IDENT)).and_then(|ident| {
                let name = self.notes.name(&ident.text().to_string());
                if seen.insert(name.clone()) {
                    return Some(name);
                }
                self.notes.error(node::range(&ident), format!("the argument `{name}` is named a second time"));
                None
            });
        names.extend(bind.clone());
        self.scope.open(names);
        let mut formals = Vec::with_capacity(entries.len());
        for (name, range, entry) in entries {
            let default = node::token(&entry, TOKEN_QUESTION).map(|_| self.part(&entry, TOKEN_QUESTION));
            formals.push(Formal { name, default, range });
        }
        Param::Pattern { formals, ellipsis: node::token(pattern, TOKEN_ELLIPSIS).is_some(), bind }
    }

    fn parts(&mut self, parts: Vec<Part<Option<SyntaxNode>>>) -> Box<[StrPart]> {
        let lowered = parts.into_iter().map(|part| match part {
            Part::Text(text) => StrPart::Text(text.into()),
            Part::Interpolation(inner) => StrPart::Interpolation(self.expr_or_hole(inner, Range::default())),
        });
        lowered.collect()
    }

    fn path(&mut self, node: &SyntaxNode, kind: PathKind) -> Expr {
        let parts = node.children_with_tokens().filter_map(|child| match child {
            NodeOrToken::Token(token) if !token.kind().is_trivia() => Some(Part::Text(token.text().to_owned())),
            NodeOrToken::Node(inner) if inner.kind() == NODE_INTERPOL => {
                Some(Part::Interpolation(node::first_expr(&inner)))
            }
            _ => None,
        });
        let parts = parts.collect();
        Expr::Path { kind, parts: self.parts(parts) }
    }

    fn search_path(&mut self, node: &SyntaxNode) -> Expr {
        let text = node.text().to_string();
        let text = text.trim_start_matches('<').trim_end_matches('>');
        let name = self.notes.name(text);
        self.bound_search_path(text, node::range(node)).unwrap_or(Expr::SearchPath(name))
    }

    fn literal(&mut self, node: &SyntaxNode) -> Expr {
        let Some(token) = node::tokens(node).next() else { return Expr::Error };
        let text = token.text();
        match token.kind() {
            TOKEN_URI => return Expr::Str([StrPart::Text(text.into())].into()),
            TOKEN_INTEGER => match text.parse() {
                Ok(value) => return Expr::Int(value),
                Err(_) => self.notes.error(node::range(node), "this integer does not fit into 64 bits"),
            },
            TOKEN_FLOAT => match text.parse::<f64>() {
                Ok(value) if value.is_finite() => return Expr::Float(value),
                _ => self.notes.error(node::range(node), "this number is too large"),
            },
            _ => {}
        }
        Expr::Error
    }
}

/// What an operator node does, and its operands in the order of writing.
fn operation(node: &SyntaxNode) -> Option<(Operation, Vec<Result<SyntaxNode, Range>>)> {
    let or_missing = |operand: Option<SyntaxNode>| operand.ok_or_else(|| node::end_of(node));
    match node.kind() {
        NODE_APPLY => {
            let mut operands = node.children().filter(|child| node::is_expr(child.kind()));
            let (function, argument) = (operands.next(), operands.next());
            Some((Operation::Apply, vec![or_missing(function), or_missing(argument)]))
        }
        NODE_BIN_OP => {
            let (operator, kind) = node::tokens(node).find_map(|token| Some((binary(token.kind())?, token.kind())))?;
            let (left, right) = (node::first_expr(node), node::expr_after(node, kind));
            Some((operator, vec![or_missing(left), or_missing(right)]))
        }
        NODE_UNARY_OP => {
            let (operator, kind) = node::tokens(node).find_map(|token| match token.kind() {
                TOKEN_INVERT => Some((Operation::Not, TOKEN_INVERT)),
                TOKEN_SUB => Some((Operation::Negate, TOKEN_SUB)),
                _ => None,
            })?;
            Some((operator, vec![or_missing(node::expr_after(node, kind))]))
        }
        _ => None,
    }
}

fn binary(token: SyntaxKind) -> Option<Operation> {
    let op = match token {
        TOKEN_CONCAT => BinaryOp::Concat,
        TOKEN_UPDATE => BinaryOp::Update,
        TOKEN_ADD => BinaryOp::Add,
        TOKEN_SUB => BinaryOp::Sub,
        TOKEN_MUL => BinaryOp::Mul,
        TOKEN_DIV => BinaryOp::Div,
        TOKEN_AND_AND => BinaryOp::And,
        TOKEN_OR_OR => BinaryOp::Or,
        TOKEN_IMPLICATION => BinaryOp::Implication,
        TOKEN_EQUAL => BinaryOp::Equal,
        TOKEN_NOT_EQUAL => BinaryOp::NotEqual,
        TOKEN_LESS => BinaryOp::Less,
        TOKEN_LESS_OR_EQ => BinaryOp::LessOrEqual,
        TOKEN_MORE => BinaryOp::More,
        TOKEN_MORE_OR_EQ => BinaryOp::MoreOrEqual,
        TOKEN_PIPE_RIGHT => return Some(Operation::Pipe),
        TOKEN_PIPE_LEFT => return Some(Operation::Apply),
        _ => return None,
    };
    Some(Operation::Binary(op))
}
