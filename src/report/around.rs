//! What else may belong to a secret in a Nix text: a label points at one expression, but the text may come from
//! others beside it, on its line, or in bindings that it names.
//!
//! Without the syntax layer, so that it works in broken files, too; it rather hides too much.

use super::scan::{Kind, pieces};
use crate::source::Span;
use std::collections::BTreeSet;
use std::ops::Range;

/// Quoted texts that are hidden with the secrets under `spans`: those on their lines that are no names of
/// attributes, and those bound to what they name. What `open` labels point at is not hidden.
pub(super) fn around(text: &str, spans: &[Range<usize>], open: &[Span]) -> Vec<Range<usize>> {
    let pieces = pieces(text);
    let quoted: Vec<Range<usize>> =
        pieces.iter().filter(|(_, kind)| *kind == Kind::Quoted).map(|(range, _)| range.clone()).collect();
    let is_code = |at: usize| {
        let next = pieces.partition_point(|(range, _)| range.end <= at);
        pieces.get(next).is_none_or(|(range, _)| at < range.start)
    };
    let line = |span: &Range<usize>| {
        let start = text[..span.start].rfind('\n').map_or(0, |end| end + 1);
        start..text[span.end..].find('\n').map_or(text.len(), |end| span.end + end)
    };
    let mut found: Vec<Range<usize>> = Vec::new();
    for line in merged(spans.iter().map(line)) {
        found.extend(between(&quoted, &line).filter(|range| !names_attribute(text, range)));
    }
    let named = spans.iter().flat_map(|span| names(text, span.clone())).filter(|name| is_code(name.start));
    let named: BTreeSet<&str> = named.map(|name| &text[name]).collect();
    if !named.is_empty() {
        let is_named = |name: &Range<usize>| named.contains(&text[name.clone()]) && is_code(name.start);
        for start in names(text, 0..text.len()).filter(is_named).filter_map(|name| bound(text, name.end)) {
            let end = text[start..].match_indices(';').map(|(at, _)| start + at).find(|at| is_code(*at));
            found.extend(between(&quoted, &(start..end.unwrap_or(start))));
        }
    }
    // A string of which a label names a part is no other one.
    let kept = open.iter().map(|span| span.start as usize..span.end as usize).chain(spans.iter().cloned());
    let kept = merged(kept);
    found.retain(|range| {
        kept.get(kept.partition_point(|it| it.end <= range.start)).is_none_or(|it| it.start >= range.end)
    });
    found
}

/// The same places as sorted ranges without overlap.
fn merged(ranges: impl Iterator<Item = Range<usize>>) -> Vec<Range<usize>> {
    let mut all: Vec<Range<usize>> = ranges.collect();
    all.sort_by_key(|range| (range.start, range.end));
    all.dedup_by(|next, last| {
        let joined = next.start <= last.end;
        last.end = if joined { last.end.max(next.end) } else { last.end };
        joined
    });
    all
}

/// The ranges that start in another one. All are sorted.
fn between<'r>(all: &'r [Range<usize>], outer: &Range<usize>) -> impl Iterator<Item = Range<usize>> + use<'r> {
    let end = outer.end;
    let first = all.partition_point(|range| range.start < outer.start);
    all[first..].iter().take_while(move |range| range.start < end).cloned()
}

/// Whether a quoted text is part of an attribute path: a dot stands before or after it, or it is given a value.
fn names_attribute(text: &str, range: &Range<usize>) -> bool {
    let before = text[..range.start].trim_end_matches(['"', '\'']);
    let after = text[range.end..].trim_start_matches(['"', '\'']);
    let is_given = after.trim_start().strip_prefix('=').is_some_and(|rest| !rest.starts_with('='));
    before.ends_with('.') || after.starts_with('.') || is_given
}

fn is_name(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '\'')
}

/// The names in a range that are not taken out of something.
fn names(text: &str, range: Range<usize>) -> impl Iterator<Item = Range<usize>> + '_ {
    let mut at = range.start;
    std::iter::from_fn(move || {
        while at < range.end {
            let rest = &text[at..range.end];
            let start = at + rest.find(|c: char| c.is_ascii_alphabetic() || c == '_')?;
            let end = text[start..range.end].find(|c| !is_name(c)).map_or(range.end, |end| start + end);
            at = end;
            if !text[..start].ends_with(|c| is_name(c) || c == '.') {
                return Some(start..end);
            }
        }
        None
    })
}

/// Where the value starts that a name which ends here is given.
fn bound(text: &str, end: usize) -> Option<usize> {
    let value = text[end..].trim_start().strip_prefix('=').filter(|rest| !rest.starts_with('='))?;
    Some(text.len() - value.len())
}

#[cfg(test)]
mod tests {
    use super::around;
    use crate::source::{Sources, Span};

    /// What is hidden besides the secret, which stands between `‹` and `›`; `open` is what a label names.
    fn check(text: &str, open: &str, expected: &[&str]) {
        let (before, rest) = text.split_once('‹').unwrap();
        let (secret, after) = rest.split_once('›').unwrap();
        let text = [before, secret, after].concat();
        let file = Sources::default().add("/a.nix".into(), text.as_str());
        let label = |start: usize| Span::new(file, start as u32, (start + open.len()) as u32);
        let open: Vec<Span> = text.find(open).filter(|_| !open.is_empty()).map(label).into_iter().collect();
        let secret = before.len()..before.len() + secret.len();
        let found = around(&text, std::slice::from_ref(&secret), &open);
        let found: Vec<&str> = found.into_iter().map(|range| &text[range]).collect();
        assert_eq!(found, expected, "{text}");
    }

    #[test]
    fn on_the_same_line() {
        check("a = if b then ‹\"one\"› else \"two\";\nc = \"three\";", "", &["two"]);
        check("{ x.\"y\".\"z\" = ‹\"one\"›; \"a b\" = ''two''; c = d == \"e\"; }", "", &["two", "e"]);
        check("{ a = ‹\"one\"›; b = \"two\"; }", "\"two\"", &[]);
        check("a = \"before\" + ''\n  ‹one›\n'' + \"after\";", "", &[]);
        check("# it's\na = ‹\"one\"›; # \"two\"", "", &[]);
    }

    #[test]
    fn in_what_is_named() {
        check("let a = \"one\"; b = \"two\"; in\n{ c = ‹\"${a}three\"›; }", "", &["one"]);
        check(
            "let\n  a =\n    f \"one;\" \"two\";\n  c.a = \"x\"; aa = \"y\"; # a = \"z\"\nin ‹a›",
            "",
            &["one;", "two"],
        );
        check("let x = \"one\"; in\n‹\"${config.x} x\"›", "", &[]);
    }
}
