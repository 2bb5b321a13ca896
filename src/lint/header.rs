//! The header of a page: an attribute set, evaluated like any Nix and read strictly.

use super::digest::Digest;
use super::page::{Category, Question, Tier};
use crate::eval::{Eval, Thunk, literal};
use crate::finding::Severity;
use crate::option::OptionPattern;
use crate::source::Span;
use crate::value::{Attrs, Shape, Value};
use std::collections::BTreeSet;

/// What a header says.
#[derive(Debug)]
pub(super) struct Header {
    pub(super) severity: Severity,
    pub(super) category: Category,
    pub(super) tier: Tier,
    pub(super) sensitive: bool,
    pub(super) possible: bool,
    pub(super) data: Option<String>,
    pub(super) message_is_computed: bool,
    pub(super) question: Question,
    /// Of a page that ships it is read when it is needed.
    pub(super) details: Option<Details>,
}

/// What a header says besides: what nobody needs to know who does not ask the rule.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Details {
    pub(super) secrets: Vec<OptionPattern>,
    pub(super) options: Vec<OptionPattern>,
    /// Without a definition of one of these it has nothing to say.
    pub(super) about: Option<Vec<OptionPattern>>,
    pub(super) message: Option<String>,
    pub(super) help: Option<String>,
    pub(super) since: Option<String>,
    pub(super) sources: Vec<String>,
}

impl Header {
    /// That of a page that ships, but for the details. `None`: something is missing.
    pub(super) fn digested(digest: &Digest) -> Option<Header> {
        let question = match () {
            () if digest.text("check").is_some() => Question::Rust,
            () if digest.has("when.definition") => Question::Definition,
            () if digest.has("when.configuration") => Question::Configuration,
            () => return None,
        };
        Some(Header {
            severity: digest.word("severity", &Severity::ALL, Severity::as_str)?,
            category: digest.word("category", &Category::ALL, Category::as_str)?,
            tier: digest.word("tier", &[Tier::Default, Tier::Pedantic], Tier::as_str).unwrap_or(Tier::Default),
            sensitive: digest.has("sensitive") || digest.list("sensitive").is_some(),
            possible: digest.text("certainty").is_some(),
            data: digest.text("data").map(str::to_owned),
            message_is_computed: digest.has("message"),
            question,
            details: None,
        })
    }
}

impl Details {
    /// Those of a page that ships.
    pub(super) fn digested(digest: &Digest) -> Details {
        let patterns = |name| digest.list(name).unwrap_or_default().iter().map(|text| OptionPattern::parse(text));
        let options: Vec<OptionPattern> = patterns("options").collect();
        let secrets = match digest.list("sensitive") {
            Some(_) => patterns("sensitive").collect(),
            None if digest.has("sensitive") => secret(&options),
            None => vec![],
        };
        let about = digest.list("about").map(|_| patterns("about").collect());
        let text = |name| digest.text(name).map(str::to_owned);
        let (message, help, since) = (text("message"), text("help"), text("since"));
        let sources = digest.list("sources").unwrap_or_default().iter().map(|&text| text.to_owned()).collect();
        Details { secrets, options, about, message, help, since, sources }
    }
}

/// Those of a rule's options that hold secrets, where the page does not name them: what switches a
/// service on is in many of these lists, and never a secret.
fn secret(options: &[OptionPattern]) -> Vec<OptionPattern> {
    let is_switch = |option: &&OptionPattern| option.to_string().ends_with(".enable");
    options.iter().filter(|option| !is_switch(option)).cloned().collect()
}

/// Something wrong in a header.
#[derive(Debug)]
pub(super) struct Complaint {
    /// Where; `None`: the header as a whole.
    pub(super) at: Option<Span>,
    pub(super) message: String,
}

/// The header of the rule `name`, to be evaluated. Its places mean nothing to users.
pub(super) fn thunk(eval: &mut Eval, name: &str, source: &str) -> Thunk {
    eval.embedded(&format!("<rules/{name}.md>"), source)
}

