//! Where a Nix text holds strings and comments.
//!
//! Reporters must know what is quoted even where a file does not parse, and
//! without the syntax layer; hence this scanner, which only tells quoted text,
//! comments and code apart, and accepts anything.

use std::ops::Range;

/// What a piece of text is; whatever no piece covers is code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// Between the quotes of a string, without its interpolations.
    Quoted,
    /// A comment with its marks.
    Comment,
}

/// The quoted texts and comments of `text`, sorted, none empty, as byte ranges.
pub(super) fn pieces(text: &str) -> Vec<(Range<usize>, Kind)> {
    let mut scanner = Scanner { text: text.as_bytes(), at: 0, found: Vec::new() };
    scanner.run();
    scanner.found
}

/// What the scanner is inside of.
#[derive(Clone, Copy)]
enum Inside {
    /// Code, with so many braces open since it began.
    Code(u32),
    /// `"…"`
    Str,
    /// `''…''`
    Indented,
}

struct Scanner<'a> {
    text: &'a [u8],
    at: usize,
    found: Vec<(Range<usize>, Kind)>,
}

impl Scanner<'_> {
    fn run(&mut self) {
        // The stack lives here, not in calls: nesting is the input's to choose.
        let mut stack = vec![Inside::Code(0)];
        while self.at < self.text.len() {
            match stack.last().copied() {
                None => return,
                Some(Inside::Code(depth)) => self.code(depth, &mut stack),
                Some(Inside::Str) => self.string(&mut stack),
                Some(Inside::Indented) => self.indented(&mut stack),
            }
        }
    }

    fn starts(&self, with: &[u8]) -> bool {
        self.text[self.at..].starts_with(with)
    }

    fn add(&mut self, start: usize, kind: Kind) {
        let end = self.at.min(self.text.len());
        if start < end {
            self.found.push((start..end, kind));
        }
    }

    /// One token of code.
    fn code(&mut self, depth: u32, stack: &mut Vec<Inside>) {
        let start = self.at;
        let rest = &self.text[start..];
        match rest[0] {
            b'#' => {
                self.at += rest.iter().position(|b| *b == b'\n').unwrap_or(rest.len());
                self.add(start, Kind::Comment);
            }
            b'/' if self.starts(b"/*") => {
                let end = rest.windows(2).skip(2).position(|pair| pair == b"*/");
                self.at += end.map_or(rest.len(), |end| end + 4);
                self.add(start, Kind::Comment);
            }
            b'"' => {
                self.at += 1;
                stack.push(Inside::Str);
            }
            b'\'' if self.starts(b"''") => {
                self.at += 2;
                stack.push(Inside::Indented);
            }
            // An apostrophe may be part of a name: `x''` is no string.
            b if b.is_ascii_alphabetic() || b == b'_' => {
                let part = |b: &u8| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-' | b'\'');
                self.at += rest.iter().position(|b| !part(b)).unwrap_or(rest.len());
            }
            brace @ (b'{' | b'}') => {
                self.at += 1;
                let nested = stack.len() > 1;
                if let Some(top) = stack.last_mut() {
                    *top = Inside::Code(if brace == b'{' { depth + 1 } else { depth.saturating_sub(1) });
                }
                // This brace ends an interpolation; the text around it goes on.
                if brace == b'}' && depth == 0 && nested {
                    stack.pop();
                }
            }
            _ => self.at += 1,
        }
    }

    /// The text of a `"…"` up to its end or its next interpolation.
    fn string(&mut self, stack: &mut Vec<Inside>) {
        let start = self.at;
        while let Some(byte) = self.text.get(self.at) {
            match byte {
                b'"' => {
                    self.add(start, Kind::Quoted);
                    self.at += 1;
                    stack.pop();
                    return;
                }
                b'$' if self.starts(b"${") => return self.interpolation(start, stack),
                b'\\' => self.at += 2,
                b'$' if self.starts(b"$$") => self.at += 2,
                _ => self.at += 1,
            }
        }
        self.add(start, Kind::Quoted);
    }

    /// The text of a `''…''` up to its end or its next interpolation.
    fn indented(&mut self, stack: &mut Vec<Inside>) {
        let start = self.at;
        while let Some(byte) = self.text.get(self.at) {
            match byte {
                b'\'' if self.starts(b"''\\") => self.at += 4,
                b'\'' if self.starts(b"''$") || self.starts(b"'''") => self.at += 3,
                b'\'' if self.starts(b"''") => {
                    self.add(start, Kind::Quoted);
                    self.at += 2;
                    stack.pop();
                    return;
                }
                b'$' if self.starts(b"${") => return self.interpolation(start, stack),
                b'$' if self.starts(b"$$") => self.at += 2,
                _ => self.at += 1,
            }
        }
        self.add(start, Kind::Quoted);
    }

    fn interpolation(&mut self, start: usize, stack: &mut Vec<Inside>) {
        self.add(start, Kind::Quoted);
        self.at += 2;
        stack.push(Inside::Code(0));
    }
}

#[cfg(test)]
mod tests {
    use super::{Kind, pieces};

    /// The pieces, comments in parentheses.
    fn check(text: &str, expected: &[&str]) {
        let show = |(range, kind): (std::ops::Range<usize>, Kind)| match kind {
            Kind::Quoted => text[range].to_owned(),
            Kind::Comment => format!("({})", &text[range]),
        };
        let found: Vec<String> = pieces(text).into_iter().map(show).collect();
        assert_eq!(found, expected, "{text}");
    }

    #[test]
    fn strings() {
        check(r#"{ a = "x"; b = ""; c = 1; }"#, &["x"]);
        check(r#""a\"b" "c\\" "d""#, &[r#"a\"b"#, r"c\\", "d"]);
        check("''\n  a\n'' b ''c''", &["\n  a\n", "c"]);
        check("''a '''b''' c''", &["a '''b''' c"]);
        check("''a ''${b} ''\\n c'' d", &["a ''${b} ''\\n c"]);
        check("let x'' = 1; y = x''; in \"z\"", &["z"]);
        check("\"open", &["open"]);
    }

    #[test]
    fn interpolations() {
        check(r#""a${b "c" { d = "e"; }}f" + "g""#, &["a", "c", "e", "f", "g"]);
        check(r#""a$${b}" "c""#, &["a$${b}", "c"]);
        check("''a${''b${c}d''}e'' f", &["a", "b", "d", "e"]);
        check(r#"{ ${"a"} = "b"; } } "c""#, &["a", "b", "c"]);
    }

    #[test]
    fn comments() {
        check("# a \"b\n\"c\" /* d ' */ \"e\"", &["(# a \"b)", "c", "(/* d ' */)", "e"]);
        check("/*/ \"a\" */ \"b\" /* \"c", &["(/*/ \"a\" */)", "b", "(/* \"c)"]);
        check("\"# no\" ''/* no */''", &["# no", "/* no */"]);
    }
}
