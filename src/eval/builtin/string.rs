//! Strings: pieces of them, joining, replacing.

use super::Builtin;
use super::argument::int;
use super::text::Text;
use crate::eval::Eval;
use crate::eval::string::Coerce;
use crate::eval::thunk::Thunk;
use crate::eval::val::{Elem, Kind, R, Val};
use crate::source::Origin;
use crate::value::{Cause, Part, Str};

pub(super) const TABLE: &[Builtin] = &[
    ("stringLength", 1, string_length),
    ("substring", 3, substring),
    ("concatStringsSep", 2, concat_strings_sep),
    ("replaceStrings", 3, replace_strings),
];

fn string_length(eval: &mut Eval, args: &[Thunk], at: Origin) -> R {
    eval.each_coerced(&args[0], at, |eval, text| match text.known() {
        Some(known) => Ok(int(known.len() as i64, at)),
        None => match text.parts().iter().map(part_len).sum::<Option<usize>>() {
            Some(length) => Ok(int(length as i64, at)),
            None => Ok(eval.after_holes(text, "stringLength", at)),
        },
    })
}

fn substring(eval: &mut Eval, args: &[Thunk], at: Origin) -> R {
    eval.each_position(&args[0], at, |eval, start| {
        eval.each_position(&args[1], at, |eval, length| {
            let Ok(start) = usize::try_from(start) else {
                return eval.fail("negative start position in 'substring'", at);
            };
            eval.each_coerced(&args[2], at, |eval, text| Ok(eval.slice(text, start, usize::try_from(length).ok(), at)))
        })
    })
}

impl Eval {
    /// `length` bytes (or all) of a text from byte `start` on.
    fn slice(&mut self, text: &Str, start: usize, length: Option<usize>, at: Origin) -> Val {
        let prefix = text.known_prefix();
        let end = length.map(|length| start.saturating_add(length));
        let by = || format!("substring {start} {length:?}");
        let cut = |from: usize, to: usize| prefix.get(from..to).map(Str::new);
        let known = text.known().is_some();
        let piece = match end {
            _ if length == Some(0) => Some(Str::default()),
            _ if known && start >= prefix.len() => Some(Str::default()),
            None if known => cut(start, prefix.len()),
            Some(end) if known => cut(start, end.min(prefix.len())),
            Some(end) if end <= prefix.len() => cut(start, end),
            None if start <= prefix.len() && prefix.is_char_boundary(start) => {
                let mut rest = Text::default();
                rest.text(&prefix[start..]);
                for part in text.parts().iter().skip(usize::from(!prefix.is_empty())) {
                    match part {
                        Part::Text(text) => rest.text(text),
                        Part::Hole(unknown) => rest.push(&Str::hole(unknown.clone())),
                    }
                }
                Some(rest.finish())
            }
            _ => cut_parts(text, start, end),
        };
        match piece {
            Some(piece) => Val::str(piece.with_context(text.context.clone()), at),
            None if known => self.unknown(Cause::Unsupported("half a character".into()), at),
            None => self.after_holes(text, &by(), at),
        }
    }
}

/// A piece of a text whose holes have a known length.
fn cut_parts(text: &Str, start: usize, end: Option<usize>) -> Option<Str> {
    let mut piece = Text::default();
    let mut from = 0;
    for part in text.parts() {
        let to = from + part_len(part)?;
        let (first, last) = (start.max(from), end.unwrap_or(usize::MAX).min(to));
        if first < last {
            match part {
                Part::Text(text) => piece.text(text.get(first - from..last - from)?),
                Part::Hole(unknown) if (first, last) == (from, to) => piece.push(&Str::hole(unknown.clone())),
                Part::Hole(_) => return None,
            }
        }
        from = to;
    }
    Some(piece.finish())
}

/// The bytes of a part; the hash in a store path always has 32.
fn part_len(part: &Part) -> Option<usize> {
    match part {
        Part::Text(text) => Some(text.len()),
        Part::Hole(unknown) => crate::eval::string::is_store_hash(unknown).then_some(32),
    }
}

