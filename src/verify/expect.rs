//! The annotation language of pages, evaluation documents and tests.
//!
//! A comment below a line marks columns of that line with carets and says what is
//! expected there. Several comments may follow one line.
//!
//! ```text
//! secret = "hunter2";
//! #        ^^^^^^^^^ error: a part of the message
//! #        ^^^^^^^^^ = "hunter2"
//! ```
//!
//! | Words | Expects |
//! |---|---|
//! | `error: text`, `warning: text`, `info: text` | a finding's primary label here; `text` is part of the message |
//! | `error?: text` (likewise the others) | the same, and the finding is only `possible` |
//! | `note: text` | a finding's related label here; `text` is part of the label |
//! | `= value` | the value is known to be this |
//! | `? cause` | the value is unknown; `cause` is part of the reason |
//! | `todo …` | one of the above is wanted but not so yet; once it is, the annotation is wrong |
//!
//! Columns count Unicode scalar values. What spans several lines is marked on its
//! first line, to that line's end. A line `#- path` starts another file; the first
//! file is `default.nix` unless such a line names it. Annotations are taken out of
//! the text before it is read, so they may also stand inside strings.

use crate::finding::Severity;

/// The files of a block and what is expected in them.
#[derive(Clone, Debug, Default)]
pub struct Example {
    /// Its files; the first one is where reading starts.
    pub files: Vec<ExampleFile>,
    /// What is expected, in order of writing.
    pub annotations: Vec<Annotation>,
    /// Comments that look like annotations but are none: line (from 1) in the block, and why.
    pub mistakes: Vec<(u32, String)>,
}

/// One file of an example.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExampleFile {
    /// Its path, relative to the example's folder.
    pub path: String,
    /// Its text without annotations.
    pub text: String,
    /// For each line of the text its line in the block, both from 1.
    lines: Vec<u32>,
}

/// Something expected at a place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Annotation {
    /// Index of the file in [`Example::files`].
    pub file: usize,
    /// Line in the file, from 1.
    pub line: u32,
    /// First column marked, from 1.
    pub start: u32,
    /// One past the last column marked.
    pub end: u32,
    /// Line of the marked text in the block, from 1.
    pub block_line: u32,
    /// Wanted, but not so yet.
    pub todo: bool,
    /// What is expected.
    pub kind: Kind,
}

/// What an annotation expects.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A finding's primary label.
    Finding {
        /// How bad.
        severity: Severity,
        /// Only possible, not certain.
        possible: bool,
        /// Part of the message or of the label.
        text: String,
    },
    /// A finding's related label, with part of its text.
    Note(String),
    /// A known value, as Nix writes it.
    Value(String),
    /// An unknown value, with part of the cause.
    Unknown(String),
}

impl Example {
    /// Reads a block.
    pub fn parse(block: &str) -> Self {
        let mut example = Example::default();
        for (at, line) in block.split_inclusive('\n').enumerate() {
            let number = at as u32 + 1;
            if let Some(path) = line.strip_prefix("#- ") {
                example.files.push(ExampleFile::new(path.trim()));
                continue;
            }
            match marks(line) {
                Some((start, end, words)) => example.annotate(number, start, end, words),
                None => example.push(number, line),
            }
        }
        example
    }

    /// The index of the file with this path.
    pub fn file(&self, path: &str) -> Option<usize> {
        self.files.iter().position(|file| file.path == path)
    }

    fn push(&mut self, number: u32, line: &str) {
        if self.files.is_empty() {
            self.files.push(ExampleFile::new("default.nix"));
        }
        if let Some(file) = self.files.last_mut() {
            file.text.push_str(line);
            file.lines.push(number);
        }
    }

    fn annotate(&mut self, number: u32, start: u32, end: u32, words: &str) {
        let at = self.files.len().wrapping_sub(1);
        let line = self.files.last().map_or(0, |file| file.lines.len() as u32);
        let Some(block_line) = self.files.last().and_then(|file| file.lines.last().copied()) else {
            self.mistakes.push((number, "there is no line above to mark".into()));
            return;
        };
        match meaning(words) {
            Some((todo, kind)) => {
                self.annotations.push(Annotation { file: at, line, start, end, block_line, todo, kind });
            }
            None => self.mistakes.push((
                number,
                format!("carets followed by neither `error:`, `warning:`, `info:`, `note:`, `=` nor `?`: {words}"),
            )),
        }
    }
}

