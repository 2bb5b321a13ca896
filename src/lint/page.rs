//! A rule's page: its documentation, its header, its examples.

use super::digest::{self, Digest};
use super::header::{self, Details, Header};
use super::markdown::{Block, Document, Section};
use crate::eval::Eval;
use crate::finding::{RuleId, Severity};
use crate::option::OptionPattern;
use crate::source::files::Memory;
use crate::source::{LineIndex, Origin};
use crate::syntax::prepared;
use crate::value::{Shape, Value};
use std::borrow::Cow;
use std::fmt;
use std::sync::{Arc, OnceLock};

/// What marks the block that holds the header.
const HEADER: &str = "nix rule";

/// What a rule protects.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[allow(missing_docs)]
pub enum Category {
    Secrets,
    Exposure,
    Delegation,
    Tls,
    Database,
    Federation,
    Workers,
    Element,
    Registration,
    Deprecation,
    Operations,
    Performance,
}

impl Category {
    /// All of them, by importance.
    pub const ALL: [Category; 12] = [
        Category::Secrets,
        Category::Exposure,
        Category::Delegation,
        Category::Tls,
        Category::Database,
        Category::Federation,
        Category::Workers,
        Category::Element,
        Category::Registration,
        Category::Deprecation,
        Category::Operations,
        Category::Performance,
    ];

    /// The word for it in headers.
    pub fn as_str(self) -> &'static str {
        match self {
            Category::Secrets => "secrets",
            Category::Exposure => "exposure",
            Category::Delegation => "delegation",
            Category::Tls => "tls",
            Category::Database => "database",
            Category::Federation => "federation",
            Category::Workers => "workers",
            Category::Element => "element",
            Category::Registration => "registration",
            Category::Deprecation => "deprecation",
            Category::Operations => "operations",
            Category::Performance => "performance",
        }
    }
}

/// Whether a rule is on unless asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Tier {
    /// On.
    Default,
    /// On only when asked for.
    Pedantic,
}

impl Tier {
    /// The word for it in headers.
    pub fn as_str(self) -> &'static str {
        match self {
            Tier::Default => "default",
            Tier::Pedantic => "pedantic",
        }
    }
}

/// What a rule asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Question {
    /// `when.definition`, of every winning definition.
    Definition,
    /// `when.configuration`, once.
    Configuration,
    /// Whatever the Rust beside the page asks.
    Rust,
}

/// A loaded page.
#[derive(Clone, Debug)]
pub struct Page {
    /// The rule's name: the page's title and file name.
    pub id: RuleId,
    /// How bad a finding is unless the rule says otherwise.
    pub severity: Severity,
    /// What it protects.
    pub category: Category,
    /// Whether it is on by default.
    pub tier: Tier,
    /// Whether values are secrets, which no report may show.
    pub sensitive: bool,
    /// Findings are never more than possible.
    pub possible: bool,
    /// The Nix file with facts it goes by: its path below `rules/`.
    pub data_file: Option<String>,
    /// That file's path and text.
    pub(super) data_text: Option<(&'static str, &'static str)>,
    /// What it says, when somebody asks.
    data: OnceLock<Value>,
    /// Whether the message is a function.
    pub message_is_computed: bool,
    /// What it asks.
    pub question: Question,
    /// Where the page can be read.
    pub url: Option<String>,
    /// The page's Markdown.
    pub text: Cow<'static, str>,
    /// What was read of it when the program was built.
    digest: Option<&'static Digest>,
    /// The first paragraph, where it was not.
    summary: String,
    details: OnceLock<Details>,
    /// It taken apart, when somebody asks.
    document: OnceLock<Document>,
    /// The header as a text of the page's length with blanks around it, so that its
    /// places are places of the page; nothing where the page itself was prepared.
    header: Option<Arc<str>>,
}

/// What is wrong with a page.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct PageError {
    /// Line, from 1.
    pub line: u32,
    /// Column in Unicode scalar values, from 1.
    pub column: u32,
    /// What, without a full stop.
    pub message: String,
}

impl fmt::Display for PageError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{} {}", self.line, self.column, self.message)
    }
}

impl Page {
    /// Reads a page. `name` is its path without `.md`; the last step is the rule's id.
    pub fn load(name: &str, text: &str) -> Result<Page, Vec<PageError>> {
        Self::load_with(&mut Eval::new(Box::new(Memory::default())), name, text.to_owned().into(), false)
    }

    /// A page that ships and was read when the program was built; `None`: it says more than could be read.
    pub(super) fn digested(name: &str, text: &'static str) -> Option<Page> {
        let digest = digest::of(name)?;
        let mut page = Self::assemble(name, String::new(), text.into(), Header::digested(digest)?, None);
        page.digest = Some(digest);
        Some(page)
    }

