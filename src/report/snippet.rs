//! Excerpts of files for miette, which asks for them by byte ranges.
//!
//! miette's own reading starts at byte 0 for each label; here a line index
//! answers. One [`Excerpts`] holds all files of a finding, one behind the other,
//! so that labels in several files make one report.

use super::place::{is_unsafe, on_boundaries};
use crate::source::{LineIndex, Position, Span};
use miette::{MietteError, MietteSpanContents, SourceCode, SourceSpan, SpanContents};
use std::borrow::Cow;
use std::ops::Range;

/// Lines longer than this many bytes are shortened between labels.
const LONG: usize = 240;

/// This many bytes on both sides of a label's ends are kept of a long line.
const KEPT: usize = 60;

/// Of a line that is still longer than this, because it holds the labels of many findings, only what is
/// near those of one is shown. miette fails for columns beyond some 65,000.
const WIDE: usize = 4_000;

/// Shows `with` instead of the bytes `range` of a file.
#[derive(Clone, Debug)]
pub(super) struct Replacement {
    /// Bytes of the file, within one line.
    pub(super) range: Range<usize>,
    /// What is shown.
    pub(super) with: Cow<'static, str>,
}

/// Sorted and disjoint: bytes of the file, and the bytes shown for them.
type Moved = Vec<(Range<usize>, Range<usize>)>;

/// A file's text as it is shown, and how its bytes moved.
#[derive(Debug)]
pub(super) struct Shown {
    text: String,
    lines: LineIndex,
    moved: Moved,
}

impl Shown {
    /// `text` with `masks` applied, characters that a terminal would obey made
    /// visible, and long lines shortened to what is near the ends of `named`.
    pub(super) fn new(text: &str, masks: Vec<Replacement>, named: &[Span], unicode: bool) -> Self {
        let mut replacements = masks;
        replacements.extend(unsafe_characters(text, unicode));
        replacements.extend(long_lines(text, named, unicode));
        let (mut shown, moved) = put_in(text, replacements);
        // miette shows no label behind the last line's text unless a line end follows it.
        if !shown.ends_with('\n') {
            shown.push('\n');
        }
        let lines = LineIndex::new(&shown);
        Self { text: shown, lines, moved }
    }

    /// The shown bytes for the file's bytes `start..end`; never reaching past the last line's text.
    pub(super) fn range(&self, start: u32, end: u32) -> Range<usize> {
        let last = self.text.trim_end_matches(['\n', '\r']).len();
        let from = self.offset(start as usize, |to| to.start).min(last);
        let to = self.offset(end as usize, |to| to.end).clamp(from, last);
        on_boundaries(&self.text, from..to)
    }

    fn offset(&self, byte: usize, inside: impl Fn(&Range<usize>) -> usize) -> usize {
        let after = self.moved.partition_point(|(from, _)| from.start < byte);
        let Some((from, to)) = after.checked_sub(1).map(|at| &self.moved[at]) else { return byte };
        if byte < from.end { inside(to) } else { byte - from.end + to.end }
    }

    /// The shown bytes of the lines that hold `range`, with `before` and `after` lines of context,
    /// and the number of the first line, from 0. Of very long lines the part around `range`.
    fn lines(&self, range: &Range<usize>, before: usize, after: usize) -> (Range<usize>, usize) {
        let line_of = |byte: usize| self.lines.position(&self.text, byte as u32).line as usize;
        let last_line = self.lines.count() as usize - 1; // the text ends with a line end
        let bytes = |line: usize| self.lines.line_range(&self.text, line as u32).unwrap_or(0..0);
        let is_wide = |line: &usize| bytes(*line).len() > WIDE;
        let (own, end) = (line_of(range.start), line_of(range.end.saturating_sub(1).max(range.start)));
        let (from, to) = (bytes(own).start, (bytes(end).end + 1).min(self.text.len()));
        let near = on_boundaries(&self.text, range.start.saturating_sub(LONG)..range.end + LONG);
        let (first, from) = match range.start - from > WIDE {
            true => (own, near.start),
            false => {
                let above = (own.saturating_sub(before).max(1)..own).rev().take_while(|line| !is_wide(line));
                let first = above.last().unwrap_or(own);
                (first, bytes(first).start)
            }
        };
        let to = match to.saturating_sub(range.end) > WIDE {
            true => near.end,
            false => {
                let below = (end + 1..=(end + after).min(last_line)).take_while(|line| !is_wide(line));
                below.last().map_or(to, |line| (bytes(line).end + 1).min(self.text.len()))
            }
        };
        (from..to, first - 1)
    }

    /// Whether a shown byte lies so far in its line that what is shown must not begin with the line.
    pub(super) fn is_far(&self, byte: usize) -> bool {
        let line = self.lines.position(&self.text, byte as u32).line;
        byte - self.lines.line_range(&self.text, line).map_or(0, |line| line.start) > WIDE
    }

    /// The end of the line in which the shown byte `byte` lies.
    pub(super) fn line_end(&self, byte: usize) -> usize {
        self.text[byte..].find(['\n', '\r']).map_or(self.text.len(), |end| byte + end)
    }

    /// The shown bytes `range` of a line, or the first of them.
    pub(super) fn narrowed(&self, range: Range<usize>) -> Range<usize> {
        on_boundaries(&self.text, range.start..range.end.min(range.start + WIDE))
    }

    /// How many line ends the shown bytes `range` hold.
    pub(super) fn line_ends(&self, range: &Range<usize>) -> usize {
        self.text[range.clone()].matches('\n').count()
    }
}

/// `text` with `masks` applied and characters that a terminal would obey made visible.
pub(super) fn replaced(text: &str, mut masks: Vec<Replacement>, unicode: bool) -> String {
    masks.extend(unsafe_characters(text, unicode));
    put_in(text, masks).0
}

