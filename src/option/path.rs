//! Option paths and patterns of them.

use crate::value::{Name, Part, Str, Truth};
use std::borrow::Cow;
use std::fmt;

/// One step of an option path.
#[derive(Clone, Debug)]
pub enum Segment {
    /// An attribute name.
    Name(Name),
    /// An attribute name with holes: `"element.${fqdn}"`.
    Partly(Str),
    /// An element of a list, counted from 0.
    Index(usize),
}

impl Segment {
    /// The name, if it is wholly known.
    pub fn as_name(&self) -> Option<&str> {
        match self {
            Segment::Name(name) => Some(name),
            _ => None,
        }
    }

    /// The name as a string, perhaps with holes; an index as its number.
    pub fn to_str(&self) -> Str {
        match self {
            Segment::Name(name) => Str::new(name),
            Segment::Partly(name) => name.clone(),
            Segment::Index(at) => Str::new(at.to_string()),
        }
    }
}

/// The path of an option: `services.nginx.virtualHosts."example.org".root`.
#[derive(Clone, Debug, Default)]
pub struct OptionPath(pub Vec<Segment>);

impl OptionPath {
    /// A path of plain names, split at dots outside double quotes.
    pub fn parse(text: &str) -> Self {
        Self(split(text).into_iter().map(|(name, _)| Segment::Name((*name).into())).collect())
    }

    /// This path with one more step.
    pub fn child(&self, segment: Segment) -> Self {
        let mut steps = self.0.clone();
        steps.push(segment);
        Self(steps)
    }

    /// The last step.
    pub fn last(&self) -> Option<&Segment> {
        self.0.last()
    }
}

/// As the NixOS manual writes it, quoting names that need it; holes are `${…}`.
impl fmt::Display for OptionPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, segment) in self.0.iter().enumerate() {
            match segment {
                Segment::Index(index) => write!(f, "[{index}]")?,
                Segment::Name(name) => write_name(f, at == 0, &Str::new(name))?,
                Segment::Partly(name) => {
                    f.write_str(if at == 0 { "" } else { "." })?;
                    write_quoted(f, name)?;
                }
            }
        }
        Ok(())
    }
}

/// Writes one name of a path, the first or a further one.
pub fn write_name(f: &mut impl fmt::Write, is_first: bool, name: &Str) -> fmt::Result {
    if !is_first {
        f.write_char('.')?;
    }
    if let Some(plain) = name.known().filter(|name| is_plain(name)) {
        return f.write_str(plain);
    }
    write_quoted(f, name)
}

fn write_quoted(f: &mut impl fmt::Write, name: &Str) -> fmt::Result {
    f.write_char('"')?;
    for part in name.parts() {
        match part {
            Part::Text(text) => f.write_str(&text.replace('\\', "\\\\").replace('"', "\\\""))?,
            Part::Hole(_) => f.write_str("${…}")?,
        }
    }
    f.write_char('"')
}

fn is_plain(name: &str) -> bool {
    let mut bytes = name.bytes();
    bytes.next().is_some_and(|byte| byte.is_ascii_alphabetic() || byte == b'_')
        && bytes.all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'\''))
}

/// A set of option paths: `services.nginx.virtualHosts.<name>.root`; `<name>`
/// stands for any one name, and everything below a listed path is included.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct OptionPattern(pub Vec<PatternStep>);

/// One step of a pattern.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum PatternStep {
    /// This name.
    Name(Name),
    /// `<name>` or `*`: any one name or list element.
    Any,
}

impl OptionPattern {
    /// Reads a pattern; names that hold dots are quoted.
    pub fn parse(text: &str) -> Self {
        let step = |(name, quoted): (Cow<'_, str>, bool)| {
            let any = !quoted && (name == "*" || (name.starts_with('<') && name.ends_with('>')));
            if any { PatternStep::Any } else { PatternStep::Name((*name).into()) }
        };
        Self(split(text).into_iter().map(step).collect())
    }

    /// The name that tells it from others: the second step, behind the namespace; `None`: it has no name there.
    pub fn word(&self) -> Option<&str> {
        match &self.0[..] {
            [_, PatternStep::Name(name), ..] | [PatternStep::Name(name)] => Some(name),
            _ => None,
        }
    }

    /// Whether `path` is one of these (the same length, not below).
    pub fn matches(&self, path: &OptionPath) -> Truth {
        if self.0.len() != path.0.len() {
            return Truth::False;
        }
        Truth::all(self.0.iter().zip(&path.0).map(|(step, segment)| match (step, segment) {
            (PatternStep::Any, _) => Truth::True,
            (PatternStep::Name(name), Segment::Name(have)) => (name == have).into(),
            (PatternStep::Name(name), Segment::Partly(have)) => have.equals(&Str::new(name)),
            (PatternStep::Name(_), Segment::Index(_)) => Truth::False,
        }))
    }
}

