//! Reads Caddyfiles: the text people write in `virtualHosts.<name>.extraConfig`,
//! and whole files, in which a directive with a block is a site and its words are addresses.
//!
//! A hole inside a word is part of that word; a hole that stands alone on a line
//! may be any number of directives. `import` is a gap as well.

use super::directive::{Block, Directive};
use super::text::{Piece, Scanner, join, not_followed};
use crate::lint::prelude::*;

/// Blocks inside blocks that are read; what is deeper is left out as a gap.
const DEEPEST: usize = 16;

/// The directives of `text`, which was written at `at`.
pub(crate) fn read(text: &Str, at: Origin) -> Block {
    let mut reader = Reader { scanner: Scanner::new(text), at };
    let mut block = Block::default();
    while reader.directives(&mut block, 0) == End::Brace {
        // A brace too many ends the block that the text is put into: anything may follow.
        block.gaps.push(not_followed("a closing brace without an opening one", at));
    }
    block
}

struct Reader {
    scanner: Scanner,
    at: Origin,
}

#[derive(PartialEq, Eq)]
enum End {
    Text,
    Brace,
}

impl Reader {
    /// Reads up to the closing brace or the end of the text.
    fn directives(&mut self, block: &mut Block, depth: usize) -> End {
        loop {
            self.scanner.skip_while(char::is_whitespace);
            if let Some(unknown) = self.scanner.lone_hole() {
                block.gaps.push(unknown);
                continue;
            }
            match self.scanner.peek(0) {
                None => return End::Text,
                Some(Piece::Char('#')) => {
                    self.scanner.skip_line();
                    continue;
                }
                Some(Piece::Char('}')) => {
                    self.scanner.next();
                    return End::Brace;
                }
                _ => {}
            }
            let directive = self.directive(depth);
            if directive.is("import") {
                let what = format!("import {}", directive.args.first().cloned().unwrap_or_default());
                block.gaps.push(not_followed(what, self.at));
            }
            block.directives.push(directive);
        }
    }

    /// One directive: the words of a line and the block it may open.
    fn directive(&mut self, depth: usize) -> Directive {
        let mut words = vec![];
        let mut block = None;
        loop {
            self.skip_spaces();
            match self.scanner.peek_char(0) {
                None if self.scanner.peek(0).is_none() => break,
                Some('\n') => break,
                Some('#') => {
                    self.scanner.skip_line();
                    break;
                }
                Some('{') if self.opens_block() => {
                    self.scanner.next();
                    block = Some(self.block(depth));
                    break;
                }
                Some('}') if !words.is_empty() => break,
                Some('<') if self.scanner.peek_char(1) == Some('<') => words.push(self.heredoc()),
                _ => words.push(self.word()),
            }
        }
        let mut words = words.into_iter();
        Directive { name: words.next().unwrap_or_default(), args: words.collect(), block }
    }

    fn block(&mut self, depth: usize) -> Block {
        let mut block = Block::default();
        if depth >= DEEPEST {
            block.gaps.push(not_followed("a deeply nested block", self.at));
            self.scanner.skip_braces();
        } else {
            self.directives(&mut block, depth + 1);
        }
        block
    }

    /// Spaces, and line breaks behind a backslash.
    fn skip_spaces(&mut self) {
        loop {
            self.scanner.skip_while(|c| c != '\n' && c.is_whitespace());
            if self.scanner.peek_char(0) != Some('\\') || self.scanner.peek_char(1) != Some('\n') {
                return;
            }
            self.scanner.next();
            self.scanner.next();
        }
    }

    /// A brace opens a block if it stands alone; `{path}` is a placeholder.
    fn opens_block(&self) -> bool {
        match self.scanner.peek(1) {
            None => true,
            Some(Piece::Char(c)) => c.is_whitespace(),
            Some(Piece::Hole(_)) => false,
        }
    }

    fn word(&mut self) -> Str {
        let quote = self.scanner.peek_char(0).filter(|c| "\"`".contains(*c));
        if quote.is_some() {
            self.scanner.next();
        }
        let mut word = vec![];
        while let Some(piece) = self.scanner.peek(0).cloned() {
            let ends = match (&piece, quote) {
                (Piece::Char(c), Some(quote)) => *c == quote,
                (Piece::Char(c), None) => c.is_whitespace(),
                (Piece::Hole(_), _) => false,
            };
            if ends {
                break;
            }
            self.scanner.next();
            let escapes = piece == Piece::Char('\\')
                && quote == Some('"')
                && self.scanner.peek_char(0).is_some_and(|c| c == '"' || c == '\\');
            word.push(if escapes { self.scanner.next().unwrap_or(piece) } else { piece });
        }
        if quote.is_some() {
            self.scanner.next();
        }
        join(&word)
    }

