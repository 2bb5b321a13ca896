//! `findFile`: the folders that `<name>` is looked up in.

use super::Builtin;
use crate::eval::Eval;
use crate::eval::thunk::Thunk;
use crate::eval::val::{Elem, Kind, R, Val};
use crate::source::Origin;
use crate::value::{Cause, Str};
use std::rc::Rc;

pub(super) const TABLE: &[Builtin] = &[("findFile", 2, find_file)];

fn find_file(eval: &mut Eval, args: &[Thunk], at: Origin) -> R {
    eval.each_text(&args[1], "", at, |eval, name| {
        let unknown = |eval: &mut Eval| Ok(eval.unknown(Cause::SearchPath(name.to_string().into()), at));
        let Some(known) = name.known() else { return unknown(eval) };
        let entries = eval.force(&args[0])?;
        let Kind::List(entries) = &entries.kind else { return unknown(eval) };
        for entry in entries.iter() {
            let Elem::One(entry) = entry else { return unknown(eval) };
            let entry = eval.force(entry)?;
            let empty = Thunk::done(Val::text("", at));
            let prefix = eval.select_from(&entry, &[Str::new("prefix")], Some(&empty), at)?;
            let Kind::Str(prefix) = &prefix.kind else { return unknown(eval) };
            let Some(rest) = prefix.known().map(|prefix| below(prefix, known)) else { return unknown(eval) };
            let Some(rest) = rest else { continue };
            let path = eval.select_from(&entry, &[Str::new("path")], None, at)?;
            let Ok(mut path) = eval.file_path(&path, at)? else { return unknown(eval) };
            if !rest.is_empty() {
                path.push(rest);
            }
            match eval.is_there(&path) {
                Some(true) => {
                    let path = Str::new(path.to_string_lossy());
                    return Ok(Val::new(Kind::Path(Rc::new(path)), at));
                }
                Some(false) => continue,
                None => return unknown(eval),
            }
        }
        // Nix looks further in places of its own.
        unknown(eval)
    })
}

/// What of a name is looked up below an entry with this prefix, if anything.
fn below<'a>(prefix: &str, name: &'a str) -> Option<&'a str> {
    if prefix.is_empty() || prefix == name {
        return Some(name.strip_prefix(prefix).unwrap_or(name));
    }
    name.strip_prefix(prefix)?.strip_prefix('/')
}
