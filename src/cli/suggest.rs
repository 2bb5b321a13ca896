//! What somebody may have meant.

use super::Failure;

/// The one of `names` that `name` most probably should be; `None` if none comes near.
pub(super) fn meant<'a>(name: &str, names: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    // Underscores and capitals are not what people get wrong in earnest.
    let plain = |name: &str| name.to_lowercase().replace('_', "-");
    let name = plain(name);
    let contains = |other: &str| name.len() >= 4 && (other.contains(&name) || name.contains(other));
    let likeness = |other: &str| {
        let likeness = strsim::normalized_damerau_levenshtein(&name, &plain(other));
        if contains(&plain(other)) { likeness.max(0.7) } else { likeness }
    };
    let scored = names.into_iter().map(|other| (likeness(other), other));
    // Of equals the first in the alphabet.
    let best = scored.max_by(|a, b| a.0.total_cmp(&b.0).then(b.1.cmp(a.1)))?;
    (best.0 >= 0.6).then_some(best.1)
}

/// Says that there is no rule `name`, and which one was probably meant.
pub(super) fn no_such_rule<'a>(name: &str, names: impl IntoIterator<Item = &'a str>) -> Failure {
    let name = crate::report::escaped(name);
    Failure(match meant(&name, names) {
        Some(meant) => format!("there is no rule `{name}`; did you mean `{meant}`?"),
        None => format!("there is no rule `{name}`; `optlint rules` lists them"),
    })
}

#[cfg(test)]
mod tests {
    use super::{meant, no_such_rule};

    const NAMES: [&str; 4] =
        ["element-shares-homeserver-origin", "inline-macaroon-secret-key", "read-file-secret", "unquoted-secret-path"];

    #[test]
    fn near_misses() {
        let check = |name: &str, expected: Option<&str>| assert_eq!(meant(name, NAMES), expected, "{name}");
        check("read-file-secrets", Some("read-file-secret"));
        check("read_file_secret", Some("read-file-secret"));
        check("Read-File-Secret", Some("read-file-secret"));
        check("raed-file-secret", Some("read-file-secret"));
        check("homeserver-origin", Some("element-shares-homeserver-origin"));
        check("macaroon", Some("inline-macaroon-secret-key"));
        check("banana", None);
        check("", None);
    }

    #[test]
    fn messages() {
        let check = |name: &str, expected: &str| assert_eq!(no_such_rule(name, NAMES).to_string(), expected);
        check("unquoted-path", "there is no rule `unquoted-path`; did you mean `unquoted-secret-path`?");
        check("x\ny", "there is no rule `x\\ny`; `optlint rules` lists them");
    }
}
