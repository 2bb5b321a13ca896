//! What Nix tells, line by line: one JSON object a line, read into records.

use serde_json::Value as Json;
use std::collections::BTreeMap;

/// A value as Nix told it, properties and all.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Told {
    Null,
    Bool(bool),
    Int(i64),
    /// A float, if all of its digits came through.
    Float(Option<f64>),
    /// A text, and what it drags into the store: each object's path, and whether it is a copied file.
    Text(String, Vec<(String, bool)>),
    /// A text of which only the start was told.
    Long(String),
    Path(String),
    List(Vec<Told>),
    Set(Set),
    Function,
    Package {
        name: Option<String>,
        pname: Option<String>,
        text: Option<String>,
    },
    /// A set that stands for a path in the store and is no package.
    Output,
    /// `mkOverride` and its names.
    Override(i64, Box<Told>),
    /// `mkOrder` and its names.
    Order(i64, Box<Told>),
    /// `mkMerge`.
    Merge(Vec<Told>),
    /// An `mkIf` that does not hold.
    No,
    /// Evaluating it throws.
    Throws,
    /// It ended an earlier run.
    Skipped,
    /// Too large or too deep to be told.
    Cut,
}

/// An attribute set, as far as it was asked for.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Set {
    pub parts: BTreeMap<String, Told>,
    /// Where names are written.
    pub places: BTreeMap<String, Place>,
    /// There are attributes that were not asked for.
    pub more: bool,
}

/// A line and a column as Nix counts them: from 1, in bytes.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Place {
    pub line: u32,
    pub column: u32,
    /// The file, where it is not that of the definition.
    pub file: Option<String>,
}

/// One line.
#[derive(Clone, Debug)]
pub(super) enum Record {
    /// What comes next, in case that nothing comes.
    Begin(String),
    /// The folders that are the user's, as Nix sees them.
    Roots(Vec<String>),
    /// The options were listed: which; files that declare them; a file of `lib`.
    Found { paths: Vec<Vec<String>>, declaring: Vec<String>, lib: Option<String> },
    /// An option: whether it has a value, and the priority of what won; in a quick run all the rest of it,
    /// too, and what comes next.
    Option {
        path: Vec<String>,
        defined: bool,
        priority: Option<i64>,
        value: Option<Told>,
        definitions: Option<Vec<(String, Told)>>,
        next: Option<String>,
    },
    /// The merged value of an option.
    Value { path: Vec<String>, value: Told },
    /// The definitions that count, by file.
    Winners { path: Vec<String>, definitions: Vec<(String, Told)> },
    /// The files of the user's modules.
    Files(Vec<String>),
    /// A definition in a module of the user's, won or lost.
    Definition(Definition),
    /// An assertion that does not hold, or a warning.
    Claim(ToldClaim),
    /// All was told.
    End,
}

/// A definition as it is written.
#[derive(Clone, Debug)]
pub(super) struct Definition {
    /// Whether a module in the option's type makes it, and not one of the system.
    pub of_type: bool,
    /// By which a later run leaves it out; none for one that is only placed so far.
    pub id: Option<String>,
    pub path: Vec<String>,
    pub file: String,
    /// What the module system says that its file is called, if it is not that.
    pub called: Option<String>,
    pub at: Option<Place>,
    /// Around it: the outermost property first.
    pub around: Vec<Around>,
    pub value: Told,
}

impl Definition {
    /// The file that the module system says it is of.
    pub(super) fn module(&self) -> &str {
        self.called.as_deref().unwrap_or(&self.file)
    }
}

/// A property around a set that holds the option.
#[derive(Clone, Copy, Debug)]
pub(super) enum Around {
    Override(i64),
    Order(i64),
}

/// A failing assertion or a warning.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct ToldClaim {
    pub(super) id: String,
    pub(super) file: String,
    pub(super) at: Option<Place>,
    pub(super) is_assertion: bool,
    /// What it says, where that could be told.
    pub(super) message: Option<String>,
}

