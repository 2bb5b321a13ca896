//! Trees as S-expressions, for tests.

use super::*;

/// A tree on one line, and its errors (as `start..end message`) on a line each.
pub(super) fn show(tree: &Tree) -> String {
    let mut out = expr(tree, tree.root);
    for error in &tree.errors {
        out.push_str(&format!("\n{}..{} {}", error.range.start, error.range.end, error.message));
    }
    out
}

fn expr(tree: &Tree, id: ExprId) -> String {
    let show = |id: &ExprId| expr(tree, *id);
    match tree.expr(id) {
        Expr::Error => "ERROR".to_owned(),
        Expr::Int(value) => value.to_string(),
        Expr::Float(value) => format!("{value:?}"),
        Expr::Str(parts) => format!("{:?}", text(tree, parts)),
        Expr::Path { kind, parts } => format!("({kind:?} {})", text(tree, parts)),
        Expr::SearchPath(name) => format!("<{name}>"),
        Expr::Var(Var::Local { depth, slot }) => format!("{depth}:{slot}"),
        Expr::Var(Var::Free { name, in_with }) => format!("{name}{}", if *in_with { "?" } else { "" }),
        Expr::List(items) => format!("[{}]", joined(items.iter().map(show))),
        Expr::Attrs { recursive, bindings } => {
            format!("{}{{{}}}", if *recursive { "rec " } else { "" }, self::bindings(tree, bindings))
        }
        Expr::Let { bindings, body } => format!("(let {{{}}} {})", self::bindings(tree, bindings), show(body)),
        Expr::Select { base, path, default } => {
            let default = default.map(|default| format!(" or {}", show(&default))).unwrap_or_default();
            format!("(. {} {}{default})", show(base), attrs(tree, path))
        }
        Expr::HasAttr { base, path } => format!("(? {} {})", show(base), attrs(tree, path)),
        Expr::If { condition, then, otherwise } => {
            format!("(if {} {} {})", show(condition), show(then), show(otherwise))
        }
        Expr::Assert { condition, body } => format!("(assert {} {})", show(condition), show(body)),
        Expr::With { namespace, body } => format!("(with {} {})", show(namespace), show(body)),
        Expr::Lambda { param, body } => format!("(fn {} {})", self::param(tree, param), show(body)),
        Expr::Apply { function, argument } => format!("({} {})", show(function), show(argument)),
        Expr::Not(operand) => format!("(! {})", show(operand)),
        Expr::Negate(operand) => format!("(- {})", show(operand)),
        Expr::Binary { op, left, right } => format!("({op:?} {} {})", show(left), show(right)),
    }
}

fn joined(items: impl Iterator<Item = String>) -> String {
    items.collect::<Vec<_>>().join(" ")
}

fn text(tree: &Tree, parts: &[StrPart]) -> String {
    let show = |part: &StrPart| match part {
        StrPart::Text(text) => text.to_string(),
        StrPart::Interpolation(inner) => format!("${{{}}}", expr(tree, *inner)),
    };
    parts.iter().map(show).collect()
}

fn attrs(tree: &Tree, path: &[Attr]) -> String {
    joined(path.iter().map(|attr| match &attr.name {
        AttrName::Static(name) => format!("{name:?}"),
        AttrName::Dynamic(inner) => format!("${{{}}}", expr(tree, *inner)),
    }))
}

fn bindings(tree: &Tree, bindings: &Bindings) -> String {
    let statics = bindings.statics.iter().map(|binding| match binding.value {
        BindingValue::Own(value) => format!("{}={}", binding.name, expr(tree, value)),
        BindingValue::Inherit(value) => format!("{}<-{}", binding.name, expr(tree, value)),
        BindingValue::InheritFrom { source } => format!("{}<-from {source}", binding.name),
    });
    let dynamics = bindings
        .dynamics
        .iter()
        .map(|binding| format!("${{{}}}={}", expr(tree, binding.name), expr(tree, binding.value)));
    let sources = bindings.sources.iter().map(|source| format!("from {}", expr(tree, *source)));
    joined(statics.chain(dynamics).chain(sources))
}

fn param(tree: &Tree, param: &Param) -> String {
    let (formals, ellipsis, bind) = match param {
        Param::Name(name) => return name.to_string(),
        Param::Pattern { formals, ellipsis, bind } => (formals, ellipsis, bind),
    };
    let formals = formals.iter().map(|formal| match formal.default {
        Some(default) => format!("{}={}", formal.name, expr(tree, default)),
        None => formal.name.to_string(),
    });
    let bind = bind.as_ref().map(|bind| format!("@{bind}"));
    format!("({})", joined(formals.chain(ellipsis.then(|| "...".to_owned())).chain(bind)))
}
