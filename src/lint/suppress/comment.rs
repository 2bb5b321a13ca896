//! `# optlint: allow RULE, RULE: reason`: the words of such a comment.

use std::ops::Range;

/// What a comment allows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Allow {
    /// The rules, each with its bytes in the comment.
    pub(super) rules: Vec<(String, Range<usize>)>,
    /// Why; empty where nobody says so.
    pub(super) reason: String,
}

/// Whether a comment speaks to this program at all.
pub(super) fn is_ours(comment: &str) -> bool {
    order(comment).is_some()
}

/// What a comment of ours says; `None` if it cannot be understood.
pub(super) fn read(comment: &str) -> Option<Allow> {
    let (order, start) = order(comment)?;
    let rest = order.strip_prefix(':')?;
    let list = rest.trim_start().strip_prefix("allow").filter(|list| list.starts_with(char::is_whitespace))?;
    let (list, reason) = list.split_once(':').unwrap_or((list, ""));
    let at = |word: &str| start + (word.as_ptr() as usize - order.as_ptr() as usize);
    let words = list.split(|c: char| c == ',' || c.is_whitespace()).filter(|word| !word.is_empty());
    let rules: Vec<_> = words.map(|word| (word.to_owned(), at(word)..at(word) + word.len())).collect();
    (!rules.is_empty()).then(|| Allow { rules, reason: reason.trim().to_owned() })
}

/// What follows the word `optlint`, without the comment's end, and at which byte.
fn order(comment: &str) -> Option<(&str, usize)> {
    let body = comment.strip_prefix("/*").map_or(comment, |body| body.strip_suffix("*/").unwrap_or(body));
    let inside = body.trim_start_matches(['#', '*']).trim_start();
    let order = inside.strip_prefix("optlint")?;
    let start = order.as_ptr() as usize - comment.as_ptr() as usize;
    // Without the colon it may be prose about this program, unless it speaks of allowing.
    let meant = ["allow ", "ignore ", "disable "].iter().any(|word| order.trim_start().starts_with(word));
    (order.starts_with(':') || order.starts_with(' ') && meant).then_some((order, start))
}

#[cfg(test)]
mod tests {
    use super::{is_ours, read};

    /// `expected` is the rules with their bytes, and the reason.
    fn check(comment: &str, expected: &str) {
        let found = match read(comment) {
            Some(allow) => {
                allow.rules.iter().for_each(|(rule, at)| assert_eq!(rule, &comment[at.clone()]));
                let rules: Vec<&str> = allow.rules.iter().map(|(rule, _)| rule.as_str()).collect();
                format!("{}: {}", rules.join(" "), allow.reason)
            }
            None if is_ours(comment) => "not understood".to_owned(),
            None => "not ours".to_owned(),
        };
        assert_eq!(found, expected, "{comment}");
    }

    #[test]
    fn comments() {
        check("# optlint: allow a-b: a throw-away server", "a-b: a throw-away server");
        check("#optlint:allow a, b ,c: why: because", "a b c: why: because");
        check("## optlint: allow a b", "a b: ");
        check("/* optlint: allow a: why */", "a: why");
        check("/* optlint: allow a */", "a: ");
        check("# optlint: allow", "not understood");
        check("# optlint: allow : x", "not understood");
        check("# optlint: alow a", "not understood");
        check("# optlint: allowed a", "not understood");
        check("# optlint allow a: b", "not understood");
        check("# optlint ignore a", "not understood");
        check("# optlint finds nothing here", "not ours");
        check("# see optlint: allow a", "not ours");
        check("# optlinter: allow a", "not ours");
        check("#", "not ours");
    }
}
