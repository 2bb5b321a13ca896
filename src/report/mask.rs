//! The text of files as it may be shown.
//!
//! Secrets are masked for the whole report at once: what one finding marks as
//! secret must not show in the context lines of another. Line ends stay where
//! they are, so lines keep their numbers; everything else that is masked gets a
//! mark of one length, so that not even the secret's length shows.

use super::around::around;
use super::place::on_boundaries;
use super::scan::{Kind, pieces};
use super::snippet::{Replacement, Shown};
use crate::finding::{Label, Report};
use crate::source::{FileId, Sources, Span};
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::ops::Range;

/// A piece of a secret of at least so many bytes is masked wherever it shows up;
/// a shorter one only where it is a whole string.
const PREFIX: usize = 4;

/// Secrets of words alone are taken for parts of longer words up to this length.
const WORD: usize = 8;

/// Everything in a report that must not be shown.
#[derive(Clone)]
pub(super) struct Secrets {
    /// Where secrets are written, by file: byte ranges, each within one line.
    places: BTreeMap<FileId, Vec<Range<usize>>>,
    /// The texts that stand there, by their first bytes and their lengths: many
    /// secrets are looked for in the time of a few.
    texts: HashMap<[u8; PREFIX], BTreeMap<usize, HashSet<String>>>,
    /// The bytes that texts begin with.
    begins: [bool; 256],
    /// Texts that are too short to be looked for inside of others.
    short: BTreeSet<String>,
    /// The places that labels name, by file; lines are shortened elsewhere.
    named: BTreeMap<FileId, Vec<Span>>,
}

impl Secrets {
    /// Collects what the labels of `report` mark as secret.
    pub(super) fn new(report: &Report, sources: &Sources) -> Self {
        // What is allowed is a secret all the same.
        let findings = || report.findings.iter().chain(report.allowed.iter().map(|allowed| &allowed.finding));
        let labels = || findings().flat_map(|f| std::iter::once(&f.primary).chain(&f.related));
        let mut redacted: BTreeMap<FileId, BTreeSet<Span>> = BTreeMap::new();
        let mut named: BTreeMap<FileId, Vec<Span>> = BTreeMap::new();
        let mut open: BTreeMap<FileId, Vec<Span>> = BTreeMap::new();
        for (label, span) in labels().filter_map(|label: &Label| Some((label, label.at.span()?))) {
            named.entry(span.file).or_default().push(span);
            match label.redact {
                true => _ = redacted.entry(span.file).or_default().insert(span),
                false => open.entry(span.file).or_default().push(span),
            }
        }
        let mut secrets = Self {
            places: BTreeMap::new(),
            texts: HashMap::new(),
            begins: [false; 256],
            short: BTreeSet::new(),
            named,
        };
        for (file, spans) in redacted {
            let text = &*sources.file(file).text;
            let mut places = written_in(text, is_nix(sources, file), &spans);
            places.iter().for_each(|place| secrets.learn(&text[place.clone()]));
            if is_nix(sources, file) {
                // Hidden, but not looked for elsewhere: some of it may be a mere word.
                let open = open.get(&file).map_or(&[][..], Vec::as_slice);
                let spans = spans.iter().map(|span| on_boundaries(text, span.start as usize..span.end as usize));
                let spans: Vec<Range<usize>> = spans.collect();
                places.extend(around(text, &spans, open).into_iter().flat_map(|range| by_line(text, range)));
            }
            secrets.places.insert(file, places);
        }
        secrets
    }

    fn learn(&mut self, secret: &str) {
        let secret = secret.trim();
        match secret.as_bytes().first_chunk::<PREFIX>() {
            Some(prefix) => {
                self.begins[usize::from(prefix[0])] = true;
                let same_length = self.texts.entry(*prefix).or_default().entry(secret.len()).or_default();
                same_length.insert(secret.to_owned());
            }
            None if secret.is_empty() => {}
            None => {
                self.short.insert(secret.to_owned());
            }
        }
    }

    /// The text of `file` as it may be shown, with marks outside ASCII if `unicode`.
    pub(super) fn shown(&self, sources: &Sources, file: FileId, unicode: bool) -> Shown {
        let named = self.named.get(&file).map_or(&[][..], Vec::as_slice);
        Shown::new(&sources.file(file).text, self.masks(sources, file, unicode), named, unicode)
    }

    /// What of the text of `file` is hidden, and what is shown instead.
    pub(super) fn masks(&self, sources: &Sources, file: FileId, unicode: bool) -> Vec<Replacement> {
        let text = &*sources.file(file).text;
        let mut ranges = self.places.get(&file).cloned().unwrap_or_default();
        ranges.extend(self.repeated_in(text, is_nix(sources, file)));
        let named = self.named.get(&file).map_or(&[][..], Vec::as_slice);
        if is_nix(sources, file) {
            ranges.extend(suspicious(text, named));
        }
        marked(ranges, unicode)
    }

