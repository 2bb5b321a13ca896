//! A tree as bytes and back: numbers of seven bits a byte, each name once.

use super::*;
use crate::value::Name;
use std::collections::HashMap;

/// Writes trees.
#[derive(Default)]
pub(super) struct Writer {
    names: Vec<String>,
    by_name: HashMap<String, u64>,
    out: Vec<u8>,
}

/// Reads what a [`Writer`] wrote. `None` where the bytes are none of its: they always are.
pub(super) struct Reader<'b> {
    bytes: &'b [u8],
    names: Vec<Name>,
}

const OPERATORS: [BinaryOp; 15] = [
    BinaryOp::Concat,
    BinaryOp::Update,
    BinaryOp::Add,
    BinaryOp::Sub,
    BinaryOp::Mul,
    BinaryOp::Div,
    BinaryOp::And,
    BinaryOp::Or,
    BinaryOp::Implication,
    BinaryOp::Equal,
    BinaryOp::NotEqual,
    BinaryOp::Less,
    BinaryOp::LessOrEqual,
    BinaryOp::More,
    BinaryOp::MoreOrEqual,
];
const PATHS: [PathKind; 3] = [PathKind::Relative, PathKind::Absolute, PathKind::Home];

/// What says of which kind an expression is.
fn tag(expr: &Expr) -> u8 {
    match expr {
        Expr::Error => 0,
        Expr::Int(_) => 1,
        Expr::Float(_) => 2,
        Expr::Str(_) => 3,
        Expr::Path { .. } => 4,
        Expr::SearchPath(_) => 5,
        Expr::Var(Var::Local { .. }) => 6,
        Expr::Var(Var::Free { .. }) => 7,
        Expr::List(_) => 8,
        Expr::Attrs { .. } => 9,
        Expr::Let { .. } => 10,
        Expr::Select { .. } => 11,
        Expr::HasAttr { .. } => 12,
        Expr::If { .. } => 13,
        Expr::Assert { .. } => 14,
        Expr::With { .. } => 15,
        Expr::Lambda { .. } => 16,
        Expr::Apply { .. } => 17,
        Expr::Not(_) => 18,
        Expr::Negate(_) => 19,
        Expr::Binary { .. } => 20,
    }
}

impl Writer {
    /// A tree without syntax errors.
    pub(super) fn tree(mut self, tree: &Tree) -> Vec<u8> {
        self.id(tree.root);
        self.number(tree.exprs.len() as u64);
        for (expr, range) in tree.exprs.iter().zip(&tree.ranges) {
            self.range(*range);
            self.expr(expr);
        }
        let mut names = Writer::default();
        names.number(self.names.len() as u64);
        for name in &self.names {
            names.text(name);
        }
        names.out.extend(self.out);
        names.out
    }

    fn number(&mut self, mut number: u64) {
        while number >= 0x80 {
            self.out.push(number as u8 | 0x80);
            number >>= 7;
        }
        self.out.push(number as u8);
    }

    fn text(&mut self, text: &str) {
        self.number(text.len() as u64);
        self.out.extend(text.as_bytes());
    }

    fn name(&mut self, name: &str) {
        let next = self.names.len() as u64;
        let number = *self.by_name.entry(name.to_owned()).or_insert(next);
        if number == next {
            self.names.push(name.to_owned());
        }
        self.number(number);
    }

    fn id(&mut self, id: ExprId) {
        self.number(id.0.into());
    }

    fn range(&mut self, range: Range) {
        self.number(range.start.into());
        self.number(range.end.into());
    }

    fn flag(&mut self, flag: bool) {
        self.out.push(flag.into());
    }

    fn optional<T>(&mut self, value: Option<T>, write: impl FnOnce(&mut Self, T)) {
        self.flag(value.is_some());
        if let Some(value) = value {
            write(self, value);
        }
    }

    fn all<T>(&mut self, values: &[T], mut write: impl FnMut(&mut Self, &T)) {
        self.number(values.len() as u64);
        values.iter().for_each(|value| write(self, value));
    }

