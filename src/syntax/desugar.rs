//! Operators and search paths that are calls of functions, which a program may bind itself:
//! `let __sub = …; in a - b`.

use super::lower::Lowerer;
use super::{BinaryOp, Expr, ExprId, Range, StrPart, Var};

impl Lowerer {
    /// The variable of this name, if an enclosing `let`, function or `rec` binds it.
    pub(super) fn bound(&mut self, name: &str) -> Option<Var> {
        let name = self.notes.name(name);
        self.scope.bound(&name)
    }

    /// `function a b`.
    pub(super) fn call(&mut self, function: Var, a: ExprId, b: ExprId, range: Range) -> Expr {
        let function = self.add(Expr::Var(function), range);
        let function = self.add(Expr::Apply { function, argument: a }, range);
        Expr::Apply { function, argument: b }
    }

    /// `left op right`; the comparisons are all made of `__lessThan`.
    pub(super) fn binary(&mut self, op: BinaryOp, left: ExprId, right: ExprId, range: Range) -> Expr {
        let plain = Expr::Binary { op, left, right };
        let (name, swapped, negated) = match op {
            BinaryOp::Sub => ("__sub", false, false),
            BinaryOp::Mul => ("__mul", false, false),
            BinaryOp::Div => ("__div", false, false),
            BinaryOp::Less => ("__lessThan", false, false),
            BinaryOp::More => ("__lessThan", true, false),
            BinaryOp::LessOrEqual => ("__lessThan", true, true),
            BinaryOp::MoreOrEqual => ("__lessThan", false, true),
            _ => return plain,
        };
        let Some(function) = self.bound(name) else { return plain };
        let (a, b) = if swapped { (right, left) } else { (left, right) };
        let call = self.call(function, a, b, range);
        match negated {
            true => Expr::Not(self.add(call, range)),
            false => call,
        }
    }

    /// `<name>` where the program binds `__findFile` or `__nixPath`.
    pub(super) fn bound_search_path(&mut self, name: &str, range: Range) -> Option<Expr> {
        let (find, list) = (self.bound("__findFile"), self.bound("__nixPath"));
        if find.is_none() && list.is_none() {
            return None;
        }
        let mut global = |name: &str| Var::Free { name: self.notes.name(name), in_with: false };
        let (find, list) = (find.unwrap_or(global("__findFile")), list.unwrap_or(global("__nixPath")));
        let list = self.add(Expr::Var(list), range);
        let name = self.add(Expr::Str([StrPart::Text(name.into())].into()), range);
        Some(self.call(find, list, name, range))
    }
}