impl fmt::Display for OptionPattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, step) in self.0.iter().enumerate() {
            let dot = if at == 0 { "" } else { "." };
            match step {
                PatternStep::Any => write!(f, "{dot}<name>")?,
                PatternStep::Name(name) if is_plain(name) => write!(f, "{dot}{name}")?,
                PatternStep::Name(name) => write!(f, "{dot}\"{name}\"")?,
            }
        }
        Ok(())
    }
}

/// Splits at dots outside double quotes; says which names were quoted.
fn split(text: &str) -> Vec<(Cow<'_, str>, bool)> {
    if !text.contains('"') {
        return text.split('.').map(|name| (name.into(), false)).collect();
    }
    let mut names = vec![(String::new(), false)];
    let mut in_quotes = false;
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        let last = names.last_mut().expect("never empty");
        match c {
            '"' => {
                in_quotes = !in_quotes;
                last.1 = true;
            }
            '\\' if in_quotes => last.0.extend(chars.next()),
            '.' if !in_quotes => names.push((String::new(), false)),
            c => last.0.push(c),
        }
    }
    names.into_iter().map(|(name, quoted)| (name.into(), quoted)).collect()
}

#[cfg(test)]
mod tests {
    use super::{OptionPath, OptionPattern, Segment};
    use crate::source::Origin;
    use crate::value::{Cause, Str, Unknown, UnknownId};
    use std::sync::Arc;

    #[test]
    fn display_round_trip() {
        for text in ["a.b", "services.nginx.virtualHosts.\"example.org\".root", "a.\"x\\\"y\"", "\"1\".b-c", "_a.b_c'd"]
        {
            assert_eq!(OptionPath::parse(text).to_string(), text);
        }
        for text in ["a.<name>.b", "a.\"b.c\".<name>", "a._b"] {
            assert_eq!(OptionPattern::parse(text).to_string(), text);
        }
        let path = OptionPath::parse("a.\"b\\\\c\"").child(Segment::Index(3));
        assert_eq!(path.to_string(), "a.\"b\\\\c\"[3]");
        assert_eq!(path.last().map(Segment::to_str).as_ref().and_then(Str::known), Some("3"));
    }

    #[test]
    fn matching() {
        let check = |pattern: &str, path: &str, expected: bool| {
            assert_eq!(OptionPattern::parse(pattern).matches(&OptionPath::parse(path)).is_true(), expected, "{path}");
        };
        check("a.<name>.c", "a.\"b.b\".c", true);
        check("a.<name>.c", "a.b.d", false);
        check("a.*.c", "a.b.c", true);
        check("a.b", "a.b.c", false);
        check("a.b.c", "a.b", false);
        check("a.\"<name>\"", "a.b", false);
        check("a.\"<name>\"", "a.\"<name>\"", true);
        check("a.b>", "a.c", false);
        check("a.<b", "a.c", false);
    }

    #[test]
    fn matching_what_is_not_wholly_known() {
        let cause = Arc::new(Cause::Undefined("a".into()));
        let mut name = Str::new("element.");
        name.push(&Str::hole(Unknown { id: UnknownId(1), cause, at: Origin::Default }));
        let path = |step| OptionPath::parse("a").child(step);
        let check = |pattern: &str, step: Segment, expected: &str| {
            let found = OptionPattern::parse(pattern).matches(&path(step));
            let found = if found.is_true() {
                "yes"
            } else if found.is_false() {
                "no"
            } else {
                "unknown"
            };
            assert_eq!(found, expected, "{pattern}");
        };
        check("a.\"element.b\"", Segment::Partly(name.clone()), "unknown");
        check("a.\"matrix.b\"", Segment::Partly(name.clone()), "no");
        check("a.<name>", Segment::Partly(name), "yes");
        check("a.<name>", Segment::Index(0), "yes");
        check("a.\"0\"", Segment::Index(0), "no");
    }

    #[test]
    fn words() {
        for (pattern, expected) in [
            ("services.nginx", Some("nginx")),
            ("services.nginx.virtualHosts.<name>", Some("nginx")),
            ("containers.<name>.config", None),
            ("containers", Some("containers")),
            ("<name>", None),
        ] {
            assert_eq!(OptionPattern::parse(pattern).word(), expected, "{pattern}");
        }
    }
}
