//! Which expressions of a module hang on none of its arguments but one.

use super::{Attr, AttrName, BindingValue, Bindings, Expr, ExprId, Param, StrPart, Tree, Var};
use std::collections::HashMap;

/// Hangs on no scope at all.
const NOTHING: usize = usize::MAX;

/// Of a file that is a function of a set: by number, whether an expression hangs on nothing but what
/// stands in it, the global names, and the argument `given`, be it by way of a `let`.
pub fn lasting(tree: &Tree, given: &str) -> Vec<bool> {
    let mut reader = Reader { tree, given, frames: vec![], lets: HashMap::new(), changed: true, lasting: vec![] };
    // All bindings are taken for lasting until they turn out not to be.
    while std::mem::take(&mut reader.changed) {
        reader.lasting = vec![false; tree.exprs.len()];
        reader.expr(tree.root);
    }
    reader.lasting
}

struct Reader<'t> {
    tree: &'t Tree,
    given: &'t str,
    /// The scopes around: which of their slots are lasting.
    frames: Vec<Vec<bool>>,
    /// The slots of each `let`.
    lets: HashMap<*const Bindings, Vec<bool>>,
    changed: bool,
    lasting: Vec<bool>,
}

impl Reader<'_> {
    /// The outermost scope on which an expression hangs by a slot that is not lasting.
    fn expr(&mut self, id: ExprId) -> usize {
        let tree = self.tree;
        let on = match tree.expr(id) {
            Expr::Int(_) | Expr::Float(_) => NOTHING,
            Expr::Error | Expr::Path { .. } | Expr::SearchPath(_) => 0,
            Expr::Str(parts) => self.least(parts, |reader, part| match part {
                StrPart::Text(_) => NOTHING,
                StrPart::Interpolation(inner) => reader.expr(*inner),
            }),
            Expr::Var(Var::Local { depth, slot }) => self.slot(*depth, *slot),
            Expr::Var(Var::Free { name, in_with }) => {
                if *in_with || *name == "__curPos" {
                    0
                } else {
                    NOTHING
                }
            }
            Expr::List(items) => self.least(items, |reader, item| reader.expr(*item)),
            Expr::Attrs { recursive: false, bindings } => self.inherited(bindings).min(self.bindings(bindings)),
            Expr::Attrs { recursive: true, bindings } => {
                // Of such a set, `__overrides` may change any slot.
                let inherited = self.inherited(bindings);
                self.frames.push(vec![false; bindings.statics.len()]);
                let on = self.bindings(bindings);
                self.frames.pop();
                on.min(inherited)
            }
            Expr::Let { bindings, body } => self.let_in(bindings, *body),
            Expr::Select { base, path, default } => {
                let default = default.map_or(NOTHING, |default| self.expr(default));
                self.expr(*base).min(self.path(path)).min(default)
            }
            Expr::HasAttr { base, path } => self.expr(*base).min(self.path(path)),
            Expr::If { condition, then, otherwise } => self.all(&[*condition, *then, *otherwise]),
            Expr::Assert { condition, body } => self.all(&[*condition, *body]),
            Expr::With { namespace, body } => self.all(&[*namespace, *body]),
            Expr::Apply { function, argument } => self.all(&[*function, *argument]),
            Expr::Not(operand) | Expr::Negate(operand) => self.expr(*operand),
            Expr::Binary { left, right, .. } => self.all(&[*left, *right]),
            Expr::Lambda { param, body } => {
                let outermost = self.frames.is_empty();
                let slots = match &**param {
                    Param::Name(_) => vec![false],
                    Param::Pattern { formals, bind, .. } => {
                        let given = formals.iter().map(|formal| outermost && formal.name == self.given);
                        given.chain(bind.iter().map(|_| false)).collect()
                    }
                };
                self.frames.push(slots);
                let mut on = self.expr(*body);
                if let Param::Pattern { formals, .. } = &**param {
                    for default in formals.iter().filter_map(|formal| formal.default) {
                        on = on.min(self.expr(default));
                    }
                }
                self.frames.pop();
                on
            }
        };
        self.lasting[id.0 as usize] = on >= self.frames.len();
        on
    }

    fn slot(&self, depth: u32, slot: u32) -> usize {
        let Some(at) = self.frames.len().checked_sub(1 + depth as usize) else { return 0 };
        if self.frames[at].get(slot as usize).copied().unwrap_or(false) { NOTHING } else { at }
    }

    fn least<T>(&mut self, parts: &[T], mut on: impl FnMut(&mut Self, &T) -> usize) -> usize {
        parts.iter().map(|part| on(self, part)).min().unwrap_or(NOTHING)
    }

    fn all(&mut self, parts: &[ExprId]) -> usize {
        self.least(parts, |reader, part| reader.expr(*part))
    }

    fn path(&mut self, path: &[Attr]) -> usize {
        self.least(path, |reader, attr| match &attr.name {
            AttrName::Static(_) => NOTHING,
            AttrName::Dynamic(name) => reader.expr(*name),
        })
    }

    /// What `inherit name;` takes from around.
    fn inherited(&mut self, bindings: &Bindings) -> usize {
        self.least(&bindings.statics, |reader, binding| match binding.value {
            BindingValue::Inherit(variable) => reader.expr(variable),
            _ => NOTHING,
        })
    }

    /// What the bindings of a set hang on, those aside that are inherited from around it.
    fn bindings(&mut self, bindings: &Bindings) -> usize {
        let sources = self.all(&bindings.sources);
        let own = self.least(&bindings.statics, |reader, binding| match binding.value {
            BindingValue::Own(value) => reader.expr(value),
            BindingValue::Inherit(_) | BindingValue::InheritFrom { .. } => NOTHING,
        });
        let computed = self.least(&bindings.dynamics, |reader, binding| reader.all(&[binding.name, binding.value]));
        sources.min(own).min(computed)
    }

    fn let_in(&mut self, bindings: &Bindings, body: ExprId) -> usize {
        let around = self.frames.len();
        let slots = self.lets.entry(bindings).or_insert_with(|| vec![true; bindings.statics.len()]).clone();
        let mut least = NOTHING;
        let mut inherited = HashMap::new();
        for (slot, binding) in bindings.statics.iter().enumerate() {
            if let BindingValue::Inherit(variable) = binding.value {
                inherited.insert(slot, self.expr(variable));
            }
        }
        self.frames.push(slots.clone());
        let sources: Vec<usize> = bindings.sources.iter().map(|source| self.expr(*source)).collect();
        let mut now = vec![];
        for (slot, binding) in bindings.statics.iter().enumerate() {
            let on = match binding.value {
                BindingValue::Own(value) => self.expr(value),
                BindingValue::Inherit(_) => inherited.get(&slot).copied().unwrap_or(0),
                BindingValue::InheritFrom { source } => sources.get(source as usize).copied().unwrap_or(0),
            };
            least = least.min(on);
            now.push(slots[slot] && on > around);
        }
        least = least.min(self.expr(body));
        self.frames.pop();
        if now != slots {
            self.changed = true;
            self.lets.insert(bindings, now);
        }
        least
    }
}
