//! Paths as texts, and copies of files in the store.

use super::Builtin;
use crate::eval::Eval;
use crate::eval::string::Coerce;
use crate::eval::thunk::Thunk;
use crate::eval::val::{Kind, R, Val};
use crate::source::Origin;
use crate::value::{Cause, Part, StoreKind, Str};
use std::rc::Rc;

pub(super) const TABLE: &[Builtin] = &[
    ("baseNameOf", 1, base_name_of),
    ("dirOf", 1, dir_of),
    ("toPath", 1, to_path),
    ("storePath", 1, |eval, _, at| Ok(eval.unknown(Cause::Outside("the Nix store".into()), at))),
    ("path", 1, path),
    ("filterSource", 2, filter_source),
    ("toFile", 2, to_file),
];

/// A path's or string's text, without copying it to the store.
fn plain(eval: &mut Eval, arg: &Thunk, at: Origin, f: impl Fn(&mut Eval, &Str, bool) -> R) -> R {
    eval.each(arg, "", at, |eval, value| match &value.kind {
        Kind::Path(path) => f(eval, path, true),
        _ => {
            let text = eval.coerce(value, Coerce::Interpolation, at)?;
            eval.lift(&text, "", at, &mut |eval, text| match &text.kind {
                Kind::Str(text) => f(eval, text, false),
                other => eval.fail(format!("cannot coerce {} to a string", other.describe()), at),
            })
        }
    })
}

fn base_name_of(eval: &mut Eval, args: &[Thunk], at: Origin) -> R {
    plain(eval, &args[0], at, |eval, text, _| {
        let name = |text: &str| {
            let text = text.strip_suffix('/').unwrap_or(text);
            Str::new(text.rsplit('/').next().unwrap_or_default())
        };
        let suffix = text.known_suffix();
        if let Some(known) = text.known() {
            return Ok(Val::str(name(known).with_context(text.context.clone()), at));
        }
        if suffix.strip_suffix('/').unwrap_or(suffix).contains('/') {
            return Ok(Val::str(name(suffix).with_context(text.context.clone()), at));
        }
        if let (true, [.., Part::Text(before), Part::Hole(hash), Part::Text(_)]) =
            (suffix.starts_with('-') && !suffix.ends_with('/'), text.parts())
            && &**before == "/nix/store/"
        {
            // The name of a store object is its hash and its name.
            let mut name = Str::hole(hash.clone());
            name.push_text(suffix);
            return Ok(Val::str(name.with_context(text.context.clone()), at));
        }
        let start = eval.after_holes(text, "baseNameOf", at);
        let Kind::Unknown(unknown) = start.kind else { return Ok(start) };
        let mut name = Str::hole(unknown);
        name.push_text(suffix.strip_suffix('/').unwrap_or(suffix));
        Ok(Val::str(name.with_context(text.context.clone()), at))
    })
}

fn dir_of(eval: &mut Eval, args: &[Thunk], at: Origin) -> R {
    plain(eval, &args[0], at, |eval, text, is_path| {
        let folder = match (text.known_suffix().rfind('/'), text.known()) {
            (Some(0), Some(_)) => Str::new("/"),
            (Some(slash), _) => {
                let mut folder = Str::default();
                let last = text.parts().len() - 1;
                for (index, part) in text.parts().iter().enumerate() {
                    match part {
                        Part::Text(text) if index == last => folder.push_text(&text[..slash]),
                        Part::Text(text) => folder.push_text(text),
                        Part::Hole(unknown) => folder.push(&Str::hole(unknown.clone())),
                    }
                }
                folder
            }
            (None, Some(_)) => Str::new("."),
            (None, None) => {
                let folder = eval.after_holes(text, "dirOf", at);
                match (&folder.kind, is_path) {
                    (Kind::Unknown(unknown), true) => Str::hole(unknown.clone()),
                    _ => return Ok(folder),
                }
            }
        };
        Ok(match is_path {
            true => Val::new(Kind::Path(Rc::new(folder)), at),
            false => Val::str(folder.with_context(text.context.clone()), at),
        })
    })
}

fn to_path(eval: &mut Eval, args: &[Thunk], at: Origin) -> R {
    plain(eval, &args[0], at, |eval, text, _| match text.known_prefix().starts_with('/') {
        true => Ok(Val::str(crate::eval::string::normalized(text.clone()), at)),
        false if text.known().is_some() => {
            let text = eval.quoted(text.known_prefix(), args[0].origin());
            eval.fail(format!("string '{text}' doesn't represent an absolute path"), at)
        }
        false => Ok(eval.after_holes(text, "toPath", at)),
    })
}

/// `builtins.path { path; name; filter; … }`.
fn path(eval: &mut Eval, args: &[Thunk], at: Origin) -> R {
    eval.each(&args[0], "path", at, |eval, argument| {
        let part = |eval: &mut Eval, name: &str| {
            let null = Thunk::done(Val::new(Kind::Null, at));
            eval.select_from(argument, &[Str::new(name)], Some(&null), at)
        };
        let source = eval.select_from(argument, &[Str::new("path")], None, at)?;
        let (name, filter) = (part(eval, "name")?, part(eval, "filter")?);
        let source = source.clone();
        let name = match &name.kind {
            Kind::Null => None,
            Kind::Str(text) => Some((**text).clone()),
            _ => Some(Str::hole(eval.new_unknown(Cause::Unsupported("a choice of names".into()), at))),
        };
        copy(eval, &source, name, !matches!(filter.kind, Kind::Null), at)
    })
}

fn filter_source(eval: &mut Eval, args: &[Thunk], at: Origin) -> R {
    let source = eval.force(&args[1])?;
    copy(eval, &source, None, true, at)
}

/// A copy in the store; with a filter nobody knows what of it is left out.
fn copy(eval: &mut Eval, source: &Val, name: Option<Str>, filtered: bool, at: Origin) -> R {
    if let Kind::OneOf(_) = source.kind {
        return eval.lift(source, "", at, &mut |eval, source| copy(eval, source, name.clone(), filtered, at));
    }
    let file = eval.file_path(source, at)?;
    let own = file.as_ref().ok().and_then(|path| path.file_name()).map(|name| Str::new(name.to_string_lossy()));
    let kind = match file {
        Ok(path) if !filtered => StoreKind::Copied(path),
        _ => StoreKind::CopiedUnknown,
    };
    let name = match name.or(own) {
        Some(name) => name,
        None => Str::hole(eval.new_unknown(Cause::Outside("the name of a store path".into()), at)),
    };
    Ok(eval.store_text(name, kind, at))
}

fn to_file(eval: &mut Eval, args: &[Thunk], at: Origin) -> R {
    eval.each_text(&args[0], "", at, |eval, name| {
        // Nix writes the file at once.
        let text = eval.force(&args[1])?;
        if eval.is_refused(&text) {
            return Ok(text);
        }
        let file = eval.store_file((**name).clone(), args[1].clone(), None, at);
        eval.coerce(&file, Coerce::Interpolation, at)
    })
}
