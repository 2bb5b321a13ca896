//! Names that do not exist.

use super::Failure;
use crate::settings::meant;

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
    use super::no_such_rule;

    const NAMES: [&str; 4] =
        ["element-shares-homeserver-origin", "inline-macaroon-secret-key", "read-file-secret", "unquoted-secret-path"];

    #[test]
    fn messages() {
        let check = |name: &str, expected: &str| assert_eq!(no_such_rule(name, NAMES).to_string(), expected);
        check("unquoted-path", "there is no rule `unquoted-path`; did you mean `unquoted-secret-path`?");
        check("x\ny", "there is no rule `x\\ny`; `optlint rules` lists them");
    }
}
