//! What somebody may have meant.

/// The one of `names` that `name` most probably should be; `None` if none comes near.
pub fn meant<'a>(name: &str, names: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
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

#[cfg(test)]
mod tests {
    use super::meant;

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
}
