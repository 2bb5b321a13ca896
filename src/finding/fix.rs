//! What could be written instead.

use super::written::WrittenSpan;
use crate::source::{FileId, Span};
use serde::{Deserialize, Serialize};

/// How far a fix may be trusted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Safety {
    /// Keeps what the configuration means, apart from the defect; may be applied unseen.
    Safe,
    /// Right in most configurations; a person has to look.
    Suggestion,
}

/// Replaces the text under `span` with `text`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Edit {
    /// What is replaced; an empty span inserts.
    #[serde(with = "WrittenSpan")]
    pub span: Span,
    /// What stands there afterwards.
    pub text: String,
}

/// A change to one file that removes a finding.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Fix {
    /// What the change does, in the imperative.
    pub title: String,
    /// How far it may be trusted.
    pub safety: Safety,
    edits: Vec<Edit>,
    withheld: bool,
}

impl Fix {
    /// A fix made of `edits`; `None` when there are none, when they touch more
    /// than one file, or when two of them overlap.
    pub fn new(title: impl Into<String>, safety: Safety, mut edits: Vec<Edit>) -> Option<Self> {
        edits.sort();
        let file = edits.first()?.span.file;
        let one_file = edits.iter().all(|edit| edit.span.file == file && edit.span.start <= edit.span.end);
        // Two insertions at one place have no order: that counts as an overlap, too.
        let disjoint = edits
            .windows(2)
            .all(|pair| pair[0].span.end <= pair[1].span.start && pair[0].span.start != pair[1].span.start);
        (one_file && disjoint).then(|| Self { title: title.into(), safety, edits, withheld: false })
    }

    /// The edits, sorted and disjoint; never empty.
    pub fn edits(&self) -> &[Edit] {
        &self.edits
    }

    /// Takes the texts out: one that repeats a secret is not kept, but counts.
    pub fn withhold(&mut self) {
        self.withheld = true;
        self.edits.iter_mut().for_each(|edit| edit.text.clear());
    }

    /// Whether the texts were taken out.
    pub fn is_withheld(&self) -> bool {
        self.withheld
    }

    /// The one file that is changed.
    pub fn file(&self) -> FileId {
        self.edits[0].span.file
    }
}

#[cfg(test)]
mod tests {
    use super::{Edit, Fix, Safety};
    use crate::source::{FileId, Span};

    fn check(spans: &[(u32, u32, u32)], expected: Option<&[u32]>) {
        let edit = |(file, start, end): &(u32, u32, u32)| Edit {
            span: Span::new(FileId(*file), *start, *end),
            text: String::new(),
        };
        let fix = Fix::new("try", Safety::Safe, spans.iter().map(edit).collect());
        let starts = fix.map(|fix| fix.edits().iter().map(|edit| edit.span.start).collect::<Vec<_>>());
        assert_eq!(starts.as_deref(), expected, "{spans:?}");
    }

    #[test]
    fn only_sorted_disjoint_edits_of_one_file() {
        check(&[], None);
        check(&[(0, 5, 7), (0, 1, 3)], Some(&[1, 5]));
        check(&[(0, 1, 3), (0, 3, 4)], Some(&[1, 3]));
        check(&[(0, 1, 4), (0, 3, 5)], None);
        check(&[(0, 1, 2), (1, 3, 5)], None);
        check(&[(0, 2, 2), (0, 2, 2)], None);
    }
}
