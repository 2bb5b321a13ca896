//! Edits put into a text, and what must hold of the outcome.

use crate::finding::Edit;
use crate::source::FileId;
use crate::syntax::{self, Comment};

/// Why edits are not made; a clause without a full stop.
pub(super) type Refusal = &'static str;

/// Takes `new` edits in beside those `taken`, if none of them touches what another changes. An edit
/// that is taken already counts once. Says whether they were taken.
pub(super) fn take(taken: &mut Vec<Edit>, new: &[Edit]) -> bool {
    let overlaps = |a: &Edit, b: &Edit| {
        // Two insertions at one place have no order.
        a.span.start == b.span.start || a.span.start < b.span.end && b.span.start < a.span.end
    };
    let more: Vec<Edit> = new.iter().filter(|edit| !taken.contains(edit)).cloned().collect();
    if more.iter().any(|edit| taken.iter().any(|other| overlaps(edit, other))) {
        return false;
    }
    taken.extend(more);
    taken.sort();
    true
}

/// `text` with `edits` made, which are sorted and disjoint; with the line ends of the text.
/// `None` if an edit lies outside.
pub(super) fn apply(text: &str, edits: &[Edit]) -> Option<String> {
    let has_returns = text.contains("\r\n");
    let mut out = String::with_capacity(text.len() + 64);
    let mut done = 0;
    for edit in edits {
        let (start, end) = (edit.span.start as usize, edit.span.end as usize);
        out.push_str(text.get(done..start)?);
        text.get(start..end)?;
        match has_returns {
            true => out.push_str(&edit.text.replace("\r\n", "\n").replace('\n', "\r\n")),
            false => out.push_str(&edit.text),
        }
        done = end;
    }
    out.push_str(text.get(done..)?);
    Some(out)
}

/// `text` with `edits` made, if that still parses and has all its comments.
pub(super) fn checked(file: FileId, text: &str, edits: &[Edit]) -> Result<String, Refusal> {
    let fixed = apply(text, edits).ok_or("it changes text that is not there")?;
    if !syntax::parse(file, &fixed).errors.is_empty() {
        return Err("Nix could not read the file afterwards");
    }
    // What changes nothing but a comment is meant to.
    let comments = syntax::comments(text);
    let of_comment = |edit: &&Edit| {
        let piece = &text[edit.span.start as usize..edit.span.end as usize];
        let start = edit.span.start as usize + piece.len() - piece.trim_start().len();
        let end = start + piece.trim().len();
        comments.iter().any(|it| start < end && it.range.start as usize <= start && end <= it.range.end as usize)
    };
    let mending: Vec<Edit> = edits.iter().filter(|edit| !of_comment(edit)).cloned().collect();
    let mended = apply(text, &mending).unwrap_or_default();
    let texts = |comments: Vec<Comment>| comments.into_iter().map(|comment| comment.text).collect::<Vec<_>>();
    if texts(syntax::comments(&mended)) != texts(comments.clone()) {
        return Err("a comment would be lost");
    }
    Ok(fixed)
}

#[cfg(test)]
mod tests {
    use super::{checked, take};
    use crate::finding::Edit;
    use crate::source::{FileId, Span};

    const FILE: FileId = FileId(0);

    fn edit(text: &str, old: &str, new: &str) -> Edit {
        let start = text.find(old).expect("it stands there") as u32;
        Edit { span: Span::new(FILE, start, start + old.len() as u32), text: new.to_owned() }
    }

    #[test]
    fn only_what_is_apart_goes_together() {
        let text = "{ a = 1; b = 2; }";
        let all: Vec<Edit> =
            [("1", "3"), ("a = 1", "a = 4"), ("", "x"), ("2", "5")].map(|(old, new)| edit(text, old, new)).into();
        let mut taken = vec![];
        let took: Vec<bool> = all.iter().map(|edit| take(&mut taken, std::slice::from_ref(edit))).collect();
        assert_eq!(took, [true, false, true, true]);
        assert!(take(&mut taken, &[all[3].clone(), all[0].clone()]));
        assert_eq!(taken.len(), 3);
    }

    /// `old` is replaced by `new`.
    fn check(text: &str, old: &str, new: &str, expected: Result<&str, &'static str>) {
        let found = checked(FILE, text, &[edit(text, old, new)]);
        assert_eq!(found, expected.map(str::to_owned), "{text}");
    }

    #[test]
    fn what_must_hold() {
        check("{ a = 1; }", "1", "[ 2 ]", Ok("{ a = [ 2 ]; }"));
        check("{ a = 1; }", "1", "", Err("Nix could not read the file afterwards"));
        check("{ a = [ 1 # one\n ]; }", "[ 1 # one\n ]", "2", Err("a comment would be lost"));
        check("{ a = 1; # one\n}", " # one", "", Ok("{ a = 1;\n}"));
        check("{ a = 1; # one\n}", "; # one\n", ";", Err("a comment would be lost"));
        check("{ # a, b\n}", "a, ", "", Ok("{ # b\n}"));
        check("{\r\n}", "{", "{\n  a = 1;", Ok("{\r\n  a = 1;\r\n}"));
        let outside = Edit { span: Span::new(FILE, 3, 9), text: String::new() };
        assert!(checked(FILE, "{ }", &[outside]).is_err());
    }
}
