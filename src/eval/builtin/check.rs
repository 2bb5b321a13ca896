//! Whether a value is of a type: `lib.types.nativeCheck`, which does what the check of a type says
//! where all is decided, and otherwise leaves it to that check as it is written.

use crate::eval::Eval;
use crate::eval::thunk::Thunk;
use crate::eval::val::{Elem, Kind, R, Val};
use crate::source::Origin;

/// What a check consists of.
#[derive(Clone, Copy)]
enum By {
    /// One of two checks passes.
    Either,
    /// Both do.
    Both,
    /// The value is `null`, or the check passes.
    NullOr,
    /// A path: whether in the store, and whether absolute.
    Path,
    /// A number between two others.
    Between,
}

/// The functions, by name.
pub(in crate::eval) fn functions() -> Val {
    Val::attrs([(NAME.into(), Thunk::done(Val::native(NAME, 4, native_check)))], Origin::Default)
}

const NAME: &str = "nativeCheck";

/// `nativeCheck kind parts plain value`: what `plain` says of the value, by the parts of the check.
fn native_check(eval: &mut Eval, args: &[Thunk], at: Origin) -> R {
    // Not every check looks at the value.
    let known = args[3].peek().and_then(|value| decided(eval, &args[0], &args[1], &value));
    if let Some(known) = known {
        return Ok(Val::new(Kind::Bool(known), at));
    }
    let plain = eval.force(&args[2])?;
    eval.apply(&plain, args[3].clone(), at)
}

impl Eval {
    /// Whether a value passes a check of the library's own, if that is decided.
    pub fn passes(&mut self, check: &Val, value: &Val) -> Option<bool> {
        let Kind::Native(native) = &check.kind else { return None };
        match (native.name, &native.args[..]) {
            (NAME, [kind, parts, _]) => decided(self, &kind.clone(), &parts.clone(), value),
            (name, []) => {
                let undecided = matches!(value.kind, Kind::OneOf(_) | Kind::Unknown(_) | Kind::Package(_));
                let wanted = TESTS.iter().find(|(test, _)| *test == name).filter(|_| !undecided)?.1;
                Some(value.kind.type_name() == Some(wanted))
            }
            _ => None,
        }
    }
}

/// Built-in functions that tell the kind of a value.
const TESTS: [(&str, &str); 8] = [
    ("isString", "string"),
    ("isBool", "bool"),
    ("isInt", "int"),
    ("isAttrs", "set"),
    ("isList", "list"),
    ("isFloat", "float"),
    ("isPath", "path"),
    ("isFunction", "lambda"),
];

/// The answer, if nothing undecided is in play and nothing fails.
fn decided(eval: &mut Eval, kind: &Thunk, parts: &Thunk, value: &Val) -> Option<bool> {
    let kind = eval.force(kind).ok()?;
    let Kind::Str(kind) = &kind.kind else { return None };
    let by = match kind.known()? {
        "either" => By::Either,
        "both" => By::Both,
        "nullOr" => By::NullOr,
        "path" => By::Path,
        "between" => By::Between,
        _ => return None,
    };
    let Kind::List(parts) = eval.force(parts).ok()?.kind else { return None };
    // A type may contain itself without end.
    let answer = eval.deeper(Origin::Default, |eval| {
        let answer = by_parts(eval, by, &parts, value);
        Ok(Val::new(answer.map_or(Kind::Null, Kind::Bool), Origin::Default))
    });
    match answer.ok()?.kind {
        Kind::Bool(known) => Some(known),
        _ => None,
    }
}

fn by_parts(eval: &mut Eval, by: By, parts: &[Elem], value: &Val) -> Option<bool> {
    let [Elem::One(first), rest @ ..] = parts else { return None };
    match (by, rest) {
        (By::Either, [Elem::One(second)]) => Some(passes(eval, first, value)? || passes(eval, second, value)?),
        (By::Both, [Elem::One(second)]) => Some(passes(eval, first, value)? && passes(eval, second, value)?),
        (By::NullOr, []) => match value.kind {
            Kind::Null => Some(true),
            Kind::Unknown(_) | Kind::OneOf(_) | Kind::Package(_) => None,
            _ => passes(eval, first, value),
        },
        (By::Path, [Elem::One(absolute)]) => is_path(eval, first, absolute, value),
        (By::Between, [Elem::One(highest)]) => {
            let Kind::Int(number) = value.kind else { return None };
            let (Kind::Int(lowest), Kind::Int(highest)) =
                (eval.force(first).ok()?.kind, eval.force(highest).ok()?.kind)
            else {
                return None;
            };
            Some((lowest..=highest).contains(&number))
        }
        _ => None,
    }
}