/// Reads the header of the rule `name`, a page of which it is or that was prepared; without complaints
/// there is one.
pub(super) fn read(eval: &mut Eval, name: &str, source: &str, is_prepared: bool) -> (Option<Header>, Vec<Complaint>) {
    eval.refill_all();
    let (header, tree) = eval.header(name, source, is_prepared);
    let errors = tree.errors.iter().map(|error| (tree.at(error.range), error));
    let complaints: Vec<_> =
        errors.map(|(at, error)| Complaint { at: Some(at), message: error.message.clone() }).collect();
    if !complaints.is_empty() {
        return (None, complaints);
    }
    // Most say all they say literally; the places in one that ships are of no use to anybody.
    let spelled = if is_prepared { literal(&tree, tree.root) } else { None };
    let value = spelled.unwrap_or_else(|| eval.freeze(&header));
    match &value.shape {
        Shape::Attrs(attrs) => Reader::new(attrs, None).header(),
        Shape::Unknown(unknown) => {
            let message = unknown.cause.to_string();
            (None, vec![Complaint { at: unknown.at.span(), message }])
        }
        _ => (None, vec![Complaint { at: value.origin.span(), message: "a header is an attribute set".into() }]),
    }
}

/// Takes attributes one by one; what was never taken is unknown.
struct Reader<'v> {
    attrs: &'v Attrs,
    /// The attribute these stand in.
    inside: Option<&'static str>,
    taken: BTreeSet<&'static str>,
    complaints: Vec<Complaint>,
}

impl<'v> Reader<'v> {
    fn new(attrs: &'v Attrs, inside: Option<&'static str>) -> Self {
        Self { attrs, inside, taken: BTreeSet::new(), complaints: vec![] }
    }

    fn header(mut self) -> (Option<Header>, Vec<Complaint>) {
        let severity = self.required("severity", |reader| reader.word("severity", &Severity::ALL, Severity::as_str));
        let category = self.required("category", |reader| reader.word("category", &Category::ALL, Category::as_str));
        let tier = self.word("tier", &[Tier::Default, Tier::Pedantic], Tier::as_str).unwrap_or(Tier::Default);
        let options = self.required("options", |reader| reader.texts("options")).unwrap_or_default();
        let options: Vec<_> = options.iter().map(|text| OptionPattern::parse(text)).collect();
        let about = self.about(&options);
        let secrets = self.secrets(&options);
        let question = self.question();
        let (message, message_is_computed) = self.message(question);
        let header = Header {
            severity: severity.unwrap_or(Severity::Error),
            category: category.unwrap_or(Category::Operations),
            tier,
            sensitive: secrets.is_some(),
            possible: self.word("certainty", &[true], |_| "possible").unwrap_or(false),
            data: self.text("data"),
            message_is_computed,
            question: question.unwrap_or(Question::Rust),
            details: Some(Details {
                secrets: secrets.unwrap_or_default(),
                options,
                about,
                message,
                help: self.text("help"),
                since: self.text("since"),
                sources: self.texts("sources").unwrap_or_default(),
            }),
        };
        self.leftovers();
        (self.complaints.is_empty().then_some(header), self.complaints)
    }

    /// What the rule is about: some of the options that it reads, what is in them, or what they are in.
    fn about(&mut self, options: &[OptionPattern]) -> Option<Vec<OptionPattern>> {
        let about: Vec<_> = self.texts("about")?.iter().map(|text| OptionPattern::parse(text)).collect();
        let is_read = |one: &OptionPattern| {
            options.iter().any(|option| one.0.starts_with(&option.0) || option.0.starts_with(&one.0))
        };
        if let Some(other) = about.iter().find(|one| !is_read(one)) {
            self.complain("about", format!("none of the `options` is `{other}`, in it or around it"));
        }
        Some(about)
    }

    /// The options that hold secrets, of those that the rule reads or of those the page names; `None`: the rule
    /// is not about secrets.
    fn secrets(&mut self, options: &[OptionPattern]) -> Option<Vec<OptionPattern>> {
        match self.attrs.known.get("sensitive").map(|value| &value.shape) {
            Some(Shape::List(_)) => {
                let named = self.texts("sensitive")?;
                Some(named.iter().map(|text| OptionPattern::parse(text)).collect())
            }
            Some(Shape::Bool(_)) | None => self.boolean("sensitive")?.then(|| secret(options)),
            Some(_) => {
                self.take("sensitive");
                self.complain("sensitive", "`sensitive` has to be a boolean or a list of options");
                None
            }
        }
    }

    /// The message, and whether it is a function.
    fn message(&mut self, question: Option<Question>) -> (Option<String>, bool) {
        match self.take("message").map(|value| &value.shape) {
            Some(Shape::Function) if question != Some(Question::Rust) => (None, true),
            Some(Shape::Function) => {
                self.complain("message", "a rule in Rust makes its own messages: `message` has to be a string");
                (None, false)
            }
            Some(_) => (self.text("message"), false),
            None => {
                if matches!(question, Some(Question::Definition | Question::Configuration)) {
                    self.complaints.push(Complaint { at: None, message: "`message` is missing".into() });
                }
                (None, false)
            }
        }
    }

