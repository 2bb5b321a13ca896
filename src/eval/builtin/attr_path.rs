//! Sets along a path of names: what functions of `lib.attrsets` do at once where all names are known,
//! and otherwise as they are written.

use crate::eval::Eval;
use crate::eval::thunk::Thunk;
use crate::eval::val::{Elem, Kind, R, Val};
use crate::source::Origin;
use crate::syntax::{Expr, StrPart};
use crate::value::Name;

/// The functions, by name.
pub(in crate::eval) fn functions() -> Val {
    let functions = [
        ("nativeByPath", Val::native("nativeByPath", 4, by_path)),
        ("nativeAtPath", Val::native("nativeAtPath", 3, at_path)),
    ];
    Val::attrs(functions.map(|(name, function)| (name.into(), Thunk::done(function))), Origin::Default)
}

/// `nativeByPath path default set plain`: what is in `set` at `path`.
fn by_path(eval: &mut Eval, args: &[Thunk], _: Origin) -> R {
    match follow(eval, &args[0], &args[2]) {
        Some(Some(found)) => Ok(found),
        Some(None) => eval.force(&args[1]),
        None => eval.force(&args[3]),
    }
}

/// What is there; `None` where that is not known, or something fails.
fn follow(eval: &mut Eval, path: &Thunk, set: &Thunk) -> Option<Option<Val>> {
    let path = elements(eval, path)?;
    let mut here = eval.force(set).ok()?;
    for name in path {
        let name = known(eval, &name)?;
        let Kind::Attrs(set) = &here.kind else { return None };
        let next = match set.known.get(&name) {
            Some(attribute) => attribute.value.clone(),
            None if set.is_complete() => return Some(None),
            None => return None,
        };
        here = eval.force(&next).ok()?;
    }
    Some(Some(here))
}

/// `nativeAtPath path value plain`: a set that has `value` at `path`.
fn at_path(eval: &mut Eval, args: &[Thunk], _: Origin) -> R {
    let names = elements(eval, &args[0]).and_then(|path| {
        // Nix asks for a name only where somebody asks what is in the set around it.
        let written = |name: &Thunk| name.peek().is_some() || eval.is_written_text(name);
        if !path.iter().all(written) {
            return None;
        }
        let names: Option<Vec<Name>> = path.iter().map(|name| known(eval, name)).collect();
        names.filter(|names| !names.is_empty())
    });
    let Some(names) = names else { return eval.force(&args[2]) };
    // What is at the path is said to be made here, not where it was written.
    let value = args[1].clone();
    let mut inner = Thunk::native(Origin::Default, move |eval| eval.force(&value));
    for name in names.into_iter().rev() {
        inner = Thunk::done(Val::attrs([(name, inner)], Origin::Default));
    }
    eval.force(&inner)
}

impl Eval {
    /// Whether a thunk is a text as it is written, nothing put into it.
    fn is_written_text(&self, thunk: &Thunk) -> bool {
        let Some((env, expr)) = thunk.expression() else { return false };
        match env.tree.expr(expr) {
            Expr::Str(parts) => parts.iter().all(|part| matches!(part, StrPart::Text(_))),
            _ => false,
        }
    }
}

/// The elements of a list of known length.
fn elements(eval: &mut Eval, list: &Thunk) -> Option<Vec<Thunk>> {
    let Kind::List(items) = eval.force(list).ok()?.kind else { return None };
    let one = |item: &Elem| match item {
        Elem::One(thunk) => Some(thunk.clone()),
        _ => None,
    };
    items.iter().map(one).collect()
}

/// A name that is known.
fn known(eval: &mut Eval, name: &Thunk) -> Option<Name> {
    match eval.force(name).ok()?.kind {
        Kind::Str(text) => text.known().map(Name::from),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use crate::eval::{Eval, Val};
    use crate::source::Origin;
    use crate::source::files::Memory;
    use crate::value::Cause;

    const EXPRESSIONS: &[&str] = &[
        "attrByPath [ \"a\" \"b\" ] true { a.b = false; }",
        "attrByPath [ \"a\" \"b\" ] true { a.c = false; }",
        "attrByPath [ \"a\" \"b\" ] true { a = false; }",
        "attrByPath [ ] true { a = false; }",
        "attrByPath [ \"a\" ] true { a = throw \"no\"; }",
        "attrByPath [ \"a\" \"b\" ] true { a = throw \"no\"; }",
        "attrByPath [ \"a\" \"b\" ] (throw \"no\") { a.b = false; }",
        "attrByPath [ \"b\" ] (throw \"no\") { a.b = false; }",
        "attrByPath [ \"a\" unknown ] true { a.b = false; }",
        "attrByPath [ \"a\" (throw \"no\") ] true { b = false; }",
        "attrByPath [ \"a\" \"b\" ] true { a = unknown; }",
        "attrByPath [ \"a\" \"b\" ] true { ${unknown} = true; }",
        "attrByPath unknown true { a.b = false; }",
        "attrByPath [ \"a\" \"b\" ] true (if unknown then { a.b = false; } else { a = null; })",
        "attrByPath [ \"type\" ] true unknown",
        "getAttrFromPath [ \"a\" \"b\" ] { a.b = false; }",
        "getAttrFromPath [ \"a\" \"c\" ] { a.b = false; }",
        "setAttrByPath [ \"a\" \"b\" ] true",
        "setAttrByPath [ ] true",
        "setAttrByPath [ \"a\" unknown ] true",
        "setAttrByPath [ \"a\" null ] true",
        "setAttrByPath [ \"a\" ] (throw \"no\") ? a",
        "setAttrByPath [ \"a\" (throw \"no\") ] true ? a",
        "setAttrByPath [ (throw \"no\") \"a\" ] true ? a",
        "setAttrByPath [ \"a\" \"b${\"c\"}\" ] true",
        "setAttrByPath unknown true",
        // A name that is only known where the set around it is.
        "let set = setAttrByPath [ \"a\" set.name ] true // { name = \"b\"; }; in set.a.b",
    ];

    /// The same answers as of functions that are evaluated as they are written.
    #[test]
    fn paths_lead_where_they_say() {
        let plain = "lib.extend (_: prev: { attrsets = prev.attrsets // { nativeByPath = _: _: _: plain: plain; \
                     nativeAtPath = _: _: plain: plain; }; })";
        for expression in EXPRESSIONS {
            let answer = |lib: &str| {
                let mut eval = Eval::new(Box::new(Memory::default()));
                let text = format!("{{ lib, unknown }}: with {lib}; {expression}");
                let function = eval.text_as("/a.nix".into(), &text);
                let unknown = super::Thunk::done(eval.unknown(Cause::Argument("unknown".into()), Origin::Default));
                let given = [("lib".into(), eval.library()), ("unknown".into(), unknown)];
                let given = super::Thunk::done(Val::attrs(given, Origin::Default));
                let thunk = eval.delay_apply(function, vec![given], Origin::Default);
                format!("{:?}", eval.freeze(&thunk).shape).replace(|c: char| c.is_ascii_digit(), "")
            };
            assert_eq!(answer("lib"), answer(&format!("({plain})")), "{expression}");
        }
    }
}
