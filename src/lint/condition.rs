//! Asks the conditions of pages, by the evaluator that also reads configurations.

use super::alternatives::{agreement, alternatives};
use super::{OptionView, Page, header};
use crate::eval::{Eval, Failure, Kind, Thunk, Val};
use crate::option::{Configuration, OptionPath, PatternStep, Segment};
use crate::source::Origin;
use crate::value::{Attrs, Cause, Condition, Name, Shape, Str, Truth, Unknown, UnknownId, Value};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Pages' conditions.
pub(super) struct Conditions<'e> {
    eval: &'e mut Eval,
    headers: &'e mut Headers,
}

/// The headers of pages, by their names: evaluated once each.
pub(super) type Headers = BTreeMap<String, Thunk>;

impl<'e> Conditions<'e> {
    pub(super) fn new(eval: &'e mut Eval, headers: &'e mut Headers) -> Self {
        Self { eval, headers }
    }

    /// `when.definition` of one definition.
    pub(super) fn definition(&mut self, page: &Page, view: &OptionView<'_>) -> Truth {
        let mut arguments = self.names(view);
        arguments.push(("value".into(), Thunk::done(self.eval.thaw(view.held()))));
        self.truth(page, &["when", "definition"], arguments)
    }

    /// `when.configuration`.
    pub(super) fn configuration(
        &mut self,
        page: &Page,
        configuration: &Configuration,
        listed: &[Listing<'_>],
    ) -> Truth {
        let values = tree(listed, |listing| listing.view.value().clone());
        let options = tree(listed, |listing| about(&listing.view));
        let name = Value::new(Shape::Str(Str::new(configuration.name.as_str())), Origin::Default);
        let arguments = vec![
            ("config".into(), Thunk::done(self.eval.thaw(&values))),
            ("options".into(), Thunk::done(self.eval.thaw(&options))),
            ("name".into(), Thunk::done(self.eval.thaw(&name))),
            ("lib".into(), lib()),
        ];
        self.truth(page, &["when", "configuration"], arguments)
    }

    /// The message of a finding, if the page computes one. Of a secret it never sees the value.
    pub(super) fn message(&mut self, page: &Page, view: &OptionView<'_>) -> Option<String> {
        if !page.message_is_computed {
            return None;
        }
        let mut arguments = self.names(view);
        if !page.sensitive {
            arguments.push(("value".into(), Thunk::done(self.eval.thaw(view.held()))));
        }
        match self.call(page, &["message"], arguments).map(|value| value.shape) {
            Ok(Shape::Str(text)) => Some(text.to_string()),
            _ => None,
        }
    }

    /// What every function of a page is given.
    fn names(&mut self, view: &OptionView<'_>) -> Vec<(Name, Thunk)> {
        let option = Val::text(&view.path().to_string(), Origin::Default);
        let name = Val::str(view.name(), Origin::Default);
        vec![("option".into(), Thunk::done(option)), ("name".into(), Thunk::done(name)), ("lib".into(), lib())]
    }

    fn truth(&mut self, page: &Page, function: &[&str], arguments: Vec<(Name, Thunk)>) -> Truth {
        match self.call(page, function, arguments) {
            Ok(value) => self.truth_of(&value),
            Err(failure) => {
                let at = self.eval.public_origin(failure.at);
                Truth::Unknown(self.eval.new_unknown(Cause::Fails(failure.message.clone()), at))
            }
        }
    }

    fn truth_of(&mut self, value: &Value) -> Truth {
        let mut one = |value: &Value| match &value.shape {
            Shape::Bool(known) => (*known).into(),
            Shape::Unknown(unknown) => {
                Truth::Unknown(Unknown { at: self.eval.public_origin(unknown.at), ..unknown.clone() })
            }
            _ => {
                let cause = Cause::Fails("the rule's condition gives neither `true` nor `false`".into());
                Truth::Unknown(self.eval.new_unknown(cause, Origin::Default))
            }
        };
        let always = Condition::always();
        let answers: Vec<_> =
            alternatives(value, &always).into_iter().map(|(condition, value)| (condition, one(value))).collect();
        agreement(&always, answers)
    }

    fn call(
        &mut self,
        page: &Page,
        function: &[&str],
        arguments: Vec<(Name, Thunk)>,
    ) -> Result<Value, std::rc::Rc<Failure>> {
        self.eval.refill();
        let name = page.id.as_str();
        let header = match self.headers.get(name) {
            Some(header) => header.clone(),
            None => {
                let header = header::thunk(self.eval, name, page.header());
                self.headers.insert(name.to_owned(), header.clone());
                header
            }
        };
        let mut value = self.eval.force(&header)?;
        for step in function {
            let Kind::Attrs(set) = &value.kind else { break };
            let Some(attribute) = set.known.get(*step) else { break };
            let thunk = attribute.value.clone();
            value = self.eval.force(&thunk)?;
        }
        let argument = Thunk::done(Val::attrs(arguments, Origin::Default));
        self.eval.for_rule(|eval| {
            let result = eval.apply(&value, argument, Origin::Default)?;
            Ok(eval.freeze_val(&result))
        })
    }
}

fn lib() -> Thunk {
    Thunk::native(Origin::Default, |eval| {
        let library = eval.library();
        eval.force(&library)
    })
}

/// A listed option up to the first `<name>` of its pattern.
pub(super) struct Listing<'a> {
    path: Vec<Name>,
    pub(super) view: OptionView<'a>,
}