fn concat_strings_sep(eval: &mut Eval, args: &[Thunk], at: Origin) -> R {
    eval.each_coerced(&args[0], at, |eval, separator| {
        if separator.holes().any(|hole| eval.refuses(hole)) {
            return Ok(Val::str((**separator).clone(), at));
        }
        let value = eval.force(&args[1])?;
        let value = match &value.kind {
            Kind::List(items) => eval.decide(items, value.origin)?,
            _ => value,
        };
        eval.each_list(&Thunk::done(value), at, |eval, items| eval.concat_strings(separator, items, at))
    })
}

impl Eval {
    /// The elements joined. A run of unknown length is one hole, the separators beside it
    /// included as far as the run may be empty.
    pub(super) fn concat_strings(&mut self, separator: &Str, items: &[Elem], at: Origin) -> R {
        let mut whole = Text::default();
        whole.context(&separator.context);
        // Whether something stands before, and whether the last thing was a run.
        let (mut any, mut run) = (false, false);
        let mut choices: Vec<(Text, Val)> = vec![];
        for item in items {
            if whole.len() > self.limits.text {
                return Ok(self.unknown(Cause::Budget("text too long"), at));
            }
            let hole = match item {
                Elem::One(thunk) => {
                    let value = self.force(thunk)?;
                    let text = self.coerce(&value, Coerce::Interpolation, at)?;
                    if any {
                        whole.push(separator);
                    }
                    (any, run) = (true, false);
                    match &text.kind {
                        Kind::Str(text) => {
                            whole.push(text);
                            continue;
                        }
                        Kind::OneOf(_) => {
                            choices.push((std::mem::take(&mut whole), text));
                            continue;
                        }
                        Kind::Unknown(unknown) => unknown.clone(),
                        other => return self.fail(format!("cannot coerce {} to a string", other.describe()), at),
                    }
                }
                _ if run => continue,
                Elem::Rest(unknown) => self.after(unknown),
                Elem::Maybe(condition, _) => match condition.literals().next() {
                    Some((unknown, _)) => self.after(&unknown.clone()),
                    None => continue,
                },
            };
            run = !matches!(item, Elem::One(_));
            whole.push(&Str::hole(hole));
        }
        let mut result = Val::str(Str::default(), at);
        for (before, choice) in choices {
            result = self.join(result, Val::str(before.finish(), at), at)?;
            result = self.join(result, choice, at)?;
        }
        let result = self.join(result, Val::str(whole.finish(), at), at)?;
        Ok(result.at(at))
    }
}

/// The strings of a list, or why they are not known.
fn texts(eval: &mut Eval, arg: &Thunk, at: Origin) -> R<Result<Vec<Thunk>, Val>> {
    let value = eval.force(arg)?;
    Ok(match &value.kind {
        Kind::List(items) => match super::argument::firm(items) {
            Ok(items) => Ok(items),
            Err(unknown) => Err(eval.follows(&unknown, at)),
        },
        Kind::Unknown(unknown) => Err(eval.follows(unknown, at)),
        Kind::OneOf(_) | Kind::Package(_) => Err(eval.unknown(Cause::Unsupported("a choice of lists".into()), at)),
        other => return eval.fail(format!("value is {} while a list was expected", other.describe()), at),
    })
}

pub(super) fn replace_strings(eval: &mut Eval, args: &[Thunk], at: Origin) -> R {
    let (from, to) = match (texts(eval, &args[0], at)?, texts(eval, &args[1], at)?) {
        (Ok(from), Ok(to)) => (from, to),
        (Err(unknown), _) | (_, Err(unknown)) => return Ok(unknown),
    };
    if from.len() != to.len() {
        return eval.fail("'from' and 'to' arguments passed to builtins.replaceStrings have different lengths", at);
    }
    let mut patterns = vec![];
    for thunk in &from {
        let value = eval.force(thunk)?;
        match &value.kind {
            Kind::Str(text) => match text.known() {
                Some(known) => patterns.push(known.to_owned()),
                None => return Ok(eval.after_holes(text, "replaceStrings", at)),
            },
            Kind::Unknown(unknown) => return Ok(eval.follows(unknown, at)),
            Kind::OneOf(_) | Kind::Package(_) => {
                return Ok(eval.unknown(Cause::Unsupported("a choice of strings to replace".into()), at));
            }
            other => return eval.fail(format!("value is {} while a string was expected", other.describe()), at),
        }
    }
    eval.each_text(&args[2], "", at, |eval, text| {
        let mut replacing =
            Replacing { patterns: &patterns, to: &to, done: vec![None; to.len()], out: Text::default() };
        replacing.out.context(&text.context);
        if text.known().is_none() && replacing.may_span(text) {
            let by = replacing.by(eval, at)?;
            return Ok(eval.after_holes(text, &by, at));
        }
        if let Some(known) = text.known() {
            replacing.replace(eval, known, at)?;
            if replacing.out.len() > eval.limits.text {
                return Ok(eval.unknown(Cause::Budget("text too long"), at));
            }
            return Ok(Val::str(replacing.out.finish(), at));
        }
        let by = replacing.by(eval, at)?;
        for part in text.parts() {
            match part {
                Part::Text(text) => replacing.replace(eval, text, at)?,
                Part::Hole(unknown) => {
                    let unknown = eval.derive(unknown, &by);
                    replacing.out.push(&Str::hole(unknown));
                }
            }
        }
        Ok(Val::str(replacing.out.finish(), at))
    })
}

