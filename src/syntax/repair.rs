//! Half-typed text: what is missing is put in, so that the bindings around it are read.
//!
//! rnix skips to the next token that it hoped for, and with it the bindings on the way.

use super::{Range, SyntaxError};
use rnix::SyntaxKind::{self, *};

/// The name that stands where a value is missing; no one would write it.
pub(super) const HOLE: &str = "_'missing";

/// A text with what was missing put in.
pub(super) struct Repaired {
    pub(super) text: String,
    /// What was put in, in ranges of the repaired text; ascending. With each, the bytes put in before it.
    inserted: Vec<(Range, u32)>,
    /// What was missing, in ranges of the text before.
    pub(super) errors: Vec<SyntaxError>,
}

impl Repaired {
    fn new(text: &str, insertions: Vec<Insertion>) -> Self {
        let mut repaired = Repaired { text: String::new(), inserted: Vec::new(), errors: Vec::new() };
        let (mut done, mut added) = (0, 0);
        for Insertion { at, text: inserted, error } in insertions {
            repaired.text.push_str(&text[done..at as usize]);
            let start = repaired.text.len() as u32;
            repaired.text.push_str(&inserted);
            repaired.inserted.push((Range { start, end: repaired.text.len() as u32 }, added));
            repaired.errors.push(error);
            added += inserted.len() as u32;
            done = at as usize;
        }
        repaired.text.push_str(&text[done..]);
        repaired
    }

    /// A range of the repaired text as one of the text before.
    pub(super) fn original(&self, range: Range) -> Range {
        Range { start: self.original_offset(range.start), end: self.original_offset(range.end) }
    }

    fn original_offset(&self, offset: u32) -> u32 {
        let before = self.inserted.partition_point(|(inserted, _)| inserted.start < offset);
        let Some((inserted, added)) = before.checked_sub(1).and_then(|last| self.inserted.get(last)) else {
            return offset;
        };
        offset - added - (inserted.end.min(offset) - inserted.start)
    }
}

struct Insertion {
    at: u32,
    text: String,
    error: SyntaxError,
}

#[derive(Clone, Copy)]
struct Token {
    kind: SyntaxKind,
    start: u32,
    end: u32,
}

impl Token {
    fn range(&self) -> Range {
        Range { start: self.start, end: self.end }
    }
}

/// The tokens of a text without spaces and comments.
fn tokens(text: &str) -> Vec<Token> {
    let mut start = 0;
    let placed = rnix::tokenize(text).map(|(kind, token)| {
        let placed = Token { kind, start, end: start + token.len() as u32 };
        start = placed.end;
        placed
    });
    placed.filter(|token| !token.kind.is_trivia()).collect()
}

/// Closes the first string that goes on over the end of its line, if a string is open at the end.
pub(super) fn close_string(text: &str) -> Option<Repaired> {
    let tokens = tokens(text);
    tokens.last().filter(|last| last.kind == TOKEN_ERROR)?;
    let mut pairs = tokens.iter().zip(tokens.iter().skip(1));
    let (open, line) = pairs.find_map(|(open, content)| {
        let quote = open.kind == TOKEN_STRING_START && open.end == open.start + 1;
        let (line, _) = text[content.start as usize..content.end as usize].split_once('\n')?;
        quote.then_some((open, line))
    })?;
    let at = open.end + line.trim_end().trim_end_matches([';', ')', ']', '}', ' ']).len() as u32;
    let error = SyntaxError { range: open.range(), message: "this string is never closed".to_owned() };
    Some(Repaired::new(text, vec![Insertion { at, text: "\"".to_owned(), error }]))
}

/// Puts in missing values, semicolons and closing brackets.
pub(super) fn complete(text: &str) -> Option<Repaired> {
    let tokens = tokens(text);
    let starts = binding_starts(text, &tokens);
    let mut repair = Repair { insertions: Vec::new(), open: vec![Open::new(TOKEN_ERROR)] };
    for (index, token) in tokens.iter().enumerate() {
        if let Some(before) = index.checked_sub(1).and_then(|before| tokens.get(before)) {
            repair.gap(before, token, starts[index]);
        }
        repair.track(token.kind);
    }
    (!repair.insertions.is_empty()).then(|| Repaired::new(text, repair.insertions))
}

