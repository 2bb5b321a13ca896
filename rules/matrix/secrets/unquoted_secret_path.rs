//! The page beside this file says what is wrong and why.

use crate::lint::prelude::*;
use crate::rules::secret::is_switched_off;
use crate::rules::secret::unquoted::is_unquoted;
use crate::rules::written::written_or_unknown;

pub(crate) fn check(cx: &mut Cx<'_>) {
    for path in cx.listed() {
        if path.name().known() == Some("enable") || is_switched_off(cx, &path) {
            continue;
        }
        for path in written_or_unknown(&path) {
            // Of values that nobody knows, `secret-path-in-store` says so.
            let fires = is_unquoted(cx, &path);
            let fix = quotes(cx.written(path.born()), path.born());
            cx.decide(fires.into(), |finding| finding.primary(&path, "a path without quotes").fix(fix));
        }
    }
}

/// Puts the path in quotes, if it is nothing but a path.
fn quotes(written: &str, at: Origin) -> Option<Fix> {
    let plain = written.starts_with('/') && written.chars().all(|c| c.is_ascii_alphanumeric() || "/._-+".contains(c));
    let edit = Edit { span: at.span().filter(|_| plain)?, text: format!("\"{written}\"") };
    Fix::new("put the path in quotes", Safety::Safe, vec![edit])
}
