//! JSON against a JSON schema: as much of drafts 4 and 7 as the schemas here and SARIF's official one use.
//!
//! `pattern` and `format` are not checked. A keyword that is not known is a mistake, so that none is passed over.

use serde_json::{Map, Value};

/// Keywords that say nothing about a value's shape, or nothing that is checked here.
const SILENT: [&str; 9] =
    ["$schema", "$id", "id", "title", "description", "definitions", "default", "format", "pattern"];

/// What is wrong with `value`, with the path to it. `closed`: a field that `properties` does not
/// name is wrong even where the schema allows others.
pub(crate) fn validate(schema: &Value, value: &Value, closed: bool) -> Vec<String> {
    let mut wrong = vec![];
    Validator { root: schema, closed }.check(schema, value, "", &mut wrong);
    wrong
}

struct Validator<'a> {
    root: &'a Value,
    closed: bool,
}

impl Validator<'_> {
    fn check(&self, schema: &Value, value: &Value, path: &str, wrong: &mut Vec<String>) {
        let Some(keywords) = schema.as_object() else { return };
        for (keyword, wanted) in keywords {
            let mut complain = |what: String| wrong.push(format!("{path}: {what}"));
            match keyword.as_str() {
                silent if SILENT.contains(&silent) => {}
                "$ref" => {
                    let pointer =
                        wanted.as_str().and_then(|name| name.strip_prefix('#')).expect("a reference into the schema");
                    self.check(self.root.pointer(pointer).expect("what is referred to"), value, path, wrong);
                }
                "type" if !is_of_type(wanted, value) => complain(format!("is not {wanted}")),
                "const" if wanted != value => complain(format!("is not {wanted}")),
                "enum" if !wanted.as_array().expect("a list").contains(value) => {
                    complain(format!("{value} is none of {wanted}"))
                }
                "minimum" if value.as_f64() < wanted.as_f64() && value.is_number() => {
                    complain(format!("{value} is less than {wanted}"))
                }
                "maximum" if value.as_f64() > wanted.as_f64() && value.is_number() => {
                    complain(format!("{value} is more than {wanted}"))
                }
                "minItems" if length(value) < wanted.as_u64() && value.is_array() => {
                    complain(format!("has fewer items than {wanted}"))
                }
                "maxItems" if length(value) > wanted.as_u64() && value.is_array() => {
                    complain(format!("has more items than {wanted}"))
                }
                "uniqueItems" if wanted == true && has_twins(value) => complain("holds something twice".into()),
                "type" | "const" | "enum" | "minimum" | "maximum" | "minItems" | "maxItems" | "uniqueItems" => {}
                "required" => {
                    let names = wanted.as_array().expect("a list").iter().filter_map(Value::as_str);
                    let missing =
                        names.filter(|name| value.as_object().is_some_and(|object| !object.contains_key(*name)));
                    missing.for_each(|name| complain(format!("has no `{name}`")));
                }
                "items" => {
                    for (nth, item) in value.as_array().into_iter().flatten().enumerate() {
                        self.check(wanted, item, &format!("{path}/{nth}"), wrong);
                    }
                }
                "anyOf" | "oneOf" => {
                    let fits = |schema: &&Value| {
                        let mut wrong = vec![];
                        self.check(schema, value, path, &mut wrong);
                        wrong.is_empty()
                    };
                    let fitting = wanted.as_array().expect("a list").iter().filter(fits).count();
                    if fitting == 0 || keyword == "oneOf" && fitting > 1 {
                        complain(format!("fits {fitting} of the schemas under `{keyword}`"));
                    }
                }
                "properties" | "additionalProperties" => {}
                unknown => panic!("the schema says `{unknown}`, which this test does not know"),
            }
        }
        self.check_fields(keywords, value, path, wrong);
    }

    fn check_fields(&self, keywords: &Map<String, Value>, value: &Value, path: &str, wrong: &mut Vec<String>) {
        let (named, others) = (keywords.get("properties"), keywords.get("additionalProperties"));
        for (name, field) in value.as_object().into_iter().flatten() {
            let inner = format!("{path}/{name}");
            match (named.and_then(|named| named.get(name)), others) {
                (Some(schema), _) => self.check(schema, field, &inner, wrong),
                (None, Some(Value::Bool(false))) => wrong.push(format!("{inner}: may not be there")),
                (None, Some(schema @ Value::Object(_))) => self.check(schema, field, &inner, wrong),
                (None, None) if self.closed && named.is_some() => wrong.push(format!("{inner}: is not described")),
                (None, _) => {}
            }
        }
    }
}

fn is_of_type(wanted: &Value, value: &Value) -> bool {
    let is = |name: &str| match name {
        "null" => value.is_null(),
        "boolean" => value.is_boolean(),
        "integer" => value.is_i64() || value.is_u64(),
        "number" => value.is_number(),
        "string" => value.is_string(),
        "array" => value.is_array(),
        "object" => value.is_object(),
        other => panic!("there is no type `{other}`"),
    };
    match wanted {
        Value::Array(names) => names.iter().filter_map(Value::as_str).any(is),
        name => is(name.as_str().expect("a type")),
    }
}

fn length(value: &Value) -> Option<u64> {
    value.as_array().map(|items| items.len() as u64)
}

fn has_twins(value: &Value) -> bool {
    let mut texts: Vec<String> = value.as_array().into_iter().flatten().map(Value::to_string).collect();
    let count = texts.len();
    texts.sort();
    texts.dedup();
    texts.len() < count
}
