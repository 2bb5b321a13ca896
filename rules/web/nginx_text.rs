//! Reads nginx configuration text: the lines people write in `extraConfig`.
//!
//! A hole inside a word is part of that word; a hole that stands alone on a line
//! may be any number of directives. `include` is a gap as well.

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

/// What ended the words of a directive.
enum Stop {
    Semicolon,
    Open,
    Close,
    Text,
}

impl Reader {
    /// Reads up to the closing brace or the end of the text.
    fn directives(&mut self, block: &mut Block, depth: usize) -> End {
        loop {
            self.skip_blank();
            if let Some(unknown) = self.scanner.lone_hole() {
                block.gaps.push(unknown);
                continue;
            }
            match self.scanner.peek_char(0) {
                None if self.scanner.peek(0).is_none() => return End::Text,
                Some('}') => {
                    self.scanner.next();
                    return End::Brace;
                }
                Some(';') => {
                    self.scanner.next();
                    continue;
                }
                _ => {}
            }
            let (words, stop) = self.words();
            let mut words = words.into_iter();
            let mut directive =
                Directive { name: words.next().unwrap_or_default(), args: words.collect(), ..Directive::default() };
            if matches!(stop, Stop::Open) {
                directive.block = Some(self.block(&directive.name, depth));
            }
            if directive.is("include") {
                let what = format!("include {}", directive.args.first().cloned().unwrap_or_default());
                block.gaps.push(not_followed(what, self.at));
            }
            block.directives.push(directive);
            if matches!(stop, Stop::Close) {
                return End::Brace;
            }
        }
    }

    /// The block behind an opening brace.
    fn block(&mut self, name: &Str, depth: usize) -> Block {
        let mut block = Block::default();
        if name.known_suffix().ends_with("_lua_block") || depth >= DEEPEST {
            self.scanner.skip_braces();
            block.gaps.push(not_followed(format!("{name} {{ … }}"), self.at));
        } else {
            self.directives(&mut block, depth + 1);
        }
        block
    }

    /// The words up to a semicolon or a brace, which is taken as well.
    fn words(&mut self) -> (Vec<Str>, Stop) {
        let mut words = vec![];
        loop {
            self.skip_blank();
            let stop = match self.scanner.peek_char(0) {
                Some(';') => Stop::Semicolon,
                Some('{') => Stop::Open,
                Some('}') => Stop::Close,
                None if self.scanner.peek(0).is_none() => return (words, Stop::Text),
                _ => {
                    words.push(self.word());
                    continue;
                }
            };
            self.scanner.next();
            return (words, stop);
        }
    }

    fn word(&mut self) -> Str {
        let quote = self.scanner.peek_char(0).filter(|c| "\"'".contains(*c));
        if quote.is_some() {
            self.scanner.next();
        }
        let mut word = vec![];
        while let Some(piece) = self.scanner.peek(0).cloned() {
            let ends = match (&piece, quote) {
                (Piece::Char(c), Some(quote)) => *c == quote,
                // In `${name}` the brace belongs to the variable.
                (Piece::Char('{'), None) => word.last() != Some(&Piece::Char('$')),
                (Piece::Char('}'), None) => !opens_variable(&word),
                (Piece::Char(c), None) => c.is_whitespace() || *c == ';',
                (Piece::Hole(_), _) => false,
            };
            if ends {
                break;
            }
            self.scanner.next();
            match (piece, self.scanner.peek(0).cloned()) {
                // Outside of quotes nginx keeps the backslash, as regular expressions need it.
                (Piece::Char('\\'), Some(escaped)) => {
                    let drop = quote.is_some_and(|quote| escaped == Piece::Char(quote))
                        || matches!(escaped, Piece::Char('\\')) && quote.is_some();
                    if !drop {
                        word.push(Piece::Char('\\'));
                    }
                    word.push(escaped);
                    self.scanner.next();
                }
                (piece, _) => word.push(piece),
            }
        }
        if quote.is_some() {
            self.scanner.next();
        }
        join(&word)
    }

    fn skip_blank(&mut self) {
        loop {
            self.scanner.skip_while(char::is_whitespace);
            if self.scanner.peek_char(0) != Some('#') {
                return;
            }
            self.scanner.skip_line();
        }
    }
}

/// Whether the word holds a `${` that nothing has closed.
fn opens_variable(word: &[Piece]) -> bool {
    let last = |wanted: char| word.iter().rposition(|piece| *piece == Piece::Char(wanted));
    match (last('{'), last('}')) {
        (Some(open), Some(close)) => open > close,
        (open, _) => open.is_some(),
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
        check("proxy_pass http://127.0.0.1:8008;", "proxy_pass http://127.0.0.1:8008");
        check("# root /x;\nroot /y; # z", "root /y");
        check("add_header 'A B' \"c; d\" always;", "add_header \"A B\" \"c; d\" always");
        check(r#"return 200 '{"m.server": "a:443"}';"#, r#"return 200 "{"m.server": "a:443"}""#);
        check(r#"return 200 "{\"a\": 1}";"#, r#"return 200 "{"a": 1}""#);
        check("root /x", "root /x");
        check(";;", "");
    }

    #[test]
    fn blocks() {
        check("location /a { root /b; }", "location /a { root /b }");
        check("location ~ ^/(a|b)$ { deny all; } root /c;", "location ~ ^/(a|b)$ { deny all }; root /c");
        check(r"location ~ \.php$ {}", r"location ~ \.php$ {  }");
        check("if ($request_method = OPTIONS) { return 204; }", "if ($request_method = OPTIONS) { return 204 }");
        check("rewrite ^ https://${host}/x; root /y;", "rewrite ^ https://${host}/x; root /y");
        check("location / { root /x;", "location / { root /x }");
        check("} server { listen 80; ", "server { listen 80 }; ?");
        check("content_by_lua_block { if a then b() {} end } root /x;", "content_by_lua_block { ? }; root /x");
    }

    #[test]
    fn holes() {
        check("proxy_pass http://<1>:<2>;", "proxy_pass http://${…}:${…}");
        check("<1>\nroot /x;", "root /x; ?");
        check("  <1>  ", "?");
        check("<1><2>\n", "?; ?");
        check("<1> /x;", "${…} /x");
        check("root <1>;", "root ${…}");
        check("return 200 '<1>';", "return 200 ${…}");
        check("location <1> { proxy_pass <2>; }", "location ${…} { proxy_pass ${…} }");
        check("include <1>/mime.types;", "include ${…}/mime.types; ?");
        check("# <1>\nroot /x;", "root /x");
    }

    #[test]
    fn odd_text_ends() {
        for text in ["{", "}", "}}", "a {{{", "\"", "'\\", "\\", "${", "a ${b", "<1>{<2>}"] {
            let _ = read(&with_holes(text), Origin::Default);
        }
        let _ = read(&with_holes(&"a{".repeat(5000)), Origin::Default);
    }
}
