//! Functions below `pkgs` that write files with known text, and derivations made from known parts.

use super::json::Unknowns;
use crate::eval::Eval;
use crate::eval::string::Coerce;
use crate::eval::thunk::Thunk;
use crate::eval::val::{AttrSet, Kind, R, Val};
use crate::source::Origin;
use crate::value::{Cause, Str};

type Run = fn(&mut Eval, &[Thunk], Origin) -> R;

const TABLE: &[(&str, usize, Run)] = &[
    ("writeText", 2, |eval, args, at| write(eval, &args[0], &args[1], false, at)),
    ("writeScript", 2, |eval, args, at| write(eval, &args[0], &args[1], false, at)),
    ("writeScriptBin", 2, |eval, args, at| write(eval, &args[0], &args[1], false, at)),
    ("writeShellScript", 2, |eval, args, at| write(eval, &args[0], &args[1], true, at)),
    ("writeShellScriptBin", 2, |eval, args, at| write(eval, &args[0], &args[1], true, at)),
    ("writeTextDir", 2, |eval, args, at| write(eval, &args[0], &args[1], false, at)),
    ("writeTextFile", 1, |eval, args, at| write_from(eval, args, false, at)),
    ("writeShellApplication", 1, |eval, args, at| write_from(eval, args, true, at)),
    ("concatText", 2, made),
    ("concatScript", 2, made),
    ("linkFarm", 2, made),
    ("linkFarmFromDrvs", 2, made),
    ("runCommand", 3, made),
    ("runCommandLocal", 3, made),
    ("runCommandCC", 3, made),
    ("runCommandNoCC", 3, made),
    ("runCommandWith", 2, made_with),
    ("substituteAll", 1, substitute_all),
    ("replaceVars", 2, replace_vars),
    ("replaceVarsWith", 1, substitute_all),
];

/// The function of this name, if it is one of these.
pub(super) fn find(name: &str) -> Option<Val> {
    let (name, arity, run) = TABLE.iter().find(|(have, ..)| *have == name)?;
    Some(Val::native(name, *arity, *run))
}

/// `pkgs.writers.*`: of a name and data, or of a name, perhaps options, and a script.
pub(super) fn interpreted(name: &str) -> Run {
    match name {
        "writeJSON" | "writeYAML" | "writeTOML" => generate,
        _ => |eval, args, at| {
            let options = eval.force(&args[1])?;
            if !matches!(options.kind, Kind::Attrs(_)) {
                return write(eval, &args[0], &args[1], true, at);
            }
            let name = args[0].clone();
            Ok(Val::closure("writers", 1, move |eval, args, at| write(eval, &name, &args[0], true, at)))
        },
    }
}

fn name_of(eval: &mut Eval, name: &Thunk, at: Origin) -> R<Str> {
    let value = eval.force(name)?;
    Ok(match eval.coerce(&value, Coerce::Interpolation, at)?.kind {
        // A file in a folder is named like the file.
        Kind::Str(text) => match text.known().and_then(|known| known.rsplit_once('/')) {
            Some((_, last)) => Str::new(last),
            None => (*text).clone(),
        },
        _ => Str::hole(eval.new_unknown(Cause::Unsupported("a choice of names".into()), at)),
    })
}

/// A file of this text; scripts get a first line that names an interpreter.
fn write(eval: &mut Eval, name: &Thunk, text: &Thunk, script: bool, at: Origin) -> R {
    let name = name_of(eval, name, at)?;
    let text = file_text(text.clone(), script, at);
    Ok(eval.store_file(name, text, None, at))
}

fn file_text(text: Thunk, script: bool, at: Origin) -> Thunk {
    Thunk::native(text.origin(), move |eval| {
        let value = eval.force(&text)?;
        let mode = if matches!(value.kind, Kind::Path(_)) { Coerce::Interpolation } else { Coerce::ToString };
        let text = eval.coerce(&value, mode, at)?;
        if !script {
            return Ok(text);
        }
        let mut start = Str::new("#!");
        start.push(&Str::hole(eval.new_unknown(Cause::Package("the shell".into()), at)));
        start.push_text("\n");
        let whole = eval.join(Val::str(start, at), text, at)?;
        eval.join(whole, Val::text("\n", at), at)
    })
}