fn is_path(eval: &mut Eval, in_store: &Thunk, absolute: &Thunk, value: &Val) -> Option<bool> {
    let Kind::Null = eval.force(in_store).ok()?.kind else { return None };
    let starts = match &value.kind {
        Kind::Str(text) | Kind::Path(text) => text.known()?.starts_with('/'),
        Kind::Null | Kind::Bool(_) | Kind::Int(_) | Kind::Float(_) => return Some(false),
        Kind::List(_) | Kind::Lambda(_) | Kind::Native(_) => return Some(false),
        Kind::Attrs(set) => {
            let text = ["outPath", "__toString"].iter().any(|name| set.known.contains_key(*name));
            return if set.is_complete() && !text { Some(false) } else { None };
        }
        Kind::Package(_) | Kind::OneOf(_) | Kind::Unknown(_) => return None,
    };
    match eval.force(absolute).ok()?.kind {
        Kind::Null => Some(true),
        Kind::Bool(wanted) => Some(wanted == starts),
        _ => None,
    }
}

/// Whether a value passes a check, if that is decided.
fn passes(eval: &mut Eval, check: &Thunk, value: &Val) -> Option<bool> {
    let check = eval.force(check).ok()?;
    if let Some(known) = eval.passes(&check, value) {
        return Some(known);
    }
    match eval.apply(&check, Thunk::done(value.clone()), Origin::Default).ok()?.kind {
        Kind::Bool(known) => Some(known),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use crate::eval::Eval;
    use crate::source::Origin;
    use crate::source::files::Memory;

    const TYPES: &[&str] = &[
        "bool",
        "int",
        "str",
        "path",
        "pathInStore",
        "externalPath",
        "port",
        "ints.positive",
        "ints.between 2 8",
        "numbers.between 1.5 2",
        "nonEmptyStr",
        "enum [ 1 \"a\" null ]",
        "nullOr str",
        "nullOr (ints.between 2 8)",
        "either int str",
        "oneOf [ bool int path (attrsOf str) (listOf str) ]",
        "addCheck (nullOr int) (value: value != 3)",
        "addCheck str (value: throw \"no\")",
        "json",
    ];
    const VALUES: &[&str] = &[
        "null",
        "true",
        "3",
        "70000",
        "1.75",
        "\"a\"",
        "\"/a\"",
        "\"/${unknown}\"",
        "\"${unknown}/a\"",
        "./a",
        "[ ]",
        "[ unknown ]",
        "{ }",
        "{ outPath = \"/a\"; }",
        "{ __toString = self: \"/a\"; }",
        "{ ${unknown} = 1; }",
        "x: x",
        "map",
        "unknown",
        "pkgs.hello",
        "if unknown then 3 else null",
        "if unknown then \"a\" else throw \"no\"",
        "throw \"no\"",
    ];

    /// The same answers as of checks that are evaluated as they are written.
    #[test]
    fn checks_are_what_they_say() {
        let plain = "lib.extend (_: prev: { types = prev.types // { nativeCheck = _: _: plain: plain; }; })";
        for ty in TYPES {
            for value in VALUES {
                let answer = |lib: &str| {
                    let mut eval = Eval::new(Box::new(Memory::default()));
                    let text =
                        format!("{{ lib, pkgs, unknown }}: let l = {lib}; in with l.types; ({ty}).check ({value})");
                    let function = eval.text_as("/a.nix".into(), &text);
                    let unknown = eval.unknown(crate::value::Cause::Argument("unknown".into()), Origin::Default);
                    let pkgs = eval.pkgs();
                    let given = [("lib", eval.library()), ("pkgs", done(pkgs)), ("unknown", done(unknown))];
                    let given =
                        crate::eval::Val::attrs(given.map(|(name, value)| (name.into(), value)), Origin::Default);
                    let thunk = eval.delay_apply(function, vec![done(given)], Origin::Default);
                    format!("{:?}", eval.freeze(&thunk).shape)
                };
                let numbers = |text: String| -> String { text.split(|c: char| c.is_ascii_digit()).collect() };
                assert_eq!(numbers(answer("lib")), numbers(answer(plain)), "({ty}).check ({value})");
            }
        }
    }

    fn done(value: crate::eval::Val) -> crate::eval::Thunk {
        crate::eval::Thunk::done(value)
    }
}