/// `text` with replacements, and how its bytes moved.
fn put_in(text: &str, replacements: Vec<Replacement>) -> (String, Moved) {
    let replacements = joined(replacements);
    let mut shown = String::with_capacity(text.len() + 1);
    let mut moved = Vec::with_capacity(replacements.len());
    let mut done = 0;
    for Replacement { range, with } in replacements {
        shown.push_str(&text[done..range.start]);
        let start = shown.len();
        shown.push_str(&with);
        done = range.end;
        moved.push((range, start..shown.len()));
    }
    shown.push_str(&text[done..]);
    (shown, moved)
}

/// Sorted, and overlapping replacements as one, which shows what its first one shows:
/// hiding more than asked for is always right.
fn joined(mut replacements: Vec<Replacement>) -> Vec<Replacement> {
    replacements.sort_by_key(|replacement| replacement.range.start);
    let mut joined: Vec<Replacement> = Vec::with_capacity(replacements.len());
    for next in replacements {
        match joined.last_mut() {
            Some(last) if next.range.start < last.range.end => last.range.end = last.range.end.max(next.range.end),
            _ => joined.push(next),
        }
    }
    joined
}

/// Control characters and marks that turn the direction of writing.
fn unsafe_characters(text: &str, unicode: bool) -> Vec<Replacement> {
    let mut found = Vec::new();
    for (at, c) in text.char_indices().filter(|(_, c)| is_unsafe(*c)) {
        let ends_line = c == '\n' || c == '\r' && text[at + 1..].starts_with('\n');
        if ends_line || c == '\t' {
            continue;
        }
        let picture = match c as u32 {
            code @ 0..=0x1f => char::from_u32(0x2400 + code).unwrap_or('\u{fffd}'),
            0x7f => '\u{2421}',
            _ => '\u{fffd}',
        };
        let with = if unicode { picture } else { '?' };
        found.push(Replacement { range: at..at + c.len_utf8(), with: with.to_string().into() });
    }
    found
}

/// What is left out of long lines: all that is far from the ends of `named`.
fn long_lines(text: &str, named: &[Span], unicode: bool) -> Vec<Replacement> {
    let mut ends: Vec<usize> = named.iter().flat_map(|span| [span.start as usize, span.end as usize]).collect();
    ends.sort_unstable();
    let mut found = Vec::new();
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        let (line_start, line_end) = (start, start + line.trim_end_matches(['\n', '\r']).len());
        start += line.len();
        if line_end - line_start <= LONG {
            continue;
        }
        let from = ends.partition_point(|end| *end < line_start);
        let here = ends[from..].iter().copied().take_while(|end| *end <= line_end);
        let mut kept = line_start + KEPT;
        for end in here.chain([line_end + KEPT]) {
            leave_out(text, kept..end.saturating_sub(KEPT).min(line_end), unicode, &mut found);
            kept = kept.max(end + KEPT);
        }
    }
    found
}

fn leave_out(text: &str, range: Range<usize>, unicode: bool, found: &mut Vec<Replacement>) {
    let (mut start, mut end) = (range.start, range.end);
    while start < end && !text.is_char_boundary(start) {
        start += 1;
    }
    while start < end && !text.is_char_boundary(end) {
        end -= 1;
    }
    if start < end {
        found.push(Replacement { range: start..end, with: if unicode { "…" } else { "..." }.into() });
    }
}

/// The shown files of one finding, one behind the other.
#[derive(Debug, Default)]
pub(super) struct Excerpts<'a> {
    files: Vec<Part<'a>>,
    /// Where labels start: offset here, place in the file.
    starts: Vec<(usize, Position)>,
}

#[derive(Debug)]
struct Part<'a> {
    name: String,
    shown: &'a Shown,
    base: usize,
}

impl<'a> Excerpts<'a> {
    /// Puts a file behind the others and says at which offset it starts.
    pub(super) fn push(&mut self, name: String, shown: &'a Shown) -> usize {
        // The gap of one keeps an empty label at a file's end out of the next file.
        let base = self.files.last().map_or(0, |part| part.base + part.shown.text.len() + 1);
        self.files.push(Part { name, shown, base });
        base
    }

    /// Says where in its file the label at `offset` really starts: masks move columns.
    pub(super) fn starts_at(&mut self, offset: usize, position: Position) {
        self.starts.push((offset, position));
    }
}

impl SourceCode for Excerpts<'_> {
    fn read_span<'b>(
        &'b self,
        span: &SourceSpan,
        before: usize,
        after: usize,
    ) -> Result<Box<dyn SpanContents<'b> + 'b>, MietteError> {
        let at = self.files.partition_point(|part| part.base <= span.offset());
        let part = at.checked_sub(1).map(|at| &self.files[at]).ok_or(MietteError::OutOfBounds)?;
        let range = span.offset() - part.base..span.offset() - part.base + span.len();
        // Also the answer to whether two files can be shown as one excerpt.
        if range.end > part.shown.text.len() {
            return Err(MietteError::OutOfBounds);
        }
        let (bytes, line) = part.shown.lines(&range, before, after);
        let data = &part.shown.text.as_bytes()[bytes.clone()];
        let count = data.iter().filter(|byte| **byte == b'\n').count();
        let (mut first, mut column) = (line, 0);
        if before == 0
            && let Some((_, start)) = self.starts.iter().find(|(offset, _)| *offset == span.offset())
        {
            (first, column) = (start.line as usize - 1, start.column as usize - 1);
        }
        let bytes = SourceSpan::new((bytes.start + part.base).into(), bytes.len());
        Ok(Box::new(MietteSpanContents::new_named(part.name.clone(), data, bytes, first, column, count)))
    }
}
