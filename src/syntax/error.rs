//! rnix's errors in plain words.

use super::{Range, SyntaxError, node};
use rnix::ParseError;
use rnix::SyntaxKind::{self, *};

/// More errors than this are not reported: a file that is no Nix at all has one per word.
const MAX_ERRORS: usize = 30;

/// Adds rnix's errors to those found by lowering, which know better what was left open.
pub(super) fn add(errors: &mut Vec<SyntaxError>, parsed: &[ParseError], text: &str) {
    let left_open = errors.iter().any(|error| error.message.ends_with("is never closed"));
    let translated = parsed.iter().filter_map(|error| translate(error, text, left_open));
    errors.extend(translated.take(MAX_ERRORS));
    if errors.is_empty() && !parsed.is_empty() {
        errors.push(SyntaxError { range: end_of(text), message: "the text ends too early".to_owned() });
    }
}

/// Sorts errors, and keeps one for each place.
pub(super) fn tidy(errors: &mut Vec<SyntaxError>) {
    errors.sort_by_key(|error| (error.range.start, error.range.end));
    errors.dedup_by_key(|error| error.range.start);
    errors.truncate(MAX_ERRORS);
}

fn end_of(text: &str) -> Range {
    let end = text.trim_end().len() as u32;
    Range { start: end, end }
}

/// `None` for what need not be said because something was left open.
fn translate(error: &ParseError, text: &str, left_open: bool) -> Option<SyntaxError> {
    let (range, message) = match error {
        ParseError::UnexpectedWanted(found, range, wanted) => {
            let range = first_token(*found, node::from_text_range(*range), text);
            let found = describe(*found, text.get(range.start as usize..range.end as usize).unwrap_or_default());
            // The end of an unclosed string: the string itself is reported.
            if left_open && wanted.contains(&TOKEN_STRING_END) {
                return None;
            }
            (range, format!("expected {}, found {found}", wanted_list(wanted)))
        }
        ParseError::Unexpected(range) | ParseError::UnexpectedExtra(range) => {
            let range = first_token(TOKEN_ERROR, node::from_text_range(*range), text);
            (range, "this does not belong here".to_owned())
        }
        ParseError::UnexpectedDoubleBind(range) => {
            (node::from_text_range(*range), "the arguments have a name already".to_owned())
        }
        ParseError::RecursionLimitExceeded => (end_of(text), "nested deeper than 500 levels: not read".to_owned()),
        _ if left_open => return None,
        ParseError::UnexpectedEOFWanted(wanted) => {
            (end_of(text), format!("expected {}, found the end of the file", wanted_list(wanted)))
        }
        _ => (end_of(text), "the file ends too early".to_owned()),
    };
    Some(SyntaxError { range, message })
}

/// rnix's ranges go on to where it found its way again; people look at the first token.
fn first_token(found: SyntaxKind, range: Range, text: &str) -> Range {
    let covered = text.get(range.start as usize..range.end as usize).unwrap_or_default();
    let length = match fixed(found) {
        Some(fixed) => fixed.len().min(covered.len()),
        None => covered.split_whitespace().next().unwrap_or_default().len(),
    };
    Range { start: range.start, end: range.start + length as u32 }
}

fn wanted_list(wanted: &[SyntaxKind]) -> String {
    if wanted.contains(&TOKEN_L_PAREN) && wanted.contains(&TOKEN_REC) {
        return "a value".to_owned();
    }
    // `or` may stand for a name, and nobody thinks of it.
    let mut names: Vec<_> = wanted.iter().filter(|kind| **kind != TOKEN_OR).map(|kind| describe(*kind, "")).collect();
    names.dedup();
    match names.split_last() {
        Some((last, rest)) if !rest.is_empty() => format!("{} or {last}", rest.join(", ")),
        Some((last, _)) => last.clone(),
        None => "something else".to_owned(),
    }
}

fn describe(kind: SyntaxKind, text: &str) -> String {
    match (fixed(kind), kind) {
        (Some(fixed), _) => format!("`{fixed}`"),
        (_, TOKEN_IDENT | TOKEN_CUR_POS) => "a name".to_owned(),
        (_, TOKEN_INTEGER | TOKEN_FLOAT) => "a number".to_owned(),
        (_, TOKEN_STRING_START | TOKEN_STRING_CONTENT) => "a string".to_owned(),
        (_, TOKEN_STRING_END) => "the end of the string".to_owned(),
        (_, TOKEN_PATH_ABS | TOKEN_PATH_HOME | TOKEN_PATH_REL | TOKEN_PATH_SEARCH) => "a path".to_owned(),
        (_, TOKEN_URI) => "a URL".to_owned(),
        _ if text.starts_with("/*") => "a comment that is never closed".to_owned(),
        _ if text.ends_with('/') => "a path that ends with a slash".to_owned(),
        _ => "something that is no Nix".to_owned(),
    }
}

/// The text of tokens that are always written in the same way.
fn fixed(kind: SyntaxKind) -> Option<&'static str> {
    Some(match kind {
        TOKEN_ADD => "+",
        TOKEN_AND_AND => "&&",
        TOKEN_ASSERT => "assert",
        TOKEN_ASSIGN => "=",
        TOKEN_AT => "@",
        TOKEN_COLON => ":",
        TOKEN_COMMA => ",",
        TOKEN_CONCAT => "++",
        TOKEN_DIV => "/",
        TOKEN_DOT => ".",
        TOKEN_ELLIPSIS => "...",
        TOKEN_ELSE => "else",
        TOKEN_EQUAL => "==",
        TOKEN_IF => "if",
        TOKEN_IMPLICATION => "->",
        TOKEN_IN => "in",
        TOKEN_INHERIT => "inherit",
        TOKEN_INTERPOL_END | TOKEN_R_BRACE => "}",
        TOKEN_INTERPOL_START => "${",
        TOKEN_INVERT => "!",
        TOKEN_LESS => "<",
        TOKEN_LESS_OR_EQ => "<=",
        TOKEN_LET => "let",
        TOKEN_L_BRACE => "{",
        TOKEN_L_BRACK => "[",
        TOKEN_L_PAREN => "(",
        TOKEN_MORE => ">",
        TOKEN_MORE_OR_EQ => ">=",
        TOKEN_MUL => "*",
        TOKEN_NOT_EQUAL => "!=",
        TOKEN_OR => "or",
        TOKEN_OR_OR => "||",
        TOKEN_PIPE_LEFT => "<|",
        TOKEN_PIPE_RIGHT => "|>",
        TOKEN_QUESTION => "?",
        TOKEN_REC => "rec",
        TOKEN_R_BRACK => "]",
        TOKEN_R_PAREN => ")",
        TOKEN_SEMICOLON => ";",
        TOKEN_SUB => "-",
        TOKEN_THEN => "then",
        TOKEN_UPDATE => "//",
        TOKEN_WITH => "with",
        _ => return None,
    })
}
