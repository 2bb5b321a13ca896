//! Comparing what is known of a value with what Nix computed.

use optlint::value::{Attrs, Item, Part, Shape, Str, Value};
use serde_json::Value as Json;

/// How many leaves of a record are known.
#[derive(Default)]
pub(crate) struct Tally {
    known: u32,
    all: u32,
    missing: Vec<String>,
}

impl Tally {
    /// The known ones of a hundred.
    pub(crate) fn percent(&self) -> u32 {
        (self.known * 100).checked_div(self.all).unwrap_or(100)
    }

    /// Some of those that are not known.
    pub(crate) fn missing(&self) -> String {
        let shown: Vec<_> = self.missing.iter().take(20).map(String::as_str).collect();
        shown.join(", ")
    }

    /// Nothing in `expected` is known.
    pub(crate) fn unknown(&mut self, expected: &Json) {
        self.all += leaves(expected);
    }

    fn known(&mut self) {
        self.known += 1;
        self.all += 1;
    }
}

fn leaves(value: &Json) -> u32 {
    match value {
        Json::Array(items) => items.iter().map(leaves).sum::<u32>().max(1),
        Json::Object(fields) => fields.values().map(leaves).sum::<u32>().max(1),
        _ => 1,
    }
}

/// Adds to `wrong` what is known and not so, and counts what is known.
pub(crate) fn compare(path: &str, value: &Value, expected: &Json, wrong: &mut Vec<String>, tally: &mut Tally) {
    let mut fail = |what: String| wrong.push(format!("{path}: {what}"));
    let special = |name: &str| expected.as_object().is_some_and(|fields| fields.contains_key(name));
    let exactly = |same: bool| if same { Ok(()) } else { Err(format!("Nix says {expected}, we say {value}")) };
    let outcome = match (&value.shape, expected) {
        (Shape::Unknown(unknown), _) => {
            tally.missing.push(format!("{path} ({})", unknown.cause));
            return tally.unknown(expected);
        }
        _ if special("$fails") => match value.first_unknown() {
            Some(_) => return,
            None => Err(format!("Nix refuses it, we say {value}")),
        },
        (Shape::OneOf(alternatives), _) => {
            tally.missing.push(format!("{path} ({value})"));
            tally.unknown(expected);
            exactly(alternatives.iter().any(|(_, value)| agrees(value, expected)))
        }
        (Shape::Null, _) => exactly(expected.is_null()),
        (Shape::Bool(known), _) => exactly(expected.as_bool() == Some(*known)),
        (Shape::Int(known), _) => exactly(expected.as_i64() == Some(*known)),
        (Shape::Float(known), _) => exactly(expected.as_f64() == Some(*known)),
        (Shape::Str(text), Json::String(expected)) => exactly(fits(text.parts(), expected)),
        (Shape::Path(text), Json::String(expected)) => exactly(text.known_suffix().ends_with(expected.as_str())),
        (Shape::Package(_), _) => exactly(special("$package")),
        (Shape::Function, _) => exactly(special("$function")),
        (Shape::Attrs(attrs), _) if special("$function") => exactly(attrs.get("__functor").is_some()),
        (Shape::List(items), Json::Array(expected)) => return compare_list(path, items, expected, wrong, tally),
        (Shape::Attrs(attrs), Json::Object(_)) if !special("$package") => {
            return compare_set(path, attrs, expected, wrong, tally);
        }
        _ => exactly(false),
    };
    match outcome {
        Ok(()) if !matches!(value.shape, Shape::OneOf(_)) => match text_of(value) {
            Some(text) if text.known().is_none() && text.context.is_empty() => tally.unknown(expected),
            _ => tally.known(),
        },
        Ok(()) => (),
        Err(text) => fail(text),
    }
}

fn text_of(value: &Value) -> Option<&Str> {
    match &value.shape {
        Shape::Str(text) | Shape::Path(text) => Some(text),
        _ => None,
    }
}

/// Whether a value may be what Nix computed.
pub(crate) fn agrees(value: &Value, expected: &Json) -> bool {
    let mut wrong = vec![];
    compare("", value, expected, &mut wrong, &mut Tally::default());
    wrong.is_empty()
}

/// Whether a text is these parts, holes being anything.
fn fits(parts: &[Part], text: &str) -> bool {
    match parts {
        [] => text.is_empty(),
        [Part::Text(known), rest @ ..] => text.strip_prefix(&**known).is_some_and(|tail| fits(rest, tail)),
        [Part::Hole(_), rest @ ..] => {
            text.char_indices().map(|(at, _)| at).chain([text.len()]).any(|at| fits(rest, &text[at..]))
        }
    }
}

fn compare_list(path: &str, items: &[Item], expected: &[Json], wrong: &mut Vec<String>, tally: &mut Tally) {
    let sure: Vec<&Value> =
        items.iter().filter_map(|item| if let Item::One(value) = item { Some(value) } else { None }).collect();
    if sure.len() == items.len() && items.len() == expected.len() {
        for (at, (value, expected)) in sure.iter().zip(expected).enumerate() {
            compare(&format!("{path}[{at}]"), value, expected, wrong, tally);
        }
        if items.is_empty() {
            tally.known();
        }
        return;
    }
    tally.missing.push(format!("{path} (elements)"));
    expected.iter().for_each(|expected| tally.unknown(expected));
    if !list_fits(items, expected) {
        let items: Vec<String> = sure.iter().map(|value| value.to_string()).collect();
        wrong.push(format!("{path}: Nix says {}, we say {}", Json::from(expected), items.join(" ")));
    }
}

/// Whether a list that is partly known may be `expected`.
///
/// With an unknown run in it a list promises its elements, but not their order.
fn list_fits(items: &[Item], expected: &[Json]) -> bool {
    if items.iter().any(|item| matches!(item, Item::Rest(_))) {
        return items.iter().all(|item| match item {
            Item::One(value) => expected.iter().any(|expected| agrees(value, expected)),
            _ => true,
        });
    }
    let takes = |value: &Value, rest: &[Item]| match expected {
        [first, more @ ..] => agrees(value, first) && list_fits(rest, more),
        [] => false,
    };
    match items {
        [] => expected.is_empty(),
        [Item::One(value), rest @ ..] => takes(value, rest),
        [Item::Maybe(_, value), rest @ ..] => list_fits(rest, expected) || takes(value, rest),
        [Item::Rest(_), ..] => true,
    }
}

fn compare_set(path: &str, attrs: &Attrs, expected: &Json, wrong: &mut Vec<String>, tally: &mut Tally) {
    let Some(expected) = expected.as_object() else { return };
    if expected.is_empty() && attrs.is_complete() && attrs.known.is_empty() {
        tally.known();
    }
    for (name, value) in &attrs.known {
        let path = format!("{path}.{name}");
        match expected.get(name.as_str()) {
            Some(expected) => compare(&path, value, expected, wrong, tally),
            // What fails in Nix is not recorded.
            None if value.first_unknown().is_some() => (),
            None => wrong.push(format!("{path}: Nix has no such attribute, we say {value}")),
        }
    }
    for (name, value) in expected.iter().filter(|(name, _)| !attrs.known.contains_key(name.as_str())) {
        tally.unknown(value);
        if attrs.is_complete() {
            wrong.push(format!("{path}.{name}: Nix has it, we say that it is not there"));
        } else {
            tally.missing.push(format!("{path}.{name}"));
        }
    }
}