/// The options of a page, those around others only.
pub(super) fn listings<'a>(page: &Page, option: impl Fn(&OptionPath) -> OptionView<'a>) -> Vec<Listing<'a>> {
    let stem = |steps: &[PatternStep]| {
        let names = steps.iter().map_while(|step| match step {
            PatternStep::Name(name) => Some(name.clone()),
            PatternStep::Any => None,
        });
        names.collect::<Vec<_>>()
    };
    let mut paths: Vec<Vec<Name>> = Vec::new();
    for path in page.options().iter().map(|pattern| stem(&pattern.0)) {
        if !paths.iter().any(|around| path.starts_with(around)) {
            paths.retain(|below| !below.starts_with(&path));
            paths.push(path);
        }
    }
    let listing = |path: Vec<Name>| {
        let view = option(&OptionPath(path.iter().cloned().map(Segment::Name).collect()));
        Listing { path, view }
    };
    paths.into_iter().map(listing).collect()
}

/// What `options.<path>` says of an option: a part of what nixpkgs says.
fn about(view: &OptionView<'_>) -> Value {
    let defined = match view.presence() {
        Truth::Unknown(unknown) => Value::unknown(unknown),
        known => Value::new(Shape::Bool(known.is_true()), Origin::Default),
    };
    let known = [("isDefined".into(), defined), ("value".into(), view.held().clone())].into();
    Value::new(Shape::Attrs(Attrs { known, partly_named: vec![], rest: None }.into()), Origin::Default)
}

/// A set with one leaf for each listing. Everything else is unknown: it is not listed.
fn tree(listed: &[Listing<'_>], leaf: impl Fn(&Listing<'_>) -> Value) -> Value {
    let mut root = open_set(&[]);
    for listing in listed {
        let mut at = &mut root;
        for (depth, name) in listing.path.iter().enumerate() {
            let path = &listing.path[..depth + 1];
            let fresh = || if path.len() == listing.path.len() { leaf(listing) } else { open_set(path) };
            let Shape::Attrs(attrs) = &mut at.shape else { break };
            at = Arc::make_mut(attrs).known.entry(name.clone()).or_insert_with(fresh);
        }
    }
    root
}

fn open_set(path: &[Name]) -> Value {
    let path = OptionPath(path.iter().cloned().map(Segment::Name).collect()).to_string();
    let cause = Cause::NotRead(format!("{UNLISTED}{}", if path.is_empty() { "anything" } else { &path }));
    // Names that are asked for get identities of their own; this one is never compared.
    let rest = Unknown { id: UnknownId(u64::MAX), cause: cause.into(), at: Origin::Default };
    let attrs = Attrs { rest: Some(rest), ..Attrs::default() };
    Value::new(Shape::Attrs(attrs.into()), Origin::Default)
}

/// Why a condition does not know an option that its page forgot; the set it is in follows.
pub(super) const UNLISTED: &str = "the rule's page does not list what its condition reads in ";
