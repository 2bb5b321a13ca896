//! `match` and `split`.

use super::Builtin;
use super::argument::list;
use super::posix::{Regex, Search};
use crate::eval::Eval;
use crate::eval::thunk::Thunk;
use crate::eval::val::{Elem, Kind, R, Val};
use crate::source::Origin;
use crate::value::{Cause, Str};
use std::rc::Rc;

pub(super) const TABLE: &[Builtin] = &[("match", 2, match_), ("split", 2, split)];

/// Compiles the pattern and hands it on with the text.
fn with_regex(eval: &mut Eval, args: &[Thunk], by: &str, at: Origin, f: impl Fn(&mut Eval, &Regex, &Str) -> R) -> R {
    eval.each_text(&args[0], "", at, |eval, pattern| {
        let Some(known) = pattern.known() else { return Ok(eval.after_holes(pattern, by, at)) };
        let Some(regex) = eval.regex(known) else {
            let pattern = eval.quoted(known, args[0].origin());
            return eval.fail(format!("invalid regular expression '{pattern}'"), at);
        };
        eval.each_text(&args[1], &format!("{by} {known}"), at, |eval, text| f(eval, &regex, text))
    })
}

fn group(eval: &mut Eval, text: &str, range: Option<(usize, usize)>, at: Origin) -> Val {
    match range {
        None => Val::new(Kind::Null, at),
        Some((start, end)) => match text.get(start..end) {
            Some(piece) => Val::text(piece, at),
            // Nix counts bytes, and would cut a character in two.
            None => eval.unknown(Cause::Unsupported("half a character".into()), at),
        },
    }
}

fn groups(eval: &mut Eval, regex: &Regex, text: &str, found: &[Option<(usize, usize)>], at: Origin) -> Val {
    let groups = found.iter().skip(1).map(|range| match regex.odd {
        true => Thunk::done(eval.unknown(Cause::Unsupported("a repeated group that may be empty".into()), at)),
        false => Thunk::done(group(eval, text, *range, at)),
    });
    Val::list(groups.collect(), at)
}

fn match_(eval: &mut Eval, args: &[Thunk], at: Origin) -> R {
    with_regex(eval, args, "match", at, |eval, regex, text| {
        let Some(known) = text.known() else {
            return Ok(match regex.may_start(text.known_prefix()) {
                true => eval.after_holes(text, &format!("match {}", regex.pattern), at),
                false => Val::new(Kind::Null, at),
            });
        };
        Ok(match regex.whole(known) {
            Search::Found(found) => groups(eval, regex, known, &found, at),
            Search::Nothing => Val::new(Kind::Null, at),
            Search::TooLong => eval.unknown(Cause::Budget("too long a text to match"), at),
        })
    })
}

fn split(eval: &mut Eval, args: &[Thunk], at: Origin) -> R {
    with_regex(eval, args, "split", at, |eval, regex, text| {
        let Some(known) = text.known() else {
            let by = format!("split {}", regex.pattern);
            return Ok(eval.after_holes(text, &by, at));
        };
        let mut pieces = vec![];
        let (mut from, mut copied) = (0, 0);
        while from <= known.len() {
            let found = match regex.find(known, from) {
                Search::Found(found) => found,
                Search::Nothing => break,
                Search::TooLong => return Ok(eval.unknown(Cause::Budget("too long a text to split"), at)),
            };
            let Some(&Some((start, end))) = found.first() else { break };
            pieces.push(Elem::One(Thunk::done(group(eval, known, Some((copied, start)), at))));
            pieces.push(Elem::One(Thunk::done(groups(eval, regex, known, &found, at))));
            copied = end;
            from = if start == end { end + 1 } else { end };
        }
        pieces.push(Elem::One(Thunk::done(group(eval, known, Some((copied, known.len())), at))));
        Ok(list(pieces, at))
    })
}

impl Eval {
    /// A compiled pattern, kept; `None` when it is not valid.
    fn regex(&mut self, pattern: &str) -> Option<Rc<Regex>> {
        if let Some(known) = self.regexes.get(pattern) {
            return known.clone();
        }
        let regex = Regex::new(pattern).map(Rc::new);
        self.regexes.insert(pattern.to_owned(), regex.clone());
        regex
    }
}
