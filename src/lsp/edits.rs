//! Changes as editors make them.

use super::client::Client;
use super::diagnostics::{Places, address};
use super::documents::Documents;
use super::position::Lines;
use crate::finding::Edit;
use lsp_types::TextEdit;
use serde_json::{Map, Value, json};
use similar::{DiffTag, TextDiff};
use std::ops::Range;
use std::path::Path;

impl Places<'_> {
    /// Edits of one file.
    pub(super) fn text_edits(&self, edits: &[Edit]) -> Vec<TextEdit> {
        let edit = |edit: &Edit| {
            let lines = self.lines(edit.span.file);
            let has_returns = self.sources.file(edit.span.file).text.contains("\r\n");
            let text = edit.text.replace("\r\n", "\n");
            let new_text = if has_returns { text.replace('\n', "\r\n") } else { text };
            TextEdit { range: lines.range(edit.span.start, edit.span.end), new_text }
        };
        edits.iter().map(edit).collect()
    }
}

/// What makes `after` of `before`, without repeating what stays: what is secret there stays where it is.
pub(super) fn difference(before: &str, after: &str, client: &Client) -> Vec<TextEdit> {
    let lines = Lines::new(before, client.encoding);
    let diff = TextDiff::from_lines(before, after);
    let starts = |text: &str| {
        let ends = text.split_inclusive('\n').scan(0, |end, line| {
            *end += line.len();
            Some(*end)
        });
        std::iter::once(0).chain(ends).collect::<Vec<usize>>()
    };
    let (old_starts, new_starts) = (starts(before), starts(after));
    let bytes = |starts: &[usize], lines: Range<usize>| {
        let at = |line: usize| starts.get(line).or(starts.last()).copied().unwrap_or_default();
        at(lines.start)..at(lines.end)
    };
    let changed = diff.ops().iter().filter(|op| op.tag() != DiffTag::Equal);
    changed
        .map(|op| {
            let old = bytes(&old_starts, op.old_range());
            let new = bytes(&new_starts, op.new_range());
            let (head, tail) = shared(&before[old.clone()], &after[new.clone()]);
            TextEdit {
                range: lines.range((old.start + head) as u32, (old.end - tail) as u32),
                new_text: after[new.start + head..new.end - tail].to_owned(),
            }
        })
        .collect()
}

/// How many bytes two texts share at their start, and of the rest at their end.
fn shared(a: &str, b: &str) -> (usize, usize) {
    let count = |a: &mut dyn Iterator<Item = char>, b: &mut dyn Iterator<Item = char>| {
        a.zip(b).take_while(|(a, b)| a == b).map(|(a, _)| a.len_utf8()).sum::<usize>()
    };
    let head = count(&mut a.chars(), &mut b.chars());
    (head, count(&mut a[head..].chars().rev(), &mut b[head..].chars().rev()))
}

/// An edit of one file, for the version of it that is open.
pub(super) fn workspace_edit(path: &Path, edits: &[TextEdit], documents: &Documents, client: &Client) -> Option<Value> {
    let uri = address(documents, path)?;
    if !client.versioned_edits {
        let changes = Map::from_iter([(uri.as_str().to_owned(), json!(edits))]);
        return Some(json!({ "changes": changes }));
    }
    let version = documents.get(path).map(|document| document.version);
    Some(json!({ "documentChanges": [{ "textDocument": { "uri": uri, "version": version }, "edits": edits }] }))
}

#[cfg(test)]
mod tests {
    use super::{Client, difference};
    use crate::lsp::position::Lines;

    /// The edits between two texts lead from one to the other; `expected` is what they write.
    fn check(before: &str, after: &str, expected: &[&str]) {
        let client = Client::default();
        let edits = difference(before, after, &client);
        assert_eq!(edits.iter().map(|edit| &*edit.new_text).collect::<Vec<_>>(), expected);
        let mut text = before.to_owned();
        for edit in edits.iter().rev() {
            let lines = Lines::new(before, client.encoding);
            text.replace_range(lines.byte(edit.range.start)..lines.byte(edit.range.end), &edit.new_text);
        }
        assert_eq!(text, after);
    }

    #[test]
    fn differences() {
        check("a\nb\nc\n", "a\nb\nc\n", &[]);
        check("a\nx = \"ä🔑\"; # 1\nc\n", "a\ny = \"ä🔑\"; # 1\nc\n", &["y"]);
        check("a\nb\nc\n", "b\nc\nd", &["", "d"]);
        check("", "a", &["a"]);
        check("aaa\n", "aa\n", &[""]);
        check("a\r\nb\r\n", "a\r\nc\r\n", &["c"]);
    }
}