/// For each token, whether an attribute path followed by `=` starts with it.
fn binding_starts(text: &str, tokens: &[Token]) -> Vec<bool> {
    let mut starts = vec![false; tokens.len()];
    for assign in (0..tokens.len()).filter(|at| tokens[*at].kind == TOKEN_ASSIGN) {
        let mut next = assign;
        while let Some(attr) = attr_before(tokens, next) {
            starts[attr] = true;
            if next != assign {
                // The path went on: it starts earlier.
                starts[next + 1] = false;
            }
            let dot = attr.checked_sub(1).filter(|dot| tokens[*dot].kind == TOKEN_DOT);
            // `a = b.` on the line before is half-typed, not part of this path.
            let Some(dot) =
                dot.filter(|dot| !text[tokens[*dot].end as usize..tokens[attr].start as usize].contains('\n'))
            else {
                break;
            };
            next = dot;
        }
    }
    starts
}

/// The first token of the attribute that ends before token `end`.
fn attr_before(tokens: &[Token], end: usize) -> Option<usize> {
    let last = end.checked_sub(1)?;
    let (open, close) = match tokens[last].kind {
        TOKEN_IDENT | TOKEN_OR => return Some(last),
        TOKEN_STRING_END => (TOKEN_STRING_START, TOKEN_STRING_END),
        TOKEN_INTERPOL_END => (TOKEN_INTERPOL_START, TOKEN_INTERPOL_END),
        _ => return None,
    };
    let mut depth = 0;
    for at in (0..=last).rev() {
        match tokens[at].kind {
            kind if kind == close => depth += 1,
            kind if kind == open => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return Some(at);
        }
    }
    None
}

/// What is open around a token.
struct Open {
    close: SyntaxKind,
    /// Holds bindings, as far as it was seen.
    binds: bool,
    /// `let` whose `in` has not come.
    lets: u32,
    /// `with` and `assert` whose `;` has not come.
    semicolons: u32,
}

impl Open {
    fn new(close: SyntaxKind) -> Self {
        Open { close, binds: false, lets: 0, semicolons: 0 }
    }

    /// Whether this is a bracket in which neither a binding nor a `;` can come now.
    fn is_plain(&self) -> bool {
        matches!(self.close, TOKEN_R_BRACK) || self.close == TOKEN_R_PAREN && self.lets == 0
    }
}

struct Repair {
    insertions: Vec<Insertion>,
    open: Vec<Open>,
}

impl Repair {
    /// Looks at the gap between two tokens; `binding`: a binding starts with the second.
    fn gap(&mut self, before: &Token, token: &Token, binding: bool) {
        if binding && self.open.len() == 1 && matches!(before.kind, TOKEN_IN | TOKEN_COLON) {
            // A module whose set was never opened.
            let error = SyntaxError { range: before.range(), message: "`{` is missing after this".to_owned() };
            self.insertions.push(Insertion { at: before.end, text: " {".to_owned(), error });
            return self.track(TOKEN_L_BRACE);
        }
        let mut missing = String::new();
        let mut message = String::new();
        let separates = binding || matches!(token.kind, TOKEN_INHERIT | TOKEN_IN | TOKEN_R_BRACE);
        let ends = separates || ends_expression(token.kind) || before.kind == TOKEN_DOT && token.kind == TOKEN_ASSIGN;
        if ends && wants_operand(before.kind) || is_empty(before.kind, token.kind) {
            missing = format!(" {HOLE}");
            message = "a value is missing after this".to_owned();
        }
        while self.closes_early(token.kind, binding) {
            let Some(closed) = self.open.pop() else { break };
            let bracket = if closed.close == TOKEN_R_BRACK { "]" } else { ")" };
            missing.push_str(bracket);
            message = format!("`{bracket}` is missing after this");
        }
        if separates && self.wants_semicolon(before.kind, token.kind) {
            missing.push(';');
            if message.is_empty() {
                message = "`;` is missing after this".to_owned();
            }
        }
        if !missing.is_empty() {
            let error = SyntaxError { range: before.range(), message };
            self.insertions.push(Insertion { at: before.end, text: missing, error });
        }
    }

