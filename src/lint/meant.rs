//! What somebody may have meant.

/// The one of `names` that `name` most probably should be; `None` if none comes near.
pub fn meant<'a>(name: &str, names: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let plain_name = plain(name);
    let contains = |other: &str| plain_name.len() >= 4 && (other.contains(&plain_name) || plain_name.contains(other));
    let score = |other: &str| {
        let beginning = likeness(name, beginning(other, words(&plain_name)));
        let likeness = likeness(name, other).max(0.8 * beginning);
        if contains(&plain(other)) { likeness.max(0.7) } else { likeness }
    };
    let scored = names.into_iter().map(|other| (score(other), other));
    // Of equals the first in the alphabet.
    let best = scored.max_by(|a, b| a.0.total_cmp(&b.0).then(b.1.cmp(a.1)))?;
    (best.0 >= 0.6).then_some(best.1)
}

fn words(name: &str) -> usize {
    name.split('-').count()
}

/// The first words of a name.
fn beginning(name: &str, words: usize) -> &str {
    name.match_indices('-').nth(words.saturating_sub(1)).map_or(name, |(end, _)| &name[..end])
}

/// How alike two names are, from 0 to 1. Underscores, dashes and capitals are not what people get
/// wrong in earnest.
pub fn likeness(a: &str, b: &str) -> f64 {
    strsim::normalized_damerau_levenshtein(&plain(a), &plain(b))
}

fn plain(name: &str) -> String {
    name.to_lowercase().replace('_', "-")
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
        check("inline-macaron", Some("inline-macaroon-secret-key"));
        check("banana", None);
        check("", None);
    }
}
