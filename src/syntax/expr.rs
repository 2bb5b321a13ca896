//! The expression arena: what the rest of the program sees of Nix syntax.

use crate::source::{FileId, Span};
use crate::value::Name;

/// Names one expression of a [`Tree`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ExprId(pub u32);

/// A byte range `start..end` of the tree's own file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Range {
    /// First byte.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
}

/// One Nix expression. Variables are resolved to frames and slots; see [`Var`].
#[derive(Clone, Debug)]
#[allow(missing_docs)]
pub enum Expr {
    /// What a syntax error left: its value is unknown.
    Error,
    /// An integer literal.
    Int(i64),
    /// A float literal.
    Float(f64),
    /// Either string form, escapes resolved and indentation stripped; also a bare URI.
    Str(Box<[StrPart]>),
    /// A path literal; `parts` is the text as written, e.g. `./a/${b}.nix`.
    Path { kind: PathKind, parts: Box<[StrPart]> },
    /// `<nixpkgs/nixos>`, without the brackets.
    SearchPath(Name),
    /// A variable.
    Var(Var),
    /// `[ a b ]`.
    List(Box<[ExprId]>),
    /// `{ … }`, or `rec { … }`, which opens a frame with [`Bindings::statics`] as slots.
    Attrs { recursive: bool, bindings: Box<Bindings> },
    /// `let … in body`, which opens a frame with [`Bindings::statics`] as slots.
    Let { bindings: Box<Bindings>, body: ExprId },
    /// `base.a.b or default`.
    Select { base: ExprId, path: Box<[Attr]>, default: Option<ExprId> },
    /// `base ? a.b`.
    HasAttr { base: ExprId, path: Box<[Attr]> },
    /// `if … then … else …`.
    If { condition: ExprId, then: ExprId, otherwise: ExprId },
    /// `assert condition; body`.
    Assert { condition: ExprId, body: ExprId },
    /// `with namespace; body`: pushes onto the `with` chain, opens no frame.
    With { namespace: ExprId, body: ExprId },
    /// A function: opens a frame whose slots are [`Param`]'s names.
    Lambda { param: Box<Param>, body: ExprId },
    /// `function argument`; `a |> f` and `f <| a` are lowered to this too.
    Apply { function: ExprId, argument: ExprId },
    /// `!x`.
    Not(ExprId),
    /// `-x`.
    Negate(ExprId),
    /// `a + b` and its kind.
    Binary { op: BinaryOp, left: ExprId, right: ExprId },
}

/// How a path literal starts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PathKind {
    /// `./x`, `../x` or bare `a/b`: relative to the file's folder.
    Relative,
    /// `/x`.
    Absolute,
    /// `~/x`.
    Home,
}

/// A piece of a string or path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StrPart {
    /// Literal text, never empty.
    Text(Box<str>),
    /// `${…}`.
    Interpolation(ExprId),
}

/// Where a variable's value is found.
#[derive(Clone, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum Var {
    /// Slot `slot` of the frame `depth` frames out (0: innermost).
    Local { depth: u32, slot: u32 },
    /// Not bound by an enclosing `let`, function or `rec`: the `with` chain if
    /// `in_with`, then the global names (`true`, `map`, `import`, `builtins` …).
    Free { name: Name, in_with: bool },
}

/// One step of an attribute path.
#[derive(Clone, Debug)]
pub struct Attr {
    /// The name, or the expression that computes it.
    pub name: AttrName,
    /// Where it stands.
    pub range: Range,
}

/// A written or computed attribute name.
#[derive(Clone, Debug)]
pub enum AttrName {
    /// `a`, `"a"`, `${"a"}`.
    Static(Name),
    /// `${e}`, `"a${e}"`: the expression gives a string (or `null`, which drops a binding).
    Dynamic(ExprId),
}

/// The bindings of a set or `let`, dotted keys already merged into nested sets.
#[derive(Clone, Debug, Default)]
pub struct Bindings {
    /// Bindings with a written name, each name once, in the order of first appearance.
    /// For `rec` and `let`, the position is the slot in the frame.
    pub statics: Vec<Binding>,
    /// Bindings whose name is computed (never in `let`).
    pub dynamics: Vec<DynamicBinding>,
    /// The `e` of every `inherit (e) …`, in the scope of the set itself when it is `rec` or `let`.
    pub sources: Vec<ExprId>,
}