    /// [`Page::load`] with an evaluator that other pages use, too; `ships`: of a page that is part of the program.
    pub(super) fn load_with(
        eval: &mut Eval,
        name: &str,
        text: Cow<'static, str>,
        ships: bool,
    ) -> Result<Page, Vec<PageError>> {
        let is_prepared = ships && prepared::is_prepared(&text);
        let document = Document::parse(&text);
        let mut errors = shape_errors(&document, id(name));
        let Some(at) = document.blocks.iter().position(|block| block.info == HEADER) else {
            errors.push(error(1, format!("there is no ```{HEADER} block")));
            return Err(errors);
        };
        let alone: Option<Arc<str>> = (!is_prepared).then(|| document.blocks[at].alone(&text).into());
        let (header, complaints) = header::read(eval, name, alone.as_deref().unwrap_or(&text), is_prepared);
        let place = |complaint: header::Complaint| {
            let start = complaint.at.map_or(document.blocks[at].offset as u32, |span| span.start);
            let position = LineIndex::new(&text).position(&text, start);
            PageError { line: position.line, column: position.column, message: complaint.message }
        };
        errors.extend(complaints.into_iter().map(place));
        match header {
            Some(header) if errors.is_empty() => Ok(Self::assemble(name, document.summary, text, header, alone)),
            _ => {
                errors.sort();
                Err(errors)
            }
        }
    }

    /// The first paragraph: what is wrong.
    pub fn summary(&self) -> &str {
        self.digest.map_or(&self.summary, |digest| digest.summary)
    }

    /// The options it reads.
    pub fn options(&self) -> &[OptionPattern] {
        &self.details().options
    }

    /// The options without a definition of which it has nothing to say; `None`: it may always have something.
    pub fn about(&self) -> Option<&[OptionPattern]> {
        match (&self.details().about, self.question) {
            (Some(about), _) => Some(about),
            // It may ask whether something is missing.
            (None, Question::Configuration) => None,
            (None, Question::Definition | Question::Rust) => Some(self.options()),
        }
    }

    /// The options that hold secrets: all it reads, unless the page names some.
    pub fn secrets(&self) -> &[OptionPattern] {
        &self.details().secrets
    }

    /// The message of its findings, where it is always the same.
    pub fn message(&self) -> Option<&str> {
        self.details().message.as_deref()
    }

    /// What to do about a finding.
    pub fn help(&self) -> Option<&str> {
        self.details().help.as_deref()
    }

    /// The version of this program that first had it.
    pub fn since(&self) -> Option<&str> {
        self.details().since.as_deref()
    }

    /// Where its facts come from.
    pub fn sources(&self) -> &[String] {
        &self.details().sources
    }

    fn details(&self) -> &Details {
        let read = || self.digest.map(Details::digested).expect("what was not read when it was built is there");
        self.details.get_or_init(read)
    }

    /// The text in which the header stands at its place.
    pub(super) fn header(&self) -> &str {
        self.header.as_deref().unwrap_or(&self.text)
    }

    /// Sections, in order.
    pub fn sections(&self) -> &[Section] {
        &self.document().sections
    }

    /// Every fenced block but the header, in order.
    pub fn blocks(&self) -> impl Iterator<Item = &Block> {
        self.document().blocks.iter().filter(|block| block.info != HEADER)
    }

    /// What the file with facts says; `null` without one.
    pub fn data(&self) -> &Value {
        self.data.get_or_init(|| {
            let read = self.data_text.and_then(|(path, text)| read_data(path, text).ok());
            read.unwrap_or_else(|| Value::new(Shape::Null, Origin::Default))
        })
    }

    fn document(&self) -> &Document {
        self.document.get_or_init(|| Document::parse(&self.text))
    }

    fn assemble(name: &str, summary: String, text: Cow<'static, str>, header: Header, alone: Option<Arc<str>>) -> Page {
        Page {
            id: RuleId::new(id(name)),
            severity: header.severity,
            category: header.category,
            tier: header.tier,
            sensitive: header.sensitive,
            possible: header.possible,
            data_file: header.data,
            data_text: None,
            data: OnceLock::new(),
            message_is_computed: header.message_is_computed,
            question: header.question,
            url: None,
            text,
            digest: None,
            summary,
            details: header.details.map(OnceLock::from).unwrap_or_default(),
            document: OnceLock::new(),
            header: alone,
        }
    }
}

/// The rule's name: the last step of the page's path.
fn id(name: &str) -> &str {
    name.rsplit('/').next().unwrap_or(name)
}

