//! Configuration text with holes, looked at one character at a time.

use crate::lint::prelude::*;

/// A character, or a hole of unknown text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Piece {
    Char(char),
    Hole(Unknown),
}

/// The characters and holes of `text`, in order.
pub(crate) fn pieces(text: &Str) -> Vec<Piece> {
    let mut out = vec![];
    for part in text.parts() {
        match part {
            Part::Text(known) => out.extend(known.chars().map(Piece::Char)),
            Part::Hole(unknown) => out.push(Piece::Hole(unknown.clone())),
        }
    }
    out
}

/// The text made of `pieces`, without any context.
pub(crate) fn join(pieces: &[Piece]) -> Str {
    let mut out = Str::default();
    let mut run = String::new();
    for piece in pieces {
        match piece {
            Piece::Char(c) => run.push(*c),
            Piece::Hole(unknown) => {
                out.push_text(&run);
                run.clear();
                out.push(&Str::hole(unknown.clone()));
            }
        }
    }
    out.push_text(&run);
    out
}

/// The text before and behind the first `separator` that is known to be there.
pub(crate) fn split_once(text: &Str, separator: &str) -> Option<(Str, Str)> {
    let (pieces, wanted) = (pieces(text), separator.chars().map(Piece::Char).collect::<Vec<_>>());
    let at = pieces.windows(wanted.len()).position(|window| window == wanted)?;
    Some((join(&pieces[..at]), join(&pieces[at + wanted.len()..])))
}

/// The text in pieces between the known `separator`s, each trimmed, empty ones left out.
pub(crate) fn split(text: &Str, separator: impl Fn(char) -> bool) -> Vec<Str> {
    pieces(text)
        .split(|piece| matches!(piece, Piece::Char(c) if separator(*c)))
        .map(trimmed)
        .filter(|piece| !piece.is_empty())
        .map(join)
        .collect()
}

fn trimmed(mut pieces: &[Piece]) -> &[Piece] {
    let blank = |piece: &Piece| matches!(piece, Piece::Char(c) if c.is_whitespace());
    while let [first, rest @ ..] = pieces
        && blank(first)
    {
        pieces = rest;
    }
    while let [rest @ .., last] = pieces
        && blank(last)
    {
        pieces = rest;
    }
    pieces
}

/// The text with its known letters in lower case.
pub(crate) fn lower_case(text: &Str) -> Str {
    let lower = |piece| match piece {
        Piece::Char(c) => Piece::Char(c.to_ascii_lowercase()),
        hole => hole,
    };
    join(&pieces(text).into_iter().map(lower).collect::<Vec<_>>()).with_context(text.context.clone())
}

/// Whether the text ends with `suffix`.
pub(crate) fn ends_with(text: &Str, suffix: &str) -> Truth {
    let known = text.known_suffix();
    if known.ends_with(suffix) {
        return Truth::True;
    }
    match text.holes().next() {
        Some(hole) if suffix.ends_with(known) => Truth::Unknown(hole.clone()),
        _ => Truth::False,
    }
}

/// An unknown for something that these readers do not follow; the same words are the same unknown.
pub(crate) fn not_followed(what: impl Into<String>, at: Origin) -> Unknown {
    let what = what.into();
    // FNV-1a, in the upper half of the identities, which the evaluator does not reach.
    let hash = what
        .bytes()
        .fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3));
    Unknown { id: UnknownId(hash | 1 << 63), cause: Cause::Unsupported(what).into(), at }
}

/// What a scanner stands on.
pub(super) struct Scanner {
    pieces: Vec<Piece>,
    at: usize,
}

impl Scanner {
    pub(super) fn new(text: &Str) -> Self {
        Self { pieces: pieces(text), at: 0 }
    }

    /// The piece `ahead` pieces further on; 0 is the next one.
    pub(super) fn peek(&self, ahead: usize) -> Option<&Piece> {
        self.pieces.get(self.at + ahead)
    }

    pub(super) fn peek_char(&self, ahead: usize) -> Option<char> {
        match self.peek(ahead) {
            Some(Piece::Char(c)) => Some(*c),
            _ => None,
        }
    }

    pub(super) fn next(&mut self) -> Option<Piece> {
        let piece = self.pieces.get(self.at).cloned();
        self.at += usize::from(piece.is_some());
        piece
    }

    /// Drops characters while `wanted` holds; holes stop it.
    pub(super) fn skip_while(&mut self, wanted: impl Fn(char) -> bool) {
        while self.peek_char(0).is_some_and(&wanted) {
            self.at += 1;
        }
    }

    /// Drops a comment, holes and all, up to the end of the line.
    pub(super) fn skip_line(&mut self) {
        while self.peek(0).is_some() && self.peek_char(0) != Some('\n') {
            self.at += 1;
        }
    }

    /// Drops everything up to the brace that closes the block just opened.
    pub(super) fn skip_braces(&mut self) {
        let mut open = 1_usize;
        while open > 0 {
            match self.next() {
                Some(Piece::Char('{')) => open += 1,
                Some(Piece::Char('}')) => open -= 1,
                Some(_) => {}
                None => return,
            }
        }
    }

    /// A hole that stands alone, from the start of a statement to the end of the line:
    /// any number of statements that nobody knows.
    pub(super) fn lone_hole(&mut self) -> Option<Unknown> {
        let Some(Piece::Hole(unknown)) = self.peek(0) else { return None };
        let mut ahead = 1;
        while self.peek_char(ahead).is_some_and(|c| c == ' ' || c == '\t' || c == '\r') {
            ahead += 1;
        }
        let ends = matches!(self.peek(ahead), None | Some(Piece::Hole(_) | Piece::Char('\n' | '#' | '}')));
        let unknown = unknown.clone();
        ends.then(|| {
            self.at += 1;
            unknown
        })
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    /// Text in which `<1>` stands for hole 1.
    pub(crate) fn with_holes(text: &str) -> Str {
        let mut out = Str::default();
        let mut rest = text;
        while let Some((before, behind)) = rest.split_once('<') {
            match behind.split_once('>').and_then(|(id, tail)| Some((id.parse().ok()?, tail))) {
                Some((id, tail)) => {
                    out.push_text(before);
                    let cause = Cause::Recursion.into();
                    out.push(&Str::hole(Unknown { id: UnknownId(id), cause, at: Origin::Default }));
                    rest = tail;
                }
                None => {
                    out.push_text(before);
                    out.push_text("<");
                    rest = behind;
                }
            }
        }
        out.push_text(rest);
        out
    }

    #[test]
    fn splitting() {
        let check = |text: &str, expected: Option<(&str, &str)>| {
            let got = split_once(&with_holes(text), "://").map(|(a, b)| (a.to_string(), b.to_string()));
            assert_eq!(got, expected.map(|(a, b)| (a.to_owned(), b.to_owned())), "{text}");
        };
        check("http://<1>/x", Some(("http", "${…}/x")));
        check("<1>/x", None);
        let got: Vec<_> = split(&with_holes(" a.org,<1> "), |c| c == ',').iter().map(Str::to_string).collect();
        assert_eq!(got, ["a.org", "${…}"]);
    }

    #[test]
    fn ends() {
        let check = |text: &str, expected: &str| {
            let got = match ends_with(&with_holes(text), ".org") {
                Truth::True => "yes",
                Truth::False => "no",
                Truth::Unknown(_) => "?",
            };
            assert_eq!(got, expected, "{text}");
        };
        check("<1>.org", "yes");
        check("a.com", "no");
        check("<1>.com", "no");
        check("a.<1>", "?");
        check("<1>rg", "?");
    }
}