    fn question(&mut self) -> Option<Question> {
        let rust = self.word("check", &[Question::Rust], |_| "rust");
        let mut asked: Vec<Question> = rust.into_iter().collect();
        if let Some(when) = self.take("when") {
            match &when.shape {
                Shape::Attrs(attrs) => {
                    let mut when = Reader::new(attrs, Some("when"));
                    asked.extend(when.function("definition").map(|()| Question::Definition));
                    asked.extend(when.function("configuration").map(|()| Question::Configuration));
                    when.leftovers();
                    self.complaints.extend(when.complaints);
                }
                _ => self.complain("when", "`when` has to be an attribute set"),
            }
        }
        let message = match asked.len() {
            1 => return asked.pop(),
            0 => "neither `when.definition` nor `when.configuration` nor `check = \"rust\"` is there",
            _ => "only one of `when.definition`, `when.configuration` and `check` may be there",
        };
        self.complaints.push(Complaint { at: None, message: message.into() });
        None
    }

    fn take(&mut self, name: &'static str) -> Option<&'v Value> {
        self.taken.insert(name);
        self.attrs.get(name)
    }

    fn complain(&mut self, name: &str, message: impl Into<String>) {
        let at = self.attrs.get(name).and_then(|value| value.origin.span());
        self.complaints.push(Complaint { at, message: message.into() });
    }

    fn required<T>(&mut self, name: &'static str, read: impl FnOnce(&mut Self) -> Option<T>) -> Option<T> {
        if self.take(name).is_none() {
            self.complaints.push(Complaint { at: None, message: format!("`{name}` is missing") });
            return None;
        }
        read(self)
    }

    fn text(&mut self, name: &'static str) -> Option<String> {
        let value = self.take(name)?;
        if value.as_str().is_none() {
            self.complain(name, format!("`{name}` has to be a string"));
        }
        value.as_str().map(str::to_owned)
    }

    fn boolean(&mut self, name: &'static str) -> Option<bool> {
        let value = self.take(name)?;
        if value.as_bool().is_none() {
            self.complain(name, format!("`{name}` has to be a boolean"));
        }
        value.as_bool()
    }

    fn function(&mut self, name: &'static str) -> Option<()> {
        let value = self.take(name)?;
        if !matches!(value.shape, Shape::Function) {
            self.complain(name, format!("`{name}` has to be a function"));
        }
        Some(())
    }

    /// One of a few words.
    fn word<T: Copy>(&mut self, name: &'static str, all: &[T], word: impl Fn(T) -> &'static str) -> Option<T> {
        let text = self.text(name)?;
        let found = all.iter().copied().find(|one| word(*one) == text);
        if found.is_none() {
            let words: Vec<_> = all.iter().map(|one| word(*one)).collect();
            self.complain(name, format!("`{name}` is one of: {}", words.join(", ")));
        }
        found
    }

    /// A list of strings that is not empty.
    fn texts(&mut self, name: &'static str) -> Option<Vec<String>> {
        let value = self.take(name)?;
        let texts = match &value.shape {
            Shape::List(items) => items.iter().map(text_of).collect::<Option<Vec<String>>>(),
            _ => None,
        };
        let texts = texts.filter(|texts| !texts.is_empty());
        if texts.is_none() {
            let why = value.first_unknown().map(|unknown| format!(" ({})", unknown.cause)).unwrap_or_default();
            self.complain(name, format!("`{name}` has to be a list of strings, with at least one{why}"));
        }
        texts
    }

    /// Complains about what nobody asked for.
    fn leftovers(&mut self) {
        let attrs = self.attrs;
        let place = self.inside.map_or("a header".to_owned(), |inside| format!("`{inside}`"));
        for (name, value) in attrs.known.iter().filter(|(name, _)| !self.taken.contains(name.as_str())) {
            let message = format!("there is no `{name}` in {place}");
            self.complaints.push(Complaint { at: value.origin.span(), message });
        }
        if !attrs.is_complete() {
            self.complaints.push(Complaint { at: None, message: format!("{place} may not have computed names") });
        }
    }
}

fn text_of(item: &crate::value::Item) -> Option<String> {
    match item {
        crate::value::Item::One(value) => value.as_str().map(str::to_owned),
        _ => None,
    }
}
