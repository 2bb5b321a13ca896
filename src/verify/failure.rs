//! What can be wrong with an example.

use std::fmt;

/// How an example fails.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Miss {
    /// Expected, and not there.
    Missing,
    /// There, and not expected.
    Noisy,
    /// There, but not as expected.
    Wrong,
    /// The example itself cannot be used.
    Broken,
}

/// One thing wrong with an example.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Failure {
    /// The document.
    pub page: String,
    /// Line in the document, from 1.
    pub line: u32,
    /// Column in Unicode scalar values, from 1.
    pub column: u32,
    /// How.
    pub miss: Miss,
    /// What, in a few words.
    pub text: String,
}

impl Failure {
    /// The same in a document: `before` lines stand above the example.
    pub(super) fn inside(mut self, page: &str, before: u32) -> Self {
        self.page = page.to_owned();
        self.line += before;
        self
    }
}

impl fmt::Display for Miss {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Miss::Missing => "missing",
            Miss::Noisy => "noisy",
            Miss::Wrong => "wrong",
            Miss::Broken => "broken",
        })
    }
}

/// `page.md:31:65 missing error: world-readable`
impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}:{} {} {}", self.page, self.line, self.column, self.miss, self.text)
    }
}
