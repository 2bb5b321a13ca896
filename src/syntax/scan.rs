//! A look at the tokens before parsing: text that would take the parser forever is not parsed.
//!
//! rnix shares equal small nodes, and hashes them anew, all the way down, whenever its table grows.
//! Whatever nests without a bound (brackets, `f x y …`, `a.b.c…`, `!!…`, `a+a+…`) is therefore
//! quadratic for it; chains of operators with spaces around them are not.

use super::{Range, SyntaxError};
use crate::source::load::MAX_BYTES;
use rnix::SyntaxKind::{self, *};

/// The deepest brackets, and the longest application, attribute path or run of operators that is read.
const MAX_NESTING: u32 = 500;

/// How much hashing a file may cost in all, in nodes. Real files stay below a tenth.
const MAX_HASHED: u64 = 20_000_000;

/// How many tokens that may deepen the tree fit onto a thread's usual stack.
const SHALLOW: u32 = 60;

/// What parsing the text will take.
pub(super) struct Size {
    /// Whether the tree may be too deep for a thread's usual stack.
    pub(super) deep: bool,
    /// Characters that Nix reads in another way than rnix.
    pub(super) errors: Vec<SyntaxError>,
    /// Whether every bracket and string is closed.
    pub(super) closed: bool,
}

/// Looks at all tokens; the error says why the text must not be parsed.
pub(super) fn scan(text: &str) -> Result<Size, SyntaxError> {
    scan_with(text, |_, _| ())
}

/// The same; `each` sees the tokens, too.
pub(super) fn scan_with(text: &str, mut each: impl FnMut(SyntaxKind, &str)) -> Result<Size, SyntaxError> {
    let refused = |start: u32, end: u32, reason: String| {
        Err(SyntaxError { range: Range { start, end }, message: format!("{reason}: not read") })
    };
    if text.len() as u64 > MAX_BYTES {
        return refused(0, 0, format!("larger than {} MB", MAX_BYTES / 1024 / 1024));
    }
    let mut scan = Scan { words: Words::new(text), ..Scan::default() };
    let mut start = 0;
    for (kind, token) in rnix::tokenize(text) {
        let end = start + token.len() as u32;
        scan.words.pass(start as usize);
        scan.token(kind);
        each(kind, token);
        if kind.is_trivia() {
            odd_characters(kind, token, start, &mut scan.errors);
        }
        if scan.open.len() as u32 > MAX_NESTING || scan.run > MAX_NESTING {
            return refused(start, end, format!("nested deeper than {MAX_NESTING} levels"));
        }
        if scan.hashed > MAX_HASHED || scan.words.too_long() {
            return refused(start, end, "too tangled".to_owned());
        }
        start = end;
    }
    Ok(Size { deep: scan.deepening > SHALLOW, errors: scan.errors, closed: scan.open.is_empty() })
}

#[derive(Default)]
struct Scan<'a> {
    /// The closing tokens that are awaited, each with the run around the bracket.
    open: Vec<(SyntaxKind, u32)>,
    /// How many nodes with few children are nested in one another here.
    run: u32,
    hashed: u64,
    /// Tokens so far that may each make the tree deeper.
    deepening: u32,
    /// The last token that is no space or comment.
    last: Option<SyntaxKind>,
    /// Whether a space or comment came after it.
    spaced: bool,
    /// An operator without a space before it, which counts unless one comes after.
    tight: bool,
    errors: Vec<SyntaxError>,
    words: Words<'a>,
}