    fn expr(&mut self, expr: &Expr) {
        self.out.push(tag(expr));
        match expr {
            Expr::Error => (),
            Expr::Int(number) => self.number(*number as u64),
            Expr::Float(number) => self.number(number.to_bits()),
            Expr::Str(parts) => self.parts(parts),
            Expr::Path { kind, parts } => {
                self.out.push(*kind as u8);
                self.parts(parts);
            }
            Expr::SearchPath(name) => self.name(name),
            Expr::Var(Var::Local { depth, slot }) => {
                self.number((*depth).into());
                self.number((*slot).into());
            }
            Expr::Var(Var::Free { name, in_with }) => {
                self.name(name);
                self.flag(*in_with);
            }
            Expr::List(items) => self.all(items, |out, item| out.id(*item)),
            Expr::Attrs { recursive, bindings } => {
                self.flag(*recursive);
                self.bindings(bindings);
            }
            Expr::Let { bindings, body } => {
                self.bindings(bindings);
                self.id(*body);
            }
            Expr::Select { base, path, default } => {
                self.id(*base);
                self.path(path);
                self.optional(*default, Self::id);
            }
            Expr::HasAttr { base, path } => {
                self.id(*base);
                self.path(path);
            }
            Expr::If { condition, then, otherwise } => {
                [condition, then, otherwise].into_iter().for_each(|id| self.id(*id))
            }
            Expr::Assert { condition, body } => [condition, body].into_iter().for_each(|id| self.id(*id)),
            Expr::With { namespace, body } => [namespace, body].into_iter().for_each(|id| self.id(*id)),
            Expr::Lambda { param, body } => {
                self.param(param);
                self.id(*body);
            }
            Expr::Apply { function, argument } => [function, argument].into_iter().for_each(|id| self.id(*id)),
            Expr::Not(operand) | Expr::Negate(operand) => self.id(*operand),
            Expr::Binary { op, left, right } => {
                self.out.push(*op as u8);
                self.id(*left);
                self.id(*right);
            }
        }
    }

    fn parts(&mut self, parts: &[StrPart]) {
        self.all(parts, |out, part| match part {
            StrPart::Text(text) => {
                out.flag(true);
                out.text(text);
            }
            StrPart::Interpolation(id) => {
                out.flag(false);
                out.id(*id);
            }
        });
    }

    fn path(&mut self, path: &[Attr]) {
        self.all(path, |out, attr| {
            out.range(attr.range);
            match &attr.name {
                AttrName::Static(name) => {
                    out.flag(true);
                    out.name(name);
                }
                AttrName::Dynamic(id) => {
                    out.flag(false);
                    out.id(*id);
                }
            }
        });
    }

    fn bindings(&mut self, bindings: &Bindings) {
        self.all(&bindings.statics, |out, binding| {
            out.name(&binding.name);
            out.range(binding.range);
            let (tag, number) = match binding.value {
                BindingValue::Own(id) => (0, id.0),
                BindingValue::Inherit(id) => (1, id.0),
                BindingValue::InheritFrom { source } => (2, source),
            };
            out.out.push(tag);
            out.number(number.into());
        });
        self.all(&bindings.dynamics, |out, binding| {
            out.id(binding.name);
            out.range(binding.range);
            out.id(binding.value);
            out.flag(binding.doubtful);
        });
        self.all(&bindings.sources, |out, id| out.id(*id));
    }

    fn param(&mut self, param: &Param) {
        match param {
            Param::Name(name) => {
                self.flag(true);
                self.name(name);
            }
            Param::Pattern { formals, ellipsis, bind } => {
                self.flag(false);
                self.all(formals, |out, formal| {
                    out.name(&formal.name);
                    out.optional(formal.default, Self::id);
                    out.range(formal.range);
                });
                self.flag(*ellipsis);
                self.optional(bind.as_ref(), |out, name| out.name(name));
            }
        }
    }
}

impl<'b> Reader<'b> {
    pub(super) fn new(bytes: &'b [u8]) -> Self {
        Self { bytes, names: vec![] }
    }

    pub(super) fn tree(mut self, file: FileId) -> Option<Tree> {
        let count = self.number()?;
        self.names = (0..count).map(|_| self.text().map(Name::from)).collect::<Option<_>>()?;
        let root = self.id()?;
        let count = self.number()? as usize;
        let (mut exprs, mut ranges) = (Vec::with_capacity(count), Vec::with_capacity(count));
        for _ in 0..count {
            ranges.push(self.range()?);
            exprs.push(self.expr()?);
        }
        Some(Tree { file, root, errors: vec![], unbound: vec![], exprs, ranges })
    }

    fn byte(&mut self) -> Option<u8> {
        let (first, rest) = self.bytes.split_first()?;
        self.bytes = rest;
        Some(*first)
    }

    fn number(&mut self) -> Option<u64> {
        let (mut number, mut shift) = (0, 0);
        loop {
            let byte = self.byte()?;
            number |= u64::from(byte & 0x7f).checked_shl(shift)?;
            if byte < 0x80 {
                return Some(number);
            }
            shift += 7;
        }
    }

    fn small(&mut self) -> Option<u32> {
        self.number()?.try_into().ok()
    }

