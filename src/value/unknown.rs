//! Values that nobody knows, each with an identity, a cause and a place.

use super::Name;
use crate::source::Origin;
use std::fmt;
use std::sync::Arc;

/// Two unknowns with one id are the same value, whatever it is: Nix is pure.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct UnknownId(pub u64);

/// A value that could not be computed.
#[derive(Clone, Debug)]
pub struct Unknown {
    /// Identity; the only thing that counts for equality.
    pub id: UnknownId,
    /// Why it is unknown.
    pub cause: Arc<Cause>,
    /// Where knowledge ended.
    pub at: Origin,
}

/// Marks the identity of a text that is escaped for JSON. The evaluator counts from 0 and does not get here;
/// the uppermost bit belongs to unknowns that are made outside of it.
const ESCAPED: u64 = 1 << 62;
/// Marks the identity of the JSON text of a value.
const AS_JSON: u64 = 1 << 61;

impl Unknown {
    /// What this text is once it is escaped for JSON: another text, but the same one each time.
    /// `None` if this is such a text already.
    pub fn escaped_for_json(&self) -> Option<Unknown> {
        self.marked(ESCAPED)
    }

    /// The text that was escaped for JSON to give this one; this itself if it was not.
    pub fn unescaped_from_json(&self) -> Unknown {
        self.unmarked(ESCAPED)
    }

    /// The JSON text of this value. `None` if this is such a text already.
    pub fn as_json(&self) -> Option<Unknown> {
        self.marked(AS_JSON)
    }

    /// The value whose JSON text this is, if it is one.
    pub fn value_of_json(&self) -> Option<Unknown> {
        let value = self.unmarked(AS_JSON);
        (value.id != self.id).then_some(value)
    }

    fn marked(&self, mark: u64) -> Option<Unknown> {
        let cause = match &*self.cause {
            Cause::Derived(_) => self.cause.clone(),
            _ => Arc::new(Cause::Derived(self.cause.clone())),
        };
        (self.id.0 < AS_JSON).then_some(Unknown { id: UnknownId(self.id.0 | mark), cause, at: self.at })
    }

    fn unmarked(&self, mark: u64) -> Unknown {
        let has_mark = self.id.0 & mark != 0 && self.id.0 < mark << 1;
        Unknown { id: UnknownId(if has_mark { self.id.0 & !mark } else { self.id.0 }), ..self.clone() }
    }
}

impl PartialEq for Unknown {
    fn eq(&self, other: &Self) -> bool {
        self.id == other.id
    }
}
impl Eq for Unknown {}
impl PartialOrd for Unknown {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}
impl Ord for Unknown {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.id.cmp(&other.id)
    }
}

/// Why something is unknown. `Display` gives a clause without a full stop.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Cause {
    /// No definition and no default of this option was read.
    Undefined(String),
    /// A module or function argument that nobody gave a value.
    Argument(Name),
    /// Comes from a flake input that is not part of the project: what the flake calls it, and what its address
    /// says it is, `owner/repository`, if there is one.
    Input(Name, Option<Name>),
    /// Reads the environment, the clock, the network or the store; the text says which.
    Outside(String),
    /// Comes from a source tree that would have to be fetched: its usual name, and what a user calls it.
    Fetched(Name, String),
    /// `<name>` is looked up in `NIX_PATH`.
    SearchPath(Name),
    /// An attribute or result of a package.
    Package(String),
    /// What a package of this name is called in the store: its hash, name and version.
    StoreName(String),
    /// Refers to itself in a way that was cut.
    Recursion,
    /// Evaluation was cut short: too deep, too long or too large; the text says which.
    Budget(&'static str),
    /// Something the evaluator does not model; the text names it.
    Unsupported(String),
    /// Nix would refuse: the message.
    Fails(String),
    /// A file that could not be read or parsed; the text says why.
    NotRead(String),
    /// What is in a file that could not be read; the text says why.
    Contents(String),
    /// Modules of which no more than declarations are known define this option, too.
    Elsewhere(String),
    /// A syntax error left a hole here.
    SyntaxError,
    /// Follows from another unknown.
    Derived(Arc<Cause>),
}

impl Cause {
    /// The source tree outside the project that this is about: its usual name, and the path in it
    /// as far as the cause tells.
    pub fn tree(&self) -> Option<(&str, &str)> {
        match self {
            Cause::Input(name, tree) => Some((tree.as_ref().unwrap_or(name), "")),
            Cause::Fetched(name, _) => Some((name, "")),
            Cause::SearchPath(path) => {
                let name = path.split('/').next().unwrap_or_default();
                Some((name, &path[name.len()..]))
            }
            Cause::Derived(cause) => cause.tree(),
            _ => None,
        }
    }

    /// Whether it is what a file says that could not be read, or a part of that.
    pub fn is_contents(&self) -> bool {
        matches!(self.root(), Cause::Contents(_))
    }

    /// What it follows from.
    pub fn root(&self) -> &Cause {
        let mut cause = self;
        while let Cause::Derived(inner) = cause {
            cause = inner;
        }
        cause
    }

    /// Whether it is what modules say of which no more than declarations are known: nobody's wish, so to speak.
    pub fn is_elsewhere(&self) -> bool {
        matches!(self.root(), Cause::Elsewhere(_))
    }

    /// The package whose store path a hole behind `/nix/store/` stands for.
    pub fn store_package(&self) -> Option<&str> {
        match self {
            Cause::StoreName(name) => Some(name),
            _ => None,
        }
    }

    /// Whether it refers to itself.
    pub fn is_recursion(&self) -> bool {
        matches!(self.root(), Cause::Recursion)
    }

    /// Whether Nix has no value either: it refuses, or goes round in circles.
    pub fn is_failure(&self) -> bool {
        matches!(self.root(), Cause::Fails(_) | Cause::Recursion)
    }

    /// Whether an option that nobody defines in what was read is the cause.
    pub fn is_undefined(&self) -> bool {
        matches!(self.root(), Cause::Undefined(_))
    }

    /// Whether nobody defines what is behind it, unless modules do of which no more than declarations are known.
    pub fn is_unsaid(&self) -> bool {
        self.is_undefined() || self.is_elsewhere()
    }
}

impl fmt::Display for Cause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Cause::Undefined(option) => write!(f, "`{option}` is not defined in what was read"),
            Cause::Argument(name) => write!(f, "the argument `{name}` is not given in what was read"),
            Cause::Input(name, _) => write!(f, "comes from the flake input `{name}`"),
            Cause::Outside(what) => write!(f, "reads {what}"),
            Cause::Fetched(_, what) => write!(f, "comes from {what}"),
            Cause::SearchPath(name) => write!(f, "`<{name}>` is looked up in NIX_PATH"),
            Cause::Package(what) | Cause::StoreName(what) => write!(f, "depends on the package `{what}`"),
            Cause::Recursion => f.write_str("refers to itself"),
            Cause::Budget(what) => write!(f, "evaluation was cut short: {what}"),
            Cause::Unsupported(what) => write!(f, "`{what}` is not modelled"),
            Cause::Fails(message) => write!(f, "evaluation fails: {message}"),
            Cause::NotRead(what) | Cause::Contents(what) => f.write_str(what),
            Cause::Elsewhere(option) => write!(f, "what nixpkgs' modules say of `{option}` is not read"),
            Cause::SyntaxError => f.write_str("a syntax error stands here"),
            Cause::Derived(cause) => cause.fmt(f),
        }
    }
}
