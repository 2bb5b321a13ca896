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
    Val::attrs([("nativeCheck".into(), Thunk::done(Val::native("nativeCheck", 3, native_check)))], Origin::Default)
}

/// `nativeCheck kind parts plain`: the function `plain`, done by its parts.
fn native_check(eval: &mut Eval, args: &[Thunk], at: Origin) -> R {
    let kind = eval.force(&args[0])?;
    let by = match &kind.kind {
        Kind::Str(kind) => match kind.known() {
            Some("either") => Some(By::Either),
            Some("both") => Some(By::Both),
            Some("nullOr") => Some(By::NullOr),
            Some("path") => Some(By::Path),
            Some("between") => Some(By::Between),
            _ => None,
        },
        _ => None,
    };
    let parts = match eval.force(&args[1])?.kind {
        Kind::List(parts) => parts.iter().map(one).collect::<Option<Vec<Thunk>>>(),
        _ => None,
    };
    let (Some(by), Some(parts)) = (by, parts) else { return eval.force(&args[2]) };
    let plain = args[2].clone();
    let check = Val::closure("check", 1, move |eval, args, at| {
        if let Some(known) = decided(eval, by, &parts, &args[0]) {
            return Ok(Val::new(Kind::Bool(known), at));
        }
        let plain = eval.force(&plain)?;
        eval.apply(&plain, args[0].clone(), at)
    });
    Ok(check.at(at))
}

fn one(part: &Elem) -> Option<Thunk> {
    match part {
        Elem::One(thunk) => Some(thunk.clone()),
        _ => None,
    }
}

/// The answer, if nothing undecided is in play and nothing fails.
fn decided(eval: &mut Eval, by: By, parts: &[Thunk], value: &Thunk) -> Option<bool> {
    match (by, parts) {
        (By::Either, [first, second]) => Some(passes(eval, first, value)? || passes(eval, second, value)?),
        (By::Both, [first, second]) => Some(passes(eval, first, value)? && passes(eval, second, value)?),
        (By::NullOr, [inner]) => match eval.force(value).ok()?.kind {
            Kind::Null => Some(true),
            Kind::Unknown(_) | Kind::OneOf(_) | Kind::Package(_) => None,
            _ => passes(eval, inner, value),
        },
        (By::Path, [in_store, absolute]) => {
            let Kind::Null = eval.force(in_store).ok()?.kind else { return None };
            let starts = match eval.force(value).ok()?.kind {
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
        (By::Between, [lowest, highest]) => {
            let mut number = |thunk: &Thunk| match eval.force(thunk).ok()?.kind {
                Kind::Int(number) => Some(number),
                _ => None,
            };
            let (number, lowest, highest) = (number(value)?, number(lowest)?, number(highest)?);
            Some((lowest..=highest).contains(&number))
        }
        _ => None,
    }
}

/// Whether a value passes a check, if that is decided.
fn passes(eval: &mut Eval, check: &Thunk, value: &Thunk) -> Option<bool> {
    let check = eval.force(check).ok()?;
    match eval.apply(&check, value.clone(), Origin::Default).ok()?.kind {
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
