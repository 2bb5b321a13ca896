//! What a string literal says: escapes and the indentation of `''…''` strings, as Nix's lexer does it.

use super::node;
use rnix::SyntaxKind::*;
use rnix::{NodeOrToken, SyntaxNode};

/// A piece of a string literal.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Part<T> {
    /// Text, escapes resolved; never empty in what this module returns.
    Text(String),
    /// `${…}`.
    Interpolation(T),
}

/// The parts of a string literal (each interpolation with its expression, if there is one);
/// `None` if the literal is not closed.
pub(super) fn parts(string: &SyntaxNode) -> Option<Vec<Part<Option<SyntaxNode>>>> {
    let open = node::token(string, TOKEN_STRING_START)?;
    node::token(string, TOKEN_STRING_END)?;
    let raw = string.children_with_tokens().filter_map(|child| match child {
        NodeOrToken::Token(token) if token.kind() == TOKEN_STRING_CONTENT => Some(Part::Text(token.text().to_owned())),
        NodeOrToken::Node(child) if child.kind() == NODE_INTERPOL => {
            Some(Part::Interpolation(node::first_expr(&child)))
        }
        _ => None,
    });
    let indented = open.text() == "''";
    Some(joined(if indented { strip_indentation(raw) } else { raw.map(resolve_escapes).collect() }))
}

/// The text of a string literal without interpolation.
pub(super) fn plain_text(string: &SyntaxNode) -> Option<String> {
    let mut parts = parts(string)?.into_iter();
    match (parts.next(), parts.next()) {
        (None, _) => Some(String::new()),
        (Some(Part::Text(text)), None) => Some(text),
        _ => None,
    }
}

fn joined<T>(parts: Vec<Part<T>>) -> Vec<Part<T>> {
    let mut out: Vec<Part<T>> = Vec::with_capacity(parts.len());
    for part in parts {
        match (part, out.last_mut()) {
            (Part::Text(text), _) if text.is_empty() => {}
            (Part::Text(text), Some(Part::Text(before))) => before.push_str(&text),
            (part, _) => out.push(part),
        }
    }
    out
}

fn resolve_escapes<T>(part: Part<T>) -> Part<T> {
    match part {
        Part::Text(raw) => Part::Text(unescape(&raw)),
        other => other,
    }
}

fn escaped(character: char) -> char {
    match character {
        'n' => '\n',
        'r' => '\r',
        't' => '\t',
        other => other,
    }
}

/// Escapes of a `"…"` string; a bare `\r` or `\r\n` reads as `\n`, as in Nix.
fn unescape(raw: &str) -> String {
    let mut text = String::with_capacity(raw.len());
    let mut characters = raw.chars().peekable();
    while let Some(character) = characters.next() {
        match character {
            '\\' => text.extend(characters.next().map(escaped)),
            '\r' => {
                characters.next_if_eq(&'\n');
                text.push('\n');
            }
            other => text.push(other),
        }
    }
    text
}

/// What Nix's lexer makes of a `''…''` string.
enum Token<T> {
    /// Text as written, whose spaces may be indentation.
    Plain(String),
    /// An escape, a lone `$` or a lone `'`: never indentation.
    Fixed(String),
    Interpolation(T),
}

fn tokens<T>(raw: impl Iterator<Item = Part<T>>) -> Vec<Token<T>> {
    let mut out = Vec::new();
    for (index, part) in raw.enumerate() {
        match part {
            Part::Interpolation(inner) => out.push(Token::Interpolation(inner)),
            Part::Text(text) if index == 0 => text_tokens(without_first_line(&text), &mut out),
            Part::Text(text) => text_tokens(&text, &mut out),
        }
    }
    out
}

/// The line break after the opening quotes is not part of the string.
fn without_first_line(text: &str) -> &str {
    text.trim_start_matches(' ').strip_prefix('\n').unwrap_or(text)
}

/// How many bytes at the start of `rest` Nix reads as one token that is never indentation,
/// and what they say; `None` if plain text starts here.
fn fixed_token(rest: &str) -> Option<(String, usize)> {
    if let Some(after) = rest.strip_prefix("''\\") {
        let character = after.chars().next()?;
        return Some((escaped(character).to_string(), 3 + character.len_utf8()));
    }
    if rest.starts_with("'''") {
        return Some(("''".to_owned(), 3));
    }
    if rest.starts_with("''$") {
        return Some(("$".to_owned(), 3));
    }
    // A lone `$` or `'` is one only where it cannot go together with the character after it.
    let mut characters = rest.chars();
    match (characters.next()?, characters.next()) {
        ('$', None | Some('\'')) => Some(("$".to_owned(), 1)),
        ('\'', None | Some('\'' | '$')) => Some(("'".to_owned(), 1)),
        _ => None,
    }
}

fn text_tokens<T>(text: &str, out: &mut Vec<Token<T>>) {
    let mut plain = String::new();
    let mut rest = text;
    while let Some(character) = rest.chars().next() {
        if let Some((fixed, length)) = fixed_token(rest) {
            if !plain.is_empty() {
                out.push(Token::Plain(std::mem::take(&mut plain)));
            }
            out.push(Token::Fixed(fixed));
            rest = &rest[length..];
            continue;
        }
        let pair = matches!(character, '$' | '\'');
        let length = rest.chars().take(if pair { 2 } else { 1 }).map(char::len_utf8).sum();
        plain.push_str(&rest[..length]);
        rest = &rest[length..];
    }
    if !plain.is_empty() {
        out.push(Token::Plain(plain));
    }
}

/// The number of spaces that start every line. Tabs are no spaces; lines of spaces alone do not count.
fn common_indentation<T>(tokens: &[Token<T>]) -> usize {
    let (mut common, mut current, mut at_start) = (usize::MAX, 0, true);
    for token in tokens {
        let Token::Plain(text) = token else {
            if std::mem::take(&mut at_start) {
                common = common.min(current);
            }
            continue;
        };
        for byte in text.bytes() {
            match byte {
                b'\n' => (at_start, current) = (true, 0),
                b' ' if at_start => current += 1,
                _ if at_start => {
                    at_start = false;
                    common = common.min(current);
                }
                _ => {}
            }
        }
    }
    common
}

fn strip_indentation<T>(raw: impl Iterator<Item = Part<T>>) -> Vec<Part<T>> {
    let tokens = tokens(raw);
    let common = common_indentation(&tokens);
    let (mut at_start, mut dropped) = (true, 0);
    let last = tokens.len().saturating_sub(1);
    let strip = |(index, token)| match token {
        Token::Interpolation(inner) => {
            (at_start, dropped) = (false, 0);
            Part::Interpolation(inner)
        }
        Token::Plain(text) | Token::Fixed(text) => {
            let mut kept = String::with_capacity(text.len());
            for character in text.chars() {
                match character {
                    ' ' if at_start => {
                        dropped += 1;
                        if dropped <= common {
                            continue;
                        }
                    }
                    '\n' => (at_start, dropped) = (true, 0),
                    _ => (at_start, dropped) = (false, 0),
                }
                kept.push(character);
            }
            Part::Text(if index == last { without_last_line(kept) } else { kept })
        }
    };
    tokens.into_iter().enumerate().map(strip).collect()
}

/// A last line of spaces alone only places the closing quotes.
fn without_last_line(mut text: String) -> String {
    if let Some(line_end) = text.rfind('\n')
        && text[line_end + 1..].bytes().all(|byte| byte == b' ')
    {
        text.truncate(line_end + 1);
    }
    text
}
