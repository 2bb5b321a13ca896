//! What is known of values, for programs: JSON, with objects for what JSON has no word for.
//!
//! `{"$unknown": {"cause", "kind", "file", "range"}}` is what nobody knows, `{"$text": […]}` a text with
//! holes or one that lies in the store, `{"$path": […]}` a path, `{"$package": name}` a package, `{"$one_of": […]}`
//! what depends on a condition, `{"$maybe": value}` an element that may be missing, `{"$secret": true}` a secret.

use crate::option::{Definition, Gap, OptionPath, Segment};
use crate::report::json::{file, range};
use crate::report::relative;
use crate::shown::holds_password;
use crate::source::{Origin, Sources};
use crate::value::{Cause, Item, Package, Part, Shape, Str, Unknown, Value};
use serde_json::{Map, Value as Json, json};
use std::path::Path;

/// Deeper values are cut.
const DEEPEST: usize = 30;

/// Writes values down.
pub(super) struct Known<'a> {
    pub(super) sources: &'a Sources,
    pub(super) base: &'a Path,
    /// Whether the value of an option is a secret.
    pub(super) is_secret: Box<dyn Fn(&OptionPath) -> bool + 'a>,
}

impl Known<'_> {
    /// The value of the option `path`.
    pub(super) fn value(&self, path: &OptionPath, value: &Value) -> Json {
        self.inner(path, value, DEEPEST)
    }

    fn inner(&self, path: &OptionPath, value: &Value, depth: usize) -> Json {
        let Some(depth) = depth.checked_sub(1) else { return json!({ "$cut": true }) };
        match &value.shape {
            Shape::Null => Json::Null,
            Shape::Bool(known) => json!(known),
            Shape::Unknown(unknown) => self.unknown(unknown),
            Shape::Attrs(attrs) => {
                let child = |name: &str| path.child(Segment::Name(name.into()));
                let known =
                    attrs.known.iter().map(|(name, value)| (name.to_string(), self.inner(&child(name), value, depth)));
                let mut set: Map<String, Json> = known.collect();
                if !attrs.partly_named.is_empty() {
                    let partly = attrs.partly_named.iter().map(|(name, value)| {
                        let path = path.child(Segment::Partly(name.clone()));
                        json!({ "name": self.text(name), "value": self.inner(&path, value, depth) })
                    });
                    set.insert("$partly_named".into(), partly.collect());
                }
                if let Some(unknown) = &attrs.rest {
                    set.insert("$others".into(), self.unknown(unknown));
                }
                Json::Object(set)
            }
            Shape::List(items) => items.iter().map(|item| self.item(path, item, depth)).collect(),
            Shape::OneOf(alternatives) => {
                let alternatives: Vec<_> =
                    alternatives.iter().map(|(_, value)| self.inner(path, value, depth)).collect();
                json!({ "$one_of": alternatives })
            }
            _ if (self.is_secret)(path) => json!({ "$secret": true }),
            Shape::Int(known) => json!(known),
            Shape::Float(known) => json!(known),
            Shape::Str(text) if holds_password(text) => json!({ "$secret": true }),
            Shape::Str(text) => self.text(text),
            Shape::Path(text) => match text.known() {
                Some(known) => json!({ "$path": [relative(Path::new(known), self.base)] }),
                None => json!({ "$path": self.parts(text) }),
            },
            Shape::Function => json!({ "$function": true }),
            Shape::Package(package) => json!({ "$package": name(package) }),
        }
    }

    fn item(&self, path: &OptionPath, item: &Item, depth: usize) -> Json {
        match item {
            Item::One(value) => self.inner(path, value, depth),
            Item::Maybe(_, value) => json!({ "$maybe": self.inner(path, value, depth) }),
            Item::Rest(unknown) => self.unknown(unknown),
        }
    }

    /// A text: plain, or with holes.
    pub(super) fn text(&self, text: &Str) -> Json {
        match text.known() {
            Some(known) => json!(known),
            None => json!({ "$text": self.parts(text) }),
        }
    }

    fn parts(&self, text: &Str) -> Vec<Json> {
        let part = |part: &Part| match part {
            Part::Text(text) => json!(text.to_string()),
            Part::Hole(unknown) => self.unknown(unknown),
        };
        text.parts().iter().map(part).collect()
    }

    /// Something that nobody knows.
    pub(super) fn unknown(&self, unknown: &Unknown) -> Json {
        json!({ "$unknown": self.reason(unknown) })
    }

    fn reason(&self, unknown: &Unknown) -> Json {
        let (file, range) = self.place(unknown.at);
        json!({ "cause": unknown.cause.to_string(), "kind": kind(&unknown.cause), "file": file, "range": range })
    }

    /// File and range, null for what is written nowhere.
    pub(super) fn place(&self, at: Origin) -> (Option<String>, Option<Json>) {
        (file(&at, self.sources, self.base), range(&at, self.sources))
    }

    /// Something that was not read.
    pub(super) fn gap(&self, gap: &Gap) -> Json {
        let (file, range) = self.place(gap.at);
        json!({ "cause": gap.unknown.cause.to_string(), "kind": kind(&gap.unknown.cause), "file": file, "range": range })
    }

    /// A definition; `counts`: it did not lose to one of a better priority.
    pub(super) fn definition(&self, definition: &Definition, counts: bool) -> Json {
        let written = [definition.expression, definition.site, definition.value.origin];
        let at = written.into_iter().find(|at| at.span().is_some()).unwrap_or(definition.site);
        let (file, range) = self.place(at);
        let condition = |(unknown, holds): (&Unknown, bool)| json!({ "holds": holds, "unknown": self.reason(unknown) });
        json!({
            "option": definition.path.to_string(),
            "value": self.value(&definition.path, &definition.value),
            "priority": definition.priority.0,
            "conditions": definition.condition.literals().map(condition).collect::<Vec<_>>(),
            "counts": counts,
            "file": file,
            "range": range,
        })
    }
}

/// The package's name in `pkgs`, or that of the file in the store.
fn name(package: &Package) -> String {
    match (&package.path[..], package.context.iter().next()) {
        ([], Some(object)) => object.name.to_string(),
        (path, _) => path.join("."),
    }
}

/// A word for a cause.
pub(super) fn kind(cause: &Cause) -> &'static str {
    match cause {
        Cause::Undefined(_) => "undefined",
        Cause::Argument(_) => "argument",
        Cause::Input(..) => "input",
        Cause::Outside(_) => "outside",
        Cause::Fetched(..) => "fetched",
        Cause::SearchPath(_) => "search-path",
        Cause::Package(_) | Cause::StoreName(_) => "package",
        Cause::Recursion => "recursion",
        Cause::Budget(_) => "budget",
        Cause::Unsupported(_) => "not-modelled",
        Cause::Fails(_) => "fails",
        Cause::NotRead(_) | Cause::Contents(_) | Cause::Elsewhere(_) => "not-read",
        Cause::SyntaxError => "syntax-error",
        Cause::Derived(inner) => kind(inner),
    }
}