/// What is wrong apart from the header's content.
fn shape_errors(document: &Document, id: &str) -> Vec<PageError> {
    let mut errors = Vec::new();
    if document.title != id {
        errors.push(error(1, format!("the title is `{}`, but the file is called `{id}`", document.title)));
    }
    if document.summary.is_empty() {
        errors.push(error(1, "there is no paragraph below the title that says what is wrong".into()));
    }
    if let Some(line) = document.unclosed {
        errors.push(error(line, "this block is never closed".into()));
    }
    for block in document.blocks.iter().filter(|block| block.info == HEADER).skip(1) {
        errors.push(error(block.line, format!("there is more than one ```{HEADER} block")));
    }
    errors
}

/// Evaluates a file with facts, all of which have to be known; else why one is not.
pub(super) fn read_data(path: &str, text: &str) -> Result<Value, String> {
    let mut eval = Eval::new(Box::new(Memory::default()));
    let data = eval.embedded(&format!("<rules/{path}>"), text);
    let value = eval.freeze(&data);
    let why = value.first_unknown().map(|unknown| unknown.cause.to_string());
    why.map_or(Ok(value), Err)
}

fn error(line: u32, message: String) -> PageError {
    PageError { line, column: 1, message }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(header: &str) -> String {
        format!("# x\n\nWrong.\n\n```nix rule\n{header}\n```\n")
    }

    fn check(text: &str, expected: &[&str]) {
        let errors = match Page::load("domain/x", text) {
            Ok(_) => vec![],
            Err(errors) => errors.iter().map(PageError::to_string).collect(),
        };
        assert_eq!(errors, expected, "{text}");
    }

    const GOOD: &str = "severity = \"error\"; category = \"tls\"; options = [ \"a.b\" ]; message = \"m\";";

    #[test]
    fn sensitive_pages() {
        let secrets = |sensitive: &str| {
            let text = page(&format!("{{ {GOOD} sensitive = {sensitive}; check = \"rust\"; }}"));
            let page = Page::load("x", &text).unwrap();
            (page.sensitive, page.secrets().iter().map(ToString::to_string).collect::<Vec<_>>())
        };
        assert_eq!(secrets("true"), (true, vec!["a.b".to_owned()]));
        let with_switch = page(&format!(
            "{{ {} sensitive = true; check = \"rust\"; }}",
            GOOD.replace("\"a.b\"", "\"a.b\" \"a.enable\"")
        ));
        assert_eq!(Page::load("x", &with_switch).unwrap().secrets().len(), 1);
        assert_eq!(secrets("[ \"a.b.c\" ]"), (true, vec!["a.b.c".to_owned()]));
        assert_eq!(secrets("false"), (false, vec![]));
    }

    #[test]
    fn good_pages() {
        check(&page(&format!("{{ {GOOD} when.definition = {{ value, ... }}: value; }}")), &[]);
        let computed = "[ \"a.${\"b\"}\" ] ++ [ \"a.c\" ]";
        let text = page(&format!("{{ {} check = \"rust\"; }}", GOOD.replace("[ \"a.b\" ]", computed)));
        let page = Page::load("x", &text).unwrap();
        assert_eq!(page.options().iter().map(ToString::to_string).collect::<Vec<_>>(), ["a.b", "a.c"]);
        assert!(!page.sensitive && page.secrets().is_empty());
        assert_eq!((page.question, page.tier, page.summary()), (Question::Rust, Tier::Default, "Wrong."));
    }

    #[test]
    fn bad_pages() {
        check(
            "nothing",
            &[
                "1:1 the title is ``, but the file is called `x`",
                "1:1 there is no paragraph below the title that says what is wrong",
                "1:1 there is no ```nix rule block",
            ],
        );
        check(
            &page("{ severity = \"fatal\";\n  colour = 1; sensitive = 1; tier = 1; }"),
            &[
                "6:1 `category` is missing",
                "6:1 `options` is missing",
                "6:1 neither `when.definition` nor `when.configuration` nor `check = \"rust\"` is there",
                "6:14 `severity` is one of: error, warning, info",
                "7:12 there is no `colour` in a header",
                "7:27 `sensitive` has to be a boolean or a list of options",
                "7:37 `tier` has to be a string",
            ],
        );
        check(
            &page(&format!("{{ {GOOD} about = [ \"a\" \"b\" ]; when.definition = {{ value, ... }}: true; }}")),
            &["6:85 none of the `options` is `b`, in it or around it"],
        );
        check(
            &page(&format!("{{ {GOOD} when = {{ always = x: x; }}; check = \"go\"; }}")),
            &[
                "6:1 neither `when.definition` nor `when.configuration` nor `check = \"rust\"` is there",
                "6:95 there is no `always` in `when`",
                "6:112 `check` is one of: rust",
            ],
        );
        let broken = Page::load("x", &page("{ = }")).unwrap_err();
        assert_eq!(broken[0].line, 6);
    }
}