    /// `<<END`, lines of text, `END`.
    fn heredoc(&mut self) -> Str {
        self.scanner.next();
        self.scanner.next();
        let marker = self.line();
        let mut lines = vec![];
        while self.scanner.peek(0).is_some() && !self.take_marker(&marker) {
            if !lines.is_empty() {
                lines.push(Piece::Char('\n'));
            }
            lines.extend(self.line());
        }
        join(&lines)
    }

    /// The end of a heredoc; what follows on its line belongs to the directive.
    fn take_marker(&mut self, marker: &[Piece]) -> bool {
        let blanks = (0..).take_while(|at| matches!(self.scanner.peek_char(*at), Some(' ' | '\t'))).count();
        let found = (0..).zip(marker).all(|(at, piece)| self.scanner.peek(blanks + at) == Some(piece));
        let ends = match self.scanner.peek(blanks + marker.len()) {
            None => true,
            Some(Piece::Char(c)) => c.is_whitespace(),
            Some(Piece::Hole(_)) => false,
        };
        if found && ends {
            (0..blanks + marker.len()).for_each(|_| drop(self.scanner.next()));
        }
        found && ends
    }

    /// The rest of the line; its line break is dropped.
    fn line(&mut self) -> Vec<Piece> {
        let mut line = vec![];
        while let Some(piece) = self.scanner.next() {
            if piece == Piece::Char('\n') {
                break;
            }
            line.push(piece);
        }
        while line.last() == Some(&Piece::Char('\r')) {
            line.pop();
        }
        line
    }
}

#[cfg(test)]
mod tests {
    use super::super::directive::outline;
    use super::super::text::tests::with_holes;
    use super::*;

    fn check(text: &str, expected: &str) {
        assert_eq!(outline(&read(&with_holes(text), Origin::Default)), expected, "{text}");
    }

    #[test]
    fn directives() {
        check("", "");
        check("reverse_proxy /_matrix/* localhost:8008", "reverse_proxy /_matrix/* localhost:8008");
        check("root * /x # y\nfile_server", "root * /x; file_server");
        check("# root /x\nfile_server", "file_server");
        check("header {\n  X-A \"b c\"\n}", "header { X-A \"b c\" }");
        check("respond `{\"a\": 1}` 200", "respond \"{\"a\": 1}\" 200");
        check(r#"respond "{\"a\":1}""#, r#"respond {"a":1}"#);
        check("reverse_proxy \\\n  a:1", "reverse_proxy a:1");
        check("rewrite * /x{path}", "rewrite * /x{path}");
        check("respond <<J\n  {\n  }\n  J\nfile_server", "respond \"  {\n  }\"; file_server");
        check("respond <<J\nx\nJ 200", "respond x 200");
        check("respond <<J\nJack\n  J", "respond Jack");
    }

    #[test]
    fn blocks() {
        check("handle /a/* {\n  root * /b\n}\nfile_server", "handle /a/* { root * /b }; file_server");
        check("handle { respond 404 }", "handle { respond 404 }");
        check("a.org, b.org {\n}\n", "a.org, b.org {  }");
        check("{\n email a@b.org\n}\na.org {\n respond 1\n}", "\"\" { email a@b.org }; a.org { respond 1 }");
        check("handle {", "handle {  }");
        check("}", "?");
    }

    #[test]
    fn holes() {
        check("reverse_proxy <1>:<2>", "reverse_proxy ${…}:${…}");
        check("<1>\nroot * <2>", "root * ${…}; ?");
        check("<1> {\n}", "${…} {  }");
        check("<1>, <2> {\n}", "${…}, ${…} {  }");
        check("import tls", "import tls; ?");
        check("root * {<1>}", "root * {${…}}");
    }

    #[test]
    fn odd_text_ends() {
        for text in ["{", "}", "}}", "a {{{", "\"", "\\", "<<", "<<A", "a {\n", "`"] {
            let _ = read(&with_holes(text), Origin::Default);
        }
        let _ = read(&with_holes(&"a {\n".repeat(5000)), Origin::Default);
    }
}