/// Reads one line; `None` for one that says nothing we know.
pub(super) fn read(line: &str) -> Option<Record> {
    let json: Json = serde_json::from_str(line).ok()?;
    let has = |name: &str| json.get(name).is_some_and(|value| !value.is_null());
    let text = |name: &str| json.get(name).and_then(Json::as_str).map(String::from);
    Some(if has("roots") {
        Record::Roots(texts(json.get("roots")))
    } else if has("found") {
        let paths = json["found"].as_array()?.iter().map(|path| texts(Some(path))).collect();
        Record::Found { paths, declaring: texts(json.get("declaring")), lib: text("lib") }
    } else if has("o") {
        let priority = json.get("priority").and_then(Json::as_i64);
        let (path, value) = (texts(json.get("o")), json.get("value").map(told));
        let definitions = json.get("definitions").and_then(definitions);
        let defined = json["defined"].as_bool()?;
        Record::Option { path, defined, priority, value, definitions, next: text("b") }
    } else if let Some(id) = text("b") {
        Record::Begin(id)
    } else if has("v") && json.get("value").is_some() {
        Record::Value { path: texts(json.get("v")), value: told(&json["value"]) }
    } else if has("w") {
        Record::Winners { path: texts(json.get("w")), definitions: definitions(&json["definitions"])? }
    } else if has("files") {
        Record::Files(texts(json.get("files")))
    } else if has("d") {
        let around = json["around"].as_array()?.iter().filter_map(property).collect();
        let (id, path, at) = (text("id"), texts(json.get("d")), json.get("at").and_then(place));
        let (file, called) = (text("f")?, text("m"));
        let (of_type, value) = (has("s"), told(json.get("v")?));
        Record::Definition(Definition { of_type, id, path, file, called, at, around, value })
    } else if json.get("failed").is_some() || has("warned") {
        let is_assertion = json.get("failed").is_some();
        let (message, at) = (text("failed").or(text("warned")), json.get("at").and_then(place));
        Record::Claim(ToldClaim { id: text("id")?, file: text("f")?, at, is_assertion, message })
    } else if has("end") {
        Record::End
    } else {
        return None;
    })
}

fn definitions(json: &Json) -> Option<Vec<(String, Told)>> {
    let one = |one: &Json| Some((one.get("f")?.as_str()?.to_owned(), told(one.get("v")?)));
    Some(json.as_array()?.iter().filter_map(one).collect())
}

fn texts(json: Option<&Json>) -> Vec<String> {
    let list = json.and_then(Json::as_array).into_iter().flatten();
    list.filter_map(Json::as_str).map(String::from).collect()
}

fn property(json: &Json) -> Option<Around> {
    let number = |name: &str| json.get(name).and_then(Json::as_i64);
    number("override").map(Around::Override).or_else(|| number("order").map(Around::Order))
}

fn place(json: &Json) -> Option<Place> {
    let at = |index: usize| json.get(index).and_then(Json::as_u64).and_then(|number| u32::try_from(number).ok());
    Some(Place { line: at(0)?, column: at(1)?, file: json.get(2).and_then(Json::as_str).map(String::from) })
}

/// What cannot be read counts as cut.
fn told(json: &Json) -> Told {
    match json {
        Json::Null => Told::Null,
        Json::Bool(known) => Told::Bool(*known),
        Json::Number(number) => number.as_i64().map_or(Told::Cut, Told::Int),
        // What was no text in Nix came through with replacement characters.
        Json::String(text) if text.contains('\u{fffd}') => Told::Cut,
        Json::String(text) => Told::Text(text.clone(), vec![]),
        Json::Array(items) => Told::List(items.iter().map(told).collect()),
        Json::Object(object) => {
            let text = |name: &str| object.get(name).and_then(Json::as_str).map(String::from);
            let inner = || Box::new(object.get("v").map_or(Told::Cut, told));
            let number = || object.get("n").and_then(Json::as_i64);
            match object.get("$").and_then(Json::as_str).unwrap_or_default() {
                "set" => Told::Set(set(json)),
                "text" => Told::Text(text("v").unwrap_or_default(), objects(object.get("c"))),
                "long" => Told::Long(text("v").unwrap_or_default()),
                "path" => text("v").map_or(Told::Cut, Told::Path),
                "float" => {
                    let exact = object.get("exact").and_then(Json::as_bool) == Some(true);
                    Told::Float(text("v").and_then(|text| text.parse().ok()).filter(|_| exact))
                }
                "function" => Told::Function,
                "package" => Told::Package { name: text("name"), pname: text("pname"), text: text("text") },
                "output" => Told::Output,
                "override" => number().map_or(Told::Cut, |priority| Told::Override(priority, inner())),
                "order" => number().map_or(Told::Cut, |order| Told::Order(order, inner())),
                "merge" => match *inner() {
                    Told::List(parts) => Told::Merge(parts),
                    _ => Told::Cut,
                },
                "no" => Told::No,
                "throws" => Told::Throws,
                "skipped" => Told::Skipped,
                _ => Told::Cut,
            }
        }
    }
}

fn set(json: &Json) -> Set {
    let entries = |name: &str| json.get(name).and_then(Json::as_object).into_iter().flatten();
    Set {
        parts: entries("v").map(|(name, value)| (name.clone(), told(value))).collect(),
        places: entries("p").filter_map(|(name, at)| Some((name.clone(), place(at)?))).collect(),
        more: json.get("more").is_some(),
    }
}

fn objects(json: Option<&Json>) -> Vec<(String, bool)> {
    let one = |one: &Json| Some((one.get("name")?.as_str()?.to_owned(), one.get("source")?.as_bool()?));
    json.and_then(Json::as_array).into_iter().flatten().filter_map(one).collect()
}