    /// Whether the innermost bracket must be closed before a token of this kind.
    fn closes_early(&self, kind: SyntaxKind, binding: bool) -> bool {
        let Some((top, around)) = self.open.split_last() else { return false };
        let outer = || around.iter().rev().find(|open| !open.is_plain());
        top.is_plain()
            && match kind {
                TOKEN_R_BRACE => outer().is_some_and(|outer| outer.close == kind),
                TOKEN_R_PAREN | TOKEN_R_BRACK => {
                    top.close != kind
                        && around.iter().rev().take_while(|open| open.is_plain()).any(|open| open.close == kind)
                }
                TOKEN_SEMICOLON => top.semicolons == 0 && outer().is_some_and(|outer| outer.binds),
                _ => (binding || kind == TOKEN_INHERIT) && outer().is_some_and(|outer| outer.binds),
            }
    }

    fn wants_semicolon(&self, before: SyntaxKind, token: SyntaxKind) -> bool {
        let Some(top) = self.open.last() else { return false };
        let fits = match token {
            TOKEN_R_BRACE => top.close == TOKEN_R_BRACE && top.binds,
            TOKEN_IN => top.lets > 0,
            _ => top.lets > 0 || top.close == TOKEN_R_BRACE && top.binds,
        };
        fits && !matches!(before, TOKEN_SEMICOLON | TOKEN_L_BRACE | TOKEN_LET)
    }

    fn track(&mut self, kind: SyntaxKind) {
        let close = match kind {
            TOKEN_L_BRACE => Some(TOKEN_R_BRACE),
            TOKEN_L_BRACK => Some(TOKEN_R_BRACK),
            TOKEN_L_PAREN => Some(TOKEN_R_PAREN),
            TOKEN_INTERPOL_START => Some(TOKEN_INTERPOL_END),
            TOKEN_STRING_START => Some(TOKEN_STRING_END),
            _ => None,
        };
        if let Some(close) = close {
            return self.open.push(Open::new(close));
        }
        let outermost = self.open.len() == 1;
        let Some(top) = self.open.last_mut() else { return };
        match kind {
            TOKEN_ASSIGN | TOKEN_INHERIT => top.binds = true,
            TOKEN_LET => top.lets += 1,
            TOKEN_IN => top.lets = top.lets.saturating_sub(1),
            TOKEN_WITH | TOKEN_ASSERT => top.semicolons += 1,
            TOKEN_SEMICOLON => top.semicolons = top.semicolons.saturating_sub(1),
            kind if kind == top.close && !outermost => {
                self.open.pop();
            }
            _ => {}
        }
    }
}

fn ends_expression(kind: SyntaxKind) -> bool {
    matches!(kind, TOKEN_SEMICOLON | TOKEN_R_PAREN | TOKEN_R_BRACK | TOKEN_INTERPOL_END | TOKEN_THEN | TOKEN_ELSE)
}

/// Brackets that cannot be empty.
fn is_empty(open: SyntaxKind, close: SyntaxKind) -> bool {
    matches!((open, close), (TOKEN_L_PAREN, TOKEN_R_PAREN) | (TOKEN_INTERPOL_START, TOKEN_INTERPOL_END))
}

/// Whether something must come after a token of this kind.
fn wants_operand(kind: SyntaxKind) -> bool {
    let operator = matches!(
        kind,
        TOKEN_ADD
            | TOKEN_SUB
            | TOKEN_MUL
            | TOKEN_DIV
            | TOKEN_CONCAT
            | TOKEN_UPDATE
            | TOKEN_AND_AND
            | TOKEN_OR_OR
            | TOKEN_IMPLICATION
            | TOKEN_EQUAL
            | TOKEN_NOT_EQUAL
            | TOKEN_LESS
            | TOKEN_LESS_OR_EQ
            | TOKEN_MORE
            | TOKEN_MORE_OR_EQ
            | TOKEN_PIPE_LEFT
            | TOKEN_PIPE_RIGHT
            | TOKEN_INVERT
            | TOKEN_QUESTION
    );
    operator
        || matches!(
            kind,
            TOKEN_ASSIGN | TOKEN_DOT | TOKEN_COLON | TOKEN_IF | TOKEN_THEN | TOKEN_ELSE | TOKEN_WITH | TOKEN_ASSERT
        )
}