impl Scan<'_> {
    fn token(&mut self, kind: SyntaxKind) {
        if kind.is_trivia() {
            self.spaced = true;
            if std::mem::take(&mut self.tight) {
                self.run = 0;
            }
            return;
        }
        if std::mem::take(&mut self.tight) {
            self.nest();
        }
        let after_operand = self.last.is_some_and(ends_operand);
        match kind {
            TOKEN_STRING_CONTENT | TOKEN_COMMA => {}
            TOKEN_DOT | TOKEN_QUESTION | TOKEN_OR => self.nest(),
            TOKEN_SUB | TOKEN_INVERT if !after_operand => self.nest(),
            TOKEN_SEMICOLON | TOKEN_ASSIGN => self.run = 0,
            TOKEN_COLON | TOKEN_LET | TOKEN_WITH | TOKEN_IF | TOKEN_ELSE | TOKEN_ASSERT => {
                self.deepening += 1;
                self.run = 0;
            }
            _ if closing(kind).is_some() || starts_operand(kind) => self.operand(kind, after_operand),
            _ if ends_operand(kind) => self.close(kind),
            _ if self.spaced => {
                self.deepening += 1;
                self.run = 0;
            }
            _ => self.tight = true,
        }
        (self.last, self.spaced) = (Some(kind), false);
    }

    /// Another node around, or inside, the one before.
    fn nest(&mut self) {
        self.run += 1;
        self.hashed += u64::from(self.run);
        self.deepening += 1;
    }

    fn operand(&mut self, kind: SyntaxKind, after_operand: bool) {
        let around = self.open.last().map(|(awaited, _)| *awaited);
        match after_operand {
            true if matches!(around, Some(TOKEN_R_BRACK | TOKEN_STRING_END)) => self.run = 0,
            true => self.nest(),
            false => {}
        }
        if let Some(closing) = closing(kind) {
            self.open.push((closing, self.run));
            self.run = 0;
            self.hashed += self.open.len() as u64;
            self.deepening += 1;
        }
    }

    fn close(&mut self, kind: SyntaxKind) {
        // A bracket that does not match closes nothing: to the parser the open one stays open.
        if let Some((awaited, run)) = self.open.last()
            && *awaited == kind
        {
            self.run = *run;
            self.open.pop();
        }
    }
}

fn closing(open: SyntaxKind) -> Option<SyntaxKind> {
    match open {
        TOKEN_L_PAREN => Some(TOKEN_R_PAREN),
        TOKEN_L_BRACK => Some(TOKEN_R_BRACK),
        TOKEN_L_BRACE => Some(TOKEN_R_BRACE),
        TOKEN_INTERPOL_START => Some(TOKEN_INTERPOL_END),
        TOKEN_STRING_START => Some(TOKEN_STRING_END),
        _ => None,
    }
}

fn starts_operand(kind: SyntaxKind) -> bool {
    kind == TOKEN_IDENT || kind == TOKEN_ERROR || kind.is_literal()
}

fn ends_operand(kind: SyntaxKind) -> bool {
    let closes = matches!(
        kind,
        TOKEN_R_PAREN | TOKEN_R_BRACK | TOKEN_R_BRACE | TOKEN_INTERPOL_END | TOKEN_STRING_END | TOKEN_OR
    );
    closes || starts_operand(kind)
}

/// Spaces that are none to Nix, and comments that Nix ends earlier than rnix.
fn odd_characters(kind: SyntaxKind, token: &str, start: u32, errors: &mut Vec<SyntaxError>) {
    let mut characters = token.char_indices().peekable();
    while let Some((at, character)) = characters.next() {
        let line_comment = kind == TOKEN_COMMENT && token.starts_with('#');
        let message = match (kind, character) {
            (TOKEN_COMMENT, '\r') if line_comment && characters.peek().is_some() => {
                "this carriage return ends the comment"
            }
            (TOKEN_WHITESPACE, other) if !matches!(other, ' ' | '\t' | '\r' | '\n') => {
                "Nix does not know this kind of space"
            }
            _ => continue,
        };
        let range = Range { start: start + at as u32, end: start + (at + character.len_utf8()) as u32 };
        errors.push(SyntaxError { range, message: message.to_owned() });
    }
}

/// Runs of characters that may be a path's. At each token in one, the tokenizer looks ahead to the run's end.
#[derive(Default)]
struct Words<'a> {
    text: &'a [u8],
    /// Where the run ends that was met last.
    end: usize,
    looked_at: usize,
}

impl<'a> Words<'a> {
    fn new(text: &'a str) -> Self {
        Words { text: text.as_bytes(), ..Words::default() }
    }

    /// Meets the token that starts at `start`.
    fn pass(&mut self, start: usize) {
        if start >= self.end {
            let word = |byte: &u8| byte.is_ascii_alphanumeric() || b"_.+-/<".contains(byte);
            self.end = start + self.text[start..].iter().take_while(|byte| word(byte)).count();
        }
        self.looked_at += self.end - start;
    }

    fn too_long(&self) -> bool {
        self.looked_at > 100 * self.text.len() + 20_000_000
    }
}