    /// The same for a text that would take the place of `file`'s. `hidden` are what is hidden there
    /// besides, `open` the lines that may be shown although they speak of secrets.
    pub(super) fn masks_in<'t>(
        &self,
        (text, nix): (&str, bool),
        open: &[Span],
        hidden: impl Iterator<Item = &'t str>,
        unicode: bool,
    ) -> Vec<Replacement> {
        let mut secrets = self.clone();
        hidden.for_each(|secret| secrets.learn(secret));
        let mut ranges = secrets.repeated_in(text, nix);
        if nix {
            ranges.extend(suspicious(text, open));
        }
        marked(ranges, unicode)
    }

    /// `text`, which may be `nix`, with marks in place of the secrets.
    pub(super) fn masked(&self, text: &str, nix: bool) -> String {
        let mut masks = marked(self.repeated_in(text, nix), true);
        masks.sort_by_key(|mask| (mask.range.start, mask.range.end));
        let (mut out, mut done) = (String::with_capacity(text.len()), 0);
        for mask in masks {
            if mask.range.start >= done {
                out.push_str(&text[done..mask.range.start]);
                out.push_str(&mask.with);
            }
            done = done.max(mask.range.end);
        }
        out.push_str(&text[done..]);
        out
    }

    /// Masks the secrets in a message but for those that are words: of these messages are made, too.
    pub(super) fn mask_odd(&self, text: &mut String) {
        let odd = |range: &Range<usize>| !is_word(&text[range.clone()]);
        let mut found = self.repeated_in(text, false);
        found.retain(odd);
        // From the last one on, so that the others stay where they are.
        found.sort_by_key(|range| std::cmp::Reverse(range.start));
        found.into_iter().for_each(|range| text.replace_range(range, MARK));
    }

    /// Where else in `text` the secrets stand.
    fn repeated_in(&self, text: &str, nix: bool) -> Vec<Range<usize>> {
        if self.texts.is_empty() && self.short.is_empty() {
            return Vec::new();
        }
        let pieces = if nix { pieces(text) } else { vec![(0..text.len(), Kind::Quoted)] };
        let whole = |range: &Range<usize>| self.short.contains(text[range.clone()].trim());
        let mut found: Vec<Range<usize>> =
            pieces.iter().filter(|(range, _)| whole(range)).map(|(range, _)| range.clone()).collect();
        let (mut at, mut piece) = (0, 0);
        while let Some(prefix) = text.as_bytes()[at..].first_chunk::<PREFIX>() {
            if self.begins[usize::from(prefix[0])] {
                while pieces.get(piece).is_some_and(|(range, _)| range.end <= at) {
                    piece += 1;
                }
                let in_code = pieces.get(piece).is_none_or(|(range, _)| at < range.start);
                if let Some(length) = self.longest_at(text, at, prefix, in_code) {
                    found.push(at..at + length);
                    at += length;
                    continue;
                }
            }
            at += 1;
            while !text.is_char_boundary(at) {
                at += 1;
            }
        }
        found
    }

    /// The length of the longest secret that stands at byte `at`, where `text` goes on with `prefix`.
    fn longest_at(&self, text: &str, at: usize, prefix: &[u8; PREFIX], in_code: bool) -> Option<usize> {
        let by_length = self.texts.get(prefix)?;
        let stands_here = |length: usize, texts: &HashSet<String>| {
            let secret = text.get(at..at + length).and_then(|here| texts.get(here));
            secret.is_some_and(|secret| worth_hiding(text, at, secret, in_code))
        };
        by_length.iter().rev().find(|(length, texts)| stands_here(**length, texts)).map(|(length, _)| *length)
    }
}

/// `text`, which looks like Nix, with marks in place of what `report` takes for secret.
pub fn masked(text: &str, report: &Report, sources: &Sources) -> String {
    Secrets::new(report, sources).masked(text, true)
}

/// What stands for a secret, in Unicode.
const MARK: &str = "••••••••";

/// Marks of one length in place of `ranges`.
fn marked(ranges: Vec<Range<usize>>, unicode: bool) -> Vec<Replacement> {
    let mark = if unicode { MARK } else { "********" };
    ranges.into_iter().map(|range| Replacement { range, with: mark.into() }).collect()
}

/// Whether masking `secret`, found at byte `at`, hides more than it tells.
///
/// A secret may be a mere word, `synapse` say. Masking it in the middle of other
/// words or in the names that code is made of would give it away.
fn worth_hiding(text: &str, at: usize, secret: &str, in_code: bool) -> bool {
    if !is_word(secret) {
        return true;
    }
    let bounded =
        !text[..at].ends_with(char::is_alphanumeric) && !text[at + secret.len()..].starts_with(char::is_alphanumeric);
    !in_code && (secret.len() >= WORD || bounded)
}

