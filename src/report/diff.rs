//! What fixes change, as a unified diff that shows no secret.
//!
//! Both sides are masked as snippets are. The new text is in no report: what it takes over
//! unchanged is shown as before, and a line that replaces one with something hidden stays hidden.

use super::mask::{Secrets, is_nix};
use super::place::{escaped, relative};
use super::snippet::{Replacement, replaced};
use super::{Options, paint};
use crate::finding::Report;
use crate::source::{FileId, LineIndex, Sources, Span};
use similar::{DiffOp, TextDiff};
use std::io;
use std::ops::Range;
use std::path::Path;

/// So many lines around a change are shown.
const CONTEXT: usize = 3;

/// A file with another text.
#[derive(Clone, Copy, Debug)]
pub struct Change<'a> {
    /// Its path, absolute.
    pub path: &'a Path,
    /// The text that `Sources` holds.
    pub before: &'a str,
    /// The text it would have.
    pub after: &'a str,
}

/// Writes the changes. `report` is what was found in the texts `before`. Says whether something is
/// hidden, so that the diff is none for other programs.
pub fn write(
    changes: &[Change<'_>],
    report: &Report,
    sources: &Sources,
    options: &Options,
    out: &mut dyn io::Write,
) -> io::Result<bool> {
    let secrets = Secrets::new(report, sources);
    let mut hides = false;
    for change in changes {
        let Some(file) = sources.find(change.path) else { continue };
        // A path outside of the folder at hand is absolute, and stands behind `a/` as Git has it.
        let path = escaped(&relative(change.path, &options.base));
        let path = path.trim_start_matches('/');
        writeln!(out, "{}", paint(options.color, "1", &format!("--- a/{path}\n+++ b/{path}")))?;
        let diff = TextDiff::from_lines(change.before, change.after);
        let sides = Sides::new(change, file, &secrets, sources, diff.ops(), options.unicode);
        for hunk in diff.grouped_ops(CONTEXT) {
            hides |= sides.hunk(&hunk, options.color, out)?;
        }
    }
    Ok(hides)
}

/// The lines of both texts, as they are and as they may be shown.
struct Sides<'a> {
    old: Vec<(&'a str, String)>,
    new: Vec<(&'a str, String)>,
}

impl<'a> Sides<'a> {
    fn new(
        change: &Change<'a>,
        file: FileId,
        secrets: &Secrets,
        sources: &Sources,
        ops: &[DiffOp],
        unicode: bool,
    ) -> Self {
        let masks = secrets.masks(sources, file, unicode);
        let hidden: Vec<Range<usize>> = masks.iter().map(|mask| mask.range.clone()).collect();
        let old = lines(change.before, masks, unicode);
        // A new line may be shown where nothing of what it replaces is hidden.
        let is_open =
            |op: &&DiffOp| !matches!(op, DiffOp::Equal { .. }) && op.old_range().all(|nth| old[nth].0 == old[nth].1);
        let index = LineIndex::new(change.after);
        let line = |nth: usize| index.line_range(change.after, nth as u32 + 1).unwrap_or(0..0);
        let open = ops.iter().filter(is_open).flat_map(|op| op.new_range());
        let open: Vec<Span> = open.map(line).map(|it| Span::new(file, it.start as u32, it.end as u32 + 1)).collect();
        let taken_over = hidden.iter().filter_map(|range| change.before.get(range.clone()));
        let masks = secrets.masks_in((change.after, is_nix(sources, file)), &open, taken_over, unicode);
        Self { old, new: lines(change.after, masks, unicode) }
    }

    fn hunk(&self, ops: &[DiffOp], color: bool, out: &mut dyn io::Write) -> io::Result<bool> {
        let (Some(first), Some(last)) = (ops.first(), ops.last()) else { return Ok(false) };
        let (old, new) = (first.old_range().start..last.old_range().end, first.new_range().start..last.new_range().end);
        writeln!(out, "{}", paint(color, "36", &format!("@@ -{} +{} @@", lines_of(&old), lines_of(&new))))?;
        let mut hides = false;
        for op in ops {
            let (gone, come) = match op {
                DiffOp::Equal { .. } => {
                    hides |= print(&self.old[op.old_range()], ' ', "0", color, out)?;
                    continue;
                }
                _ => (&self.old[op.old_range()], &self.new[op.new_range()]),
            };
            hides |= print(gone, '-', "31", color, out)?;
            hides |= print(come, '+', "32", color, out)?;
        }
        Ok(hides)
    }
}

/// Writes lines behind a sign. Says whether something of them is hidden.
fn print(lines: &[(&str, String)], sign: char, style: &str, color: bool, out: &mut dyn io::Write) -> io::Result<bool> {
    for (line, shown) in lines {
        let bare = shown.strip_suffix('\n').unwrap_or(shown);
        writeln!(out, "{}", paint(color && sign != ' ', style, &format!("{sign}{bare}")))?;
        if !line.ends_with('\n') {
            writeln!(out, "\\ No newline at end of file")?;
        }
    }
    Ok(lines.iter().any(|(line, shown)| line != shown))
}

/// The lines of `text` beside themselves with `masks` applied, which never reach across a line's end.
fn lines(text: &str, masks: Vec<Replacement>, unicode: bool) -> Vec<(&str, String)> {
    let shown = replaced(text, masks, unicode);
    text.split_inclusive('\n').zip(shown.split_inclusive('\n').map(str::to_owned)).collect()
}

/// Lines, counted from 0, as a diff's head names them.
fn lines_of(range: &Range<usize>) -> String {
    // A diff says before which line nothing stands by naming the line before.
    format!("{},{}", if range.is_empty() { range.start } else { range.start + 1 }, range.len())
}

#[cfg(test)]
mod tests {
    use super::{Change, write};
    use crate::finding::{Finding, Label, Report, Severity};
    use crate::report::Options;
    use crate::source::{Origin, Sources, Span};
    use std::path::Path;

    /// The diff from `before` to `after`, where `marked` is a finding's primary label.
    fn check(before: &str, after: &str, marked: &str, secret: bool, expected: &str, hides: bool) {
        let mut sources = Sources::default();
        let file = sources.add("/p/a.nix".into(), before);
        let start = before.find(marked).unwrap() as u32;
        let at = Origin::Written(Span::new(file, start, start + marked.len() as u32));
        let label = Label { redact: secret, ..Label::new(at, "") };
        let findings = vec![Finding::new("x", Severity::Error, "wrong", label)];
        let report = Report { findings, ..Report::default() };
        let (mut out, change) = (Vec::new(), Change { path: Path::new("/p/a.nix"), before, after });
        let hidden = write(&[change], &report, &sources, &Options::plain("/p"), &mut out).unwrap();
        let expected = format!("--- a/a.nix\n+++ b/a.nix\n{expected}");
        assert_eq!((String::from_utf8(out).unwrap(), hidden), (expected, hides));
    }

    #[test]
    fn diffs() {
        let before = "{\n  a = 1;\n  b = 2;\n}";
        check(
            before,
            "{\n  a = 3;\n  b = 2;\n}",
            "1",
            false,
            "@@ -1,4 +1,4 @@\n {\n-  a = 1;\n+  a = 3;\n   b = 2;\n }\n\\ No newline at end of file\n",
            false,
        );
        let after = "{\n  a = 1;\n  c = \"\u{1b}\";\n  b = 2;\n}\n";
        check(
            "{\n  a = 1;\n  b = 2;\n}\n",
            after,
            "1",
            false,
            "@@ -1,4 +1,5 @@\n {\n   a = 1;\n+  c = \"␛\";\n   b = 2;\n }\n",
            true,
        );
    }

    #[test]
    fn secrets_stay_hidden() {
        let before = "{\n  a = \"hunter22\";\n  b = 1;\n}\n";
        let after = "{\n  c = \"hunter22\";\n  b = 1;\n}\n";
        let expected = "@@ -1,4 +1,4 @@\n {\n-  a = \"••••••••\";\n+  c = \"••••••••\";\n   b = 1;\n }\n";
        check(before, after, "\"hunter22\"", true, expected, true);
        // Nobody marked this one, but it is called a password.
        let before = "{\n  old.password = \"hunter22\";\n  b = 1;\n}\n";
        let after = "{\n  new.password = \"hunter22\";\n  b = \"hunter22\";\n}\n";
        let expected = "@@ -1,4 +1,4 @@\n {\n-  old.password = \"••••••••\";\n-  b = 1;\n\
            +  new.password = \"••••••••\";\n+  b = \"••••••••\";\n }\n";
        check(before, after, "1", false, expected, true);
        // A line that a label names may be shown, before and after.
        let before = "{\n  secret_path = /run/x;\n}\n";
        let after = "{\n  secret_path = \"/run/x\";\n}\n";
        let expected = "@@ -1,3 +1,3 @@\n {\n-  secret_path = /run/x;\n+  secret_path = \"/run/x\";\n }\n";
        check(before, after, "/run/x", false, expected, false);
    }
}
