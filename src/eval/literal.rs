//! Values that are spelled out literally: they can be read off the syntax.

use crate::source::Origin;
use crate::syntax::{BindingValue, Expr, ExprId, StrPart, Tree, Var};
use crate::value::{Attrs, Item, Shape, Str, Value};

/// The value of an expression that is made of literals alone, as [`super::Eval::freeze`] would give it,
/// without places; a function is just that. `None`: it takes more than reading.
pub fn literal(tree: &Tree, id: ExprId) -> Option<Value> {
    let shape = match tree.expr(id) {
        Expr::Int(number) => Shape::Int(*number),
        Expr::Str(parts) => Shape::Str(match &parts[..] {
            [] => Str::default(),
            [StrPart::Text(text)] => Str::new(&**text),
            _ => return None,
        }),
        Expr::Var(Var::Free { name, in_with: false }) => match name.as_str() {
            "true" => Shape::Bool(true),
            "false" => Shape::Bool(false),
            "null" => Shape::Null,
            _ => return None,
        },
        Expr::List(items) => {
            Shape::List(items.iter().map(|item| literal(tree, *item).map(Item::One)).collect::<Option<_>>()?)
        }
        Expr::Attrs { recursive: false, bindings } if bindings.dynamics.is_empty() => {
            let known = bindings.statics.iter().map(|binding| match binding.value {
                BindingValue::Own(value) => Some((binding.name.clone(), literal(tree, value)?)),
                BindingValue::Inherit(_) | BindingValue::InheritFrom { .. } => None,
            });
            Shape::Attrs(Attrs { known: known.collect::<Option<_>>()?, partly_named: vec![], rest: None }.into())
        }
        Expr::Lambda { .. } => Shape::Function,
        _ => return None,
    };
    Some(Value::new(shape, Origin::Default))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::eval::Eval;
    use crate::source::files::Memory;

    fn read(text: &str) -> (Option<String>, String) {
        let mut eval = Eval::new(Box::new(Memory::default()));
        let (thunk, tree) = eval.header("x", text, false);
        let frozen = format!("{}", eval.freeze(&thunk));
        (literal(&tree, tree.root).map(|value| value.to_string()), frozen)
    }

    #[test]
    fn as_evaluation_has_it() {
        for text in
            ["1", "\"\"", "\"a\\n\"", "''\n  a\n''", "{ a.b = [ true null ]; c = { x }: y; \"d e\" = {}; }", "[ ]"]
        {
            let (literal, frozen) = read(text);
            assert_eq!(literal.as_deref(), Some(&*frozen), "{text}");
        }
    }

    #[test]
    fn what_takes_more() {
        for text in
            ["[ (1 + 1) ]", "\"${a}\"", "rec { a = 1; }", "{ inherit (x) y; }", "let a = 1; in a", "{ ${a} = 1; }"]
        {
            assert_eq!(read(text).0, None, "{text}");
        }
    }
}
