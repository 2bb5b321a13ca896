//! Values as people read them.

use super::{Item, Package, Part, Shape, Str, Value};
use std::fmt;

/// How much of a value is written out.
const WIDEST: usize = 40;
const DEEPEST: usize = 6;

/// Nix notation; what is unknown is `?`, a hole in a string `${?}`.
impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        show(self, f, DEEPEST)
    }
}

fn show(value: &Value, f: &mut fmt::Formatter<'_>, depth: usize) -> fmt::Result {
    match &value.shape {
        Shape::Null => f.write_str("null"),
        Shape::Bool(known) => write!(f, "{known}"),
        Shape::Int(known) => write!(f, "{known}"),
        Shape::Float(known) => write!(f, "{known}"),
        Shape::Str(text) => {
            f.write_str("\"")?;
            show_text(text, f)?;
            f.write_str("\"")
        }
        Shape::Path(path) => show_text(path, f),
        Shape::List(_) | Shape::Attrs(_) if depth == 0 => f.write_str("…"),
        Shape::List(items) => show_list(items, f, depth - 1),
        Shape::Attrs(attrs) => {
            f.write_str("{ ")?;
            for (name, value) in attrs.known.iter().take(WIDEST) {
                write!(f, "{} = ", crate::value::show::name(name))?;
                show(value, f, depth - 1)?;
                f.write_str("; ")?;
            }
            for (name, value) in attrs.partly_named.iter().take(WIDEST) {
                f.write_str("\"")?;
                show_text(name, f)?;
                f.write_str("\" = ")?;
                show(value, f, depth - 1)?;
                f.write_str("; ")?;
            }
            let cut = attrs.known.len() > WIDEST || attrs.partly_named.len() > WIDEST;
            f.write_str(if cut { "… " } else { "" })?;
            f.write_str(if attrs.rest.is_some() { "? }" } else { "}" })
        }
        Shape::Function => f.write_str("«function»"),
        Shape::Package(package) => show_package(package, f),
        Shape::OneOf(alternatives) => {
            for (index, (_, value)) in alternatives.iter().enumerate() {
                f.write_str(if index == 0 { "" } else { " or " })?;
                show(value, f, depth.saturating_sub(1))?;
            }
            Ok(())
        }
        Shape::Unknown(_) => f.write_str("?"),
    }
}

/// An attribute name, quoted where it has to be.
fn name(name: &str) -> String {
    let plain = name.chars().all(|c| c.is_ascii_alphanumeric() || "_-'".contains(c))
        && name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_');
    if plain { name.to_owned() } else { format!("{name:?}") }
}

fn show_list(items: &[Item], f: &mut fmt::Formatter<'_>, depth: usize) -> fmt::Result {
    f.write_str("[ ")?;
    for item in items.iter().take(WIDEST) {
        match item {
            Item::One(value) => show(value, f, depth)?,
            Item::Maybe(_, value) => {
                f.write_str("?")?;
                show(value, f, depth)?;
            }
            Item::Rest(_) => f.write_str("?…")?,
        }
        f.write_str(" ")?;
    }
    f.write_str(if items.len() > WIDEST { "… ]" } else { "]" })
}

fn show_package(package: &Package, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    match &package.path[..] {
        [] => match package.context.iter().next() {
            Some(object) => write!(f, "«store file {}»", object.name),
            None => f.write_str("«derivation»"),
        },
        path => write!(f, "«package {}»", path.join(".")),
    }
}

fn show_text(text: &Str, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    text.parts().iter().try_for_each(|part| match part {
        Part::Text(text) => f.write_str(&text.escape_debug().to_string().replace("\\'", "'")),
        Part::Hole(_) => f.write_str("${?}"),
    })
}