impl ExampleFile {
    fn new(path: &str) -> Self {
        Self { path: path.to_owned(), text: String::new(), lines: vec![] }
    }

    /// The line in the block of a line in this file, both from 1.
    pub fn block_line(&self, line: u32) -> u32 {
        let known = (line as usize).checked_sub(1).and_then(|at| self.lines.get(at)).copied();
        known.or(self.lines.last().copied()).unwrap_or(1)
    }

    /// The text of a line (from 1) between two columns (from 1, end exclusive).
    pub fn columns(&self, line: u32, start: u32, end: u32) -> String {
        let text = self.text.lines().nth(line as usize - 1).unwrap_or_default();
        text.chars().skip(start as usize - 1).take((end - start) as usize).collect()
    }
}

/// The columns (from 1, end exclusive) that a comment marks, and its words.
fn marks(line: &str) -> Option<(u32, u32, &str)> {
    let comment = line.trim_start().strip_prefix('#')?;
    let carets = comment.trim_start_matches(' ');
    let words = carets.trim_start_matches('^');
    let count = carets.len() - words.len();
    // All that stands before the carets is a character a column.
    let start = line.chars().count() - carets.chars().count() + 1;
    (count > 0).then(|| (start as u32, (start + count) as u32, words.trim()))
}

/// What the words behind the carets mean.
fn meaning(words: &str) -> Option<(bool, Kind)> {
    let (todo, words) = match words.strip_prefix("todo ") {
        Some(rest) => (true, rest.trim_start()),
        None => (false, words),
    };
    if let Some(value) = words.strip_prefix("= ") {
        return Some((todo, Kind::Value(value.trim().to_owned())));
    }
    if words == "?" || words.starts_with("? ") {
        return Some((todo, Kind::Unknown(words[1..].trim().to_owned())));
    }
    let (head, text) = words.split_once(':')?;
    let text = text.trim().to_owned();
    if head == "note" {
        return Some((todo, Kind::Note(text)));
    }
    let (head, possible) = match head.strip_suffix('?') {
        Some(head) => (head, true),
        None => (head, false),
    };
    Some((todo, Kind::Finding { severity: Severity::parse(head)?, possible, text }))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The annotations as `file:line:start-end (block line) kind`, mistakes as `line: !`.
    fn check(block: &str, expected: &[&str]) {
        let example = Example::parse(block);
        let shown = example.annotations.iter().map(|it| {
            let marked = example.files[it.file].columns(it.line, it.start, it.end);
            let todo = if it.todo { "todo " } else { "" };
            let path = &example.files[it.file].path;
            format!("{path}:{}:{}-{} ({}) `{marked}` {todo}{:?}", it.line, it.start, it.end, it.block_line, it.kind)
        });
        let mistakes = example.mistakes.iter().map(|(line, _)| format!("{line}: !"));
        assert_eq!(shown.chain(mistakes).collect::<Vec<_>>(), expected, "{block}");
    }

    #[test]
    fn annotations() {
        check("a = 1;\n#   ^ = 1\n", &["default.nix:1:5-6 (1) `1` Value(\"1\")"]);
        check(
            "{\n  ä = x;\n  #   ^ ? no idea\n  #^ todo note: there\n}\n",
            &["default.nix:2:7-8 (2) `x` Unknown(\"no idea\")", "default.nix:2:4-5 (2) ` ` todo Note(\"there\")"],
        );
        check(
            "#- a.nix\nx\n#- b.nix\ny\n\n z\n #^ error?: bad: very\n",
            &["b.nix:3:3-4 (6) `` Finding { severity: Error, possible: true, text: \"bad: very\" }"],
        );
        check("# ^ error: a\n", &["1: !"]);
        check("x\n# ^ errors: a\n", &["2: !"]);
        check("x\n# no carets\n", &[]);
    }

    #[test]
    fn annotations_are_no_text() {
        let example = Example::parse("''\n  a\n  # ^ note: x\n  b\n''\n");
        assert_eq!(example.files[0].text, "''\n  a\n  b\n''\n");
        assert_eq!(example.files[0].block_line(3), 4);
    }
}