/// Whether it might be a word, or several.
fn is_word(secret: &str) -> bool {
    secret.bytes().all(|b| b.is_ascii_alphabetic() || b == b'-' || b == b'_')
}

/// Strings on lines that speak of secrets and that no label names: whether they hold one
/// nobody asked, and as context they are not needed.
fn suspicious(text: &str, named: &[Span]) -> Vec<Range<usize>> {
    const WORDS: [&str; 6] = ["secret", "password", "passwd", "passphrase", "token", "pepper"];
    let quoted = pieces(text).into_iter().filter(|(_, kind)| matches!(kind, Kind::Quoted));
    let mut found = Vec::new();
    // Pieces come in order: each line is judged once.
    let (mut line, mut hidden) = (0..0, false);
    for range in quoted.flat_map(|(range, _)| by_line(text, range)) {
        if line.end <= range.start {
            let start = text[..range.start].rfind('\n').map_or(0, |end| end + 1);
            line = start..text[start..].find('\n').map_or(text.len(), |end| start + end + 1);
            let words = text[line.clone()].to_lowercase();
            let is_named = |span: &Span| (span.start as usize) < line.end && line.start < span.end as usize;
            hidden = WORDS.iter().any(|word| words.contains(word)) && !named.iter().any(is_named);
        }
        if hidden {
            found.push(range);
        }
    }
    found
}

pub(super) fn is_nix(sources: &Sources, file: FileId) -> bool {
    let file = sources.file(file);
    file.embedded || file.path.extension().is_some_and(|extension| extension == "nix")
}

/// What of `spans` is the secret itself: in Nix code the text between quotes,
/// elsewhere all of it. Sorted ranges without overlap, each within one line.
fn written_in(text: &str, nix: bool, spans: &BTreeSet<Span>) -> Vec<Range<usize>> {
    let all = if nix { pieces(text) } else { Vec::new() };
    let mut found = Vec::new();
    for span in spans {
        let span = on_boundaries(text, span.start as usize..span.end as usize);
        let here = all.partition_point(|(piece, _)| piece.end <= span.start);
        let starts_quoted =
            all.get(here).is_some_and(|(piece, kind)| *kind == Kind::Quoted && piece.start <= span.start);
        if !nix || starts_quoted || is_bare_literal(&text[span.clone()]) {
            found.push(span);
            continue;
        }
        let touched = all[here..].iter().take_while(|(piece, _)| piece.start < span.end);
        found.extend(touched.map(|(piece, _)| piece.start.max(span.start)..piece.end.min(span.end)));
        // In a broken file quotes may pair differently seen from here: hide both readings.
        let seen_from_here = pieces(&text[span.clone()]).into_iter();
        found.extend(seen_from_here.map(|(piece, _)| piece.start + span.start..piece.end + span.start));
    }
    let mut lines: Vec<Range<usize>> = found.into_iter().flat_map(|range| by_line(text, range)).collect();
    lines.sort_by_key(|range| (range.start, range.end));
    lines.dedup();
    lines
}

/// A number or an unquoted URL: a literal that has no quotes to look between.
fn is_bare_literal(text: &str) -> bool {
    let number = text.bytes().all(|b| b.is_ascii_digit() || b == b'.');
    !text.is_empty() && (number || text.contains("://") && !text.contains(['"', ' ', '\n']))
}

/// `range` cut at its line ends, without the indentation of the lines it runs into.
fn by_line(text: &str, range: Range<usize>) -> Vec<Range<usize>> {
    let mut start = range.start;
    let mut cut = Vec::new();
    for (nth, line) in text[range].split_inclusive('\n').enumerate() {
        let end = start + line.trim_end_matches(['\n', '\r']).len();
        let indent = if nth == 0 { 0 } else { line.len() - line.trim_start().len() };
        if start + indent < end {
            cut.push(start + indent..end);
        }
        start += line.len();
    }
    cut
}

#[cfg(test)]
mod tests {
    use super::suspicious;
    use crate::source::{Sources, Span};

    /// What is hidden of `text` when a label names the bytes `named`.
    fn check(text: &str, named: std::ops::Range<u32>, expected: &[&str]) {
        let file = Sources::default().add("/a.nix".into(), text);
        let found = suspicious(text, &[Span::new(file, named.start, named.end)]);
        let found: Vec<&str> = found.into_iter().map(|range| &text[range]).collect();
        assert_eq!(found, expected, "{text}");
    }

    #[test]
    fn context_that_speaks_of_secrets() {
        let text = "a = \"x\";\nsql = \"PASSWORD 'y'\";\nname = \"z\";\n";
        check(text, 4..7, &["PASSWORD 'y'"]);
        check(text, 16..20, &[]);
        check("b = ''\n  token=t\n  host=h\n'';\na = 1;", 33..34, &["token=t"]);
    }
}
