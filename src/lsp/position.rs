//! Places as editors count them: lines from 0, and columns in the units that were agreed on.

use lsp_types::{Position, Range};

/// The units of columns.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Encoding {
    /// Units of UTF-16: what every client understands.
    #[default]
    Utf16,
    /// Bytes.
    Utf8,
}

/// A text's lines, which end with `\n`, `\r\n` or `\r`.
pub(super) struct Lines<'t> {
    text: &'t str,
    encoding: Encoding,
    starts: Vec<usize>,
}

impl<'t> Lines<'t> {
    /// Finds the lines of `text`.
    pub(super) fn new(text: &'t str, encoding: Encoding) -> Self {
        let bytes = text.as_bytes();
        let ends = |at: usize| bytes[at] == b'\n' || bytes[at] == b'\r' && bytes.get(at + 1) != Some(&b'\n');
        let starts = (0..bytes.len()).filter(|at| ends(*at)).map(|at| at + 1);
        Self { text, encoding, starts: std::iter::once(0).chain(starts).collect() }
    }

    /// Where byte `byte` is; what lies past the end counts as the end.
    pub(super) fn position(&self, byte: u32) -> Position {
        let byte = floor(self.text, byte as usize);
        let line = self.starts.partition_point(|start| *start <= byte) - 1;
        let before = &self.text[self.starts[line]..byte];
        let column = match self.encoding {
            Encoding::Utf8 => before.len(),
            Encoding::Utf16 => before.chars().map(char::len_utf16).sum(),
        };
        Position::new(line as u32, column as u32)
    }

    /// The range of the bytes `start..end`.
    pub(super) fn range(&self, start: u32, end: u32) -> Range {
        Range::new(self.position(start), self.position(end.max(start)))
    }

    /// The byte at a position: the line's end for columns past it, the text's for lines past it.
    pub(super) fn byte(&self, position: Position) -> usize {
        let Some(start) = self.starts.get(position.line as usize).copied() else { return self.text.len() };
        let end = self.starts.get(position.line as usize + 1).copied().unwrap_or(self.text.len());
        let line = self.text[start..end].trim_end_matches(['\n', '\r']);
        let column = position.character as usize;
        match self.encoding {
            Encoding::Utf8 => start + floor(line, column),
            Encoding::Utf16 => {
                let mut units = 0;
                let inside = line.char_indices().find(|(_, c)| {
                    units += c.len_utf16();
                    units > column
                });
                start + inside.map_or(line.len(), |(at, _)| at)
            }
        }
    }
}

/// The last place in `text` not behind `byte` where a character begins, or its end.
fn floor(text: &str, byte: usize) -> usize {
    let mut byte = byte.min(text.len());
    while !text.is_char_boundary(byte) {
        byte -= 1;
    }
    byte
}

#[cfg(test)]
mod tests {
    use super::{Encoding, Lines};
    use lsp_types::Position;

    /// Byte `byte` of `text` is at this position, and the other way round.
    fn check(text: &str, encoding: Encoding, byte: u32, line: u32, column: u32) {
        let lines = Lines::new(text, encoding);
        assert_eq!(lines.position(byte), Position::new(line, column), "{text:?} at {byte}");
        assert_eq!(lines.byte(Position::new(line, column)), byte as usize, "{text:?} at {line}:{column}");
    }

    #[test]
    fn positions() {
        check("ä🔑x", Encoding::Utf16, 6, 0, 3);
        check("ä🔑x", Encoding::Utf8, 6, 0, 6);
        check("a\r\n🔑\rb\n", Encoding::Utf16, 7, 1, 2);
        check("a\r\n🔑\rb\n", Encoding::Utf16, 8, 2, 0);
        check("a\n", Encoding::Utf16, 2, 1, 0);
        check("", Encoding::Utf8, 0, 0, 0);
    }

    #[test]
    fn what_is_not_there() {
        let byte = |encoding, line, column| Lines::new("ä🔑\r\nb", encoding).byte(Position::new(line, column));
        assert_eq!(byte(Encoding::Utf16, 0, 2), 2, "inside a pair");
        assert_eq!(byte(Encoding::Utf8, 0, 1), 0, "inside a character");
        assert_eq!((byte(Encoding::Utf16, 0, 99), byte(Encoding::Utf16, u32::MAX, u32::MAX)), (6, 9));
        assert_eq!(Lines::new("ä", Encoding::Utf16).position(99), Position::new(0, 1));
    }
}