/// `name = value;` or an inherited name.
#[derive(Clone, Debug)]
pub struct Binding {
    /// The name bound.
    pub name: Name,
    /// The whole attribute path as written (`a.b.c` of `a.b.c = 1;`), or the inherited name.
    pub range: Range,
    /// What it is bound to.
    pub value: BindingValue,
}

/// What a name is bound to.
#[derive(Clone, Copy, Debug)]
#[allow(missing_docs)]
pub enum BindingValue {
    /// An expression in the scope of the set itself.
    Own(ExprId),
    /// `inherit name;`: a [`Expr::Var`] in the scope *around* the set.
    Inherit(ExprId),
    /// `inherit (e) name;`: the attribute of [`Bindings::sources`]`[source]`.
    InheritFrom { source: u32 },
}

/// `${name} = value;`
#[derive(Clone, Debug)]
pub struct DynamicBinding {
    /// Gives the name; evaluated in the scope of the set itself.
    pub name: ExprId,
    /// The whole attribute path as written.
    pub range: Range,
    /// The value, in the scope of the set itself.
    pub value: ExprId,
    /// Whether this stands in the second literal of a set that is written twice: not every
    /// version of Nix takes it in.
    pub doubtful: bool,
}

/// A function's parameter.
#[derive(Clone, Debug)]
#[allow(missing_docs)]
pub enum Param {
    /// `x: …`: one slot.
    Name(Name),
    /// `{ a, b ? 1, ... } @ all: …`: one slot per formal, in order, then one for `bind`.
    /// Defaults are in the scope of the function itself.
    Pattern { formals: Vec<Formal>, ellipsis: bool, bind: Option<Name> },
}

/// One name of a set pattern.
#[derive(Clone, Debug)]
pub struct Formal {
    /// The name.
    pub name: Name,
    /// Its default.
    pub default: Option<ExprId>,
    /// Where the name stands.
    pub range: Range,
}

/// Binary operators that are not function application.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum BinaryOp {
    Concat,
    Update,
    Add,
    Sub,
    Mul,
    Div,
    And,
    Or,
    Implication,
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    More,
    MoreOrEqual,
}

/// A syntax error.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SyntaxError {
    /// Where.
    pub range: Range,
    /// What, in plain words, without a full stop.
    pub message: String,
}

/// One file's expressions.
#[derive(Debug)]
pub struct Tree {
    /// The file.
    pub file: FileId,
    /// The whole file's expression.
    pub root: ExprId,
    /// Syntax errors; what could be read is in the tree all the same.
    pub errors: Vec<SyntaxError>,
    /// Names that nothing binds, unless the file is read with others (`scopedImport`): Nix refuses the
    /// whole file. Empty where there are syntax errors, which may hide what binds them.
    pub unbound: Vec<SyntaxError>,
    pub(super) exprs: Vec<Expr>,
    pub(super) ranges: Vec<Range>,
}

impl Tree {
    /// The expression with this id.
    pub fn expr(&self, id: ExprId) -> &Expr {
        &self.exprs[id.0 as usize]
    }

    /// How many expressions there are: their numbers are lower.
    pub fn count(&self) -> usize {
        self.exprs.len()
    }

    /// All expressions, in no order that means anything.
    pub fn expressions(&self) -> impl Iterator<Item = &Expr> {
        self.exprs.iter()
    }

    /// Where all expressions stand, in no order that means anything.
    pub fn spans(&self) -> impl Iterator<Item = Span> {
        self.ranges.iter().map(|range| self.at(*range))
    }

    /// Where an expression stands.
    pub fn span(&self, id: ExprId) -> Span {
        self.at(self.ranges[id.0 as usize])
    }

    /// A range of this file as a span.
    pub fn at(&self, range: Range) -> Span {
        Span::new(self.file, range.start, range.end)
    }
}