    fn text(&mut self) -> Option<&'b str> {
        let length = self.number()? as usize;
        let (text, rest) = self.bytes.split_at_checked(length)?;
        self.bytes = rest;
        std::str::from_utf8(text).ok()
    }

    fn name(&mut self) -> Option<Name> {
        let number = self.number()? as usize;
        self.names.get(number).cloned()
    }

    fn id(&mut self) -> Option<ExprId> {
        self.small().map(ExprId)
    }

    fn range(&mut self) -> Option<Range> {
        Some(Range { start: self.small()?, end: self.small()? })
    }

    fn flag(&mut self) -> Option<bool> {
        Some(self.byte()? != 0)
    }

    fn optional<T>(&mut self, read: impl FnOnce(&mut Self) -> Option<T>) -> Option<Option<T>> {
        Some(if self.flag()? { Some(read(self)?) } else { None })
    }

    fn all<T, A: FromIterator<T>>(&mut self, mut read: impl FnMut(&mut Self) -> Option<T>) -> Option<A> {
        let count = self.number()?;
        (0..count).map(|_| read(self)).collect()
    }

    fn expr(&mut self) -> Option<Expr> {
        Some(match self.byte()? {
            0 => Expr::Error,
            1 => Expr::Int(self.number()? as i64),
            2 => Expr::Float(f64::from_bits(self.number()?)),
            3 => Expr::Str(self.parts()?),
            4 => Expr::Path { kind: *PATHS.get(self.byte()? as usize)?, parts: self.parts()? },
            5 => Expr::SearchPath(self.name()?),
            6 => Expr::Var(Var::Local { depth: self.small()?, slot: self.small()? }),
            7 => Expr::Var(Var::Free { name: self.name()?, in_with: self.flag()? }),
            8 => Expr::List(self.all(Self::id)?),
            9 => Expr::Attrs { recursive: self.flag()?, bindings: Box::new(self.bindings()?) },
            10 => Expr::Let { bindings: Box::new(self.bindings()?), body: self.id()? },
            11 => Expr::Select { base: self.id()?, path: self.path()?, default: self.optional(Self::id)? },
            12 => Expr::HasAttr { base: self.id()?, path: self.path()? },
            13 => Expr::If { condition: self.id()?, then: self.id()?, otherwise: self.id()? },
            14 => Expr::Assert { condition: self.id()?, body: self.id()? },
            15 => Expr::With { namespace: self.id()?, body: self.id()? },
            16 => Expr::Lambda { param: Box::new(self.param()?), body: self.id()? },
            17 => Expr::Apply { function: self.id()?, argument: self.id()? },
            18 => Expr::Not(self.id()?),
            19 => Expr::Negate(self.id()?),
            20 => {
                let op = *OPERATORS.get(self.byte()? as usize)?;
                Expr::Binary { op, left: self.id()?, right: self.id()? }
            }
            _ => return None,
        })
    }

    fn parts(&mut self) -> Option<Box<[StrPart]>> {
        self.all(|from| {
            Some(match from.flag()? {
                true => StrPart::Text(from.text()?.into()),
                false => StrPart::Interpolation(from.id()?),
            })
        })
    }

    fn path(&mut self) -> Option<Box<[Attr]>> {
        self.all(|from| {
            let range = from.range()?;
            let name = match from.flag()? {
                true => AttrName::Static(from.name()?),
                false => AttrName::Dynamic(from.id()?),
            };
            Some(Attr { name, range })
        })
    }

    fn bindings(&mut self) -> Option<Bindings> {
        let statics = self.all(|from| {
            let (name, range) = (from.name()?, from.range()?);
            let value = match from.byte()? {
                0 => BindingValue::Own(from.id()?),
                1 => BindingValue::Inherit(from.id()?),
                _ => BindingValue::InheritFrom { source: from.small()? },
            };
            Some(Binding { name, range, value })
        })?;
        let dynamics = self.all(|from| {
            let (name, range, value) = (from.id()?, from.range()?, from.id()?);
            Some(DynamicBinding { name, range, value, doubtful: from.flag()? })
        })?;
        Some(Bindings { statics, dynamics, sources: self.all(Self::id)? })
    }

    fn param(&mut self) -> Option<Param> {
        Some(match self.flag()? {
            true => Param::Name(self.name()?),
            false => {
                let formals = self.all(|from| {
                    let (name, default) = (from.name()?, from.optional(Self::id)?);
                    Some(Formal { name, default, range: from.range()? })
                })?;
                Param::Pattern { formals, ellipsis: self.flag()?, bind: self.optional(Self::name)? }
            }
        })
    }
}
