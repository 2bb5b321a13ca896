//! Comments that allow a finding, written: where one has to stand so that it does, and no more than needed.

use super::Suppressions;
use crate::finding::{Edit, Finding, Label, RuleId, Severity};
use crate::source::{Origin, Sources, Span};
use crate::syntax::{self, Subject};
use std::path::PathBuf;

/// What stands for the reason until somebody writes one.
const REASON: &str = "say why";

/// So many lines are tried, from the innermost expression outwards.
const LINES: usize = 12;

/// The edit of `text` that writes a comment which allows what `rule` found at `place`: above the line or,
/// where that would be inside a text, above the expression that the line is part of. `None` if no
/// comment would do. Recursive: needs a big stack.
pub fn allowing(text: &str, place: Span, rule: &RuleId) -> Option<Edit> {
    let line_of = |byte: u32| text.get(..byte as usize).map(|before| before.rfind('\n').map_or(0, |end| end + 1));
    let mut around: Vec<Span> =
        syntax::parse(place.file, text).spans().filter(|span| span.contains(&place) && span.start > 0).collect();
    around.sort_by_key(|span| span.end - span.start);
    let mut lines: Vec<usize> =
        std::iter::once(place.start).chain(around.iter().map(|span| span.start)).filter_map(line_of).collect();
    lines.dedup();
    lines.truncate(LINES);
    let end = if text.contains("\r\n") { "\r\n" } else { "\n" };
    let above = lines.iter().map(|line| {
        let rest = &text[*line..];
        let indent = &rest[..rest.len() - rest.trim_start_matches([' ', '\t']).len()];
        (*line, format!("{indent}# optlint: allow {rule}: {REASON}{end}"))
    });
    let behind = text.get(place.start as usize..).map(|rest| {
        let line = rest.split(['\n', '\r']).next().unwrap_or_default();
        (place.start as usize + line.len(), format!(" # optlint: allow {rule}: {REASON}"))
    });
    let (at, comment) = above.chain(behind).find(|(at, comment)| allows(text, (*at, comment), place, rule))?;
    Some(Edit { span: Span::new(place.file, at as u32, at as u32), text: comment })
}

/// Whether the comment at byte `at` of `text` allows what `rule` found at `place`, and not in the whole file.
fn allows(text: &str, (at, comment): (usize, &str), place: Span, rule: &RuleId) -> bool {
    let mut sources = Sources::default();
    let file = sources.add(PathBuf::from("/"), format!("{}{comment}{}", &text[..at], &text[at..]));
    let moved = |byte: u32| if byte as usize >= at { byte + comment.len() as u32 } else { byte };
    let moved = Span::new(file, moved(place.start), if place.end as usize > at { moved(place.end) } else { place.end });
    let suppressions = Suppressions::read(&sources, [file]);
    let finding = Finding::new(rule.clone(), Severity::Info, "", Label::new(Origin::Written(moved), ""));
    suppressions.of(&sources, &finding).is_some_and(|one| one.covers != Subject::File)
}

#[cfg(test)]
mod tests {
    use super::allowing;
    use crate::finding::RuleId;
    use crate::source::{Sources, Span};

    /// What `text` is with a comment about the rule `r` for what stands between `[[` and `]]`.
    fn check(text: &str, expected: Option<&str>) {
        let start = text.find("[[").unwrap();
        let text = text.replacen("[[", "", 1);
        let end = text.find("]]").unwrap();
        let text = text.replacen("]]", "", 1);
        let file = Sources::default().add("/a.nix".into(), "");
        let edit = allowing(&text, Span::new(file, start as u32, end as u32), &RuleId::from("r"));
        let found = edit.map(|edit| {
            let (before, after) = text.split_at(edit.span.start as usize);
            format!("{before}{}{after}", edit.text)
        });
        assert_eq!(found.as_deref(), expected, "{text}");
    }

    #[test]
    fn where_it_stands() {
        check("{\n  a = [[1]];\n}\n", Some("{\n  # optlint: allow r: say why\n  a = 1;\n}\n"));
        check(
            "{\n  a = ''\n    x\n    [[y]]\n  '';\n}\n",
            Some("{\n  # optlint: allow r: say why\n  a = ''\n    x\n    y\n  '';\n}\n"),
        );
        check("{ a = [[1]]; }\n", Some("{ a = 1; } # optlint: allow r: say why\n"));
        check("{\r\n  a = [[1]];\r\n}\r\n", Some("{\r\n  # optlint: allow r: say why\r\n  a = 1;\r\n}\r\n"));
        check(
            "{\n  # optlint: allow s: why\n  a = [[1]];\n}\n",
            Some("{\n  # optlint: allow s: why\n  # optlint: allow r: say why\n  a = 1;\n}\n"),
        );
        check("''\n[[x]]''", Some("''\nx'' # optlint: allow r: say why"));
        check("''\n[[x]]\n''", None);
    }
}
