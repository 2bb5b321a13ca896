//! Which values are secrets, and values without them.

use crate::option::{OptionPath, OptionPattern, Segment};
use crate::value::{Item, Part, Shape, Str, Value};

/// What stands for the value of an option that holds a secret.
pub(super) const SECRET: &str = "«secret»";

/// The value of an option, without secrets.
pub fn shown(path: &OptionPath, value: &Value, secrets: &[OptionPattern]) -> String {
    if is_secret(path, secrets) { SECRET.into() } else { redacted(path, value, secrets).to_string() }
}

/// Whether a rule says so, or the option's very name does.
pub fn is_secret(path: &OptionPath, secrets: &[OptionPattern]) -> bool {
    let name = path.last().and_then(Segment::as_name);
    if name.is_some_and(names_place) {
        return false;
    }
    name.is_some_and(sounds_secret) || named_secret(path, secrets)
}

/// Whether a rule says that this option, or a set that it is in, is secret.
fn named_secret(path: &OptionPath, secrets: &[OptionPattern]) -> bool {
    let covers = |secret: &OptionPattern| {
        let set = path.0.get(..secret.0.len());
        set.is_some_and(|set| !secret.matches(&OptionPath(set.to_vec())).is_false())
    };
    secrets.iter().any(covers)
}

/// Whether an option of this name holds a secret rather than the place of one.
fn sounds_secret(name: &str) -> bool {
    let name = name.to_lowercase();
    let words = [
        "secret",
        "password",
        "passwd",
        "passphrase",
        "token",
        "pepper",
        "private_key",
        "privatekey",
        "api_key",
        "api_hash",
        "pickle_key",
        "signing_key",
        "server_key",
    ];
    words.iter().any(|word| name.contains(word)) && !names_place(&name)
}

/// Whether an option of this name says where something lies.
fn names_place(name: &str) -> bool {
    let name = name.to_lowercase();
    ["path", "file", "files", "paths"].iter().any(|end| name.ends_with(end))
}

/// Whether a text may be an address with a password, such as that of a database.
pub fn holds_password(text: &Str) -> bool {
    let mut known = String::new();
    for part in text.parts() {
        match part {
            Part::Text(text) => known.push_str(text),
            Part::Hole(_) => known.push('?'),
        }
    }
    let mut behind = known.split("://").skip(1).filter_map(|behind| behind.split(['/', ' ', '\n']).next());
    behind.any(|host| host.split_once('@').is_some_and(|(user, _)| user.contains(':'))) || known.contains("password=")
}

/// The value at `path` without what is secret in it, by its attribute's name or because a rule says so.
pub(super) fn redacted(path: &OptionPath, value: &Value, secrets: &[OptionPattern]) -> Value {
    let inside = |path: &OptionPath, value: &Value| redacted(path, value, secrets);
    let mut value = value.clone();
    match &mut value.shape {
        Shape::Attrs(attrs) => {
            let attrs = std::sync::Arc::make_mut(attrs);
            for (name, inner) in &mut attrs.known {
                let path = path.child(Segment::Name(name.clone()));
                let holds = match inner.shape {
                    Shape::Str(_) => is_secret(&path, secrets),
                    Shape::Null | Shape::Bool(_) | Shape::Unknown(_) => false,
                    _ => named_secret(&path, secrets),
                };
                *inner =
                    if holds { Value::new(Shape::Str(Str::new(SECRET)), inner.origin) } else { inside(&path, inner) };
            }
            for (name, inner) in &mut attrs.partly_named {
                *inner = inside(&path.child(Segment::Partly(name.clone())), inner);
            }
        }
        Shape::Str(text) if holds_password(text) => *text = Str::new(SECRET),
        Shape::List(items) => {
            for item in items {
                if let Item::One(inner) | Item::Maybe(_, inner) = item {
                    *inner = inside(path, inner);
                }
            }
        }
        Shape::OneOf(alternatives) => {
            for (_, inner) in alternatives {
                *inner = inside(path, inner);
            }
        }
        _ => {}
    }
    value
}

#[cfg(test)]
mod tests {
    use super::holds_password;
    use crate::value::Str;

    #[test]
    fn addresses_with_passwords() {
        for (text, expected) in [
            ("postgresql://a:b@localhost/c", true),
            ("postgresql:///c?host=/run&password=b", true),
            ("one http://a:b@proxy:3128 two", true),
            ("https://example.org:443/@a:b", false),
            ("postgresql://a@localhost/c", false),
            ("@user:example.org", false),
        ] {
            assert_eq!(holds_password(&Str::new(text)), expected, "{text}");
        }
    }
}
