//! From byte offsets to lines and columns.

/// A place as people name it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position {
    /// Counted from 1.
    pub line: u32,
    /// Unicode scalar values from the line's start, counted from 1.
    pub column: u32,
    /// Byte offset in the file, counted from 0.
    pub byte: u32,
}

/// The byte offsets at which a text's lines start, and what to know of its characters.
#[derive(Clone, Debug)]
pub struct LineIndex {
    starts: Vec<u32>,
    /// The bytes that begin no character: a column of a long line is told without counting along it.
    inner: Vec<u32>,
}

impl LineIndex {
    /// Indexes `text`; a line ends with `\n` (a `\r` before it belongs to the line).
    pub fn new(text: &str) -> Self {
        let after_newlines = text.bytes().enumerate().filter(|(_, b)| *b == b'\n').map(|(at, _)| at as u32 + 1);
        let inner = text.bytes().enumerate().filter(|(_, b)| *b & 0b1100_0000 == 0b1000_0000).map(|(at, _)| at as u32);
        Self { starts: std::iter::once(0).chain(after_newlines).collect(), inner: inner.collect() }
    }

    /// Where byte `byte` of `text` is; an offset past the end counts as the end.
    pub fn position(&self, text: &str, byte: u32) -> Position {
        let mut byte = (byte as usize).min(text.len());
        while !text.is_char_boundary(byte) {
            byte -= 1;
        }
        let line = self.starts.partition_point(|start| *start as usize <= byte) - 1;
        let (start, byte) = (self.starts[line], byte as u32);
        let inner_before = |byte: u32| self.inner.partition_point(|at| *at < byte) as u32;
        let column = byte - start - (inner_before(byte) - inner_before(start)) + 1;
        Position { line: line as u32 + 1, column, byte }
    }

    /// The byte range of line `line` (from 1) without its line end; `None` past the last line.
    pub fn line_range(&self, text: &str, line: u32) -> Option<std::ops::Range<usize>> {
        let index = (line as usize).checked_sub(1)?;
        let start = *self.starts.get(index)? as usize;
        let end = self.starts.get(index + 1).map_or(text.len(), |next| *next as usize - 1);
        Some(start..end.max(start))
    }

    /// How many lines there are, at least 1.
    pub fn count(&self) -> u32 {
        self.starts.len() as u32
    }
}

#[cfg(test)]
mod tests {
    use super::LineIndex;

    fn check(text: &str, byte: u32, line: u32, column: u32) {
        let position = LineIndex::new(text).position(text, byte);
        assert_eq!((position.line, position.column), (line, column), "{text:?} at {byte}");
    }

    #[test]
    fn positions() {
        check("", 0, 1, 1);
        check("a\nb", 2, 2, 1);
        check("ä = 1", 3, 1, 3);
        check("ä\n€🔑ü x", 13, 2, 5);
        check("a\r\nb", 3, 2, 1);
        check("a\n", 99, 2, 1);
        check("ä", 1, 1, 1);
    }
}