struct Replacing<'a> {
    patterns: &'a [String],
    to: &'a [Thunk],
    done: Vec<Option<Str>>,
    out: Text,
}

impl Replacing<'_> {
    /// The operation, named by what it replaces.
    fn by(&mut self, eval: &mut Eval, at: Origin) -> R<String> {
        let mut by = format!("replace {:?}", self.patterns);
        for index in 0..self.to.len() {
            let text = self.replacement(eval, index, at)?;
            match text.known() {
                Some(known) => by.push_str(&format!(" {known:?}")),
                None => by.push_str(&format!(" {}", eval.fresh_id())),
            }
        }
        Ok(by)
    }

    /// Whether an occurrence may lie half inside a hole.
    fn may_span(&self, text: &Str) -> bool {
        let parts = text.parts();
        self.patterns.iter().any(|pattern| {
            pattern.is_empty()
                || parts.iter().enumerate().any(|(index, part)| {
                    let Part::Text(text) = part else { return false };
                    let ends = (1..pattern.len()).filter(|at| pattern.is_char_boundary(*at));
                    let mut ends = ends.map(|at| pattern.split_at(at));
                    let (before, after) = (index > 0, index + 1 < parts.len());
                    let inside = pattern.len() > text.len() && pattern.contains(&**text);
                    inside || ends.any(|(start, end)| after && text.ends_with(start) || before && text.starts_with(end))
                })
        })
    }

    fn replacement(&mut self, eval: &mut Eval, index: usize, at: Origin) -> R<Str> {
        if let Some(known) = &self.done[index] {
            return Ok(known.clone());
        }
        let value = eval.force(&self.to[index])?;
        let text = match &value.kind {
            Kind::Str(text) => (**text).clone(),
            Kind::Unknown(unknown) => Str::hole(unknown.clone()),
            Kind::OneOf(_) | Kind::Package(_) => {
                Str::hole(eval.new_unknown(Cause::Unsupported("a choice of replacements".into()), at))
            }
            other => return eval.fail(format!("value is {} while a string was expected", other.describe()), at),
        };
        self.done[index] = Some(text.clone());
        Ok(text)
    }

    fn replace(&mut self, eval: &mut Eval, text: &str, at: Origin) -> R<()> {
        let mut position = 0;
        let mut copied = 0;
        while position <= text.len() {
            let rest = &text.as_bytes()[position..];
            let found = self.patterns.iter().position(|pattern| rest.starts_with(pattern.as_bytes()));
            let Some(index) = found else {
                position += 1;
                continue;
            };
            // Only whole characters are put in the result at once, so both ends are boundaries
            // unless a pattern is empty and stands inside a character.
            if self.out.len() > eval.limits.text {
                break;
            }
            let Some(before) = text.get(copied..position) else {
                // Nix takes characters apart into bytes; what it puts between them is no text here.
                let unknown = eval.new_unknown(Cause::Unsupported("a text that is not UTF-8".into()), at);
                self.out.push(&Str::hole(unknown));
                return Ok(());
            };
            self.out.text(before);
            let replacement = self.replacement(eval, index, at)?;
            self.out.push(&replacement);
            copied = position;
            position += self.patterns[index].len();
            if self.patterns[index].is_empty() {
                position += 1;
            } else {
                copied = position;
            }
        }
        self.out.text(text.get(copied..).unwrap_or_default());
        Ok(())
    }
}