/// `writeTextFile { name; text; … }`.
fn write_from(eval: &mut Eval, args: &[Thunk], script: bool, at: Origin) -> R {
    eval.each(&args[0], "writeTextFile", at, |eval, argument| {
        let name = eval.derivation_name(argument, at)?;
        let argument = argument.clone();
        let text = Thunk::native(at, move |eval| eval.select_from(&argument, &[Str::new("text")], None, at));
        let text = file_text(text, script, at);
        Ok(eval.store_file(name, text, None, at))
    })
}

/// A file that holds a value, as JSON.
pub(super) fn generate(eval: &mut Eval, args: &[Thunk], at: Origin) -> R {
    let name = name_of(eval, &args[0], at)?;
    let value = args[1].clone();
    let holds = Some(value.clone());
    let text = Thunk::native(value.origin(), move |eval| {
        let value = eval.force(&value)?;
        Ok(Val::str(eval.json(&value, Unknowns::Hole, at)?, at))
    });
    Ok(eval.store_file(name, text, holds, at))
}

/// A derivation of a name and other things.
fn made(eval: &mut Eval, args: &[Thunk], at: Origin) -> R {
    let name = name_of(eval, &args[0], at)?;
    Ok(eval.derivation(name, args[1..].to_vec(), at))
}

fn made_with(eval: &mut Eval, args: &[Thunk], at: Origin) -> R {
    let argument = eval.force(&args[0])?;
    let name = eval.derivation_name(&argument, at)?;
    Ok(eval.derivation(name, args.to_vec(), at))
}

/// `substituteAll { src = ./x; a = …; }`: the file with `@a@` replaced.
fn substitute_all(eval: &mut Eval, args: &[Thunk], at: Origin) -> R {
    eval.each(&args[0], "substituteAll", at, |eval, argument| {
        let source = eval.select_from(argument, &[Str::new("src")], None, at)?;
        let null = Thunk::done(Val::new(Kind::Null, at));
        let replacements = eval.select_from(argument, &[Str::new("replacements")], Some(&null), at)?;
        let values = if matches!(replacements.kind, Kind::Null) { argument.clone() } else { replacements };
        substituted(eval, &source, Thunk::done(values), at)
    })
}

/// `replaceVars ./x { a = …; }`.
fn replace_vars(eval: &mut Eval, args: &[Thunk], at: Origin) -> R {
    let source = eval.force(&args[0])?;
    substituted(eval, &source, args[1].clone(), at)
}

fn substituted(eval: &mut Eval, source: &Val, values: Thunk, at: Origin) -> R {
    let path = match eval.file_path(source, at)? {
        Ok(path) => path,
        Err(unknown) => {
            let name = Str::hole(eval.new_unknown(Cause::Outside("the name of a file".into()), at));
            return Ok(eval.derivation(name, vec![Thunk::done(unknown), values], at));
        }
    };
    let name = Str::new(path.file_name().unwrap_or_default().to_string_lossy());
    let text = Thunk::native(at, move |eval| {
        let text = match eval.files.read(&path) {
            Ok(text) => Thunk::done(Val::text(&text, at)),
            Err(reason) => {
                let reason = eval.quoted_reason(&reason, &path, at);
                return Ok(eval.unknown(Cause::NotRead(reason), at));
            }
        };
        eval.each_set(&values, at, |eval, values| {
            if !values.is_complete() {
                return Ok(eval.unknown(Cause::Unsupported("unknown names to substitute".into()), at));
            }
            let (from, to) = marks(eval, values, at)?;
            let (from, to) = (Thunk::done(Val::list(from, at)), Thunk::done(Val::list(to, at)));
            super::string::replace_strings(eval, &[from, to, text.clone()], at)
        })
    });
    Ok(eval.store_file(name, text, None, at))
}

/// `@name@` and what takes its place; `null` leaves it.
fn marks(eval: &mut Eval, values: &AttrSet, at: Origin) -> R<(Vec<Thunk>, Vec<Thunk>)> {
    let (mut from, mut to) = (vec![], vec![]);
    for (name, attribute) in &values.known {
        let value = eval.force(&attribute.value)?;
        let text = match value.kind {
            Kind::Null => continue,
            // Lists, functions and the like of a derivation's arguments are no text.
            Kind::Attrs(_) | Kind::List(_) | Kind::Lambda(_) | Kind::Native(_) => continue,
            Kind::Path(_) => eval.coerce(&value, Coerce::Interpolation, at)?,
            _ => eval.coerce(&value, Coerce::ToString, at)?,
        };
        from.push(Thunk::done(Val::text(&format!("@{name}@"), at)));
        to.push(Thunk::done(text));
    }
    Ok((from, to))
}
